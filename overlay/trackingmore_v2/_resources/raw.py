"""The verbs again, each with the answer as it came beside its result: `client.raw`."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from contextlib import aclosing, closing
from functools import wraps
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, TypeAlias, TypeVar, Unpack

from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2 import _resources as resources
from trackingmore_v2._calls.context import Context
from trackingmore_v2._calls.flow import PreparedCall, run
from trackingmore_v2._calls.runner import AsyncRunner, Runner, drive, drive_async
from trackingmore_v2._calls.sandbox_check import PROBE
from trackingmore_v2._listing.filters import FiltersDict
from trackingmore_v2._listing.lists import AsyncTrackingList, TrackingList
from trackingmore_v2._resources._base import AsyncResource, Resource
from trackingmore_v2._transport.http import AsyncTransport, Transport
from trackingmore_v2._transport.response import Response
from trackingmore_v2_api import Call, models

AnyT = TypeVar("AnyT")
P = ParamSpec("P")
ResultT = TypeVar("ResultT")
ResourceT = TypeVar("ResourceT", bound=Resource)
AsyncResourceT = TypeVar("AsyncResourceT", bound=AsyncResource)


class RawResponse(Struct, Generic[ResultT], frozen=True):
    """
    What a verb gave, and what it was read from.

    Attributes:
        parsed: What the verb gave.
        responses: The answers, one for each request that the verb made, repeats included; a request
            that got no answer has none.
    """

    parsed: ResultT
    responses: tuple[Response, ...]

    @property
    def status(self) -> int:
        """HTTP status of the last answer."""
        return self.responses[-1].status

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of the last answer."""
        return self.responses[-1].headers

    @property
    def body(self) -> bytes:
        """Bytes of the last answer, without transport encoding."""
        return self.responses[-1].body


class _Recorder:
    """Runs verbs, and keeps the answers."""

    def __init__(self, context: Context, transport: Transport, responses: list[Response]) -> None:
        self._context = replace(context, cache=None)
        self._transport = transport
        self._responses = responses

    def __call__(self, prepared: PreparedCall[AnyT], /) -> AnyT:
        return drive(run(prepared, self._context), self._send, self._context.clock)

    def _send(self, call: Call[Any], time_limit: float | None) -> Response:
        response = self._transport.send(call, time_limit)
        if call is not PROBE:
            self._responses.append(response)
        return response


class _AsyncRecorder:
    """Runs verbs, and keeps the answers."""

    def __init__(
        self, context: Context, transport: AsyncTransport, responses: list[Response]
    ) -> None:
        self._context = replace(context, cache=None)
        self._transport = transport
        self._responses = responses

    async def __call__(self, prepared: PreparedCall[AnyT], /) -> AnyT:
        return await drive_async(run(prepared, self._context), self._send, self._context.clock)

    async def _send(self, call: Call[Any], time_limit: float | None) -> Response:
        response = await self._transport.send(call, time_limit)
        if call is not PROBE:
            self._responses.append(response)
        return response


_Record: TypeAlias = Callable[[list[Response]], Runner]
_AsyncRecord: TypeAlias = Callable[[list[Response]], AsyncRunner]


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


class _RawMethod(Generic[ResourceT, P, ResultT]):
    """A verb of a resource, with the answers beside its result."""

    def __init__(
        self, kind: type[ResourceT], function: Callable[Concatenate[ResourceT, P], ResultT]
    ) -> None:
        self._kind = kind
        self._function = function
        self.__doc__ = function.__doc__

    def __get__(
        self, raw: _RawResource, _owner: object = None
    ) -> Callable[P, RawResponse[ResultT]]:
        @wraps(MethodType(self._function, raw))  # without `self`, as `help()` shows it
        def run_prepared(*args: P.args, **kwargs: P.kwargs) -> RawResponse[ResultT]:
            responses: list[Response] = []
            resource = self._kind(raw.record(responses), raw.lang)
            parsed = self._function(resource, *args, **kwargs)
            return RawResponse(parsed, tuple(responses))

        return run_prepared


