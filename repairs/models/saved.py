"""A person's own views of the ticket list."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A name for a query string of the list (`stage=planned&overdue=1`)."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name of the view"), max_length=30)
    query = models.CharField(max_length=500)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint("user", "name", name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name
