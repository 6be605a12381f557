"""The verbs again, each with the answer as it came beside its result: `client.raw`."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from contextlib import aclosing, closing
from functools import wraps
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, TypeAlias, TypeVar, Unpack

from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2 import _resources as verbs
from trackingmore_v2._calls.context import Context
from trackingmore_v2._calls.flow import Verb, run
from trackingmore_v2._calls.runner import AsyncRunner, Runner, drive, drive_async
from trackingmore_v2._calls.sandbox_check import QUESTION
from trackingmore_v2._listing.filters import Filters
from trackingmore_v2._listing.lists import AsyncTrackingList, TrackingList
from trackingmore_v2._resources._base import AsyncResource, Resource
from trackingmore_v2._transport.http import AsyncTransport, Transport
from trackingmore_v2._transport.response import Reply
from trackingmore_v2_api import Call, models

AnyT = TypeVar("AnyT")
P = ParamSpec("P")
ResultT = TypeVar("ResultT")
ResourceT = TypeVar("ResourceT", bound=Resource)
AsyncResourceT = TypeVar("AsyncResourceT", bound=AsyncResource)


class RawAnswer(Struct, Generic[ResultT], frozen=True):
    """
    What a verb gave, and what it was read from.

    Attributes:
        parsed: What the verb gave.
        replies: The answers, one for each request that the verb made, repeats included; a request
            that got no answer has none.
    """

    parsed: ResultT
    replies: tuple[Reply, ...]

    @property
    def status(self) -> int:
        """HTTP status of the last answer."""
        return self.replies[-1].status

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of the last answer."""
        return self.replies[-1].headers

    @property
    def body(self) -> bytes:
        """Bytes of the last answer, without transport encoding."""
        return self.replies[-1].body


class _Recorder:
    """Runs verbs, and keeps the answers."""

    def __init__(self, context: Context, transport: Transport, replies: list[Reply]) -> None:
        self._context = replace(context, cache=None)
        self._transport = transport
        self._replies = replies

    def __call__(self, verb: Verb[AnyT], /) -> AnyT:
        return drive(run(verb, self._context), self._send, self._context.clock)

    def _send(self, call: Call[Any], within: float | None) -> Reply:
        reply = self._transport.send(call, within)
        if call is not QUESTION:
            self._replies.append(reply)
        return reply


class _AsyncRecorder:
    """Runs verbs, and keeps the answers."""

    def __init__(self, context: Context, transport: AsyncTransport, replies: list[Reply]) -> None:
        self._context = replace(context, cache=None)
        self._transport = transport
        self._replies = replies

    async def __call__(self, verb: Verb[AnyT], /) -> AnyT:
        return await drive_async(run(verb, self._context), self._send, self._context.clock)

    async def _send(self, call: Call[Any], within: float | None) -> Reply:
        reply = await self._transport.send(call, within)
        if call is not QUESTION:
            self._replies.append(reply)
        return reply


_Record: TypeAlias = Callable[[list[Reply]], Runner]
_AsyncRecord: TypeAlias = Callable[[list[Reply]], AsyncRunner]


class _RawResource:
    """A resource whose verbs are run by a recorder of their own for each call."""

    def __init__(self, record: _Record, lang: str | None) -> None:
        self.record = record
        self.lang = lang


class _AsyncRawResource:
    """A resource whose verbs are run by a recorder of their own for each call."""

    def __init__(self, record: _AsyncRecord, lang: str | None) -> None:
        self.record = record
        self.lang = lang


class _Verb(Generic[ResourceT, P, ResultT]):
    """A verb of a resource, with the answers beside its result."""

    def __init__(
        self, kind: type[ResourceT], function: Callable[Concatenate[ResourceT, P], ResultT]
    ) -> None:
        self._kind = kind
        self._function = function
        self.__doc__ = function.__doc__

    def __get__(self, raw: _RawResource, _owner: object = None) -> Callable[P, RawAnswer[ResultT]]:
        @wraps(MethodType(self._function, raw))  # without `self`, as `help()` shows it
        def run_verb(*args: P.args, **kwargs: P.kwargs) -> RawAnswer[ResultT]:
            replies: list[Reply] = []
            resource = self._kind(raw.record(replies), raw.lang)
            parsed = self._function(resource, *args, **kwargs)
            return RawAnswer(parsed, tuple(replies))

        return run_verb


