# Derived from _async/raw.py by codegen/derive_sync.py; do not edit.
"""The methods again, each returning its raw responses along with the result: `client.raw`."""

from collections.abc import Callable, Generator
from contextlib import closing
from functools import wraps
from inspect import signature
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, TypeAlias, TypeVar, Unpack

from msgspec.structs import replace

from trackingmore_v2._calls.context import Context
from trackingmore_v2._calls.flow import PreparedCall, run
from trackingmore_v2._calls.runner import Runner, drive
from trackingmore_v2._listing.filters import FiltersDict
from trackingmore_v2._sync.account import AccountResource
from trackingmore_v2._sync.air_waybills import AirWaybillsResource
from trackingmore_v2._sync.carriers import CarriersResource
from trackingmore_v2._sync.lists import TrackingList
from trackingmore_v2._sync.resource import Resource
from trackingmore_v2._sync.shipping import ShippingResource
from trackingmore_v2._sync.trackings import TrackingsResource
from trackingmore_v2._transport.http import Transport
from trackingmore_v2._transport.response import RawResponse, Response
from trackingmore_v2_api import Call, models

AnyT = TypeVar("AnyT")
P = ParamSpec("P")
ResultT = TypeVar("ResultT")
ResourceT = TypeVar("ResourceT", bound=Resource)


_Record: TypeAlias = Callable[[list[Response]], Runner]


class _RawResource:
    """A resource that runs each call with a new recorder."""

    def __init__(self, record: _Record, lang: str | None) -> None:
        self.record = record
        self.lang = lang


class _RawMethod(Generic[ResourceT, P, ResultT]):
    """A descriptor that wraps a resource's method to return a `RawResponse`."""

    def __init__(
        self,
        kind: type[ResourceT],
        function: Callable[Concatenate[ResourceT, P], ResultT],
    ) -> None:
        self._kind = kind
        self._function = function
        self.__doc__ = function.__doc__

    def __get__(
        self, raw: _RawResource, _owner: object = None
    ) -> Callable[P, RawResponse[ResultT]]:
        method = MethodType(self._function, raw)  # without `self`, as `help()` shows it

        @wraps(method)
        def run_prepared(*args: P.args, **kwargs: P.kwargs) -> RawResponse[ResultT]:
            responses: list[Response] = []
            resource = self._kind(raw.record(responses), raw.lang)
            parsed = self._function(resource, *args, **kwargs)
            return RawResponse(parsed, tuple(responses))

        run_prepared.__dict__["__signature__"] = signature(method)
        return run_prepared


class RawAccountResource(_RawResource):
    """The methods of `client.account` with their raw responses: `client.raw.account`."""

    get = _RawMethod(AccountResource, AccountResource.get)


class RawAirWaybillsResource(_RawResource):
    """The methods of `client.air_waybills` with their raw responses: `client.raw.air_waybills`."""

    track = _RawMethod(AirWaybillsResource, AirWaybillsResource.track)


class RawCarriersResource(_RawResource):
    """The methods of `client.carriers` with their raw responses: `client.raw.carriers`."""

    list = _RawMethod(CarriersResource, CarriersResource.list)
    detect = _RawMethod(CarriersResource, CarriersResource.detect)


class RawShippingResource(_RawResource):
    """The methods of `client.shipping` with their raw responses: `client.raw.shipping`."""

    remote_areas = _RawMethod(ShippingResource, ShippingResource.remote_areas)
    transit_times = _RawMethod(ShippingResource, ShippingResource.transit_times)


class RawTrackingsResource(_RawResource):
    """The methods of `client.trackings` with their raw responses: `client.raw.trackings`."""

    create = _RawMethod(TrackingsResource, TrackingsResource.create)
    get = _RawMethod(TrackingsResource, TrackingsResource.get)
    update = _RawMethod(TrackingsResource, TrackingsResource.update)
    delete = _RawMethod(TrackingsResource, TrackingsResource.delete)
    create_many = _RawMethod(TrackingsResource, TrackingsResource.create_many)
    update_many = _RawMethod(TrackingsResource, TrackingsResource.update_many)
    delete_many = _RawMethod(TrackingsResource, TrackingsResource.delete_many)
    realtime = _RawMethod(TrackingsResource, TrackingsResource.realtime)
    change_carrier = _RawMethod(TrackingsResource, TrackingsResource.change_carrier)
    count_by_status = _RawMethod(TrackingsResource, TrackingsResource.count_by_status)
    stop_updates = _RawMethod(TrackingsResource, TrackingsResource.stop_updates)

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
        trackings = TrackingsResource(self.record(responses), self.lang)
        return _pages(trackings.list(page_size=page_size, **filters), responses)


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
        uncached = replace(context, cache=None)

        def record(responses: list[Response]) -> Runner:
            def send(call: Call[Any], time_limit: float | None) -> Response:
                response = transport.send(call, time_limit)
                responses.append(response)
                return response

            def run_recorded(prepared: PreparedCall[AnyT], /) -> AnyT:
                return drive(run(prepared, uncached), send, context.clock)

            return run_recorded

        lang = context.config.lang
        self.account = RawAccountResource(record, lang)
        self.air_waybills = RawAirWaybillsResource(record, lang)
        self.carriers = RawCarriersResource(record, lang)
        self.shipping = RawShippingResource(record, lang)
        self.trackings = RawTrackingsResource(record, lang)


def _pages(
    trackings: TrackingList, responses: list[Response]
) -> Generator[RawResponse[models.TrackingPage]]:
    with closing(trackings.pages()) as pages:
        for page in pages:
            yield RawResponse(page, tuple(responses))
            responses.clear()
