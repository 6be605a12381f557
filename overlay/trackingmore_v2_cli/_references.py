"""Trackings as the user names them: `[CARRIER:]NUMBER`, as arguments or on standard input."""

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._statuses import ExitStatus

if TYPE_CHECKING:
    from trackingmore_v2_cli._session import Session


class Reference(NamedTuple):
    """A tracking that the user named."""

    carrier: str | None
    number: str


class Pair(NamedTuple):
    """The carrier and the number of a tracking."""

    carrier: str
    number: str


def read_references(arguments: Iterable[str], carrier: str | None = None) -> list[Reference]:
    """
    Return the trackings that arguments name; `-` stands for the lines of standard input.

    Args:
        arguments: Each is `NUMBER`, `CARRIER:NUMBER`, or `-`.
        carrier: The carrier of those without one. Default: None.

    Raises:
        CommandError: No tracking was named, or `-` was given twice.
    """
    found: list[Reference] = []
    has_read = False
    for argument in arguments:
        if argument != "-":
            found.append(_parse(argument, carrier))
            continue
        if has_read:
            raise CommandError("- stands for standard input, once", ExitStatus.USAGE)
        has_read = True
        found += (_parse(line, carrier) for line in _lines())
    if not found:
        raise CommandError("no tracking numbers; pass some, or - to read them", ExitStatus.USAGE)
    return list(dict.fromkeys(found))


def find_pairs(session: "Session", references: Iterable[Reference]) -> list[Pair]:
    """
    Return the pairs of trackings, with the carriers that the account has for their numbers.

    The lookup costs no quota.

    Args:
        session: The session.
        references: The trackings.

    Raises:
        CommandError: The account does not have a number, or has it with several carriers.
    """
    references = list(references)
    unknown = [each.number for each in references if not each.carrier]
    carriers: dict[str, list[str]] = {}
    if unknown:
        for tracking in session.client.trackings.list(numbers=unknown):
            carriers.setdefault(tracking.tracking_number, []).append(tracking.carrier_code)
    return [Pair(each.carrier or _only(each, carriers), each.number) for each in references]


def _only(reference: Reference, carriers: dict[str, list[str]]) -> str:
    found = carriers.get(reference.number, [])
    if not found:
        raise CommandError(
            f"the account has no tracking {reference.number}; create it, or check the number",
            ExitStatus.NOT_FOUND,
        )
    if len(found) > 1:
        names = ", ".join(f"{carrier}:{reference.number}" for carrier in sorted(found))
        raise CommandError(f"several carriers have it; pass one of {names}", ExitStatus.USAGE)
    return found[0]


def _parse(text: str, carrier: str | None) -> Reference:
    before, colon, number = text.strip().rpartition(":")
    if colon and not before:
        raise CommandError(
            f"{text!r} has no carrier before the colon; expected CARRIER:NUMBER, such as "
            "ups:1Z97X17XYW06605211",
            ExitStatus.USAGE,
        )
    return Reference(before or carrier, number)


def _lines() -> Iterator[str]:
    """Yield the lines of standard input that are not blank."""
    for line in sys.stdin:
        if line.strip():
            yield line.strip()
