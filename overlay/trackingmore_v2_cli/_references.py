"""Trackings as the user names them: `[CARRIER:]NUMBER`, as arguments, in a file, or on stdin."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce, wraps
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import click

from trackingmore_v2_cli._client_errors import missing_sentence
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._inputs import expand
from trackingmore_v2_cli._output.following import following
from trackingmore_v2_cli._reference_tables import CARRIER, NUMBER, is_table, read_rows
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._words import counted

if TYPE_CHECKING:
    from trackingmore_v2_cli._session import Session

_NAMED: Final = 3
"""Number of trackings up to which a question names them."""

FunctionT = TypeVar("FunctionT", bound=Callable[..., None])


class Reference(NamedTuple):
    """A tracking that the user named."""

    carrier: str | None
    number: str

    def __str__(self) -> str:
        return f"{self.carrier}:{self.number}" if self.carrier else self.number


class Pair(NamedTuple):
    """The carrier and the number of a tracking."""

    carrier: str
    number: str


def reference_options(function: FunctionT) -> FunctionT:
    """Add the argument and the options that name trackings: `arguments`, `carrier` and `file`."""
    options = (
        click.argument("arguments", nargs=-1, metavar="[[CARRIER:]NUMBER...]"),
        click.option("--carrier", metavar="CODE", help="Carrier of the numbers without one."),
        click.option(
            "--from",
            "file",
            type=click.Path(exists=True, dir_okay=False, allow_dash=True),
            metavar="FILE",
            help="Read [CARRIER:]NUMBER from the lines of a file, or from the columns carrier_code "
            "and tracking_number of a table such as CSV. - stands for lines of standard input.",
        ),
    )
    return reduce(lambda wrapped, option: option(wrapped), reversed(options), function)


def takes_references(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options that name trackings to a function, which gets them as `references`."""

    @wraps(function)
    def run(
        session: "Session",
        *,
        arguments: tuple[str, ...],
        carrier: str | None,
        file: str | None,
        **values: Any,  # noqa: ANN401 - values of options
    ) -> None:
        function(session, references=read_references(arguments, carrier, file), **values)

    return reference_options(run)


def read_references(
    arguments: Iterable[str], carrier: str | None = None, file: str | None = None
) -> list[Reference]:
    """
    Return the trackings that arguments name; `-` stands for the lines of standard input.

    Args:
        arguments: Each is `NUMBER`, `CARRIER:NUMBER`, or `-`.
        carrier: The carrier of those without one. Default: None.
        file: A file with more of them: lines, a table, or `-`. Default: None.

    Raises:
        CommandError: No tracking was named, `-` was given twice, or the file cannot be read.
    """
    table = file if is_table(file) else None
    texts = expand(arguments, None if table else file)
    found = [parse_reference(text, carrier) for text in texts]
    if table:
        found += (reference_of(row, carrier) for row in read_rows(table))
    if not found:
        raise CommandError(
            "no tracking numbers; pass some, or - to read standard input", ExitStatus.USAGE
        )
    return list(dict.fromkeys(found))


def named(references: Sequence[Reference]) -> str:
    """Return how many trackings there are, and which if they are few, for a question."""
    count = counted(len(references), "tracking")
    return count if len(references) > _NAMED else f"{count}: {', '.join(map(str, references))}"


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
    pairs, missing = find_known_pairs(session, references)
    if missing:
        raise CommandError(missing_sentence(str(missing[0])), ExitStatus.NOT_FOUND)
    return pairs


def find_known_pairs(
    session: "Session", references: Iterable[Reference]
) -> tuple[list[Pair], list[Reference]]:
    """
    Return the pairs of trackings, and the references whose number the account does not have.

    Like `find_pairs`, for commands that go on without those that are missing.

    Args:
        session: The session.
        references: The trackings.

    Raises:
        CommandError: The account has a number with several carriers.
    """
    references = list(references)
    carriers = _find_carriers(session, references)
    missing = [each for each in references if not (each.carrier or _key(each) in carriers)]
    known = (each for each in references if each.carrier or _key(each) in carriers)
    return [_pair(each, carriers) for each in known], missing


def _find_carriers(session: "Session", references: Iterable[Reference]) -> dict[str, list[str]]:
    """Return the carriers that the account has for the numbers without one."""
    unknown = [each.number for each in references if not each.carrier]
    carriers: dict[str, list[str]] = {}
    if not unknown:
        return carriers
    with following(session.out, "Looking up carriers", len(unknown)) as follow:
        for tracking in follow(session.client.trackings.list(numbers=unknown)):
            found = Reference(tracking.carrier_code, tracking.tracking_number)
            carriers.setdefault(_key(found), []).append(tracking.carrier_code)
    return carriers


def _key(reference: Reference) -> str:
    """Return the number as it is compared: the API may change its case."""
    return reference.number.upper()


def _pair(reference: Reference, carriers: dict[str, list[str]]) -> Pair:
    if reference.carrier:
        return Pair(reference.carrier, reference.number)
    found = carriers[_key(reference)]
    if len(found) > 1:
        names = ", ".join(f"{carrier}:{reference.number}" for carrier in sorted(found))
        raise CommandError(f"several carriers have it; pass one of {names}", ExitStatus.USAGE)
    return Pair(found[0], reference.number)


def parse_reference(text: str, carrier: str | None = None) -> Reference:
    """
    Parse `[CARRIER:]NUMBER`.

    Args:
        text: The text.
        carrier: The carrier if the text has none. Default: None.

    Raises:
        CommandError: The carrier before the colon is missing, or there are two colons.
    """
    before, colon, number = text.strip().rpartition(":")
    if colon and (not before or ":" in before):
        raise CommandError(
            f"{text!r} is not [CARRIER:]NUMBER, such as ups:1Z97X17XYW06605211", ExitStatus.USAGE
        )
    return Reference(fold_carrier(before or carrier), number)


def fold_carrier(code: str | None) -> str | None:
    """Return the code of a carrier in lower case, as all codes are; people write `UPS`."""
    return code.lower() if code else None


def reference_of(row: Mapping[str, str], carrier: str | None) -> Reference:
    """Return the tracking that a row of a table names."""
    code = row.get(CARRIER, "").strip() or carrier
    return Reference(fold_carrier(code), row.get(NUMBER, "").strip())
