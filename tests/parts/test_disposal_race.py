"""Two who let go the one old part without a code: one does. Without the lock the coded piece's number goes with it."""

import threading

import pytest
from django.db import connection

from parts.models import Disposal, PartCode, Zone
from parts.services import disposing, on_hand
from parts.services.codes import adopt_old_code
from parts.services.store import move
from tests import build
from tests.repairs.test_at_once import Meeting

from .racer import AT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("5.3")]


def let_go(monkeypatch, *, locked: bool) -> tuple[int, int, int]:
    """(papers approved, pieces left, codes left) after two approvals that check at the same moment."""
    keeper, judges = build.person("WH"), [build.person("FINS") for _ in range(2)]
    part = build.spare(good=0)
    move(part, 2, Zone.CUSTOMER, Zone.OLD, paper="JJ", by=keeper, at=AT)
    adopt_old_code("OLD1", part, paper="JJ", by=keeper, at=AT)
    facts = {"how": "scrap", "reason": "旧", "by": keeper, "at": AT}
    papers = [disposing.propose_disposal(part, 1, **facts) for _ in range(2)]
    meeting, check = Meeting(1 if locked else 20), disposing._are_there

    def both_have_looked(*args):
        check(*args)
        meeting.wait()

    monkeypatch.setattr(disposing, "_are_there", both_have_looked)
    if not locked:
        monkeypatch.setattr(disposing, "on_hand", lambda *where, lock=False: on_hand(*where))

    def approve(paper, by):
        try:
            disposing.approve_disposal(paper, by=by, at=AT)
        except Exception:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=pair) for pair in zip(papers, judges, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    codes = PartCode.objects.filter(part=part, zone=Zone.OLD).count()
    return Disposal.objects.filter(stage="done").count(), on_hand(part, Zone.OLD), codes


def test_of_two_who_let_the_last_uncoded_piece_go_one_does(monkeypatch):
    assert let_go(monkeypatch, locked=True) == (1, 1, 1)


def test_without_the_lock_the_number_of_the_coded_piece_goes_too(monkeypatch):
    """Negative control."""
    assert let_go(monkeypatch, locked=False) == (2, 0, 1)
