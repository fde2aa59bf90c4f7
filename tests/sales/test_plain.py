"""Names and phones in plain leave only with a reason and by two leaders (A15, SD11, PIPL 51 and 55)."""

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from accounts.access import Denied
from accounts.models import AuditEvent
from accounts.services import enrol_totp
from aftersales.downloads import path_of, write_waiting
from aftersales.models import Download
from aftersales.problems import BadEntry, OutOfTurn
from sales import plain
from sales.models import PlainExport
from sales.services import open_customer, write_down
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaders(people):
    both = [people.mgr, build.person("MGR")]
    for leader in both:
        enrol_totp(leader, "JBSWY3DPEHPK3PXP")
    return both


def someone(name, **facts):
    person = write_down(name=name, phone="+8613800001111", street="迎春路 1 号", alt_phone="")
    return open_customer(person, at=timezone.now(), **facts)


def asked(by, **wishes):
    return plain.ask(wishes, reason="召回通知", by=by, at=timezone.now())


def test_one_asks_another_lets_out_and_who_asked_has_the_file(leaders):
    one, other = leaders
    someone("王小明", region="江苏泰州"), someone("=1+1", region="浙江")
    row = asked(one, region="江苏", name="138")
    assert row.wishes == {"region": "江苏"}, "whom somebody looked for is not kept"
    with pytest.raises(Denied):
        plain.let_out(row, by=one, at=timezone.now())
    assert not Download.objects.exists()
    plain.let_out(row, by=other, at=timezone.now())
    assert write_waiting() == 1
    (download,) = Download.objects.all()
    assert download.user == one
    lines = list(load_workbook(path_of(download)).active.values)
    assert (
        lines[1][2:] == ("王小明", None, "138 0000 1111", None, "江苏泰州", "迎春路 1 号") and len(lines) == 2
    )
    said = AuditEvent.objects.filter(verb__startswith="pii_export").count()
    assert said == 2 and AuditEvent.objects.get(verb="customer.pii_exported").data["rows"] == 1


def test_without_the_second_leader_the_writer_writes_nothing(leaders):
    from aftersales import downloads

    row = asked(leaders[0])
    downloads.ask(leaders[0], plain.KIND, {"request": row.pk}, "x.xlsx", timezone.now())
    write_waiting()
    assert Download.objects.get().state != Download.State.READY


def test_a_reason_is_asked_and_what_is_decided_is_decided(leaders):
    one, other = leaders
    with pytest.raises(BadEntry):
        plain.ask({}, reason=" ", by=one, at=timezone.now())
    row = asked(one)
    plain.refuse(row, by=other, at=timezone.now())
    for act in (plain.let_out, plain.refuse):
        with pytest.raises(OutOfTurn):
            act(row, by=other, at=timezone.now())
    assert PlainExport.objects.get().let_out is False


@pytest.mark.parametrize("role", ["cs", "sales", "fins", "tech", "sys"])
def test_nobody_but_a_leader_asks_or_lets_out(people, leaders, as_user, role):
    who, row = getattr(people, role), asked(leaders[0])
    for act in (plain.let_out, plain.refuse):
        with pytest.raises(Denied):
            act(row, by=who, at=timezone.now())
    with pytest.raises(Denied):
        asked(who)


def test_the_page_asks_and_home_tells_the_other_leader(leaders, as_user):
    one, other = (as_user(leader) for leader in leaders)
    answer = one.post("/customers/plain/?region=江苏&name=王", {"reason": ""})
    assert answer.status_code == 422 and not PlainExport.objects.exists()
    one.post("/customers/plain/?region=江苏&name=王", {"reason": "召回通知"})
    row = PlainExport.objects.get()
    assert row.wishes == {"region": "江苏"}
    assert [t.url for t in other.get("/desk/").context["todo"]] == ["/customers/plain/"]
    assert one.get("/desk/").context["todo"] == []
    assert "召回通知" in other.get("/customers/plain/").content.decode()
    other.post(f"/customers/plain/{row.pk}/let-out/")
    row.refresh_from_db()
    assert row.let_out and Download.objects.get().user == leaders[0]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_statements(leaders, as_user, count, django_assert_max_num_queries):
    for _ in range(count):
        asked(leaders[0])
    client = as_user(leaders[1])
    with django_assert_max_num_queries(5):
        assert client.get("/customers/plain/").status_code == 200
