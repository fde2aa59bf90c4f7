"""Limits of the public site beside those of a report (`repairs.gate`). Counted in the database, for all workers together."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.models import within_rate, within_rates

from ..gate import TooMany, address_of, phone_key

QUARTER, HOUR = dt.timedelta(minutes=15), dt.timedelta(hours=1)
TRACK_PER_ADDRESS = (
    20  # tries in a quarter of an hour: an office behind one address mistypes, a guesser needs thousands
)
TRACK_PER_NUMBER = 10  # tries in an hour: a phone number has 10^9 forms, its owner knows his
TRACK_IN_ALL = 600  # tries in a quarter of an hour: many addresses guessing together
WORDS_PER_REPORT = 30  # messages and wishes in an hour: a conversation, not a flood of notices
WISHES_PER_ADDRESS, WISHES_PER_PHONE, WISHES_IN_ALL = (
    10,
    3,
    200,
)  # an hour: an office, a customer who corrects himself
SEARCHES_PER_ADDRESS = 120  # in a quarter of an hour: somebody tries words, an office behind one address many
HELP_PER_ADDRESS = 300  # articles and searches of a program in a quarter of an hour
ANSWERS_PER_ADDRESS = 30  # “solved” or not in an hour: an office behind one address
LOOKS_PER_REPORT = 8  # tries in an hour to see what is kept: who holds a link must not find out the phone
FILES_PER_REPORT = 6  # an hour: with nine videos one of them is large
PICTURES_PER_ADDRESS = 60  # posts with files in an hour: each costs a decoding
PIECES_PER_ADDRESS = 4000  # pieces in a quarter of an hour: twenty videos at once
JUDGED_PER_ADDRESS = 200  # whole files in an hour


def let_track(request: Any, number: str, at: dt.datetime) -> None:
    """Count one try to open a report by number and phone; each bucket, always: the same work for known and unknown.

    "" where a private link is asked about: nobody guesses one, and one number's tries are not another's.
    """
    near = within_rates(
        {f"track:{address_of(request)}": TRACK_PER_ADDRESS, "track": TRACK_IN_ALL}, QUARTER, at
    )
    often = bool(number) and not within_rate(f"track:{number}", TRACK_PER_NUMBER, HOUR, at)
    if often or not near:
        raise TooMany(_("Too many tries. Please wait an hour or call our hotline."), per=HOUR, at=at)


def let_write(ticket_pk: int, at: dt.datetime) -> None:
    """Count one message or wish on a report."""
    if not within_rate(f"write:{ticket_pk}", WORDS_PER_REPORT, HOUR, at):
        raise TooMany(_("Too many messages within an hour. Please call our hotline."), per=HOUR, at=at)


def let_wish(request: Any, phone: str, at: dt.datetime) -> None:
    """Count one wish for a new vehicle, by address, phone and in all, before a number is drawn."""
    limits = {
        f"wish:{address_of(request)}": WISHES_PER_ADDRESS,
        f"wish:{phone_key(phone)}": WISHES_PER_PHONE,
        "wish": WISHES_IN_ALL,
    }
    if not within_rates(limits, HOUR, at):
        raise TooMany(_("Too many wishes came from here within an hour. Please call us."), per=HOUR, at=at)


def let_look(request: Any, ticket_pk: int, at: dt.datetime) -> None:
    """Count one try to see what is kept: by report and by address, each always."""
    rates = {f"my-data:{ticket_pk}": LOOKS_PER_REPORT, f"my-data:{address_of(request)}": TRACK_PER_ADDRESS}
    if not within_rates(rates, HOUR, at):
        raise TooMany(_("Too many tries. Please wait an hour or call our hotline."), per=HOUR, at=at)


def let_take(ticket_pk: int, at: dt.datetime) -> None:
    """Count one file of everything with the pictures."""
    if not within_rate(f"my-file:{ticket_pk}", FILES_PER_REPORT, HOUR, at):
        raise TooMany(_("Too many tries. Please wait an hour or call our hotline."), per=HOUR, at=at)


def let_upload(request: Any, at: dt.datetime) -> None:
    """Count one post that carries files."""
    if not within_rate(f"upload:{address_of(request)}", PICTURES_PER_ADDRESS, HOUR, at):
        raise TooMany(
            _("Too many pictures came from here within an hour. Please call our hotline."),
            field="photos",
            per=HOUR,
            at=at,
        )


def let_search(request: Any, at: dt.datetime) -> None:
    """Count one search of the public help."""
    if not within_rate(f"help-search:{address_of(request)}", SEARCHES_PER_ADDRESS, QUARTER, at):
        raise TooMany(
            _("Too many searches came from here. Please wait a quarter of an hour or call our hotline."),
            per=QUARTER,
            at=at,
        )


def let_read_help(request: Any, at: dt.datetime) -> None:
    """Count one reading of the public help by a program (API)."""
    if not within_rate(f"help-api:{address_of(request)}", HELP_PER_ADDRESS, QUARTER, at):
        raise TooMany(
            _("Too many requests came from here. Please wait a quarter of an hour."), per=QUARTER, at=at
        )


def counts_answer(request: Any, at: dt.datetime) -> bool:
    """Whether an answer to an article still counts: beyond the limit it is thanked for and left out of the figures."""
    return within_rate(f"help-answer:{address_of(request)}", ANSWERS_PER_ADDRESS, HOUR, at)


def let_piece(request: Any, at: dt.datetime) -> None:
    """Count one piece of a file."""
    if not within_rate(f"piece:{address_of(request)}", PIECES_PER_ADDRESS, QUARTER, at):
        raise TooMany(_("Too many pictures came from here. Please wait a moment."), per=QUARTER, at=at)


def let_judge(request: Any, at: dt.datetime) -> None:
    """Count one file that arrived in pieces: it is decoded now."""
    if not within_rate(f"judge:{address_of(request)}", JUDGED_PER_ADDRESS, HOUR, at):
        raise TooMany(
            _("Too many pictures came from here within an hour. Please call our hotline."), per=HOUR, at=at
        )
