"""Signs people in by username; what they may do is answered by the policy."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from .access import may
from .models import User


class GrantsBackend(BaseBackend):
    def get_user(self, user_id: int) -> User | None:
        """A disabled account is out at its next request."""
        return User.objects.filter(pk=user_id, is_active=True).first()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return may(user_obj, perm, obj)
