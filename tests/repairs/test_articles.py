"""Articles of the public help (2.2): drafted by one, published by another, their text stays, what is not published is not there."""

import pytest
from django.db import IntegrityError, transaction

from accounts.access import Denied
from aftersales.problems import BadEntry, OutOfTurn, Stale
from catalogue.models import VehicleModel
from repairs.models import HelpVersion, Symptom
from repairs.services import articles
from tests import build

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english"), pytest.mark.clause("2.2")]
FACTS = {
    "title": "充不进电",
    "symptom": "充电器灯不亮",
    "steps": [{"text": "插紧插头"}, {"text": "换一个插座"}],
}


@pytest.fixture
def draft(people, monday):
    return articles.begin(**FACTS, group="charge", by=people.tech, at=monday)


@pytest.fixture
def published(draft, people, monday):
    return articles.publish(draft, by=people.cs, at=monday)


def refused(exception, act, *args, match=None, **kwargs):
    with pytest.raises(exception, match=match) as refusal, transaction.atomic():
        act(*args, **kwargs)
    return refusal.value


# --- two people (SD05)
def test_sd05_nobody_publishes_what_he_drafted_or_wrote_into(draft, people, monday):
    refused(Denied, articles.publish, draft, by=people.tech, at=monday, match="SD05")
    articles.edit(draft, **FACTS, fits=[], by=people.cs, at=monday)
    refused(Denied, articles.publish, draft, by=people.cs, at=monday, match="SD05")
    third = build.person("CS")
    row = articles.publish(draft, by=third, at=monday)
    assert (row.stage, row.published_by, row.published_at) == ("published", third, monday)


def test_sd05_holds_for_one_person_with_both_roles(monday):
    both = build.person("CS", "TECH")
    refused(
        Denied,
        articles.publish,
        articles.begin(**FACTS, by=both, at=monday),
        by=both,
        at=monday,
        match="SD05",
    )


@pytest.mark.parametrize("role", ["sales", "eng", "fin", "mgr", "aud"])
def test_only_customer_service_and_technical_write_and_publish(role, draft, people, monday):
    user = getattr(people, role)
    refused(Denied, articles.begin, **FACTS, by=user, at=monday)
    refused(Denied, articles.publish, draft, by=user, at=monday)
    refused(Denied, articles.renew, draft, by=user, at=monday)


# --- the text stays
def test_a_published_version_is_neither_written_into_nor_dropped(published, people, monday):
    refused(OutOfTurn, articles.edit, published, **FACTS, fits=[], by=people.tech, at=monday, match="stays")
    refused(OutOfTurn, articles.drop, published, by=people.tech, at=monday)
    refused(OutOfTurn, articles.publish, published, by=people.cs, at=monday)


@pytest.mark.parametrize(
    "change",
    [{"title": "x"}, {"symptom": "x"}, {"steps": []}, {"stop": True}, {"keywords": "x"}, {"group": "other"}],
)
def test_the_database_itself_refuses_another_text(published, change):
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        HelpVersion.objects.filter(pk=published.pk).update(**change)
    HelpVersion.objects.filter(pk=published.pk).update(why="x")  # what is no text may be written


