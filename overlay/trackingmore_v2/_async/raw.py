"""The methods again, each returning its raw responses along with the result: `client.raw`."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from functools import wraps
from inspect import signature
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, TypeAlias, TypeVar, Unpack

from msgspec.structs import replace

from trackingmore_v2._async.account import AsyncAccountResource
from trackingmore_v2._async.air_waybills import AsyncAirWaybillsResource
from trackingmore_v2._async.carriers import AsyncCarriersResource
from trackingmore_v2._async.lists import AsyncTrackingList
from trackingmore_v2._async.resource import AsyncResource
from trackingmore_v2._async.shipping import AsyncShippingResource
from trackingmore_v2._async.trackings import AsyncTrackingsResource
from trackingmore_v2._calls.context import Context
from trackingmore_v2._calls.flow import PreparedCall, run
from trackingmore_v2._calls.runner import AsyncRunner, drive_async
from trackingmore_v2._listing.filters import FiltersDict
from trackingmore_v2._transport.http import AsyncTransport
from trackingmore_v2._transport.response import RawResponse, Response
from trackingmore_v2_api import Call, models

AnyT = TypeVar("AnyT")
P = ParamSpec("P")
ResultT = TypeVar("ResultT")
AsyncResourceT = TypeVar("AsyncResourceT", bound=AsyncResource)


_AsyncRecord: TypeAlias = Callable[[list[Response]], AsyncRunner]


class _AsyncRawResource:
    """A resource that runs each call with a new recorder."""

    def __init__(self, record: _AsyncRecord, lang: str | None) -> None:
        self.record = record
        self.lang = lang


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
        method = MethodType(self._function, raw)  # without `self`, as `help()` shows it

        @wraps(method)
        async def run_prepared(*args: P.args, **kwargs: P.kwargs) -> RawResponse[ResultT]:
            responses: list[Response] = []
            resource = self._kind(raw.record(responses), raw.lang)
            parsed = await self._function(resource, *args, **kwargs)
            return RawResponse(parsed, tuple(responses))

        run_prepared.__dict__["__signature__"] = signature(method)
        return run_prepared


class AsyncRawAccountResource(_AsyncRawResource):
    """The methods of `client.account` with their raw responses: `client.raw.account`."""

    get = _AsyncRawMethod(AsyncAccountResource, AsyncAccountResource.get)


class AsyncRawAirWaybillsResource(_AsyncRawResource):
    """The methods of `client.air_waybills` with their raw responses: `client.raw.air_waybills`."""

    track = _AsyncRawMethod(AsyncAirWaybillsResource, AsyncAirWaybillsResource.track)


class AsyncRawCarriersResource(_AsyncRawResource):
    """The methods of `client.carriers` with their raw responses: `client.raw.carriers`."""

    list = _AsyncRawMethod(AsyncCarriersResource, AsyncCarriersResource.list)
    detect = _AsyncRawMethod(AsyncCarriersResource, AsyncCarriersResource.detect)


class AsyncRawShippingResource(_AsyncRawResource):
    """The methods of `client.shipping` with their raw responses: `client.raw.shipping`."""

    remote_areas = _AsyncRawMethod(AsyncShippingResource, AsyncShippingResource.remote_areas)
    transit_times = _AsyncRawMethod(AsyncShippingResource, AsyncShippingResource.transit_times)


class AsyncRawTrackingsResource(_AsyncRawResource):
    """The methods of `client.trackings` with their raw responses: `client.raw.trackings`."""

    create = _AsyncRawMethod(AsyncTrackingsResource, AsyncTrackingsResource.create)
    get = _AsyncRawMethod(AsyncTrackingsResource, AsyncTrackingsResource.get)
    update = _AsyncRawMethod(AsyncTrackingsResource, AsyncTrackingsResource.update)
    delete = _AsyncRawMethod(AsyncTrackingsResource, AsyncTrackingsResource.delete)
    create_many = _AsyncRawMethod(AsyncTrackingsResource, AsyncTrackingsResource.create_many)
    update_many = _AsyncRawMethod(AsyncTrackingsResource, AsyncTrackingsResource.update_many)
    delete_many = _AsyncRawMethod(AsyncTrackingsResource, AsyncTrackingsResource.delete_many)
    realtime = _AsyncRawMethod(AsyncTrackingsResource, AsyncTrackingsResource.realtime)
    change_carrier = _AsyncRawMethod(AsyncTrackingsResource, AsyncTrackingsResource.change_carrier)
    count_by_status = _AsyncRawMethod(
        AsyncTrackingsResource, AsyncTrackingsResource.count_by_status
    )
    stop_updates = _AsyncRawMethod(AsyncTrackingsResource, AsyncTrackingsResource.stop_updates)

    def list(
        self, *, page_size: int | None = None, **filters: Unpack[FiltersDict]
    ) -> AsyncGenerator[RawResponse[models.TrackingPage]]:
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
        trackings = AsyncTrackingsResource(self.record(responses), self.lang)
        return _pages_async(trackings.list(page_size=page_size, **filters), responses)


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
        uncached = replace(context, cache=None)

        def record(responses: list[Response]) -> AsyncRunner:
            async def send(call: Call[Any], time_limit: float | None) -> Response:
                response = await transport.send(call, time_limit)
                responses.append(response)
                return response

            async def run_recorded(prepared: PreparedCall[AnyT], /) -> AnyT:
                return await drive_async(run(prepared, uncached), send, context.clock)

            return run_recorded

        lang = context.config.lang
        self.account = AsyncRawAccountResource(record, lang)
        self.air_waybills = AsyncRawAirWaybillsResource(record, lang)
        self.carriers = AsyncRawCarriersResource(record, lang)
        self.shipping = AsyncRawShippingResource(record, lang)
        self.trackings = AsyncRawTrackingsResource(record, lang)


async def _pages_async(
    trackings: AsyncTrackingList, responses: list[Response]
) -> AsyncGenerator[RawResponse[models.TrackingPage]]:
    async with aclosing(trackings.pages()) as pages:
        async for page in pages:
            yield RawResponse(page, tuple(responses))
            responses.clear()
