"""Every public name, what is said of it, and what it does when it is called."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import suppress
from functools import cache
from types import FunctionType
from typing import Any, Final, TypeAlias, cast

import httpx2
from msgspec import UNSET

import trackingmore_v2
from tests.overlay.docstrings import Calls, Public, read, read_aliases, read_attributes
from tests.overlay.stubs import Handler, Recorder, async_client_of, client_of, refusal
from tests.overlay.verbs import NUMBER
from trackingmore_v2 import (
    AsyncTrackingList,
    AsyncTrackingMore,
    Hooks,
    Limiter,
    QuotaGuard,
    TrackingList,
    TrackingMore,
    TrackingMoreError,
    air_waybill_numbers,
    hooks,
    quota,
    serialization,
)
from trackingmore_v2._batch import items
from trackingmore_v2._listing.filters import FiltersDict, TimeWindowDict
from trackingmore_v2._transport.response import Response
from trackingmore_v2.limiters import memory
from trackingmore_v2.timelines import air_waybill, parcel
from trackingmore_v2_api.options import UpdateTrackingRequestOptionsDict

Client: TypeAlias = TrackingMore | AsyncTrackingMore

MODULES: Final = (air_waybill, hooks, memory, quota, parcel, air_waybill_numbers, serialization)
REACHED: Final = (UpdateTrackingRequestOptionsDict, FiltersDict, Response, TimeWindowDict)
"""Classes that have no public name of their own, though users meet them."""

MADE_BY_USERS: Final = (AsyncTrackingMore, Hooks, Limiter, QuotaGuard, TrackingMore)
"""The others are given to users, so that it is their attributes which must be told."""

KINDS: Final = ("", "Async")
SUBJECTS: Final = ("Account", "AirWaybills", "Carriers", "Shipping", "Trackings")

OWN: Final[Mapping[str, tuple[str, ...]]] = {
    "clients, whose verbs name their operations": (
        *("TrackingMore", "AsyncTrackingMore", "Recorder", "AsyncRecorder", "Response"),
        *(f"{kind}{subject}Resource" for kind in KINDS for subject in SUBJECTS),
    ),
    "errors that no meta code stands for": (
        *("TrackingMoreError", "ConfigurationError", "NotASandbox", "InvalidInput"),
        "BudgetExceeded",
        *("TransportError", "ConnectionFailed", "TimedOut", "DeadlineExceeded"),
        *("ApiError", "ContractBroken", "ResponseTooLarge", "BatchRejected", "BatchInterrupted"),
    ),
    "reports, which read the answers of four operations in one way": (
        *("BatchReport", "ItemResult", "Outcome"),
    ),
    "what is around a call": (
        *("hooks", "Hooks", "AttemptEvent", "ResponseEvent", "DriftEvent", "Attributes"),
        *("memory", "Limiter", "quota", "QuotaGuard"),
    ),
    "timelines, whose functions name the schemas that they read": (
        *("parcel", "Timeline", "TimelineEvent", "LegKind", "Parcel"),
        *("air_waybill", "AirWaybillTimeline", "AirWaybillTimelineEvent", "FlightLeg"),
    ),
    "names for either of two types that name their schemas": (
        *("CreateItem", "UpdateItem", "KeyItem", "PlaceItem", "RouteItem"),
    ),
    "modules, whose functions name their schemas": ("air_waybill_numbers", "serialization"),
    "functions for models of any schema": ("to_dict()", "to_json()"),
}
"""Inventions of this package, which stand for nothing in the contract, by the reason."""

ARGUMENTS: Final[Mapping[str, object]] = {
    "carrier_code": "china-ems",
    "tracking_number": NUMBER,
    "to": "usps",
    "lang": "en",
    "page_size": 1,
    "prefetch": False,
    "items": [{"carrier_code": "china-ems", "tracking_number": NUMBER}],
    "numbers": "172-28891936",
    "places": [{"country": "Japan", "postcode": "7621094"}],
    "routes": [{"carrier_code": "dhl", "original": "CN", "destination": "US"}],
}
"""Arguments of verbs that are fine, by the parameter."""


def _losing(answer: Handler, times: int) -> Handler:
    """Lose the answers to the first requests."""
    lost = iter(range(times))

    def handle(request: httpx2.Request) -> httpx2.Response:
        for _ in lost:
            raise httpx2.ReadError("reset", request=request)
        return answer(request)

    return handle


SERVERS: Final[Mapping[str, Callable[[], Handler]]] = {
    "lose an answer, and say that the parcel exists": lambda: _losing(Recorder(refusal(4016)), 1),
    "lose an answer, and say that there is no parcel": lambda: _losing(Recorder(refusal(4017)), 1),
    "lose every answer": lambda: _losing(Recorder(), 100),
    "answer with something unreadable": lambda: Recorder(b"<html>"),
}


@cache
def everything() -> Mapping[str, Public]:
    """Return every public name with its docstring, completed from those that it refers to."""
    found = dict(_modules())
    verbs = asyncio.run(_verbs())
    for cls in _classes():
        found |= members_of(cls, verbs.keys())
    found |= verbs
    return found


def _modules() -> Iterator[tuple[str, Public]]:
    """Yield the public modules, their functions, and the names that they only assign."""
    for module in MODULES:
        name = module.__name__.rpartition(".")[2]
        # A function may have the name of its module; it is told apart by its brackets.
        yield name, Public(name=name, doc=read(module.__doc__), is_own=_is_own(name))
        for function in vars(module).values():
            if isinstance(function, FunctionType) and _is_of(module, function):
                public = function_of(f"{function.__name__}()", function)
                yield public.name, public
    for module in (*MODULES, items):
        for name, text in read_aliases(module).items():
            yield name, Public(name=name, doc=read(text), is_own=_is_own(name))


def _classes() -> Iterator[type]:
    """Yield the public classes."""
    named = [getattr(trackingmore_v2, name) for name in dir(trackingmore_v2)]
    of_modules = [cls for module in MODULES for cls in vars(module).values() if _is_of(module, cls)]
    blocking, awaited = client_of(Recorder()), async_client_of(Recorder())
    met = [type(holder) for client in (blocking, awaited) for holder in _holders(client)]
    recorders = [type(blocking.recorder()), type(awaited.recorder())]
    yield from dict.fromkeys(
        cls for cls in (*named, *of_modules, *met, *recorders, *REACHED) if isinstance(cls, type)
    )


def members_of(cls: type, verbs: Collection[str] = ()) -> dict[str, Public]:
    """Return a class with its methods and properties; of its attributes those that are no verbs."""
    name, doc = cls.__name__, read(cls.__doc__)
    fields = read_attributes(cls, doc)
    found = {
        name: Public(
            name=name,
            doc=doc,
            parameters=inspect.signature(cls).parameters if cls in MADE_BY_USERS else {},
            fields={key: text for key, text in fields.items() if f"{name}.{key}" not in verbs},
            types=inspect.get_annotations(cls),
            inherited=frozenset(dir(cls)),
            is_own=_is_own(name),
            error=cls if issubclass(cls, TrackingMoreError) else None,
        )
    }
    for key, value in vars(cls).items():
        member = f"{name}.{key}"
        if key[0] != "_" and isinstance(value, FunctionType):
            found[member] = function_of(member, value)
        elif key[0] != "_" and isinstance(value, property):
            found[member] = Public(name=member, doc=read(value.__doc__), is_own=True)
    return found


def written_signature(function: Callable[..., Any]) -> inspect.Signature:
    """Return the signature in the source, with `**options` as one parameter."""
    function = inspect.unwrap(getattr(function, "__func__", function))
    function = getattr(function, "__func__", function)
    if not isinstance(function, FunctionType):
        return inspect.signature(function)
    copy = FunctionType(function.__code__, function.__globals__, function.__name__)
    copy.__defaults__, copy.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
    copy.__annotations__ = function.__annotations__
    return inspect.signature(copy)


def function_of(name: str, function: Callable[..., Any], calls: Calls | None = None) -> Public:
    """Return a function."""
    signature = written_signature(function)
    return Public(
        name=name,
        doc=read(function.__doc__),
        parameters={
            name: parameter for name, parameter in signature.parameters.items() if name != "self"
        },
        gives=signature.return_annotation,
        calls=calls or Calls(),
        is_own=_is_own(name),
    )


def _is_of(module: object, thing: object) -> bool:
    """Return whether a thing is public, and not only imported."""
    place, name = getattr(thing, "__module__", ""), getattr(thing, "__name__", "_")
    return place == getattr(module, "__name__", None) and name[0] != "_"


def _is_own(name: str) -> bool:
    """Return whether a name, or the class of a member, is the package's own invention."""
    return any(name.partition(".")[0] in names for names in OWN.values())


