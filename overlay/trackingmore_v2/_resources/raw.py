"""The same methods, returning the raw responses along with the result: `client.raw`."""

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
    The result of a call and the HTTP responses it was parsed from.

    Attributes:
        parsed: The result that the method returned.
        responses: The responses in order, one for each request of the call, retries included. A
            request without a response is left out.
    """

    parsed: ResultT
    responses: tuple[Response, ...]

    @property
    def status(self) -> int:
        """HTTP status of the last response."""
        return self.responses[-1].status

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of the last response."""
        return self.responses[-1].headers

    @property
    def body(self) -> bytes:
        """Body of the last response, with the content encoding removed."""
        return self.responses[-1].body


class _Recorder:
    """A runner that records every response."""

    def __init__(self, context: Context, transport: Transport, responses: list[Response]) -> None:
        # Without the cache: a cached result has no response that could be returned.
        self._context = replace(context, cache=None)
        self._transport = transport
        self._responses = responses

    def __call__(self, prepared: PreparedCall[AnyT], /) -> AnyT:
        return drive(run(prepared, self._context), self._send, self._context.clock)

    def _send(self, call: Call[Any], time_limit: float | None) -> Response:
        response = self._transport.send(call, time_limit)
        # The probe of `sandbox_only` is not a request of this call.
        if call is not PROBE:
            self._responses.append(response)
        return response


class _AsyncRecorder:
    """A runner that records every response."""

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
    """A resource that runs each call with a new recorder."""

    def __init__(self, record: _Record, lang: str | None) -> None:
        self.record = record
        self.lang = lang


class _AsyncRawResource:
    """A resource that runs each call with a new recorder."""

    def __init__(self, record: _AsyncRecord, lang: str | None) -> None:
        self.record = record
        self.lang = lang


class _RawMethod(Generic[ResourceT, P, ResultT]):
    """A descriptor that wraps a resource's method to return a `RawResponse`."""

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
    """A descriptor that wraps a resource's method to return a `RawResponse`."""

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
    """The methods of `client.account` with their raw responses: `client.raw.account`."""

    get = _RawMethod(resources.AccountResource, resources.AccountResource.get)


class RawAirWaybillsResource(_RawResource):
    """The methods of `client.air_waybills` with their raw responses: `client.raw.air_waybills`."""

    track = _RawMethod(resources.AirWaybillsResource, resources.AirWaybillsResource.track)


class RawCarriersResource(_RawResource):
    """The methods of `client.carriers` with their raw responses: `client.raw.carriers`."""

    list = _RawMethod(resources.CarriersResource, resources.CarriersResource.list)
    detect = _RawMethod(resources.CarriersResource, resources.CarriersResource.detect)


class RawShippingResource(_RawResource):
    """The methods of `client.shipping` with their raw responses: `client.raw.shipping`."""

    remote_areas = _RawMethod(resources.ShippingResource, resources.ShippingResource.remote_areas)
    transit_times = _RawMethod(resources.ShippingResource, resources.ShippingResource.transit_times)


class RawTrackingsResource(_RawResource):
    """The methods of `client.trackings` with their raw responses: `client.raw.trackings`."""

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
        List matching trackings page by page, each page with the responses it was parsed from.

        Args:
            page_size: Trackings per request. Default: the API's maximum.
            **filters: The filters of `TrackingsResource.list()`. Default: none.

        Yields:
            Pages with at least one new tracking, as in `TrackingList.pages()`. The responses of a
            page include those of pages without new trackings before it.

        Raises:
            InvalidInput: A filter is invalid; nothing was sent.
            ApiError: The API returned an error.
            ContractBroken: A page cannot be parsed.
            TransportError: No response was received.

        Source: operation listTrackings.
        """
        responses: list[Response] = []
        trackings = resources.TrackingsResource(self.record(responses), self.lang)
        return _pages(trackings.list(page_size=page_size, **filters), responses)


class AsyncRawAccountResource(_AsyncRawResource):
    """The methods of `client.account` with their raw responses: `client.raw.account`."""

    get = _AsyncRawMethod(resources.AsyncAccountResource, resources.AsyncAccountResource.get)


class AsyncRawAirWaybillsResource(_AsyncRawResource):
    """The methods of `client.air_waybills` with their raw responses: `client.raw.air_waybills`."""

    track = _AsyncRawMethod(
        resources.AsyncAirWaybillsResource, resources.AsyncAirWaybillsResource.track
    )


class AsyncRawCarriersResource(_AsyncRawResource):
    """The methods of `client.carriers` with their raw responses: `client.raw.carriers`."""

    list = _AsyncRawMethod(resources.AsyncCarriersResource, resources.AsyncCarriersResource.list)
    detect = _AsyncRawMethod(
        resources.AsyncCarriersResource, resources.AsyncCarriersResource.detect
    )


class AsyncRawShippingResource(_AsyncRawResource):
    """The methods of `client.shipping` with their raw responses: `client.raw.shipping`."""

    remote_areas = _AsyncRawMethod(
        resources.AsyncShippingResource, resources.AsyncShippingResource.remote_areas
    )
    transit_times = _AsyncRawMethod(
        resources.AsyncShippingResource, resources.AsyncShippingResource.transit_times
    )


class AsyncRawTrackingsResource(_AsyncRawResource):
    """The methods of `client.trackings` with their raw responses: `client.raw.trackings`."""

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
        Return `RawTrackingsResource.list()` as an async iterator; do not await it.

        Source: operation listTrackings.
        """
        responses: list[Response] = []
        trackings = resources.AsyncTrackingsResource(self.record(responses), self.lang)
        return _pages_async(trackings.list(page_size=page_size, **filters), responses)


class Raw:
    """
    All resources of a client, with raw responses: `client.raw`.

    Attributes:
        account: The account that owns the API key.
        air_waybills: Air cargo tracking.
        carriers: Carrier list and carrier detection.
        shipping: Remote areas and transit times.
        trackings: The account's trackings.
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
    All resources of a client, with raw responses: `client.raw`.

    Attributes:
        account: The account that owns the API key.
        air_waybills: Air cargo tracking.
        carriers: Carrier list and carrier detection.
        shipping: Remote areas and transit times.
        trackings: The account's trackings.
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
    trackings: TrackingList, responses: list[Response]
) -> Generator[RawResponse[models.TrackingPage]]:
    # Each page takes the responses since the page before it.
    with closing(trackings.pages()) as pages:
        for page in pages:
            yield RawResponse(page, tuple(responses))
            responses.clear()


async def _pages_async(
    trackings: AsyncTrackingList, responses: list[Response]
) -> AsyncGenerator[RawResponse[models.TrackingPage]]:
    async with aclosing(trackings.pages()) as pages:
        async for page in pages:
            yield RawResponse(page, tuple(responses))
            responses.clear()
