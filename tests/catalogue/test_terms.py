"""Warranty terms of two people: dated, never into the past, in and out of Excel (4.5a, SD05)."""

import datetime as dt
import io

import pytest
from django.db import IntegrityError, transaction

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn
from catalogue.imports.terms import read_terms
from catalogue.models import TermBatch, VehicleModel, WarrantyTerm
from catalogue.selectors import warranty
from catalogue.services import approve_terms, propose_terms, refuse_terms
from tests import build

from .sheets import book

pytestmark = [pytest.mark.django_db, pytest.mark.clause("4.5a"), pytest.mark.usefixtures("english")]
HEAD = ["Model code", "part_group", "since", "months", "km", "hours"]


@pytest.fixture
def fy6():
    return build.vehicle().model  # with a term of 12 months from long ago


def row(model, since=dt.date(2026, 3, 2), group="whole", months=24, **limits):
    return {
        "model": model,
        "part_group": group,
        "since": since,
        "months": months,
        "km": None,
        "hours": None,
    } | limits


def test_a_term_counts_from_its_day_once_another_has_put_it_in_force(people, monday, fy6):
    batch = propose_terms([row(fy6)], reason="电池升级", by=people.tech, at=monday)
    assert warranty(fy6, dt.date(2026, 3, 2)).end == dt.date(2027, 3, 2)
    with pytest.raises(Denied):
        approve_terms(batch, by=people.tech, at=monday)
    approve_terms(batch, by=people.mgr, at=monday)
    assert warranty(fy6, dt.date(2026, 3, 2)).end == dt.date(2028, 3, 2)
    assert warranty(fy6, dt.date(2026, 3, 1)).end == dt.date(2027, 3, 1)
    with pytest.raises(OutOfTurn):
        approve_terms(batch, by=build.person("MGR"), at=monday)


def test_whoever_has_both_hats_still_needs_another(people, monday, fy6):
    both = build.person("TECH", "MGR")
    batch = propose_terms([row(fy6)], reason="x", by=both, at=monday)
    with pytest.raises(OutOfTurn, match="SD05"):
        approve_terms(batch, by=both, at=monday)


def test_who_may(people, monday, fy6):
    with pytest.raises(Denied):
        propose_terms([row(fy6)], reason="x", by=people.mgr, at=monday)
    batch = propose_terms([row(fy6)], reason="x", by=people.tech, at=monday)
    with pytest.raises(Denied):
        approve_terms(batch, by=people.cs, at=monday)
    with pytest.raises(IntegrityError), transaction.atomic():
        TermBatch.objects.update(decided_by=people.tech)


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("since", {"since": dt.date(2026, 3, 1)}),
        ("since", {"since": build.LONG_AGO}),
        ("hours", {"hours": 500}),
    ],
)
def test_what_was_promised_stays(people, monday, fy6, field, facts):
    with pytest.raises(BadEntry) as caught:
        propose_terms([row(fy6, **facts)], reason="x", by=people.tech, at=monday)
    assert caught.value.field == field and not TermBatch.objects.exists()


def test_the_first_term_of_a_group_may_be_from_before_the_portal(people, monday, fy6):
    batch = propose_terms([row(fy6, dt.date(2022, 1, 1), "battery")], reason="x", by=people.tech, at=monday)
    approve_terms(batch, by=people.mgr, at=monday)
    assert warranty(fy6, dt.date(2025, 12, 1), "battery").end == dt.date(2027, 12, 1)


@pytest.mark.parametrize(
    ("group", "since", "facts", "field"),
    [
        ("battery", dt.date(2025, 1, 1), {"months": 3}, "months"),
        (
            "battery",
            dt.date(2020, 1, 1),
            {"months": 12},
            "months",
        ),  # some of them were delivered under the later 24 months
        ("motor", dt.date(2025, 6, 1), {"months": 24, "km": 30_000}, "km"),
        ("motor", dt.date(2025, 6, 1), {"months": 24, "hours": None, "km": 10_000}, "km"),
        ("battery", dt.date(2025, 1, 1), {"months": 24, "km": 50_000}, ""),
        ("battery", dt.date(2026, 3, 2), {"months": 3}, ""),  # from today on: nobody was promised more
    ],
)
def test_a_first_term_of_a_past_day_takes_nothing_away(people, monday, fy6, group, since, facts, field):
    WarrantyTerm.objects.create(
        model=fy6, part_group="whole", since=dt.date(2025, 1, 1), months=24, km=50_000
    )
    entries = row(fy6, since, group, **facts)
    if field:
        with pytest.raises(BadEntry) as caught:
            propose_terms([entries], reason="x", by=people.tech, at=monday)
        assert caught.value.field == field and since.isoformat() in str(caught.value)
        return
    batch = propose_terms([entries], reason="x", by=people.tech, at=monday)
    approve_terms(batch, by=people.mgr, at=monday)
    assert warranty(fy6, since, group).since == since


