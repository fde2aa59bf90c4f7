"""Several for one person in one run are one e-mail, in his language, without anybody's personal data."""

import datetime as dt

from django.core import mail

from notices.services import deliver, prefer, tell

DAY = dt.timedelta(days=1)


def words(person, at, count, **more):
    for n in range(count):
        tell(
            [person],
            at=at,
            event_key=f"event:{n}",
            title="Ticket {number} was handed to you",
            params={"number": f"BX{n}"},
            url=f"/tickets/BX{n}/",
            **more,
        )


def test_one_notice_is_its_own_letter(reader, monday, settings):
    settings.SITE_URL = "https://portal.example.com"
    words(reader(language="en"), monday, 1)
    assert deliver(monday) == 1
    letter = mail.outbox[0]
    assert letter.subject == "Ticket BX0 was handed to you"
    assert "https://portal.example.com/tickets/BX0/" in letter.body


def test_several_for_one_person_are_one_letter(reader, monday):
    person, other = reader(language="en"), reader(language="en")
    words(person, monday, 3)
    words(other, monday, 1)
    assert deliver(monday) == 2
    digest = next(letter for letter in mail.outbox if letter.to == [person.email])
    assert digest.subject == "3 notices: Ticket BX0 was handed to you"
    assert all(f"/tickets/BX{n}/" in digest.body for n in range(3))


def test_who_wishes_single_letters_gets_them(reader, monday):
    person = reader()
    prefer(person, digest=False)
    words(person, monday, 3)
    assert deliver(monday) == 3


def test_a_long_digest_names_the_rest_by_number(reader, monday):
    person = reader(language="en")
    words(person, monday, 53)
    deliver(monday)
    assert "… and 3 more in your inbox." in mail.outbox[0].body
    assert mail.outbox[0].body.count("/tickets/") == 50


def test_the_words_are_in_the_language_of_the_person(reader, monday):
    for language in ("zh-hans", "en"):
        tell(
            [reader(language=language)], at=monday, event_key="x", title="Monday"
        )  # a word of Django's own catalogue
    deliver(monday)
    assert [letter.subject for letter in mail.outbox] == ["星期一", "Monday"]


def test_a_title_with_a_line_break_does_not_break_the_letter(reader, monday):
    tell(
        [reader()],
        at=monday,
        event_key="x",
        title="About {story}",
        params={"story": "brake\r\nBcc: all@example.com"},
    )
    assert deliver(monday) == 1
    assert mail.outbox[0].subject == "About brake Bcc: all@example.com"
