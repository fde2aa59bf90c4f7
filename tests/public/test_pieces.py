"""A file in pieces: whatever breaks, what was acknowledged stays, nothing is there twice, and nobody gets more than his share."""

import base64
import datetime as dt
import hashlib
import shutil
import threading
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales import clock, files
from aftersales.files import limits as sizes
from aftersales.files import pieces, store
from aftersales.models import Upload
from repairs.models import Ticket
from repairs.public import limits
from tests import build
from tests.files import samples

from .conftest import key, link

pytestmark = pytest.mark.django_db
HERE = "/report/files/"


@pytest.fixture(autouse=True)
def kept_in(tmp_path, settings):
    settings.MEDIA_ROOT = settings.MEDIA_STORE = tmp_path / "media"
    return settings.MEDIA_ROOT


def begin(visitor: Any, size: int, **headers: str) -> Any:
    return visitor.post(HERE, {"size": size}, headers=headers)


def digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def put(visitor: Any, upload: str, offset: int, body: bytes, said: str = "") -> Any:
    headers = {"Upload-Key": upload, "Upload-Offset": str(offset), "Content-Digest": said or digest(body)}
    return visitor.post(f"{HERE}piece/", body, content_type="application/octet-stream", headers=headers)


def end(visitor: Any, upload: str, **fields: str) -> Any:
    return visitor.post(f"{HERE}done/", {"name": "a.jpg"} | fields, headers={"Upload-Key": upload})


def sent(visitor: Any, content: bytes, piece: int = 1000, **fields: str) -> Any:
    upload = begin(visitor, len(content)).json()["key"]
    for at in range(0, len(content), piece):
        assert put(visitor, upload, at, content[at : at + piece]).status_code == 200
    return end(visitor, upload, **fields)


@pytest.mark.clause("4.3")
def test_a_photo_and_a_video_arrive_in_pieces_and_go_with_the_report(visitor, filled):
    photo, video = samples.photo(size=(900, 700)), samples.movie(20) + b"\0" * 5000
    seals = [sent(visitor, body).json()["seal"] for body in (photo, video)]
    answer = visitor.post("/report/", filled | {"kept": seals})
    assert answer.status_code == 302
    kept = Ticket.objects.get().attachments.all()
    assert [(row.kind, row.size) for row in kept] == [("image", len(photo)), ("video", len(video))]
    assert store.place(store.ORIGINALS, kept[1].sha256).read_bytes() == video


@pytest.mark.clause("4.3")
def test_the_nameplate_says_that_it_is_one(visitor, filled, people):
    seal = sent(visitor, samples.photo(), about="nameplate").json()["seal"]
    visitor.post("/report/", filled | {"kept": [seal]})
    row = Ticket.objects.get().attachments.get()
    assert row.about == "nameplate"
    visitor.force_login(people.cs)
    assert ">Nameplate<" in visitor.get(f"/tickets/{row.ticket.number}/").content.decode()


@pytest.mark.clause("4.3")
def test_without_scripts_the_nameplate_comes_in_its_own_field(visitor, filled, picture):
    visitor.post("/report/", filled | {"photos": [picture("aa.jpg")], "nameplate": picture("bbb.jpg")})
    assert [row.about for row in Ticket.objects.get().attachments.all()] == ["nameplate", ""]


def test_a_video_is_no_nameplate(visitor, filled):
    answer = visitor.post("/report/", filled | {"nameplate": samples.upload(samples.MP4, "a.mp4")})
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["nameplate"]
    assert sent(visitor, samples.MP4, about="nameplate").status_code == 422


def test_a_video_that_was_kept_as_one_is_no_nameplate_when_asked_again(visitor):
    upload = begin(visitor, len(samples.MP4)).json()["key"]
    put(visitor, upload, 0, samples.MP4)
    first = end(visitor, upload)
    again = end(visitor, upload, about="nameplate")
    assert (first.status_code, again.status_code) == (200, 422) and "not a picture" in again.json()[
        "sentence"
    ]
    assert end(visitor, upload).json()["kind"] == "video"