def test_a_proposal_that_came_to_take_something_away_is_not_approved(people, monday, fy6):
    """Proposed while it was longer than what held; the whole vehicle's longer term came into force in between."""
    early = propose_terms(
        [row(fy6, dt.date(2025, 1, 1), "battery", 12)], reason="x", by=people.tech, at=monday
    )
    WarrantyTerm.objects.create(model=fy6, part_group="whole", since=dt.date(2025, 1, 1), months=24)
    with pytest.raises(OutOfTurn, match="2025-01-01 on have 24 months"):
        approve_terms(early, by=people.mgr, at=monday)


def test_terms_of_a_model_that_has_none_may_differ_by_group(people, monday, fy6):
    new = VehicleModel.objects.create(code="FY-9", name="n")
    rows = [row(new, dt.date(2024, 1, 1)), row(new, dt.date(2024, 1, 1), "tyres", 3)]
    approve_terms(propose_terms(rows, reason="x", by=people.tech, at=monday), by=people.mgr, at=monday)
    assert warranty(new, dt.date(2024, 1, 1), "tyres").end == dt.date(2024, 4, 1)


@pytest.mark.parametrize("word", ["000000000120000", "120000", "9" * 400, "241", "0"])
def test_a_number_is_judged_whole(fy6, word):
    found = read_terms(
        book(["FY-6", "battery", "2026-03-02", word, "", ""], head=HEAD, title="Warranty terms"),
        dt.date(2026, 3, 2),
    )
    assert [fault.cell for fault in found.faults] == ["D2"]


def test_a_day_that_passed_while_it_waited_is_judged_again(people, monday, fy6):
    batch = propose_terms([row(fy6)], reason="x", by=people.tech, at=monday)
    with pytest.raises(OutOfTurn, match="FY-6"):
        approve_terms(batch, by=people.mgr, at=monday + dt.timedelta(days=1))
    assert WarrantyTerm.objects.count() == 1


def test_a_refusal_says_why_and_changes_nothing(people, monday, fy6):
    batch = propose_terms([row(fy6)], reason="x", by=people.tech, at=monday)
    with pytest.raises(BadEntry):
        refuse_terms(batch, reason=" ", by=people.mgr, at=monday)
    assert refuse_terms(batch, reason="太长", by=people.mgr, at=monday).approved is False
    assert WarrantyTerm.objects.count() == 1


def test_bad_cells_are_named_and_what_is_in_force_is_left_out(people, fy6):
    file = book(
        ["FY-6", "", build.LONG_AGO, 12, 20000, ""], ["FY-6", "battery", "2026-03-02", 24, "", ""], ["X", "", "2026-03-02", 1, "", ""],
        ["FY-6", "wheel", "2026-03-02", 0, "", ""], ["FY-6", "", "2026-03-01", 6, "", ""], ["FY-6", "", "soon", 6, "", ""],
        ["FY-6", "motor", "2026-03-02", 6, "", 9], head=HEAD, title="Warranty terms",
    )  # fmt: skip
    found = read_terms(file, dt.date(2026, 3, 2))
    assert [fault.cell for fault in found.faults] == ["A4", "B5", "D5", "C6", "C7", "F8"]


def test_the_export_comes_back_with_a_new_row(people, as_user, monday, fy6, monkeypatch):
    from openpyxl import load_workbook

    from accounts import middleware

    monkeypatch.setattr(middleware.DenyByDefault, "lacks_second_factor", lambda self, request, actions: False)

    client = as_user(people.tech)
    made = load_workbook(io.BytesIO(b"".join(client.get("/catalogue/terms/export.xlsx").streaming_content)))
    made.active.append(["FY-6", "battery", dt.date(2099, 1, 1), 36, None, None])
    file = io.BytesIO()
    made.save(file)
    file.seek(0)
    file.name = "terms.xlsx"
    answer = client.post("/catalogue/terms/import/", {"file": file, "reason": "年度", "do": "keep"})
    batch = TermBatch.objects.get()
    assert answer.url == "/catalogue/terms/" and [(x.part_group, x.months) for x in batch.lines.all()] == [
        ("battery", 36)
    ]
    page = as_user(people.mgr).get("/catalogue/terms/").content.decode()
    assert "年度" in page and f"/catalogue/terms/{batch.pk}/decide/" in page
    assert f"/catalogue/terms/{batch.pk}/decide/" not in client.get("/catalogue/terms/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_proposals_takes_eight_statements(
    people, as_user, monday, count, django_assert_max_num_queries, fy6
):
    for n in range(count):
        propose_terms(
            [row(VehicleModel.objects.create(code=f"N{n}", name="n"))], reason="x", by=people.tech, at=monday
        )
    client = as_user(people.tech)
    with django_assert_max_num_queries(8):
        assert len(client.get("/catalogue/terms/").context["waiting"]) == count