class _AsyncVerb(Generic[AsyncResourceT, P, ResultT]):
    """A verb of a resource, with the answers beside its result."""

    def __init__(
        self,
        kind: type[AsyncResourceT],
        function: Callable[Concatenate[AsyncResourceT, P], Awaitable[ResultT]],
    ) -> None:
        self._kind = kind
        self._function = function
        self.__doc__ = function.__doc__

    def __get__(
        self, raw: _AsyncRawResource, _owner: object = None
    ) -> Callable[P, Awaitable[RawAnswer[ResultT]]]:
        @wraps(MethodType(self._function, raw))  # without `self`, as `help()` shows it
        async def run_verb(*args: P.args, **kwargs: P.kwargs) -> RawAnswer[ResultT]:
            replies: list[Reply] = []
            resource = self._kind(raw.record(replies), raw.lang)
            parsed = await self._function(resource, *args, **kwargs)
            return RawAnswer(parsed, tuple(replies))

        return run_verb


class RawAccount(_RawResource):
    """The verbs of `client.account`, each with its answers: `client.raw.account`."""

    get = _Verb(verbs.Account, verbs.Account.get)


class RawAirWaybills(_RawResource):
    """The verbs of `client.air_waybills`, each with its answers: `client.raw.air_waybills`."""

    track = _Verb(verbs.AirWaybills, verbs.AirWaybills.track)


class RawCarriers(_RawResource):
    """The verbs of `client.carriers`, each with its answers: `client.raw.carriers`."""

    list = _Verb(verbs.Carriers, verbs.Carriers.list)
    detect = _Verb(verbs.Carriers, verbs.Carriers.detect)


class RawShipping(_RawResource):
    """The verbs of `client.shipping`, each with its answers: `client.raw.shipping`."""

    remote_areas = _Verb(verbs.Shipping, verbs.Shipping.remote_areas)
    transit_times = _Verb(verbs.Shipping, verbs.Shipping.transit_times)


class RawTrackings(_RawResource):
    """The verbs of `client.trackings`, each with its answers: `client.raw.trackings`."""

    create = _Verb(verbs.Trackings, verbs.Trackings.create)
    get = _Verb(verbs.Trackings, verbs.Trackings.get)
    update = _Verb(verbs.Trackings, verbs.Trackings.update)
    delete = _Verb(verbs.Trackings, verbs.Trackings.delete)
    create_many = _Verb(verbs.Trackings, verbs.Trackings.create_many)
    update_many = _Verb(verbs.Trackings, verbs.Trackings.update_many)
    delete_many = _Verb(verbs.Trackings, verbs.Trackings.delete_many)
    realtime = _Verb(verbs.Trackings, verbs.Trackings.realtime)
    change_carrier = _Verb(verbs.Trackings, verbs.Trackings.change_carrier)
    count_by_status = _Verb(verbs.Trackings, verbs.Trackings.count_by_status)
    stop_updates = _Verb(verbs.Trackings, verbs.Trackings.stop_updates)

    def list(
        self, *, page_size: int | None = None, **filters: Unpack[Filters]
    ) -> Generator[RawAnswer[models.TrackingPage]]:
        """
        Give what `TrackingList.pages()` gives, each page with the answer that it was read from.

        Args:
            page_size: Parcels that one request fetches. Default: as many as the API gives.
            **filters: As `Trackings.list()` takes them.

        Yields:
            Pages that hold something new.

        Raises:
            InvalidInput: A filter is wrong; nothing was sent.
            ApiError: The API refused a page.
            ContractBroken: A page cannot be read.
            TransportError: No answer came.

        Source: operation listTrackings.
        """
        replies: list[Reply] = []
        trackings = verbs.Trackings(self.record(replies), self.lang)
        return _pages(trackings.list(page_size=page_size, **filters), replies)


class AsyncRawAccount(_AsyncRawResource):
    """The verbs of `client.account`, each with its answers: `client.raw.account`."""

    get = _AsyncVerb(verbs.AsyncAccount, verbs.AsyncAccount.get)


class AsyncRawAirWaybills(_AsyncRawResource):
    """The verbs of `client.air_waybills`, each with its answers: `client.raw.air_waybills`."""

    track = _AsyncVerb(verbs.AsyncAirWaybills, verbs.AsyncAirWaybills.track)


class AsyncRawCarriers(_AsyncRawResource):
    """The verbs of `client.carriers`, each with its answers: `client.raw.carriers`."""

    list = _AsyncVerb(verbs.AsyncCarriers, verbs.AsyncCarriers.list)
    detect = _AsyncVerb(verbs.AsyncCarriers, verbs.AsyncCarriers.detect)


