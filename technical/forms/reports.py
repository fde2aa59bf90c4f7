"""Forms of a quality report: 9.6 itself, its evidence, technical's analysis and judgement, appeal and joint review."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from aftersales.charter import Department
from aftersales.forms import OneOf, Several
from aftersales.forms import Picture as Photograph
from catalogue.models import Part
from deadlines.papers import StepForm
from repairs.forms import moment, yes_no
from repairs.models.sheets import DamageType
from repairs.quote_forms import PartField

from .. import selectors
from ..models import OUTSIDE, Party, Report, Vote
from ..services import writing

#: lines of a judgement on one page; a case with more has been divided too finely
SHARES = 4
LINES = {"what": 3, "causes": 4, "measured": 2, "interim": 2, "repaired": 2, "suggestion": 2}


#: what the short form of plan b asks
SHORT = ("part", "part_name", "failure_mode", "what", "causes", "repaired", "suggestion")


class FailedPart(PartField):
    """Looked up by code, name or initials, as on a quotation."""

    def _only(self, found: list[Part]) -> Part:
        if not found:
            sentence = _("No part has this code; type a part of its name and choose.")
            raise forms.ValidationError(sentence, "unknown")
        return super()._only(found)


class WriteForm(StepForm, forms.ModelForm):
    """9.6: what failed, 5W2H, causes and measures. A part is chosen by its code, or named."""

    part = FailedPart(
        required=False, label=gettext_lazy("Part code"),
        help_text=gettext_lazy("From the part master; name and drawing number follow by themselves."),
    )  # fmt: skip
    produced_on = forms.DateField(
        label=gettext_lazy("Made on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    class Meta:
        model = Report
        fields = writing.WRITTEN
        labels = {"when_found": pgettext_lazy("5W2H", "When"), "where_found": pgettext_lazy("5W2H", "Where")}

    def known(self, paper: Report) -> dict[str, Any]:
        return {name: getattr(paper, name) for name in writing.WRITTEN} | {
            "part": paper.part.code if paper.part else ""
        }

    def prepare(self) -> None:
        for name, rows in LINES.items():
            self.fields[name].widget = forms.Textarea(attrs={"rows": rows})
        self.fields["failure_mode"].required = False
        if self.paper is not None and self.paper.is_short:
            self.shorten()

    def shorten(self) -> None:
        """Guidance by phone has the short form: what failed, how, why, and what was done (4.10)."""
        for name in set(self.fields) - set(SHORT):
            del self.fields[name]

    def _post_clean(self) -> None:
        """The service writes; the form keeps its hands off the paper."""


class ShowForm(StepForm):
    """A picture of the ticket, or a new photo, and what it shows."""

    photo = Photograph(label=gettext_lazy("A new photo"))
    attachment = OneOf(label=gettext_lazy("Or a picture of the ticket"), required=False)
    caption = forms.CharField(label=gettext_lazy("What it shows"), max_length=200, required=False)

    def prepare(self) -> None:
        rows = selectors.pictures_of(self.paper) if self.paper is not None else []
        words = {row.key: selectors.picture_word(row, at) for at, row in enumerate(rows, 1)}
        self.offer("attachment", {row.key: row for row in rows}, lambda key, _row: words[key])
        if self.paper is not None and not rows:
            del self.fields["attachment"]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if not self.errors and not found.get("photo") and not found.get("attachment"):
            self.add_error("photo", _("Take a photo, or choose a picture of the ticket."))
        return found


class HideForm(StepForm):
    picture = OneOf(label=gettext_lazy("Picture"))

    def prepare(self) -> None:
        rows = self.paper.pictures.all() if self.paper is not None else []
        numbered = {str(at): row for at, row in enumerate(rows, 1)}
        self.offer("picture", numbered, lambda at, row: f"{at} · {row.caption}" if row.caption else at)


class ExhibitForm(StepForm):
    """A piece and where it lies; an old part that is still to arrive is chosen from what was issued."""

    piece = forms.CharField(label=gettext_lazy("Piece"), max_length=120)
    place = forms.CharField(label=gettext_lazy("Where it lies"), max_length=120, required=False)
    line = OneOf(
        label=gettext_lazy("Old part of"), required=False,
        help_text=gettext_lazy("When the piece is an old part that comes back, or is still to come."),
    )  # fmt: skip

    def prepare(self) -> None:
        rows = selectors.returning_lines(self.paper) if self.paper is not None else []
        named = {f"{row.release.number}/{row.position}": row for row in rows}
        self.offer("line", named, lambda name, row: f"{row.part.name} · {name}")


class DropExhibitForm(StepForm):
    exhibit = OneOf(label=gettext_lazy("Piece"))

    def prepare(self) -> None:
        rows = self.paper.exhibits.all() if self.paper is not None else []
        self.offer("exhibit", {str(row.position): row for row in rows}, lambda at, row: f"{at} · {row.name}")


class ReasonForm(StepForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class AnalyseForm(StepForm):
    confirmed_cause = forms.CharField(
        label=gettext_lazy("Confirmed cause"), widget=forms.Textarea(attrs={"rows": 4})
    )
    is_technical = yes_no(gettext_lazy("A technical or process issue?"), required=True)

    def prepare(self) -> None:
        self.fields["is_technical"].help_text = _(
            "If so, a rectification notice is due within three working days (7.2)."
        )

    def known(self, paper: Report) -> dict[str, Any]:
        return {"confirmed_cause": paper.confirmed_cause or paper.causes, "is_technical": paper.is_technical}


class SharesForm(StepForm):
    """Up to four lines: who answers, for how many percent, by which clause of the standard. `shares` are what was filled in."""

    def prepare(self) -> None:
        clauses = {row.number: row for row in selectors.clauses_for(self.paper, timezone.now())}
        who = self._who()
        for at in range(1, SHARES + 1):
            self._line(at, who, clauses)
        self.clauses = clauses
        self.order_fields(
            [name for name in self.fields if name != "ruling"]
        )  # what the judgement is comes before its ruling

    def _who(self) -> list[Any]:
        inside = {code: label for code, label in Department.choices if code not in OUTSIDE}
        people = selectors.people_of(inside) if self.paper is not None else {}
        departments = [(f"department:{code}", label) for code, label in inside.items()]
        return [
            ("", "–"), ("supplier", _("a supplier")), ("customer", Party.CUSTOMER.label), (_("Departments"), departments),
            (_("People"), [(f"person:{row.username}", f"{row} · {place}") for row, place in people.items()]),
        ]  # fmt: skip

    def _line(self, at: int, who: list[Any], clauses: dict[str, Any]) -> None:
        first = at == 1
        self.fields |= {
            f"who_{at}": forms.ChoiceField(label=_("{n}. Who answers").format(n=at), choices=who, required=first),
            f"supplier_{at}": forms.CharField(label=_("Supplier's name"), max_length=80, required=False),
            f"percent_{at}": forms.DecimalField(
                label=pgettext_lazy("judgement", "Share (%)"), required=first, min_value=0, max_value=100, max_digits=5,
                decimal_places=2, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            ),
            f"clause_{at}": forms.ChoiceField(
                label=_("Clause of the standard 9.7"), required=first,
                choices=[("", "–"), *((number, str(row)) for number, row in clauses.items())],
            ),
            f"note_{at}": forms.CharField(label=pgettext_lazy("share", "Why"), max_length=300, required=False),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The lines become `shares`; what the service asks for stays."""
        data = dict(self.cleaned_data)
        names = ("who", "supplier", "percent", "clause", "note")
        lines = [{name: data.pop(f"{name}_{at}", None) for name in names} for at in range(1, SHARES + 1)]
        for at, line in enumerate(lines, 1):
            if line["who"] and not line["clause"] and f"clause_{at}" not in self.errors:
                self.add_error(f"clause_{at}", _("Choose a clause of the standard that is in force (9.7)."))
        return data | {"shares": [self._share(line) for line in lines if line["who"]]}

    def _share(self, line: dict[str, Any]) -> dict[str, Any]:
        party, _colon, name = line["who"].partition(":")
        who = {
            "department": {"department": name}, "supplier": {"supplier": (line["supplier"] or "").strip()},
            "person": {"person": User.objects.filter(username=name).first()},
        }.get(party, {})  # fmt: skip
        clause = self.clauses.get(line["clause"] or "")
        return {
            "party": party,
            "percent": line["percent"],
            "clause": clause,
            "note": line["note"] or "",
            **who,
        }


