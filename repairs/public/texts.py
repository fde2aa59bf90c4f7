"""The words of the public site that are more than a label: advice (2.2), what comes next (3.1–4.4), the privacy notice."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

#: The version of the notice that every report keeps; raise it when the words below change.
PRIVACY_VERSION = "2026-11-26"


class Advice(NamedTuple):
    """One common remedy: what to look at, and how."""

    title: Text
    steps: tuple[Text, ...]


REMEDIES = [
    Advice(_("The vehicle does not move"), (
        _("Park it safely, pull the hand brake and keep people away from traffic."),
        _("Check the key switch, the gear lever (neutral, then forward again) and the emergency stop button."),
        _("Switch everything off, wait one minute and switch it on again."),
    )),
    Advice(_("No power, or it stops after a short way"), (
        _("Look at the battery gauge; charge the vehicle if it is low."),
        _("Look whether the charging plug is still in: while it is, the vehicle does not drive."),
        _("Look at the main switch and the fuses that the manual names. Replace a fuse only by one of the same size."),
    )),
    Advice(_("It does not charge"), (
        _("Try another socket and look at the lamp of the charger."),
        _("Take the plug out, look for dirt or water, and put it in firmly."),
        _("Never open the charger or the battery box."),
    )),
    Advice(_("A lamp or a code on the display"), (
        _("Take a photo of the display before you switch off: the code tells our engineer where to look."),
        _("Switch off, wait one minute, switch on. If the code comes back, report it."),
    )),
    Advice(_("Brakes, steering, smoke or a burning smell"), (
        _("Stop at once, switch the vehicle off and leave it. Do not drive on, not even slowly."),
        _("Call our hotline. If something burns, keep away and call the fire brigade on 119."),
    )),
]  # fmt: skip

NEVER = _("Orange cables and the battery box carry high voltage: never touch or open them yourself.")

AT_HAND = [
    _("a phone number at which we reach you"),
    _("what you see, hear or smell, in your own words"),
    _("if you can: a photo of the fault and one of the nameplate with the VIN"),
    _("where the vehicle stands, and whether it can be driven"),
]


class Part(NamedTuple):
    """A part of the privacy notice."""

    title: Text
    text: Text


PRIVACY = [
    Part(_("What we keep"), _(
        "Your name, phone number, company and address, what you tell us about the vehicle and the fault, your photos and "
        "videos, the position of your phone if you tap for it, your messages and your answers in the survey."
    )),
    Part(_("What for"), _(
        "Only to repair your vehicle: to reach you, to plan and do the work, to settle warranty and charges, and to ask you "
        "afterwards whether everything works. Nothing is used for advertising, and nothing is sold."
    )),
    Part(_("Who sees it"), _(
        "The colleagues of our company who work on your report, each only what he needs. No other company receives it, "
        "unless the law demands it. Photos lose their hidden data (place and time of recording) before anybody else sees them."
    )),
    Part(_("How long"), _("{months} months after your report is closed; then name, phone and address are overwritten.")),
    Part(_("Your rights"), _(
        "You may see, correct, take along or have erased what we keep about you, and withdraw your consent. Write to us on the "
        "private page of your report, or call the hotline. We answer within 15 days."
    )),
    Part(_("On your device"), _(
        "Two cookies protect the forms and one remembers the language. What you type is kept on your own device until you send "
        "it, so that nothing is lost. No other company's scripts run on these pages."
    )),
]  # fmt: skip