class _AsyncRawMethod(Generic[AsyncResourceT, P, ResultT]):
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
    ) -> Callable[P, Awaitable[RawResponse[ResultT]]]:
        @wraps(MethodType(self._function, raw))  # without `self`, as `help()` shows it
        async def run_prepared(*args: P.args, **kwargs: P.kwargs) -> RawResponse[ResultT]:
            responses: list[Response] = []
            resource = self._kind(raw.record(responses), raw.lang)
            parsed = await self._function(resource, *args, **kwargs)
            return RawResponse(parsed, tuple(responses))

        return run_prepared


class RawAccountResource(_RawResource):
    """The verbs of `client.account`, each with its answers: `client.raw.account`."""

    get = _RawMethod(resources.AccountResource, resources.AccountResource.get)


class RawAirWaybillsResource(_RawResource):
    """The verbs of `client.air_waybills`, each with its answers: `client.raw.air_waybills`."""

    track = _RawMethod(resources.AirWaybillsResource, resources.AirWaybillsResource.track)


class RawCarriersResource(_RawResource):
    """The verbs of `client.carriers`, each with its answers: `client.raw.carriers`."""

    list = _RawMethod(resources.CarriersResource, resources.CarriersResource.list)
    detect = _RawMethod(resources.CarriersResource, resources.CarriersResource.detect)


class RawShippingResource(_RawResource):
    """The verbs of `client.shipping`, each with its answers: `client.raw.shipping`."""

    remote_areas = _RawMethod(resources.ShippingResource, resources.ShippingResource.remote_areas)
    transit_times = _RawMethod(resources.ShippingResource, resources.ShippingResource.transit_times)


class RawTrackingsResource(_RawResource):
    """The verbs of `client.trackings`, each with its answers: `client.raw.trackings`."""

    create = _RawMethod(resources.TrackingsResource, resources.TrackingsResource.create)
    get = _RawMethod(resources.TrackingsResource, resources.TrackingsResource.get)
    update = _RawMethod(resources.TrackingsResource, resources.TrackingsResource.update)
    delete = _RawMethod(resources.TrackingsResource, resources.TrackingsResource.delete)
    create_many = _RawMethod(resources.TrackingsResource, resources.TrackingsResource.create_many)
    update_many = _RawMethod(resources.TrackingsResource, resources.TrackingsResource.update_many)
    delete_many = _RawMethod(resources.TrackingsResource, resources.TrackingsResource.delete_many)
    realtime = _RawMethod(resources.TrackingsResource, resources.TrackingsResource.realtime)
    change_carrier = _RawMethod(
        resources.TrackingsResource, resources.TrackingsResource.change_carrier
    )
    count_by_status = _RawMethod(
        resources.TrackingsResource, resources.TrackingsResource.count_by_status
    )
    stop_updates = _RawMethod(resources.TrackingsResource, resources.TrackingsResource.stop_updates)

    def list(
        self, *, page_size: int | None = None, **filters: Unpack[FiltersDict]
    ) -> Generator[RawResponse[models.TrackingPage]]:
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
        responses: list[Response] = []
        trackings = resources.TrackingsResource(self.record(responses), self.lang)
        return _pages(trackings.list(page_size=page_size, **filters), responses)


class AsyncRawAccountResource(_AsyncRawResource):
    """The verbs of `client.account`, each with its answers: `client.raw.account`."""

    get = _AsyncRawMethod(resources.AsyncAccountResource, resources.AsyncAccountResource.get)


class AsyncRawAirWaybillsResource(_AsyncRawResource):
    """The verbs of `client.air_waybills`, each with its answers: `client.raw.air_waybills`."""

    track = _AsyncRawMethod(
        resources.AsyncAirWaybillsResource, resources.AsyncAirWaybillsResource.track
    )


class AsyncRawCarriersResource(_AsyncRawResource):
    """The verbs of `client.carriers`, each with its answers: `client.raw.carriers`."""

    list = _AsyncRawMethod(resources.AsyncCarriersResource, resources.AsyncCarriersResource.list)
    detect = _AsyncRawMethod(
        resources.AsyncCarriersResource, resources.AsyncCarriersResource.detect
    )