def ruling() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Human damage?"), required=False,
        choices=[("", gettext_lazy("as the engineer judged it")), *DamageType.choices[1:]],
        help_text=gettext_lazy("Once the judgement is final, the charge of the parts follows by itself (4.5a)."),
    )  # fmt: skip


class JudgeForm(SharesForm):
    ruling = ruling()


class ConveneForm(StepForm):
    meets_at = moment(gettext_lazy("The review meets at"), required=True)
    members = Several(
        label=gettext_lazy("Panel"),
        help_text=gettext_lazy("At least two departments; neither who judged nor who is held responsible (7.1)."),
    )  # fmt: skip

    def prepare(self) -> None:
        words = selectors.can_sit(self.paper) if self.paper is not None else {}
        rows = sorted(words, key=lambda user: str(words[user]))
        self.offer("members", rows, "username", lambda user: f"{user} · {words[user]}")


class VoteForm(StepForm):
    vote = forms.ChoiceField(label=gettext_lazy("Your vote"), choices=Vote.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class DecideForm(SharesForm):
    """The lines are needed when the judgement is overturned."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision of the panel"), choices=Vote.choices, widget=forms.RadioSelect
    )
    minutes = forms.CharField(label=gettext_lazy("Minutes"), widget=forms.Textarea(attrs={"rows": 4}))
    ruling = ruling()
    field_order = ("decision", "minutes", "ruling")

    def prepare(self) -> None:
        super().prepare()
        for name in ("who_1", "percent_1", "clause_1"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("decision") != Vote.OVERTURN:
            return data | {"shares": [], "ruling": ""}
        if not data["shares"]:
            self.add_error("who_1", _("An overturned judgement is judged anew: say who answers instead."))
        return data
