"""The photos that finance keeps: receipts of claims (8.2), money taken on site. They stay as long as their rows."""

from typing import Any

from aftersales import files

from ..models import ClaimLine, SiteMoney


@files.names_files
def photographed(digests: list[str]) -> list[str]:
    """Also those of struck lines and withdrawn claims: they are evidence, and show that a photo was used before."""
    return [digest for model in (ClaimLine, SiteMoney) for digest in _of(model, digests)]


def _of(model: Any, digests: list[str]) -> Any:
    return model.objects.filter(sha256__in=digests).values_list("sha256", flat=True)
