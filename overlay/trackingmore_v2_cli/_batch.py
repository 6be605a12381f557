"""Commands that change many trackings: what is sent, what became of each, and the status."""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from trackingmore_v2_cli._client_errors import advice_on, input_sentence, sentence_of
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._output.columns import Column
from trackingmore_v2_cli._output.following import following
from trackingmore_v2_cli._output.text import clean
from trackingmore_v2_cli._references import Pair, Reference
from trackingmore_v2_cli._statuses import ExitStatus, status_of

if TYPE_CHECKING:
    from trackingmore_v2 import BatchReport, Outcome
    from trackingmore_v2_cli._session import Session

SHAPE: Final = "outcome/1"
COLUMNS: Final = (
    Column("tracking_number"),
    Column("carrier_code"),
    Column("result"),
    Column("code"),
    Column("message"),
)


class Ending(NamedTuple):
    """What became of one tracking."""

    carrier: str | None
    number: str
    result: str
    code: int | None = None
    message: str = ""
    in_doubt: bool = False
    status: ExitStatus = ExitStatus.SUCCESS
    """The status of a command for this tracking alone."""

    @property
    def name(self) -> str:
        """The tracking as the user may name it."""
        return f"{self.carrier}:{self.number}" if self.carrier else self.number

    @property
    def words(self) -> str:
        """The result in words."""
        return self.result.replace("_", " ") + (" (uncertain)" if self.in_doubt else "")

    @property
    def reason(self) -> str:
        """The result, and why it is so."""
        code = f" with code {self.code}" if self.code else ""
        return f"{self.words}{code}: {self.message}" if self.message else f"{self.words}{code}"

    def record(self) -> dict[str, object]:
        """Return the fields of an `OutcomeRecord`."""
        return {
            "carrier_code": self.carrier,
            "tracking_number": self.number,
            "result": self.result,
            "code": self.code,
            "message": self.message,
            "in_doubt": self.in_doubt,
        }


def missing(references: Iterable[Reference]) -> list[Ending]:
    """Return what became of trackings that the account does not have."""
    message = f"The account has no such tracking. {advice_on('TrackingNotFound', None)}"
    return [
        Ending(None, each.number, "not_found", message=message, status=ExitStatus.NOT_FOUND)
        for each in references
    ]


def carry_out(
    session: "Session",
    send: Callable[[Any], "BatchReport[Any]"],
    items: Sequence[Any],
    before: Sequence[Ending] = (),
    *,
    done: str = "",
) -> None:
    """
    Send items, print what became of each, and end the command with an error if one failed.

    An interruption prints it as well, and names the items that were not sent.

    Args:
        session: The session.
        send: The method of the client that takes them.
        items: Pairs, or dicts with `carrier_code` and `tracking_number`.
        before: What became of trackings that are not sent. Default: none.
        done: The result of items that succeeded. Default: the client's.

    Raises:
        CommandError: A tracking failed.
    """
    from trackingmore_v2 import BatchReport  # noqa: PLC0415 - slow to import

    try:
        report = _send(session, send, items) if items else BatchReport[Any]()
    except BaseException as error:
        if interrupted := BatchReport.of(error):
            endings = [*_endings(interrupted, done), *_not_sent(items[len(interrupted) :])]
            print_endings(session, [*endings, *before], is_interrupted=True)
        raise
    endings = [*_endings(report, done), *before]
    print_endings(session, endings)
    _check(endings)


@contextmanager
def one_call(session: "Session", pair: Pair) -> Generator[None]:
    """Print that the outcome for a tracking is unknown if Ctrl-C interrupts its call."""
    try:
        yield
    except KeyboardInterrupt:
        message = "It may have been carried out: the command was interrupted."
        unknown = Ending(
            *pair, "unknown", None, message, in_doubt=True, status=ExitStatus.TRANSPORT
        )
        print_endings(session, [unknown], is_interrupted=True)
        raise


def _send(
    session: "Session", send: Callable[[Any], "BatchReport[Any]"], items: Sequence[Any]
) -> "BatchReport[Any]":
    # Items are read when their request is sent, so those that were read are the progress.
    with following(session.out, "Sending trackings", len(items)) as follow:
        return send(follow(items))


def _endings(report: "BatchReport[Any]", done: str) -> list[Ending]:
    endings = map(_ending_of, report)
    return [each if each.status else each._replace(result=done or each.result) for each in endings]


