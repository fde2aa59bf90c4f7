"""The events of which a customer hears, each with its clause and its words; the link to his page follows them."""

import datetime as dt
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Event(NamedTuple):
    """`words` are filled by `words.facts`; `label` is what the log on the ticket says."""

    clause: str
    label: str | Promise
    words: str | Promise


#: they speak of a moment to come (`params["when"]`)
VISIT = ("appointment", "day_before")


def is_past(event: str, params: dict[str, Any], at: dt.datetime) -> bool:
    """Whether it speaks of a visit that was to begin before `at`."""
    return event in VISIT and dt.datetime.fromisoformat(params["when"]) <= at


EVENTS: dict[str, Event] = {
    "received": Event("3.1", _("report received"), _("We have received your report {number}. See it, write to us:")),
    "taken_up": Event("3.1", _("report taken up"),
                      _("Customer service has taken up your report {number}. An engineer is named next.")),
    "engineer": Event("4.3", _("engineer named"), _("{engineer} looks after your report {number} and calls you from {phone}.")),
    "appointment": Event("4.4c", pgettext_lazy("told", "appointment"), _("Agreed: {engineer} comes on {when} ({number}).")),
    "day_before": Event("4.4c", _("the day before the appointment"),
                        _("To remind you: {engineer} comes on {when} ({number}).")),
    "consent": Event("4.4a", _("consent wanted"), _("You fit the part yourself ({number}): please read how, and sign.")),
    "quotation": Event("9.4", _("quotation sent"), _("Our quotation {quotation} is there. Please look at it and answer.")),
    "parcel": Event("6.3", _("parcel sent"), _("Your parts are on their way: {carrier} {waybill}.")),
    "completed": Event("3.3", _("work completed"), _("The repair is done ({number}). Please tell us how we did.")),
    "answer": Event("", _("answer to his message"), _("We have answered you ({number}).")),
    "dispute": Event("4.5a", _("answer to his objection"), _("Your objection is answered ({number}).")),
    "judgement": Event("4.5a", _("judgement at his charge"),
                       _("Judged ({number}): the damage is at your charge. Why, and how to object:")),
    "ended": Event("3.1", _("report ended"), _("Your report {number} was ended. What for, and how to reach us:")),
    "merged": Event("3.1", _("report merged"),
                    _("Your report {number} was joined with another one about the same vehicle.")),
}  # fmt: skip
