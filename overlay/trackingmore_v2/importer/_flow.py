"""
An import as a sans-I/O generator.

    load      input -> rows -> journal; nothing is sent before all rows are there
    create    chunk -> journal: outcome unknown -> request -> response -> journal
    read      chunk with unknown outcome -> list by number -> adopted, existing, or to be sent

The outcome of a chunk is unknown from before its request is sent until a response or a read settles
it. After a crash, the journal holds such a chunk, and the import continues by reading it.

The flow yields steps, such as `Run` or `Do`, and receives their results; `_run.py` drives it.
"""

from collections.abc import Callable, Generator, Mapping
from functools import partial
from hashlib import blake2b
from typing import Any, Final, TypeAlias, TypeVar

from msgspec import Raw, Struct, json
from msgspec.structs import replace

from trackingmore_v2._batch.conversion import models_of
from trackingmore_v2._batch.inputs import Read
from trackingmore_v2._batch.items import CreateItem, Unknown
from trackingmore_v2._batch.operations import CREATE
from trackingmore_v2._batch.parsing import (
    is_fatal_for_batch,
    match,
    quota_error,
    verdict_of_failure,
)
from trackingmore_v2._batch.results import ItemResult, ItemVerdict
from trackingmore_v2._batch.settlement import read_numbers
from trackingmore_v2._calls.adoption import earliest_creation, find_own
from trackingmore_v2._calls.context import Context
from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2._calls.identity import comparable
from trackingmore_v2._calls.retry import requested_delay
from trackingmore_v2._config import changed_config
from trackingmore_v2._errors import (
    API_ERRORS,
    ApiError,
    ClientClosed,
    ContractBroken,
    InvalidCertificate,
    InvalidInput,
    JournalMismatch,
    JournalUnavailable,
    LimiterUnavailable,
    QuotaExhausted,
    RateLimited,
    ServerFailed,
    TrackingMoreError,
    TransportError,
)
from trackingmore_v2.importer._journal import RESTORE, Journal, Session
from trackingmore_v2.importer._rows import Chunk, Row, RowState, State, rows_of
from trackingmore_v2.importer.report import Progress, progress_of
from trackingmore_v2_api import models

ResultT = TypeVar("ResultT")

DEFAULT_MAX_OUTAGE: Final = 600.0
_BLOCK: Final = 100 * CREATE.max_items
"""Number of rows that are loaded in one transaction."""

_INITIAL_DELAY: Final = 0.05
_MAX_DELAY: Final = 60.0
"""Seconds before the next request after a failure; the delay doubles with each further one."""

_MAX_SENT: Final = 3
"""How often a row is sent if the responses leave it out and the account does not list it."""

_TRANSIENT: Final = (
    ContractBroken,
    LimiterUnavailable,
    RateLimited,
    ServerFailed,
    TransportError,
)
_PERMANENT: Final = (ClientClosed, InvalidCertificate)


class Do(Struct, frozen=True):
    """A step that reads or writes the journal."""

    action: Callable[[], Any]


class ReadItems(Struct, frozen=True):
    """A step that reads items of the input."""

    limit: int


class Run(Struct, frozen=True):
    """A step that runs a call; its result is that of the call, or a `TrackingMoreError`."""

    prepared: PreparedCall[Any]
    context: Context


class Pause(Struct, frozen=True):
    """A step that waits."""

    seconds: float


Step: TypeAlias = Do | ReadItems | Run | Pause
Flow: TypeAlias = Generator[Step, Any, ResultT]


class Settings(Struct, frozen=True, kw_only=True):
    """The settings of a run."""

    on_progress: Callable[[Progress], object] | None = None
    unknown: Unknown = "reject"
    max_outage: float = DEFAULT_MAX_OUTAGE


