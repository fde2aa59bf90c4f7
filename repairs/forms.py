"""The forms that people fill in; field names are those of the charter's seven forms."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.selectors import members
from aftersales.charter import Department
from aftersales.forms import Signed
from aftersales.phones import PhoneField
from aftersales.widgets import Day, Moment, Photos, Position, TapCards, TapChecks
from sales.models import Vehicle

from . import remedies, rules
from .flow import PlanType
from .models import ContactAttempt, HelpVersion, Plan, Ticket
from .models.sheets import GRADES, DamageType, Overall
from .models.ticket import Drivable, Urgency

LONG = 4000
EARLIEST, LATEST = 1990, 2100  # years
SOURCE = re.compile(r"[-\w]{1,20}", re.ASCII)  # how a link of ours names itself (`?source=`)
YES_NO = [("true", pgettext_lazy("answer", "yes")), ("false", pgettext_lazy("answer", "no"))]


def text(
    label: Any, *, required: bool = False, rows: int = 3, limit: int = LONG, help_text: Any = ""
) -> forms.CharField:
    """A free text of at most `limit` characters; longer ones are refused at the field, nothing is cut."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, required=required, max_length=limit, widget=widget, help_text=help_text
    )


def line(
    label: Any, *, required: bool = False, limit: int = 200, help_text: Any = "", **attrs: str
) -> forms.CharField:
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(
        label=label, required=required, max_length=limit, widget=widget, help_text=help_text
    )


def in_our_time(value: Any) -> None:
    """A day that people who read this can have seen or will see; beyond, databases and calendars end."""
    if not EARLIEST <= value.year <= LATEST:
        raise forms.ValidationError(_("This year cannot be right."), "year")


def moment(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, required=required, widget=Moment, help_text=help_text, validators=[in_our_time]
    )


def day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=Day, validators=[in_our_time])


def yes_no(label: Any, *, required: bool = False) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        required=required,
        choices=YES_NO,
        widget=TapCards,
        coerce=lambda v: v in (True, "true"),
        empty_value=None,
    )


def choice(label: Any, choices: Any, *, required: bool = False, radio: bool = False) -> forms.ChoiceField:
    options = list(choices) if required or radio else [("", "–"), *choices]
    widget = TapCards if radio else forms.Select
    return forms.ChoiceField(label=label, required=required, choices=options, widget=widget)


def grade(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        required=False,
        choices=GRADES,
        coerce=int,
        empty_value=None,
        widget=TapCards,
    )