def test_a_piece_that_comes_twice_or_whose_answer_was_lost_changes_nothing(visitor):
    content = samples.photo()
    upload = begin(visitor, len(content)).json()["key"]
    for _ in range(3):
        assert put(visitor, upload, 0, content[:500]).json() == {"offset": 500}
    assert put(visitor, upload, 500, content[500:]).json() == {"offset": len(content)}
    assert put(visitor, upload, 0, content[:500]).json() == {"offset": len(content)}
    first, second = end(visitor, upload).json(), end(visitor, upload).json()
    assert files.unseal(first["seal"])[:3] == files.unseal(second["seal"])[:3]
    assert files.unseal(first["seal"]).sha256 == hashlib.sha256(content).hexdigest()


def test_a_gap_and_a_piece_of_another_file_are_told_where_the_file_ends(visitor):
    content = samples.photo()
    upload = begin(visitor, len(content)).json()["key"]
    put(visitor, upload, 0, content[:500])
    for offset, body in [(700, content[700:800]), (100, b"\0" * 100), (400, content[400:600])]:
        answer = put(visitor, upload, offset, body)
        assert (answer.status_code, answer.json()["offset"]) == (409, 500)
    assert visitor.get(HERE, headers={"Upload-Key": upload}).json() == {
        "offset": 500,
        "size": len(content),
        "done": False,
    }
    assert end(visitor, upload).status_code == 409


def test_a_piece_that_was_cut_or_bent_on_its_way_is_not_taken(visitor):
    upload = begin(visitor, 1000).json()["key"]
    for said in (digest(b"other"), "sha-256=:no:", "md5=:AAAA:", "x"):
        assert put(visitor, upload, 0, b"\1" * 100, said).status_code == 422
    assert put(visitor, upload, 0, b"\1" * 1001).status_code == 422
    assert put(visitor, upload, 0, b"\1" * (sizes.PIECE_BYTES + 1)).status_code == 422
    assert Upload.objects.get().received == 0


def test_what_was_written_but_not_acknowledged_is_written_again(visitor, store_of):
    """The process died between the disk and the row: the next piece begins where the row says."""
    content = samples.photo()
    upload = begin(visitor, len(content)).json()["key"]
    put(visitor, upload, 0, content[:300])
    with store_of(upload).open("r+b") as file:
        file.seek(300)
        file.write(b"half a piece of a process that died")
    assert put(visitor, upload, 300, content[300:]).status_code == 200
    assert end(visitor, upload).status_code == 200


@pytest.fixture
def store_of(kept_in):
    return lambda upload: kept_in / "pieces" / pieces.digest_of(upload)


def test_a_piece_is_on_the_disk_before_it_is_counted(visitor, monkeypatch, store_of):
    """Negative control of the promise: whoever counts first loses it here."""
    content, seen = samples.photo(), []
    upload = begin(visitor, len(content)).json()["key"]
    honest = pieces.os.fsync

    def look(handle: int) -> None:
        honest(handle)
        seen.append((store_of(upload).stat().st_size, Upload.objects.get().received))

    monkeypatch.setattr(pieces.os, "fsync", look)
    put(visitor, upload, 0, content[:400])
    assert seen[-1] == (400, 0) and Upload.objects.get().received == 400


@pytest.mark.parametrize(
    ("size", "status"), [("0", 422), ("-1", 422), ("x", 422), ("", 422), ("９", 422), (str(60 * 2**20), 422)]
)
def test_a_size_that_cannot_be_is_one_sentence(visitor, size, status):
    answer = begin(visitor, size)
    assert answer.status_code == status and answer.json()["sentence"] and not Upload.objects.exists()


def test_unknown_forged_and_foreign_keys_get_the_same_answer_by_the_same_work(visitor):
    known = begin(visitor, 100).json()["key"]
    tries, seen = ["", "x", known[:-1] + ("A" if known[-1] != "A" else "B"), "\x00", "é", "k" * 5000], []
    for wrong in tries:
        for ask in (
            lambda w: visitor.get(HERE, headers={"Upload-Key": w}),
            lambda w: put(visitor, w, 0, b"a"),
            lambda w: end(visitor, w),
        ):
            with CaptureQueriesContext(connection) as sql:
                answer = ask(wrong)
            seen.append(
                (answer.status_code, answer.content, sum("aftersales_upload" in q["sql"] for q in sql))
            )
    assert set(seen) == {(404, seen[0][1], 1)}
    assert known not in str(Upload.objects.values_list().get())


