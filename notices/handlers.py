"""Whom the reset of a second factor concerns hears of it: its owner, the leaders, the administrators (SD11); and who asked
for a long export, that it is there."""

import datetime as dt
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.events import factor_reset_asked, factor_was_reset
from accounts.models import FactorReset
from accounts.selectors import members
from aftersales.charter import Department
from aftersales.downloads import PAGE
from aftersales.events import download_asked, download_settled
from aftersales.models import Download

from .doorbell import ring
from .services import tell


@receiver(factor_reset_asked, dispatch_uid="notices: a reset is asked for")
def tell_of_asked_reset(sender: Any, *, reset: FactorReset, at: dt.datetime, **kwargs: Any) -> None:
    _tell(reset, "asked", gettext_noop("The second factor of {name} shall be reset; a leader seconds it"), at)


@receiver(factor_was_reset, dispatch_uid="notices: a factor was reset")
def tell_of_reset(sender: Any, *, reset: FactorReset, at: dt.datetime, **kwargs: Any) -> None:
    _tell(reset, "done", gettext_noop("The second factor of {name} was reset"), at)


def _tell(reset: FactorReset, stage: str, title: str, at: dt.datetime) -> None:
    """By night as well: who did not ask for it must be able to object."""
    concerned = [*members(Department.MANAGEMENT, at), *members(Department.IT, at)]
    tell(
        [reset.user, *concerned],
        event_key=f"factor-reset:{reset.pk}:{stage}",
        at=at,
        url=reverse("accounts:person", args=[reset.user.username]),
        hand_over=True,
        title=title,
        params={"name": reset.user.name},
    )


@receiver(download_asked, dispatch_uid="notices: a download was asked for")
def ring_for_download(sender: Any, *, task: str, **kwargs: Any) -> None:
    """After the commit; beat rings again every half minute."""
    ring(task)


@receiver(download_settled, dispatch_uid="notices: a download was settled")
def tell_of_download(sender: Any, *, download: Download, at: dt.datetime, **kwargs: Any) -> None:
    ready = gettext_noop("{file} is ready; it stays in your downloads for 7 days")
    failed = gettext_noop("{file} could not be written")
    erased = gettext_noop(
        "{file} was taken away because a customer was erased; ask for it again if you need it"
    )
    title = ready if download.state == Download.State.READY else failed
    title = erased if download.why == Download.Why.ERASED else title
    key = f"download:{download.pk}:{download.state}"
    tell(
        [download.user_id],
        event_key=key,
        at=at,
        title=title,
        params={"file": download.name},
        url=reverse(PAGE),
    )
