"""Choices of administration's forms: cars by their plate, people by their username, several rows ticked at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User

from ..models import Car

FARTHEST_READING = 9_999_999


class Taken:
    """Marks what another trip has at the same time, so that nobody chooses it by mistake; `taken`: id → trip."""

    taken: dict[int, str] = {}

    def marked(self, text: str, pk: int) -> str:
        return (
            _("{name} (on trip {number})").format(name=text, number=self.taken[pk])
            if pk in self.taken
            else text
        )


class CarField(Taken, forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"label": gettext_lazy("Car"), "queryset": Car.objects.order_by("-active", "plate")} | kwargs
        super().__init__(**kwargs, to_field_name="plate")

    def label_from_instance(self, obj: Any) -> str:
        seats = ngettext("{n} seat", "{n} seats", obj.seats).format(n=obj.seats)
        return self.marked(f"{obj.plate} · {obj.name} · {seats}", obj.pk)


class PersonField(Taken, forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"queryset": User.objects.filter(is_active=True).order_by("name", "pk")} | kwargs
        super().__init__(**kwargs, to_field_name="username")

    def label_from_instance(self, obj: Any) -> str:
        return self.marked(str(obj), obj.pk)


def odometer(**more: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(
        label=gettext_lazy("Odometer (km)"), min_value=0, max_value=FARTHEST_READING, widget=widget, **more
    )
