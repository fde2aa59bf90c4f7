"""The advice that is built in (2.2): general, until the company has written its own (decision 0026), and for danger, always."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Symptom

Text = str | Promise


class Advice(NamedTuple):
    """Built-in general advice for a group of symptoms, shown until an article of that group is published (decision 0026)."""

    group: str
    title: Text
    steps: tuple[Text, ...]


REMEDIES = [
    Advice(Symptom.DRIVE, _("The vehicle does not move"), (
        _("Park it safely, pull the hand brake and keep people away from traffic."),
        _("Check the key switch, the gear lever (neutral, then forward again) and the emergency stop button."),
        _("Switch everything off, wait one minute and switch it on again."),
    )),
    Advice(Symptom.RANGE, _("No power, or it stops after a short way"), (
        _("Look at the battery gauge; charge the vehicle if it is low."),
        _("Look whether the charging plug is still in: while it is, the vehicle does not drive."),
        _("Look at the main switch and the fuses that the manual names. Replace a fuse only by one of the same size."),
    )),
    Advice(Symptom.CHARGE, _("It does not charge"), (
        _("Try another socket and look at the lamp of the charger."),
        _("Take the plug out, look for dirt or water, and put it in firmly."),
        _("Never open the charger or the battery box."),
    )),
    Advice(Symptom.DISPLAY, _("A lamp or a code on the display"), (
        _("Take a photo of the display before you switch off: the code tells our engineer where to look."),
        _("Switch off, wait one minute, switch on. If the code comes back, report it."),
    )),
]  # fmt: skip

#: said wherever advice is given, whatever articles say
DANGER = Advice(Symptom.BRAKES, _("Brakes, steering, smoke or a burning smell"), (
    _("Stop at once, switch the vehicle off and leave it. Do not drive on, not even slowly."),
    _("Call our hotline. If something burns, keep away and call the fire brigade on 119."),
))  # fmt: skip