def test_the_database_refuses_another_model_and_the_removal(published, monday):
    model = build.vehicle().model
    for act in (
        lambda: published.fits.add(model),
        lambda: HelpVersion.objects.filter(pk=published.pk)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
            act()


def test_a_draft_may_be_changed_in_the_database(draft):
    """The negative control of the two above: it is the stage that holds the text."""
    HelpVersion.objects.filter(pk=draft.pk).update(title="x")
    draft.fits.add(build.vehicle().model)
    draft.refresh_from_db()
    assert draft.title == "x" and draft.fits.count() == 1


def test_a_new_version_replaces_the_old_one_only_when_another_publishes_it(published, people, monday):
    second = articles.renew(published, by=people.cs, at=monday)
    assert (second.number, second.title, second.steps) == (2, published.title, published.steps)
    refused(
        OutOfTurn, articles.renew, published, by=people.tech, at=monday, match="draft of this article already"
    )
    articles.edit(second, **FACTS | {"title": "充电口坏了"}, fits=[], by=people.cs, at=monday)
    published.refresh_from_db()
    assert published.stage == "published"
    refused(Denied, articles.publish, second, by=people.cs, at=monday)
    articles.publish(second, by=people.tech, at=monday)
    published.refresh_from_db()
    assert (published.stage, published.title, published.ended_by) == ("replaced", "充不进电", people.tech)


def test_withdrawn_with_a_reason_and_renewed(published, people, monday):
    assert refused(BadEntry, articles.withdraw, published, why=" ", by=people.cs, at=monday).field == "why"
    row = articles.withdraw(published, why="插头换了型号", by=people.cs, at=monday)
    assert (row.stage, row.why) == ("withdrawn", "插头换了型号")
    refused(OutOfTurn, articles.withdraw, row, why="x", by=people.cs, at=monday)
    assert articles.renew(row, by=people.tech, at=monday).stage == "draft"


# --- what a draft may hold
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"), ({"title": "x" * 121}, "title"), ({"symptom": "打 138 0013 8000"}, "symptom"),
        ({"keywords": "13800138000"}, "keywords"), ({"steps": [{"text": "打 13800138000"}]}, "steps"),
        ({"steps": [{"text": "x", "caption": "13800138000"}]}, "steps"), ({"steps": [{"text": "x"}] * 21}, "steps"),
    ],
)  # fmt: skip
def test_a_text_is_refused_at_its_field(change, field, people, monday):
    assert refused(BadEntry, articles.begin, **FACTS | change, by=people.cs, at=monday).field == field


@pytest.mark.parametrize("change", [{"symptom": ""}, {"steps": []}, {"steps": [{"text": "a"}, {"text": ""}]}])
def test_what_lacks_something_is_kept_as_a_draft_and_not_published(change, people, monday):
    row = articles.begin(**FACTS | change, by=people.tech, at=monday)
    refused(OutOfTurn, articles.publish, row, by=people.cs, at=monday)


def test_two_who_write_at_once_do_not_lose_each_others_words(draft, people, monday):
    articles.edit(draft, **FACTS | {"title": "first"}, fits=[], revision=1, by=people.cs, at=monday)
    refused(
        Stale,
        articles.edit,
        draft,
        **FACTS,
        fits=[],
        revision=1,
        by=people.tech,
        at=monday,
        match="meanwhile",
    )
    articles.edit(draft, **FACTS | {"title": "second"}, fits=[], revision=2, by=people.tech, at=monday)
    draft.refresh_from_db()
    assert (draft.title, draft.revision) == ("second", 3)


def test_every_change_of_a_draft_stands_in_its_history(draft, people, monday):
    articles.edit(draft, **FACTS | {"title": "x"}, fits=[], by=people.cs, at=monday)
    articles.publish(draft, by=build.person("CS"), at=monday)
    told = list(HelpVersion.history.order_by("history_id").values_list("history_change_reason", "title"))
    assert told == [("draft", "充不进电"), ("edit", "x"), ("publish", "x")]


def test_a_step_takes_no_picture_of_another_article(draft, people, monday):
    row = articles.edit(
        draft, **FACTS | {"steps": [{"text": "a", "picture": "f" * 32, "caption": "c"}]}, fits=[], by=people.tech, at=monday
    )  # fmt: skip
    assert row.steps == [{"text": "a", "picture": "", "caption": ""}]


def test_a_draft_of_a_case_knows_its_model(people, monday):
    model = build.vehicle().model
    row = articles.draft(
        title="t", symptom="s", steps="a\n\nb", by=people.tech, at=monday, model_code=model.name, source="ZL1"
    )
    assert list(row.fits.all()) == [model] and [step["text"] for step in row.steps] == ["a", "b"]
    assert articles.drafted("ZL1") == row.article.key and articles.drafted("ZL2") == ""


def test_what_is_found_by_is_made_at_the_publication(draft, people, monday):
    draft.fits.add(VehicleModel.objects.create(code="FY-9", name="飞跃九型"))
    row = articles.publish(draft, by=people.cs, at=monday)
    assert "充不进电" in row.words and "chongbujindian" in row.sounds and "cbjd" in row.initials
    assert "fy9" in row.words.replace("\n", " ") and Symptom(row.group) == Symptom.CHARGE
