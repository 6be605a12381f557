"""Arguments of wrong types and values: each is a typed error, wherever a user may pass one."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any, Final, TypeAlias

import httpx2
import pytest

from tests.overlay.stubs import KEY, URL, Recorder, client_of, error_response
from trackingmore_v2 import (
    AsyncTrackingMore,
    ConfigurationError,
    Hooks,
    InvalidInput,
    Limiter,
    QuotaGuard,
    TrackingMore,
    TrackingMoreError,
    air_waybill_timeline,
    models,
    timeline,
)

Client: TypeAlias = TrackingMore | AsyncTrackingMore
by_each_client = pytest.mark.parametrize("kind", [TrackingMore, AsyncTrackingMore])

WRONG: Final[Mapping[str, list[Any]]] = {
    "api_key": [5, b"key", ["key"], object()],
    "base_url": [5, b"https://example.org", "https://a..b", "https://" + "a" * 64 + ".org"],
    "timeout": ["5", True, -1, float("nan"), [], object()],
    "deadline": ["5", True, 0, float("nan"), object()],
    "retries": ["2", 1.5, True, -1, object()],
    "lang": [5, "english", b"en", object()],
    "limiter": [5, 0, "", Limiter, object()],
    "hooks": [5, 0, {}, print, Hooks],
    "quota_guard": [5, 0, QuotaGuard, object()],
    "cache_carriers": [5, "yes", None, object()],
    "sandbox_only": [5, "no", None, object()],
    "max_response_size": ["5", 0, 1.5, True, object()],
    "proxy": [5, "", "localhost", b"http://localhost", object()],
    "verify": [5, "", True, False, "missing.pem", "nul\0", object()],
    "trust_env": [5, "yes", None],
    "http_client": [5, "", object(), httpx2],
}


def test_every_argument_is_tried() -> None:
    """A new argument has to be added above."""
    for kind in (TrackingMore, AsyncTrackingMore):
        assert set(inspect.signature(kind).parameters) == set(WRONG)


@by_each_client
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_argument_is_found_at_construction(kind: type[Client], name: str) -> None:
    """The message names the argument."""
    for value in WRONG[name]:
        with pytest.raises(ConfigurationError, match="(?i)" + name.replace("_", "[_ ]")) as caught:
            kind(**{"api_key": KEY, name: value})
        assert KEY not in str(caught.value)


@by_each_client
def test_a_wrong_option_is_found_at_once(kind: type[Client]) -> None:
    """`with_options()` checks as the constructor does, and None changes nothing."""
    client = kind(KEY, base_url=URL)
    for name in set(inspect.signature(client.with_options).parameters):
        for value in WRONG[name]:
            with pytest.raises(ConfigurationError, match=name):
                client.with_options(**{name: value})
        client.with_options(**{name: None})


def test_the_http_client_must_be_of_the_same_kind() -> None:
    """The message distinguishes an async one, and one of httpx."""
    wrong: Any = httpx2.AsyncClient()
    with pytest.raises(ConfigurationError, match=r"httpx2\.Client, not httpx2\.AsyncClient"):
        TrackingMore(KEY, http_client=wrong)


@pytest.mark.parametrize("name", ["on_attempt", "on_response", "on_drift"])
def test_a_hook_is_a_function(name: str) -> None:
    """Anything else would fail with the first request."""
    wrong: dict[str, Any] = {name: 5}
    with pytest.raises(ConfigurationError, match=name):
        Hooks(**wrong)


@pytest.mark.parametrize("name", ["max_creates", "max_detects"])
@pytest.mark.parametrize("value", ["5", -1, 1.5, True, object()])
def test_a_budget_is_a_whole_number(name: str, value: Any) -> None:
    """Anything else would fail with the first call that costs quota."""
    with pytest.raises(ConfigurationError, match=name):
        QuotaGuard(**{name: value})


@by_each_client
@pytest.mark.parametrize("value", [1, None, "getAccount", {}])
async def test_a_call_is_a_call(kind: type[Client], value: Any) -> None:
    """Nothing else can be sent."""
    client: Any = kind(KEY, base_url=URL)
    with pytest.raises(InvalidInput, match="call must be of the type Call"):
        await client.call(value)


@pytest.mark.parametrize("value", [5, None, {}, models.Account(email="user@example.com"), []])
def test_a_timeline_is_of_a_model(value: Any) -> None:
    """Also a list of trackings is none."""
    with pytest.raises(InvalidInput, match="tracking must be of the type Tracking or "):
        timeline(value)
    with pytest.raises(InvalidInput, match="waybill must be of the type AirWaybill"):
        air_waybill_timeline(value)


RESOURCES: Final = ("account", "air_waybills", "carriers", "shipping", "trackings")
VALID: Final[Mapping[str, Any]] = {
    "carrier_code": "ups",
    "tracking_number": "1Z97X17XYW06605211",
    "to": "usps",
}
ODD: Final[list[Any]] = [
    *(5, -1, 1.5, float("nan"), True, None, b"x", "", "nul\0", "\ud800", "x" * 100_000, int),
    *([], {}, (), set(), object(), [5], [None], ["\ud800"], [{"a": 1}], {"a": 1}, lambda: 1),
]


def odd_calls(method: Callable[..., object]) -> Iterator[dict[str, Any]]:
    """Yield the arguments of a method, each time with one odd value."""
    parameters = inspect.signature(method).parameters.values()
    required = {
        each.name: VALID.get(each.name, []) for each in parameters if each.default is each.empty
    }
    for parameter in parameters:
        yield from ({**required, parameter.name: value} for value in ODD)


def call(method: Callable[..., object], arguments: dict[str, Any]) -> None:
    """Call a method, and read the first items of what it returns."""
    positional = [
        arguments.pop(each.name)
        for each in inspect.signature(method).parameters.values()
        if each.kind is each.POSITIONAL_ONLY and each.name in arguments
    ]
    result = method(*positional, **arguments)
    if isinstance(result, Iterable):
        list(islice(result, 3))


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_method_raises_typed_errors_only(resource: str) -> None:
    """Whatever is passed for one of its parameters."""
    methods = inspect.getmembers(getattr(client_of(Recorder(error_response(4031))), resource))
    for name, method in methods:
        if not name.startswith("_"):
            for arguments in odd_calls(method):
                with suppress(TrackingMoreError):
                    call(method, arguments)