class Importer:
    """
    One run of an import: until all rows are settled, or an error stops it.

    Args:
        journal: The journal.
        session: The connection to it, which owns it.
        context: State of the client.
        settings: The settings.
        state: The state in the journal; None if it is new.
    """

    def __init__(
        self,
        journal: Journal,
        session: Session,
        context: Context,
        settings: Settings,
        state: State | None,
    ) -> None:
        self.clock: Final = context.clock
        self.headers: Mapping[str, str] = {}
        """Headers of the latest response."""

        config = context.config
        account, base_url = config.api_key.digest(), config.base_url
        self.state: Final = state or State(account, base_url)
        self._name: Final = journal.name
        self._session: Final = session
        self._context: Final = context
        # Creates are not retried: a chunk whose outcome is unknown is read first.
        self._once: Final = replace(context, config=changed_config(config, retries=0))
        self._settings: Final = settings
        self._creates = False
        """Whether the call that runs now is a create."""

        self._failures = 0
        """Number of failures since a row last reached its final state."""

        self._failed_at = 0.0
        """When the first of them was."""

        if self.state.account != account:
            raise JournalMismatch(self._name, "it was begun with another API key")
        if self.state.base_url != base_url:
            reason = f"it was begun with the base URL {self.state.base_url}"
            raise JournalMismatch(self._name, reason)

    def before_request(self) -> None:
        """
        Write to the journal that a request is sent now, and check that it has no other owner.

        Raises:
            JournalLost: It has.
        """
        if self._creates:
            self.state.is_sent = self.state.in_doubt = True
        self._session.save(self.state, is_safe=self._creates)

    def renew(self) -> None:
        """
        Renew the lease of the journal.

        Raises:
            JournalLost: It has another owner.
        """
        self._session.save(self.state, is_safe=False)

    def run(self, *, has_input: bool) -> Flow[None]:
        """
        Load the input if there is one, and send all rows that have no final state.

        Raises:
            InvalidInput: There is no input, and the journal does not have all of it.
            TrackingMoreError: What stopped the import.
        """
        if has_input:
            yield from self._load()
        elif not self.state.is_loaded:
            rows = f"only the first {self.state.rows} rows" if self.state.rows else "no import"
            raise InvalidInput("journal", f"has {rows}; pass the input to run_import()")
        yield from self._send()

    def _load(self) -> Flow[None]:
        """
        Load the input. Rows that the journal has are compared, and the others added.

        Raises:
            InvalidInput: The first row has an unknown field.
            JournalMismatch: The rows in the journal are not those of the input.
        """
        state, digest = self.state, blake2b(digest_size=16)
        yield from self._compare(digest)
        while not state.is_loaded:
            rows = yield from self._next(_BLOCK, state.rows, digest)
            state.rows += len(rows)
            state.digest, state.is_loaded = digest.hexdigest(), len(rows) < _BLOCK
            yield Do(partial(self._session.append, state, rows))

    def _send(self) -> Flow[None]:
        state, clock = self.state, self.clock
        start, before = clock.now(), state.done
        while state.next < state.rows:
            chunks: list[Chunk] = yield Do(partial(self._session.chunks, state.next))
            for chunk in chunks or [Chunk(state.rows, [])]:
                if chunk.first != state.next:
                    reason = f"row {state.next} is missing in it"
                    raise JournalUnavailable(self._name, reason, RESTORE)
                yield from self._complete(chunk)
                if self._settings.on_progress:
                    seconds = clock.now() - start
                    self._settings.on_progress(progress_of(state, state.done - before, seconds))

    def _compare(self, digest: blake2b) -> Flow[None]:
        """Read as many rows of the input as the journal has, and compare them."""
        state, position = self.state, 0
        while position < state.rows:
            rows = yield from self._next(min(_BLOCK, state.rows - position), position, digest)
            position += len(rows)
            if not rows:
                raise self._other_input(f"it has {state.rows} rows, and this input {position}")
        if state.rows and digest.hexdigest() != state.digest:
            raise self._other_input(f"its first {state.rows} rows are not those of this input")
        if state.is_loaded and (yield from self._next(1, position, digest)):
            raise self._other_input(f"it has {state.rows} rows, and this input more")

    def _next(self, limit: int, first: int, digest: blake2b) -> Flow[list[Row]]:
        """Return the rows of the next items of the input; fewer than `limit` at its end."""
        read: Read[CreateItem] = yield ReadItems(limit)
        if read.error:
            raise read.error
        drops_unknown = self._settings.unknown == "ignore"
        rows, lines = rows_of(models_of(CREATE, read.items, first, drops_unknown=drops_unknown))
        digest.update(lines)
        return rows

    def _other_input(self, reason: str) -> JournalMismatch:
        return JournalMismatch(self._name, f"{reason}; pass the same items, or a new journal")

    def _complete(self, chunk: Chunk) -> Flow[None]:
        """Send and read a chunk until each of its rows has a final state."""
        history = _History()
        while pending := chunk.pending:
            if self.state.in_doubt:
                yield from self._read(chunk, pending, history)
            else:
                yield from self._create(chunk, pending, history)
        if self.state.next == chunk.first:
            yield from self._save(chunk, [])  # none of its rows had to be sent

    def _create(self, chunk: Chunk, pending: list[Row], history: "_History") -> Flow[None]:
        """Send rows, and save their states; or wait after a failure."""
        state, sent_before = self.state, self.state.is_sent
        self._creates = True
        items: list[Any] = [Raw(row.item or b"") for row in pending]
        prepared = CREATE.prepare(items)
        outcome: list[ItemVerdict] | TrackingMoreError = yield Run(prepared, self._once)
        if isinstance(outcome, TrackingMoreError) and not _is_verdict(outcome):
            if not outcome.in_doubt:
                state.in_doubt, state.is_sent = False, sent_before
                yield Do(partial(self._session.save, state, is_safe=False))
            yield from self._wait(outcome)
            return
        history.sent += 1
        verdicts = _verdicts(pending, outcome)
        state.in_doubt = False
        for row, verdict in zip(pending, verdicts, strict=True):
            self._apply(row, verdict, history, is_first=not sent_before)
        if not state.in_doubt:
            state.is_sent = False
        yield from self._save(chunk, pending)
        unpaid = [each for each in verdicts if each.code and _lacks_quota(each)]
        if unpaid and (error := quota_error(unpaid, prepared.call)):
            raise error

    def _apply(
        self, row: Row, verdict: ItemVerdict, history: "_History", *, is_first: bool
    ) -> None:
        """Set the state of a row that was sent, if the response settles it."""
        result = verdict.result
        if result is ItemResult.CREATED:
            row.end(RowState.CREATED)
        elif result is ItemResult.UNKNOWN:
            self.state.in_doubt = True
        elif result is ItemResult.ALREADY_EXISTED and not is_first:
            history.existing.add(id(row))  # an earlier request may have created it
            self.state.in_doubt = True
        elif not _lacks_quota(verdict):  # otherwise it is sent when the account has quota again
            row.end(RowState(result.value), verdict.code, verdict.message)

    def _read(self, chunk: Chunk, pending: list[Row], history: "_History") -> Flow[None]:
        """Read rows whose outcome is unknown, and save their states; or wait after a failure."""
        state = self.state
        items = [_decoder.decode(row.item or b"") for row in pending]
        self._creates = False
        prepared = read_numbers([row.number for row in pending])
        outcome: list[models.Tracking] | TrackingMoreError = yield Run(prepared, self._context)
        if isinstance(outcome, TrackingMoreError):
            yield from self._wait(outcome)
            return
        elapsed: float = yield Do(self._session.elapsed)
        own = find_own(items, outcome, earliest_creation(self.headers, elapsed))
        found = set(map(_pair, outcome))
        for row, item, adopted in zip(pending, items, own, strict=True):
            if adopted:
                row.end(RowState.ADOPTED)
            elif _pair(item) in found or id(row) in history.existing:
                row.end(RowState.ALREADY_EXISTED, in_doubt=True)
            elif history.sent >= _MAX_SENT:
                row.end(RowState.UNKNOWN, in_doubt=True)
        if count := sum(map(bool, own)):
            self._context.observer.adoption(CREATE.call([*items]), count)
        state.in_doubt = False
        yield from self._save(chunk, pending)

    def _save(self, chunk: Chunk, changed: list[Row]) -> Flow[None]:
        """Save a chunk, and continue with the next one if no row is pending."""
        state, pending = self.state, chunk.pending
        state.add(changed)
        if len(pending) < len(changed):
            self._failures = 0
        if not pending:
            state.next = chunk.first + len(chunk.rows)
            state.is_sent = state.in_doubt = False
        # If a power failure undoes this, the outcome of the chunk is unknown, and it is read.
        yield Do(partial(self._session.save, state, chunk, is_safe=False))

    def _wait(self, error: TrackingMoreError) -> Flow[None]:
        """Wait after a transient failure, or raise the error."""
        if not isinstance(error, _TRANSIENT) or isinstance(error, _PERMANENT):
            raise error
        now = self.clock.now()
        if not self._failures:
            self._failed_at = now
        backoff = min(_MAX_DELAY, _INITIAL_DELAY * 2.0 ** min(self._failures, 30))
        delay = max(requested_delay(error) or 0.0, self._context.jitter() * backoff)
        self._failures += 1
        if now + delay - self._failed_at > self._settings.max_outage:
            error.add_note("The import has stopped. The same call continues it where it was.")
            raise error
        yield Pause(delay)


class _History:
    """What this run knows of the rows of a chunk, besides their states."""

    def __init__(self) -> None:
        self.sent = 0
        """How often they were sent, and a response was received."""

        self.existing: Final[set[int]] = set()
        """Identities of rows that exist, according to the response to a further request."""


def _is_verdict(error: TrackingMoreError) -> bool:
    """Return whether an error settles all rows of its request: the API rejected them."""
    return isinstance(error, ApiError) and not error.in_doubt and not is_fatal_for_batch(error)


def _verdicts(rows: list[Row], outcome: list[ItemVerdict] | TrackingMoreError) -> list[ItemVerdict]:
    """Return the verdict on each row that was sent."""
    if isinstance(outcome, TrackingMoreError):
        return [verdict_of_failure(outcome)] * len(rows)
    return match([(row.carrier, row.number) for row in rows], outcome)


def _lacks_quota(verdict: ItemVerdict) -> bool:
    return API_ERRORS.get(verdict.code or 0) is QuotaExhausted


def _pair(tracking: models.CreateTrackingItem | models.Tracking) -> tuple[str, str]:
    return comparable(tracking.carrier_code), comparable(tracking.tracking_number)


_decoder: Final = json.Decoder(models.CreateTrackingItem)