class AsyncRawShipping(_AsyncRawResource):
    """The verbs of `client.shipping`, each with its answers: `client.raw.shipping`."""

    remote_areas = _AsyncVerb(verbs.AsyncShipping, verbs.AsyncShipping.remote_areas)
    transit_times = _AsyncVerb(verbs.AsyncShipping, verbs.AsyncShipping.transit_times)


class AsyncRawTrackings(_AsyncRawResource):
    """The verbs of `client.trackings`, each with its answers: `client.raw.trackings`."""

    create = _AsyncVerb(verbs.AsyncTrackings, verbs.AsyncTrackings.create)
    get = _AsyncVerb(verbs.AsyncTrackings, verbs.AsyncTrackings.get)
    update = _AsyncVerb(verbs.AsyncTrackings, verbs.AsyncTrackings.update)
    delete = _AsyncVerb(verbs.AsyncTrackings, verbs.AsyncTrackings.delete)
    create_many = _AsyncVerb(verbs.AsyncTrackings, verbs.AsyncTrackings.create_many)
    update_many = _AsyncVerb(verbs.AsyncTrackings, verbs.AsyncTrackings.update_many)
    delete_many = _AsyncVerb(verbs.AsyncTrackings, verbs.AsyncTrackings.delete_many)
    realtime = _AsyncVerb(verbs.AsyncTrackings, verbs.AsyncTrackings.realtime)
    change_carrier = _AsyncVerb(verbs.AsyncTrackings, verbs.AsyncTrackings.change_carrier)
    count_by_status = _AsyncVerb(verbs.AsyncTrackings, verbs.AsyncTrackings.count_by_status)
    stop_updates = _AsyncVerb(verbs.AsyncTrackings, verbs.AsyncTrackings.stop_updates)

    def list(
        self, *, page_size: int | None = None, **filters: Unpack[Filters]
    ) -> AsyncGenerator[RawAnswer[models.TrackingPage]]:
        """
        Give what `RawTrackings.list()` gives, for `async for`; not awaited itself.

        Source: operation listTrackings.
        """
        replies: list[Reply] = []
        trackings = verbs.AsyncTrackings(self.record(replies), self.lang)
        return _pages_async(trackings.list(page_size=page_size, **filters), replies)


class Raw:
    """
    All resources of a client, with the answers as they came: `client.raw`.

    Attributes:
        account: The account behind the key.
        air_waybills: Air cargo.
        carriers: Who carries, and whose number this might be.
        shipping: Facts about places and routes.
        trackings: Parcels that the account follows.
    """

    def __init__(self, context: Context, transport: Transport) -> None:
        def record(replies: list[Reply]) -> Runner:
            return _Recorder(context, transport, replies)

        lang = context.config.lang
        self.account = RawAccount(record, lang)
        self.air_waybills = RawAirWaybills(record, lang)
        self.carriers = RawCarriers(record, lang)
        self.shipping = RawShipping(record, lang)
        self.trackings = RawTrackings(record, lang)


class AsyncRaw:
    """
    All resources of a client, with the answers as they came: `client.raw`.

    Attributes:
        account: The account behind the key.
        air_waybills: Air cargo.
        carriers: Who carries, and whose number this might be.
        shipping: Facts about places and routes.
        trackings: Parcels that the account follows.
    """

    def __init__(self, context: Context, transport: AsyncTransport) -> None:
        def record(replies: list[Reply]) -> AsyncRunner:
            return _AsyncRecorder(context, transport, replies)

        lang = context.config.lang
        self.account = AsyncRawAccount(record, lang)
        self.air_waybills = AsyncRawAirWaybills(record, lang)
        self.carriers = AsyncRawCarriers(record, lang)
        self.shipping = AsyncRawShipping(record, lang)
        self.trackings = AsyncRawTrackings(record, lang)


def _pages(found: TrackingList, replies: list[Reply]) -> Generator[RawAnswer[models.TrackingPage]]:
    with closing(found.pages()) as pages:
        for page in pages:
            yield RawAnswer(page, tuple(replies))
            replies.clear()


async def _pages_async(
    found: AsyncTrackingList, replies: list[Reply]
) -> AsyncGenerator[RawAnswer[models.TrackingPage]]:
    async with aclosing(found.pages()) as pages:
        async for page in pages:
            yield RawAnswer(page, tuple(replies))
            replies.clear()