class AsyncRawShippingResource(_AsyncRawResource):
    """The verbs of `client.shipping`, each with its answers: `client.raw.shipping`."""

    remote_areas = _AsyncRawMethod(
        resources.AsyncShippingResource, resources.AsyncShippingResource.remote_areas
    )
    transit_times = _AsyncRawMethod(
        resources.AsyncShippingResource, resources.AsyncShippingResource.transit_times
    )


class AsyncRawTrackingsResource(_AsyncRawResource):
    """The verbs of `client.trackings`, each with its answers: `client.raw.trackings`."""

    create = _AsyncRawMethod(
        resources.AsyncTrackingsResource, resources.AsyncTrackingsResource.create
    )
    get = _AsyncRawMethod(resources.AsyncTrackingsResource, resources.AsyncTrackingsResource.get)
    update = _AsyncRawMethod(
        resources.AsyncTrackingsResource, resources.AsyncTrackingsResource.update
    )
    delete = _AsyncRawMethod(
        resources.AsyncTrackingsResource, resources.AsyncTrackingsResource.delete
    )
    create_many = _AsyncRawMethod(
        resources.AsyncTrackingsResource, resources.AsyncTrackingsResource.create_many
    )
    update_many = _AsyncRawMethod(
        resources.AsyncTrackingsResource, resources.AsyncTrackingsResource.update_many
    )
    delete_many = _AsyncRawMethod(
        resources.AsyncTrackingsResource, resources.AsyncTrackingsResource.delete_many
    )
    realtime = _AsyncRawMethod(
        resources.AsyncTrackingsResource, resources.AsyncTrackingsResource.realtime
    )
    change_carrier = _AsyncRawMethod(
        resources.AsyncTrackingsResource, resources.AsyncTrackingsResource.change_carrier
    )
    count_by_status = _AsyncRawMethod(
        resources.AsyncTrackingsResource, resources.AsyncTrackingsResource.count_by_status
    )
    stop_updates = _AsyncRawMethod(
        resources.AsyncTrackingsResource, resources.AsyncTrackingsResource.stop_updates
    )

    def list(
        self, *, page_size: int | None = None, **filters: Unpack[FiltersDict]
    ) -> AsyncGenerator[RawResponse[models.TrackingPage]]:
        """
        Return `RawTrackingsResource.list()` for `async for`; not awaited itself.

        Source: operation listTrackings.
        """
        responses: list[Response] = []
        trackings = resources.AsyncTrackingsResource(self.record(responses), self.lang)
        return _pages_async(trackings.list(page_size=page_size, **filters), responses)


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
        def record(responses: list[Response]) -> Runner:
            return _Recorder(context, transport, responses)

        lang = context.config.lang
        self.account = RawAccountResource(record, lang)
        self.air_waybills = RawAirWaybillsResource(record, lang)
        self.carriers = RawCarriersResource(record, lang)
        self.shipping = RawShippingResource(record, lang)
        self.trackings = RawTrackingsResource(record, lang)


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
        def record(responses: list[Response]) -> AsyncRunner:
            return _AsyncRecorder(context, transport, responses)

        lang = context.config.lang
        self.account = AsyncRawAccountResource(record, lang)
        self.air_waybills = AsyncRawAirWaybillsResource(record, lang)
        self.carriers = AsyncRawCarriersResource(record, lang)
        self.shipping = AsyncRawShippingResource(record, lang)
        self.trackings = AsyncRawTrackingsResource(record, lang)


def _pages(
    found: TrackingList, responses: list[Response]
) -> Generator[RawResponse[models.TrackingPage]]:
    with closing(found.pages()) as pages:
        for page in pages:
            yield RawResponse(page, tuple(responses))
            responses.clear()


async def _pages_async(
    found: AsyncTrackingList, responses: list[Response]
) -> AsyncGenerator[RawResponse[models.TrackingPage]]:
    async with aclosing(found.pages()) as pages:
        async for page in pages:
            yield RawResponse(page, tuple(responses))
            responses.clear()
