"""Checks of pairs of carrier and tracking number."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from trackingmore_v2_api import patterns
from trackingmore_v2_sandbox.store.models import TrackingRecord

Pair: TypeAlias = tuple[str, str]
"""Carrier code and tracking number."""


def pairs_of(trackings: Iterable[TrackingRecord]) -> list[Pair]:
    """Return the pairs of trackings."""
    return [(tracking.carrier_code, tracking.tracking_number) for tracking in trackings]


def require_valid(pairs: Sequence[Pair], accepts: Callable[[str], bool]) -> None:
    """
    Check pairs.

    Args:
        pairs: The pairs.
        accepts: Whether a carrier code is valid.

    Raises:
        ValueError: A carrier code or a tracking number is invalid.
    """
    for carrier_code in {carrier_code for carrier_code, _ in pairs}:
        if not accepts(carrier_code):
            raise ValueError(
                f"unknown carrier code {carrier_code!r}; expected the code of a carrier in the list"
            )
    is_number = patterns.TRACKING_NUMBER.fullmatch
    for _, tracking_number in pairs:
        if not is_number(tracking_number):
            raise ValueError(
                f"invalid tracking number {tracking_number!r}; expected at least five letters, "
                "digits, hyphens or underscores"
            )


def require_distinct(kind: str, names: Sequence[object]) -> None:
    """
    Check names.

    Raises:
        ValueError: A name occurs twice.
    """
    if len(set(names)) < len(names):
        duplicate, _ = Counter(names).most_common(1)[0]
        raise ValueError(f"duplicate {kind} {duplicate!r}")