# ---- Calling ------------------------------------------------------------------------------------


async def _verbs() -> dict[str, Public]:
    """Return the verbs of both clients, after calling each of them."""
    clients: list[Callable[[Handler, int], Client]] = [client_of, async_client_of]
    return {
        name: function_of(name, verb, await _call(client_of_handler, name))
        for client_of_handler in clients
        for name, verb in _verbs_of(client_of_handler(Recorder(), 0)).items()
    }


def _verbs_of(client: Client) -> dict[str, Callable[..., Any]]:
    return {
        f"{type(holder).__name__}.{name}": getattr(holder, name)
        for holder in _holders(client)
        for name in vars(type(holder))
        if name[0] != "_"
    }


def _holders(client: Client) -> list[object]:
    """Return what has verbs: the resources and a list."""
    resources = [value for name, value in vars(client).items() if name[0] != "_"]
    return [*resources, client.trackings.list()]


async def _call(client_of_handler: Callable[[Handler, int], Client], name: str) -> Calls:
    """Call a verb with few and with all arguments, on servers that all do it some wrong."""
    operations: set[str] = set()
    errors: set[type[TrackingMoreError]] = set()
    listening = Hooks(on_attempt=lambda event: operations.add(event.operation))
    for server in SERVERS.values():
        for most in (None, 0):
            guard = QuotaGuard(max_creates=most, max_detects=most)
            for only_required in (True, False):
                client = client_of_handler(server(), 1)
                verb = _verbs_of(client.with_options(hooks=listening, quota_guard=guard))[name]
                try:
                    await _finish(verb(**_arguments(verb, only_required=only_required)))
                except TrackingMoreError as error:
                    errors.add(type(error))
    return Calls(frozenset(operations), frozenset(errors))


def _arguments(verb: Callable[..., Any], *, only_required: bool) -> dict[str, object]:
    return {
        name: ARGUMENTS[name]
        for name, parameter in inspect.signature(verb).parameters.items()
        if parameter.kind is not parameter.VAR_KEYWORD and parameter.default is not UNSET
        if not only_required or parameter.default is parameter.empty
    }


async def _finish(result: object) -> None:
    """Wait for a result, and read it to its end; a list has verbs of its own that raise."""
    if isinstance(result, Awaitable):
        result = await cast("Awaitable[object]", result)
    if isinstance(result, Iterator):
        list(cast("Iterator[object]", result))
    elif isinstance(result, AsyncIterator):
        _ = [item async for item in cast("AsyncIterator[object]", result)]
    with suppress(TrackingMoreError):
        if isinstance(result, TrackingList):
            list(result)
        elif isinstance(result, AsyncTrackingList):
            _ = [item async for item in result]