def test_nobody_takes_more_than_his_share_and_all_together_not_the_disk(visitor, monkeypatch):
    monkeypatch.setattr(sizes, "SENDER_FILES", 2)
    assert [begin(visitor, 10).status_code for _ in range(3)] == [201, 201, 429]
    monkeypatch.setattr(sizes, "SENDER_FILES", 9)
    monkeypatch.setattr(sizes, "SENDER_BYTES", 1000)
    assert begin(visitor, 990).status_code == 429
    monkeypatch.setattr(sizes, "SENDER_BYTES", 10**9)
    monkeypatch.setattr(sizes, "ALL_BYTES", 1000)
    assert begin(visitor, 990).status_code == 507
    monkeypatch.setattr(sizes, "ALL_BYTES", 10**9)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: type("Disk", (), {"free": sizes.FREE_BYTES + 50}))
    assert [begin(visitor, size).status_code for size in (40, 60)] == [201, 507]


def test_pieces_and_judgements_are_limited_per_address(visitor, monkeypatch):
    monkeypatch.setattr(limits, "PIECES_PER_ADDRESS", 1)
    monkeypatch.setattr(limits, "JUDGED_PER_ADDRESS", 1)
    upload = begin(visitor, 10).json()["key"]
    assert [put(visitor, upload, 0, b"a").status_code for _ in range(2)] == [200, 429]
    assert [end(visitor, upload).status_code for _ in range(2)] == [409, 429]


def test_what_nobody_continues_goes_after_a_day_and_what_goes_on_stays(visitor, kept_in):
    at, content = clock.now(), samples.photo()
    old, young = (begin(visitor, len(content)).json()["key"] for _ in range(2))
    for upload in (old, young):
        put(visitor, upload, 0, content[:100])
    Upload.objects.filter(key=pieces.digest_of(old)).update(seen_at=at - dt.timedelta(hours=25))
    (kept_in / "pieces" / "orphan").write_bytes(b"of a row that is gone")
    assert files.tidy_pieces(at) == 1
    assert put(visitor, old, 100, content[100:]).status_code == 404
    assert put(visitor, young, 100, content[100:]).status_code == 200
    assert {path.name for path in (kept_in / "pieces").iterdir()} == {pieces.digest_of(young), "orphan"}
    files.tidy_pieces(at + dt.timedelta(days=2))
    assert list((kept_in / "pieces").iterdir()) == []


def test_what_arrived_and_is_no_picture_is_a_sentence_as_often_as_it_is_asked(visitor):
    upload = begin(visitor, len(samples.HTML)).json()["key"]
    put(visitor, upload, 0, samples.HTML)
    answers = [end(visitor, upload) for _ in range(2)]
    assert [a.status_code for a in answers] == [422, 422] and "neither a picture" in answers[0].json()[
        "sentence"
    ]


def test_the_original_of_a_refused_file_is_not_kept(visitor, kept_in):
    assert sent(visitor, samples.SVG).status_code == 422
    assert not (kept_in / "originals").exists()


@pytest.mark.clause("4.3")
def test_on_the_private_page_files_come_in_pieces_too(visitor, monday):
    ticket = build.report(monday)
    seal = sent(visitor, samples.photo()).json()["seal"]
    assert visitor.post(link(ticket, "photos"), {"operation": key(), "kept": [seal]}).status_code == 302
    assert ticket.attachments.count() == 1
    empty = visitor.post(link(ticket, "photos"), {"operation": key()})
    assert empty.status_code == 422 and ticket.attachments.count() == 1


def test_posts_from_another_site_begin_nothing(filled):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert [strict.post(address).status_code for address in (HERE, f"{HERE}piece/", f"{HERE}done/")] == [
        403
    ] * 3


@pytest.mark.django_db(transaction=True)
def test_two_who_send_the_same_pieces_at_once_leave_one_whole_file(client):
    """A tap twice, two tabs: every piece is written once or found there."""
    from django.test import Client

    content = samples.photo(size=(1200, 900), quality=95)
    upload = begin(client, len(content)).json()["key"]
    answers: list[int] = []

    def send() -> None:
        one = Client()
        for at in range(0, len(content), 700):
            answers.append(put(one, upload, at, content[at : at + 700]).status_code)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {200}
    assert files.unseal(end(client, upload).json()["seal"]).sha256 == hashlib.sha256(content).hexdigest()