def _not_sent(items: Sequence[Any]) -> list[Ending]:
    message = "The command was interrupted."
    return [Ending(*_pair_of(item), "not_sent", message=message) for item in items]


def _ending_of(outcome: "Outcome[Any]") -> Ending:
    carrier, number = _pair_of(outcome.item)
    kind = "" if outcome.ok else _error_name(outcome)
    return Ending(
        # The API may have corrected the carrier.
        outcome.tracking.carrier_code if outcome.tracking else carrier,
        number,
        str(outcome.result),
        outcome.code,
        "" if outcome.ok else _message(outcome, kind, carrier),
        outcome.in_doubt,
        ExitStatus.SUCCESS if outcome.ok else _status(outcome, kind),
    )


def _pair_of(item: object) -> Pair:
    if isinstance(item, dict):
        fields = cast("dict[str, Any]", item)
        return Pair(fields["carrier_code"], fields["tracking_number"])
    return cast("Pair", item)


def _error_name(outcome: "Outcome[Any]") -> str:
    """Return the name of the error class of an item that failed."""
    from trackingmore_v2_api import META_CODES  # noqa: PLC0415 - slow to import

    if outcome.error:
        return type(outcome.error).__name__
    known = META_CODES.get(outcome.code or 0)
    return (known and known.exception) or ""


def _message(outcome: "Outcome[Any]", kind: str, carrier: str) -> str:
    """Return why an item failed, and what to do."""
    error: Any = outcome.error
    if outcome.result == "invalid":
        return f"{input_sentence(error.field, error.reason)}."
    reason = sentence_of(error) if error else "no response names it"
    if outcome.result == "unknown":
        return f"It may have been carried out: {reason}"
    is_sent = outcome.result != "not_sent"
    text = outcome.message or kind if is_sent else f"An earlier error stopped the sending: {reason}"
    return " ".join(filter(None, (text and f"{text.rstrip('. ')}.", advice_on(kind, carrier))))


def _status(outcome: "Outcome[Any]", kind: str) -> ExitStatus:
    import trackingmore_v2  # noqa: PLC0415 - slow to import

    if outcome.result == "not_found":
        return ExitStatus.NOT_FOUND
    if outcome.result == "unknown" and not outcome.error:
        return ExitStatus.TRANSPORT
    error: type[Exception] = getattr(trackingmore_v2, kind, Exception)
    return status_of(error) or ExitStatus.REJECTED


def print_endings(
    session: "Session", endings: Sequence[Ending], *, is_interrupted: bool = False
) -> None:
    """
    Print what became of trackings: a record for each, or a summary on a terminal.

    Args:
        session: The session.
        endings: What became of each.
        is_interrupted: Whether the command ends with another error than theirs. Default: False.
    """
    if session.out.fields or not session.out.is_terminal:
        records = (each.record() for each in endings)
        session.out.records(SHAPE, records, COLUMNS, empty="Nothing to do.")
        return
    if len(endings) == 1 and endings[0].status and not is_interrupted:
        return  # The error of the command is about it.
    by_words: dict[str, list[str]] = {}
    for each in endings:
        by_words.setdefault(each.words, []).append(each.name)
    for words, names in by_words.items():
        session.out.text(f"{words}: {names[0] if len(names) == 1 else f'{len(names):,}'}")
    _print_failures(session, endings)


def _print_failures(session: "Session", endings: Sequence[Ending]) -> None:
    """Print each reason once, with the trackings that failed for it."""
    by_reason: dict[str, list[str]] = {}
    for each in endings:
        if each.message:
            by_reason.setdefault(each.reason, []).append(each.name)
    for reason, names in by_reason.items():
        session.out.console.print(f"\n{clean(reason)}")
        for name in names:
            session.out.text(f"- {name}")


def _check(endings: Sequence[Ending]) -> None:
    """Raise the error of the trackings that failed."""
    failed = [each for each in endings if each.status]
    if not failed:
        return
    if len(endings) == 1:
        raise CommandError(f"{failed[0].name} {failed[0].reason}", failed[0].status)
    counts = Counter(each.words for each in failed)
    words = ", ".join(f"{count} {name}" for name, count in counts.items())
    raise CommandError(
        f"{len(failed)} of {len(endings)} trackings failed: {words}", _common(endings)
    )


def _common(endings: Sequence[Ending]) -> ExitStatus:
    """Return the status of several trackings: the one that all have, or that some failed."""
    statuses = {each.status for each in endings}
    return statuses.pop() if len(statuses) == 1 else ExitStatus.PARTIAL
