"""The words of the public site that are more than a label: what to have at hand (2.2), what follows (4.4), the privacy notice."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

#: The version of the notice that every report keeps; raise it when the words below change.
PRIVACY_VERSION = "2026-11-27"

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
        "Your name, phone number, company and address, an e-mail address if you give one, what you tell us about the vehicle "
        "and the fault, your photos and videos, the position of your phone if you tap for it, your signatures, your messages "
        "and your answers in the survey. To count how often the help helps, a keyed digest of address and browser is kept for "
        "two days; it names nobody."
    )),
    Part(_("What for"), _(
        "Only to repair your vehicle: to reach you, to plan and do the work, to settle warranty and charges, and to ask you "
        "afterwards whether everything works. Nothing is used for advertising, and nothing is sold."
    )),
    Part(_("If you want a new vehicle"), _(
        "Only if you tell us so and agree, our sales department sees your name, phone number and wish, and calls you about it. "
        "You may take your consent back at any time; a word on the hotline is enough."
    )),
    Part(_("Who sees it"), _(
        "The colleagues of our company who work on your report, each only what he needs. If we write to you by short message "
        "or e-mail, whoever carries it gets your number or address and the text; no other company receives anything, unless the "
        "law demands it. Photos lose their hidden data (place and time of recording) before anybody else sees them."
    )),
    Part(_("How long"), _(
        "{months} months after your report is closed; then name, phone and address are overwritten. If you report something "
        "again, ask for a vehicle or buy one, they are kept as long from then on, and in any case while a charge is not paid."
    )),
    Part(_("Your rights"), _(
        "You may see, correct, take along or have erased what we keep about you, and withdraw your consent. The private page of "
        "your report shows it and takes your wish; or call the hotline. We answer within 15 days."
    )),
    Part(_("On your device"), _(
        "Two cookies protect the forms and one remembers the language. What you type is kept on your own device until you send "
        "it, so that nothing is lost. No other company's scripts run on these pages."
    )),
]  # fmt: skip