class StepForm(forms.Form):
    """Base of every form of a step; `ticket` and `user` choose initial values and offers."""

    def __init__(self, *args: Any, ticket: Ticket | None = None, user: Any = None, **kwargs: Any) -> None:
        self.ticket, self.user = ticket, user
        if ticket is not None:
            kwargs["initial"] = {**self.known(ticket), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.prepare()

    def known(self, ticket: Ticket) -> dict[str, Any]:
        """What the paper already says, shown in the form."""
        return {}

    def prepare(self) -> None:
        """Adapt choices to the ticket; called once the fields exist."""


def engineers() -> Any:
    """The people that the after-sales department has now."""
    return User.objects.filter(is_active=True, pk__in=members(Department.ENGINEERS).values("pk")).order_by(
        "name"
    )


class EngineerField(forms.ModelChoiceField):
    """An engineer by username (API) or from the list."""

    def __init__(self, label: Any, *, required: bool = True) -> None:
        super().__init__(
            User.objects.none(), label=label, required=required, to_field_name="username", empty_label="–"
        )

    def label_from_instance(self, obj: Any) -> str:
        return getattr(obj, "offer", obj.get_full_name())


class FilesField(forms.FileField):
    """Several files in one field; each is judged when it is kept (`aftersales.files`)."""

    widget = Photos

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [data] if data and not isinstance(data, list | tuple) else list(data or [])
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"], "required")
        if len(files) > 9:
            raise forms.ValidationError(_("At most nine pictures and videos belong to one report."), "many")
        return [super(FilesField, self).clean(file, None) for file in files]


class PositionField(forms.CharField):
    """Where a phone stands: latitude, longitude (WGS 84, degrees) and, if known, the accuracy in metres."""

    widget = Position

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": 60} | kwargs)

    def clean(self, value: Any) -> str:
        try:
            return rules.position_of(super().clean(value))
        except ValueError as error:
            raise forms.ValidationError(_("This is not a position on earth."), "position") from error


class ReportForm(forms.Form):
    """The public report (2.2, 3.1); compulsory are contact, phone and symptom only."""

    symptom = text(
        _("What is wrong?"),
        required=True,
        rows=5,
        help_text=_("In your own words: what do you see, hear, smell?"),
    )
    occurred = line(_("When and how did it happen?"))
    drivable = choice(_("Can the vehicle be driven?"), Drivable.choices, radio=True)
    self_checked = text(_("What have you tried already?"), rows=2)
    model = line(_("Model"), limit=80)
    vin = line(
        _("VIN (frame number)"),
        limit=40,
        help_text=_("On the nameplate or stamped on the frame; leave empty if unknown."),
    )
    plate = line(_("Plate or own number"), limit=20)
    odometer = forms.IntegerField(
        label=_("Kilometres or hours on the meter"), required=False, min_value=0, max_value=9_999_999
    )
    region = line(_("Province, city, district"), limit=60, autocomplete="address-level2")
    street = line(_("Street and number, place"), autocomplete="street-address")
    position = PositionField(
        label=_("Position of the vehicle"), help_text=_("Only if you tap: it helps us to find you.")
    )
    contact = line(_("Your name"), required=True, limit=60, autocomplete="name")
    phone = PhoneField(label=_("Phone"))
    organisation = line(_("Company or unit"), limit=120, autocomplete="organization")
    photos = FilesField(label=_("Pictures"), required=False)
    source = forms.CharField(
        label=_("Link by which the customer came"),
        required=False,
        widget=forms.HiddenInput(attrs={"data-no-draft": ""}),
    )
    tried = forms.CharField(
        label=_("Address of the help article that was tried"),
        required=False,
        max_length=60,
        widget=forms.HiddenInput,
    )
    nameplate = FilesField(
        label=_("Photo of the nameplate or part number"), required=False, widget=Photos(limit=1)
    )

    GROUPS = [
        (_("The fault"), ["symptom", "occurred", "drivable", "self_checked"]),
        (_("Pictures and video"), ["photos", "nameplate"]),
        (_("The vehicle"), ["model", "vin", "plate", "odometer", "region", "street", "position"]),
        (_("How we reach you"), ["contact", "phone", "organisation"]),
    ]

    def clean_source(self) -> str:
        """What is no name of a link is left out: it must not stand in the way of a report."""
        source = self.cleaned_data["source"]
        return source if SOURCE.fullmatch(source) else ""

    def clean_tried(self) -> HelpVersion | None:
        """The article as it is published now; one that is gone is no reason to refuse a report."""
        return remedies.readable(self.cleaned_data["tried"]).first() if self.cleaned_data["tried"] else None


class IntakeForm(StepForm):
    """Form 9.1 as customer service fills it (3.2)."""

    contact = line(_("Contact"), required=True, limit=60)
    phone = PhoneField(label=_("Phone"))
    alt_phone = PhoneField(label=_("Second phone"), required=False)
    organisation = line(_("Customer or company"), limit=120)
    region = line(_("Province, city, district"), limit=60)
    street = line(_("Street and number"))
    vin = line(_("VIN"), limit=40, help_text=_("An unknown VIN is kept as typed and matched later."))
    model = line(_("Model"), limit=80)
    plate = line(_("Plate or own number"), limit=20)
    delivered_on = day(_("Date of delivery"))
    odometer = forms.IntegerField(
        label=_("Kilometres or hours"), required=False, min_value=0, max_value=9_999_999
    )
    symptom = text(_("Fault as reported"), required=True)
    occurred = line(_("When and how it happened"))
    drivable = choice(_("Can it be driven"), Drivable.choices)
    self_checked = text(_("What was tried already"), rows=2)
    urgency = choice(_("Urgency"), Urgency.choices, required=True)
    reports_for = choice(
        _("The vehicle belongs to another customer. For whom does he report?"),
        [
            ("owner", _("for the owner of the vehicle")),
            ("self", _("for himself: he is the customer and pays")),
        ],
        radio=True,
    )
    remark = text(_("Remark of customer service"), rows=2)

    def prepare(self) -> None:
        """Asked only where a report from the website names somebody else's vehicle."""
        ticket = getattr(self, "ticket", None)
        if ticket is None or ticket.others_vehicle_of is None:
            del self.fields["reports_for"]
        else:
            self.fields["reports_for"].help_text = str(ticket.others_vehicle_of)
            self.fields["reports_for"].required = True
        if ticket is not None:
            self._nothing_of_the_erased(ticket)

    def _nothing_of_the_erased(self, ticket: Ticket) -> None:
        """Nobody asks again for what was erased (PIPL 47); the rest of the record may be corrected."""
        for name in (name for name in ticket.erased_entries if name in self.fields):
            field = self.fields[name]
            field.required, field.help_text = False, _("erased at the customer's request")
            field.widget.attrs["disabled"] = True

    def known(self, ticket: Ticket) -> dict[str, Any]:
        person, words = ticket.contact, ticket.words
        found = {
            n: getattr(ticket, n)
            for n in ("region", "vin", "model", "plate", "delivered_on", "odometer", "drivable", "urgency")
        }
        found.update(
            {n: getattr(person, n) for n in ("phone", "alt_phone", "organisation", "street")},
            contact=person.name,
        )
        found.update({n: getattr(words, n) for n in ("symptom", "occurred", "self_checked")})
        record = getattr(ticket, "intake", None)
        if record is None and ticket.drivable == Drivable.NO and ticket.urgency == Urgency.NORMAL:
            found["urgency"] = Urgency.STOPPED  # as he said; whoever accepts may say otherwise
        return {**found, "remark": record.remark if record else ""}


class PhoneIntakeForm(IntakeForm):
    """A report by phone (3.1): the phone number first, everything else while the customer talks."""

    urgency = choice(_("Urgency"), Urgency.choices, required=True)
    field_order = ["phone", "contact", "organisation", "symptom", "vin", "model", "plate", "region", "street"]


class RelayForm(IntakeForm):
    """Sales passes a report on (2.3)."""

    reported_at = moment(_("When did the customer tell you?"), required=True)
    field_order = ["reported_at", "contact", "phone", "organisation", "symptom"]


class ChooseEngineerForm(StepForm):
    """Whom to give the ticket to, the most suitable first (4.0)."""

    engineer = EngineerField(_("Engineer"))

    def prepare(self) -> None:
        from .selectors import suggested_engineers

        self.fields["engineer"].queryset = suggested_engineers(self.ticket)  # type: ignore[attr-defined]


class HandOverForm(ChooseEngineerForm):
    remark = text(_("For the engineer"), rows=2)


class ReassignForm(ChooseEngineerForm):
    reason = text(_("Reason"), required=True, rows=2)


class AttemptForm(StepForm):
    """A call to the customer that is only logged (4.3, 3.3)."""

    result = choice(_("Result"), ContactAttempt.Result.choices, required=True, radio=True)
    way = choice(_("Way"), ContactAttempt.Way.choices[:4], required=True)
    tried_at = moment(_("Time of the call"), help_text=_("Leave empty if it was just now."))
    note = line(_("Note"), limit=300)


class SheetForm(StepForm):
    """The head of form 9.2 (4.3)."""

    confirmed_symptom = text(_("Fault as confirmed"), required=True)
    cause_guess = text(_("First judgement of the cause"), rows=2)
    damage_type = choice(_("Damage"), DamageType.choices, required=True)
    damage_evidence = text(_("Judged by, evidence"), rows=2)
    component_serials = line(_("Motor, battery and controller numbers"))
    odometer = forms.IntegerField(
        label=_("Kilometres or hours"), required=False, min_value=0, max_value=9_999_999
    )
    region = line(_("Province, city, district"), limit=60)

    def known(self, ticket: Ticket) -> dict[str, Any]:
        sheet = ticket.sheets.filter(round=ticket.round).first() or ticket.sheets.last()
        base = {
            "odometer": ticket.odometer,
            "region": ticket.region,
        }  # his own words stay where they can be erased
        if sheet is None:
            return {**base, "damage_type": DamageType.PENDING}
        names = ("confirmed_symptom", "cause_guess", "damage_type", "damage_evidence", "component_serials")
        return {**base, **{n: getattr(sheet, n) for n in names}}


class ContactForm(SheetForm):
    """The head of form 9.2, confirmed with the customer who was reached (4.3)."""

    first_contact_at = moment(_("Customer reached at"), help_text=_("Leave empty if it was just now."))
    field_order = ["first_contact_at"]


class PlanForm(StepForm):
    """Plan a, b or c (4.4)."""

    plan_type = choice(_("Plan"), PlanType.choices, required=True, radio=True)
    explanation = text(_("Plan in words, as told to the customer"), required=True)
    told_how = choice(_("Told by way of"), Plan.Told.choices, required=True)
    told_at = moment(_("Told at"), help_text=_("Leave empty if it was just now."))
    appointment_at = moment(_("Appointment with the customer (plan c)"))
    needs_parts = forms.BooleanField(label=_("Parts are needed"), required=False)
    assembly_notes = text(_("Assembly points (plan a)"), rows=2)
    risk_text = text(_("What wrong assembly leads to, as told (plan a)"), rows=2)
    self_install_ok = forms.BooleanField(
        label=_("The customer agreed to fit the part himself (plan a)"), required=False
    )
    consent_how = choice(_("How he agreed"), Plan.Told.choices)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        plan, needs = found.get("plan_type"), {"a": ["assembly_notes", "risk_text"], "c": ["appointment_at"]}
        for name in needs.get(str(plan), []):
            if not found.get(name) and name not in self.errors:
                self.add_error(name, _("This plan needs this entry (4.4)."))
        if found.get("self_install_ok") and not found.get("consent_how"):
            self.add_error("consent_how", _("Say how the customer agreed (4.4a)."))
        return found


class ReasonForm(StepForm):
    reason = text(_("Reason"), required=True, rows=2)


class NoteForm(StepForm):
    note = line(_("Note"), limit=300)


class ConsentForm(StepForm):
    how = choice(_("How he agreed"), Plan.Told.choices, required=True)


class BeginForm(StepForm):
    arrived_at = moment(_("Arrived or begun at"), help_text=_("Leave empty if it was just now."))
    note = line(_("Note"))


class CompleteForm(StepForm):
    """What was done, and the customer's word (b) or signature (c)."""

    work_done = text(_("Work done"), required=True)
    result = line(_("Result"))
    left_at = moment(_("Left or ended at"), help_text=_("Leave empty if it was just now."))
    customer_word = line(_("How and when the customer said that it works"))
    signer = line(_("Name of the customer who signs"), limit=60)
    strokes = Signed(label=_("Signature"), required=False, max_length=60_000)

    def prepare(self) -> None:
        gone = (
            ["customer_word"]
            if self.ticket and self.ticket.plan_type == PlanType.VISIT
            else ["signer", "strokes"]
        )
        for name in gone if self.ticket else []:
            del self.fields[name]
        if self.ticket and "customer_word" in self.fields:
            self.fields["customer_word"].required = True  # a and b end with his word (4.7)


class SurveyForm(StepForm):
    """The questions of form 9.5 (3.3), asked by customer service or answered by the customer himself."""

    resolved = yes_no(_("Is the fault solved?"), required=True)
    on_time = yes_no(_("Did we come as agreed?"))
    attitude = grade(_("Attitude"))
    quality = grade(_("Quality of the repair"))
    speed = grade(_("Speed of the response"))
    price_match = yes_no(_("Was the charge as quoted?"))
    part_quality = grade(_("Quality of the parts"))
    explained = yes_no(_("Were use and care explained?"))
    overall = choice(_("Overall"), Overall.choices, radio=True)
    reasons = forms.MultipleChoiceField(
        label=_("Reasons of dissatisfaction"),
        required=False,
        widget=TapChecks,
        choices=[
            ("quality", _("quality")),
            ("price", _("price")),
            ("time", _("time")),
            ("attitude", _("attitude")),
            ("skill", _("skill")),
            ("parts", _("arrival of parts")),
            ("other", _("other")),
        ],
    )
    suggestion = text(_("Suggestion"), rows=2)


class CallbackForm(SurveyForm):
    """Form 9.5 as customer service fills it; unsolved sends the ticket into another round."""

    way = choice(_("Way"), ContactAttempt.Way.choices[:4], required=True)
    intent = yes_no(_("Does the customer intend to buy?"))
    follow_up = forms.BooleanField(label=_("Must be handled again"), required=False)
    engineer = EngineerField(_("If not solved: engineer of the next round"), required=False)
    reason = text(_("If not solved: what is still wrong"), rows=2)

    def prepare(self) -> None:
        self.fields["engineer"].queryset = engineers()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("resolved") is False and not found.get("reason"):
            self.add_error("reason", _("Say what is still wrong, so that the next round can begin (3.3)."))
        return found


class ReopenForm(ReasonForm):
    engineer = EngineerField(_("Engineer of the next round"), required=False)

    def prepare(self) -> None:
        self.fields["engineer"].queryset = engineers()  # type: ignore[attr-defined]


class CancelForm(ReasonForm):
    reason_kind = choice(
        _("Kind"),
        [
            ("duplicate", _("duplicate")),
            ("withdrawn", _("withdrawn by the customer")),
            ("foreign", _("not ours")),
        ],
        required=True,
        radio=True,
    )
    field_order = ["reason_kind", "reason"]


class TicketField(forms.CharField):
    """Another ticket by its number."""

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        found = Ticket.objects.filter(number=number.strip().upper()).first()
        if found is None:
            raise forms.ValidationError(_("There is no ticket with this number."), "unknown")
        return found


class MergeForm(StepForm):
    into = TicketField(label=_("Number of the ticket that goes on"))
    reason = text(_("Reason"), rows=2)


class VehicleField(forms.CharField):
    """A registered vehicle by its VIN."""

    def clean(self, value: Any) -> Any:
        vin = "".join(super().clean(value).split()).upper()
        found = Vehicle.objects.select_related("model", "customer").filter(vin=vin).first()
        if found is None:
            raise forms.ValidationError(_("No vehicle with this VIN is registered."), "unknown")
        return found


class MatchVehicleForm(StepForm):
    vehicle = VehicleField(label=_("VIN of the registered vehicle"))


class TextForm(StepForm):
    text = text(_("Text"), required=True, rows=2)


class CrewForm(StepForm):
    user = EngineerField(_("Colleague"))

    def prepare(self) -> None:
        self.fields["user"].queryset = engineers()  # type: ignore[attr-defined]


class PauseForm(StepForm):
    begins_at = moment(_("Pause from"), required=True)
    ends_at = moment(_("Pause until"), required=True)
    reason = text(_("Reason"), required=True, rows=2)
    evidence = text(_("Evidence"), required=True, rows=2)


class AttachForm(StepForm):
    photos = FilesField(label=_("Pictures or a short video"), required=True)


class EmptyForm(StepForm):
    """A step that needs no entry: one tap."""
