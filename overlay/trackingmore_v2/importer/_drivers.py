"""The sync and the async driver of an import."""

from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from typing import Any, Final, Generic, TypeAlias, TypeVar

from trackingmore_v2._async.client import AsyncTrackingMore
from trackingmore_v2._batch.inputs import AsyncSource, Source
from trackingmore_v2._batch.items import CreateItem
from trackingmore_v2._calls.clock import CallClock
from trackingmore_v2._calls.context import Context
from trackingmore_v2._calls.flow import run
from trackingmore_v2._calls.runner import AsyncSender, Sender, drive, drive_async
from trackingmore_v2._errors import JournalError, TrackingMoreError
from trackingmore_v2._storage.threads import in_thread
from trackingmore_v2._sync.client import TrackingMore
from trackingmore_v2._transport.response import Response
from trackingmore_v2.importer._flow import Do, Importer, Pause, ReadItems, Run, Settings, Step
from trackingmore_v2.importer._journal import Journal, Session
from trackingmore_v2.importer._owner import ENDED, this_process
from trackingmore_v2.importer.report import ImportReport
from trackingmore_v2_api import Call

SenderT = TypeVar("SenderT")
SourceT = TypeVar("SourceT")

_RENEWALS: Final = 3
"""How often the lease is renewed during a wait as long as itself."""

_MAX_SHARE: Final = 0.5
"""Maximum share of the lease that one attempt to send a request takes."""

_Parts: TypeAlias = tuple[Context, Any]


def import_all(
    client: TrackingMore, journal: Journal, settings: Settings, source: Source[CreateItem] | None
) -> ImportReport:
    """Run an import with a sync client; without a source, the input must be in the journal."""
    session, owner = journal.open(create=source is not None), this_process()
    try:
        state = session.acquire(owner)
        context, send = _parts_of(client)
        importer = Importer(journal, session, context, settings, state)
        _Driver(importer, journal.lease, send, source).drive()
    finally:
        ENDED.add(owner.token)  # first: Ctrl-C may interrupt the rest
        _end(session)
    return ImportReport(journal, importer.state)


async def import_all_async(
    client: AsyncTrackingMore,
    journal: Journal,
    settings: Settings,
    source: AsyncSource[CreateItem] | None,
) -> ImportReport:
    """Run an import with an async client; the journal is used in worker threads."""
    session = await in_thread(partial(journal.open, create=source is not None))
    owner = this_process()
    try:
        state = await in_thread(lambda: session.acquire(owner))
        context, send = _parts_of(client)
        importer = Importer(journal, session, context, settings, state)
        await _AsyncDriver(importer, journal.lease, send, source).drive()
    finally:
        ENDED.add(owner.token)
        await in_thread(lambda: _end(session))
    return ImportReport(journal, importer.state)


def _parts_of(client: TrackingMore | AsyncTrackingMore) -> _Parts:
    # The import checks the journal before each request, so it runs the client's calls itself.
    return client._context, client._send  # noqa: SLF001 - not for users  # pyright: ignore[reportPrivateUsage]


def _end(session: Session) -> None:
    # The error that ended the import says more.
    with closing(session), suppress(JournalError):
        session.release()


class _BaseDriver(Generic[SenderT, SourceT]):
    def __init__(
        self, importer: Importer, lease: float, send: SenderT, source: SourceT | None
    ) -> None:
        self._importer: Final = importer
        self._timeout: Final = lease * _MAX_SHARE
        self._sender: Final = send
        self._source: Final = source
        self._clock: Final = _LeasedClock(importer.clock, lease / _RENEWALS, importer.renew)


class _Driver(_BaseDriver[Sender, Source[CreateItem]]):
    def drive(self) -> None:
        flow = self._importer.run(has_input=self._source is not None)
        with suppress(StopIteration):
            step = next(flow)
            while True:
                step = flow.send(self._perform(step))

    def _perform(self, step: Step) -> Any:  # noqa: ANN401 - each step has its own result
        match step:
            case Do(action):
                return action()
            case ReadItems(limit):
                return self._source.read(limit) if self._source else None
            case Pause(seconds):
                return self._clock.sleep(seconds)
            case Run(prepared, context):
                try:
                    return drive(run(prepared, context), self._send, self._clock)
                except TrackingMoreError as error:
                    return error

    def _send(self, call: Call[Any], timeout: float | None) -> Response:
        self._importer.before_request()
        response = self._sender(call, _shorter(timeout, self._timeout))
        self._importer.headers = response.headers
        return response


class _AsyncDriver(_BaseDriver[AsyncSender, AsyncSource[CreateItem]]):
    async def drive(self) -> None:
        flow = self._importer.run(has_input=self._source is not None)
        with suppress(StopIteration):
            step = next(flow)
            while True:
                step = flow.send(await self._perform(step))

    async def _perform(self, step: Step) -> Any:  # noqa: ANN401 - each step has its own result
        match step:
            case Do(action):
                return await in_thread(action)
            case ReadItems(limit):
                return await self._source.read(limit) if self._source else None
            case Pause(seconds):
                return await self._clock.sleep_async(seconds)
            case Run(prepared, context):
                try:
                    return await drive_async(run(prepared, context), self._send, self._clock)
                except TrackingMoreError as error:
                    return error

    async def _send(self, call: Call[Any], timeout: float | None) -> Response:  # noqa: ASYNC109 - as the transport has it
        await in_thread(self._importer.before_request)
        response = await self._sender(call, _shorter(timeout, self._timeout))
        self._importer.headers = response.headers
        return response


class _LeasedClock(CallClock):
    """A clock that renews the lease of the journal during its waits."""

    def __init__(self, clock: CallClock, interval: float, renew: Callable[[], None]) -> None:
        self._clock: Final = clock
        self._interval: Final = interval
        self._renew: Final = renew

    def now(self) -> float:
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        while seconds > self._interval:
            self._clock.sleep(self._interval)
            self._renew()
            seconds -= self._interval
        self._clock.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        while seconds > self._interval:
            await self._clock.sleep_async(self._interval)
            await in_thread(self._renew)
            seconds -= self._interval
        await self._clock.sleep_async(seconds)


def _shorter(timeout: float | None, limit: float) -> float:
    return limit if timeout is None else min(timeout, limit)
