"""The command `trackingmore-v2 detect`."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import click

from trackingmore_v2_cli._client_errors import sentence_of
from trackingmore_v2_cli._command import command, yes_option
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._failures import print_error
from trackingmore_v2_cli._output.columns import Column, Record
from trackingmore_v2_cli._references import read_references
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._statuses import ExitStatus, status_of
from trackingmore_v2_cli._words import counted

if TYPE_CHECKING:
    from trackingmore_v2 import TrackingMoreError

COLUMNS: Final = (
    Column("tracking_number", "number"),
    Column("rank", is_number=True),
    Column("carrier_code", "carrier"),
    Column("carrier_name", "name"),
)

_EXAMPLES: Final = (
    "trackingmore-v2 detect 1Z97X17XYW06605211 --yes",
    "trackingmore-v2 detect - --yes --json < numbers.txt",
)


@command(examples=_EXAMPLES, name="detect")
@click.argument("numbers", metavar="NUMBER...", nargs=-1)
@yes_option
def detect(session: Session, *, numbers: tuple[str, ...], yes: bool) -> None:
    """
    Find the carriers that a number may belong to.

    Rank 1 is the most likely carrier. Five detections cost one tracking of the quota.

    NUMBER is a tracking number; - reads numbers from standard input, one a line.
    """
    wanted = _read(numbers)
    count = len(wanted)
    session.confirm(
        f"detect the carriers of {counted(count, 'number')}; five detections cost "
        "one tracking of the quota",
        yes=yes,
    )
    errors: list[TrackingMoreError] = []
    records = _detect(session, wanted, errors)
    session.out.records("detection/1", records, COLUMNS, empty="")
    _end(errors, count)


def _read(numbers: Sequence[str]) -> list[str]:
    """Return the numbers, none of which may have a carrier."""
    references = read_references(numbers)
    for carrier, number in references:
        if carrier:
            raise CommandError(
                f"'{carrier}:{number}' names its carrier; pass the number alone", ExitStatus.USAGE
            )
    return [number for _, number in references]


def _detect(
    session: Session, numbers: Sequence[str], errors: "list[TrackingMoreError]"
) -> Iterator[Record]:
    """Yield the carriers of each number. An error ends it, so that what was paid for is printed."""
    from trackingmore_v2 import TrackingMoreError  # noqa: PLC0415 - slow to import

    detect_one = session.client.carriers.detect
    for number in numbers:
        try:
            found = detect_one(number)
        except TrackingMoreError as error:
            errors.append(error)
            if not _is_rejection(error):
                return
            if len(numbers) > 1:
                print_error(f"{number}: {sentence_of(error)}")
            continue
        if not found:
            session.out.note(f"{number}: no carrier was detected.")
        for rank, each in enumerate(found, 1):
            yield {
                "tracking_number": number,
                "rank": rank,
                "carrier_code": each.code,
                "carrier_name": each.name,
            }


def _is_rejection(error: "TrackingMoreError") -> bool:
    """Return whether an error concerns one number only."""
    return status_of(type(error)) in (ExitStatus.REJECTED, ExitStatus.USAGE, ExitStatus.NOT_FOUND)


def _end(errors: "Sequence[TrackingMoreError]", count: int) -> None:
    if not errors:
        return
    if count == 1 or not _is_rejection(errors[-1]):
        raise errors[-1]
    statuses = {status_of(type(error)) for error in errors}
    is_one_kind = len(errors) == count and len(statuses) == 1
    raise click.exceptions.Exit(statuses.pop() if is_one_kind else ExitStatus.PARTIAL)
