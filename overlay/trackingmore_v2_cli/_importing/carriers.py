"""Carriers of a table that the list of carriers does not have, as far as it is known."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from trackingmore_v2_cli._carrier_cache import read_carriers, suggest_carrier
from trackingmore_v2_cli._output.output import Output
from trackingmore_v2_cli._words import counted

if TYPE_CHECKING:
    from trackingmore_v2.importer import ImportRowDict

_SHOWN: Final = 5
"""Number of carriers that are shown."""


def count_unknown(
    results: "Iterator[ImportRowDict]", unknown: Counter[str]
) -> "Iterator[ImportRowDict]":
    """
    Yield the results of rows, and count those to create whose carrier is unknown.

    Args:
        results: The results.
        unknown: Where they are counted, by carrier. None are, if no list of carriers was kept.
    """
    known = read_carriers()
    for each in results:
        carrier = each["carrier_code"]
        if known and each["result"] == "pending" and carrier not in known:
            unknown[carrier] += 1
        yield each


def show_unknown(out: Output, unknown: Counter[str]) -> None:
    """Warn of unknown carriers. The rows are sent all the same: the list may be old."""
    for carrier, count in unknown.most_common(_SHOWN):
        out.note(
            f"{counted(count, 'row')}: carrier {carrier!r} is not in the list of carriers."
            f"{suggest_carrier(carrier)}"
        )
    more = len(unknown) - _SHOWN
    if more > 0:
        out.note(f"and {counted(more, 'more carrier')}")
