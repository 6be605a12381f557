"""`Raises` and `Source` of public docstrings; `lint/docstrings.py` checks the other sections."""

import inspect
import re
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import product
from types import MappingProxyType, MethodType
from typing import Final, NamedTuple, TypeAlias

import httpx2
import pytest
from msgspec import UNSET

import trackingmore_v2
from tests.overlay.method_calls import NUMBER
from tests.overlay.stubs import Handler, Recorder, async_client_of, client_of, error_response
from trackingmore_v2 import (
    ApiError,
    AsyncTrackingChanges,
    AsyncTrackingList,
    AsyncTrackingMore,
    BatchInterrupted,
    Hooks,
    QuotaGuard,
    TrackingChanges,
    TrackingList,
    TrackingMore,
    TrackingMoreError,
    air_waybill_numbers,
    types,
)
from trackingmore_v2_api import META_CODES, OPERATIONS
from trackingmore_v2_sandbox import Sandbox
from website.contract import contract

Client: TypeAlias = TrackingMore | AsyncTrackingMore

ARGUMENTS: Final[Mapping[str, object]] = {
    "carrier_code": "china-ems",
    "tracking_number": NUMBER,
    "to": "usps",
    "lang": "en",
    "page_size": 1,
    "prefetch": False,
    "unknown": "ignore",
    "items": [{"carrier_code": "china-ems", "tracking_number": NUMBER}],
    "numbers": "172-28891936",
    "since": None,
}
"""Valid arguments of the methods, by parameter."""

ITEMS: Final[Mapping[str, object]] = {
    "remote_areas": [{"country": "Japan", "postcode": "7621094"}],
    "transit_times": [{"carrier_code": "dhl", "original": "CN", "destination": "US"}],
}
"""Valid items of the methods whose items are no trackings."""

LISTS: Final = (TrackingList, AsyncTrackingList, TrackingChanges, AsyncTrackingChanges)
"""What sends requests when it is iterated."""

GENERAL: Final = {"TrackingMoreError", "Exception", "BaseException", "object"}
"""Classes that `Raises` does not name instead of a more specific one."""

FROM_THE_CONTRACT: Final = [
    *(trackingmore_v2.timeline, trackingmore_v2.air_waybill_timeline),
    air_waybill_numbers.normalize_air_waybill_number,
    *(types.Keyed, *LISTS),
    *(getattr(types, name) for name in dir(types) if name.endswith("Dict")),
]
"""Functions and classes that stand for an operation or a schema, besides the methods."""

ERRORS: Final = [
    error
    for error in vars(trackingmore_v2).values()
    if isinstance(error, type) and issubclass(error, ApiError)
]


def losing(handler: Handler, count: int) -> Handler:
    """Wrap a handler to lose the first responses."""
    attempts = iter(range(count))

    def handle(request: httpx2.Request) -> httpx2.Response:
        for _ in attempts:
            raise httpx2.ReadError("reset", request=request)
        return handler(request)

    return handle


EXISTING_ITEM: Final = (
    b'{"meta":{"code":201},'
    b'"data":{"submitted":1,"added":0,"trackings":[],"errors":[{"code":4016}]}}'
)
HANDLERS: Final[tuple[Callable[[], Handler], ...]] = (
    lambda: losing(Recorder(error_response(4016)), 1),
    lambda: losing(Recorder(error_response(4017)), 1),
    lambda: losing(Recorder(EXISTING_ITEM), 1),
    lambda: losing(Recorder(), 100),
    lambda: Recorder(b"<html>"),
)
"""Servers that lose a response and then report that the tracking exists, or not, and others."""


def methods_of(client: Client) -> dict[str, MethodType]:
    """Return the methods of the resources and of a list."""
    resources = [value for name, value in vars(client).items() if name[0] != "_"]
    return {
        f"{type(holder).__name__}.{name}": getattr(holder, name)
        for holder in (*resources, client.trackings.list())
        for name in vars(type(holder))
        if name[0] != "_"
    }


METHODS: Final = {
    name: make for make in (client_of, async_client_of) for name in methods_of(make(Recorder()))
}
"""Each method of both clients, with the function that makes its client."""


class Account(NamedTuple):
    """The state of an account, and the arguments of a method that is called with its key."""

    carriers: tuple[str, ...] = ()
    """The carriers that the account has a tracking of."""

    quota: int = 10
    arguments: Callable[[], Mapping[str, object]] = dict
    """Arguments that replace those in `ARGUMENTS`."""


ACCOUNTS: Final = (
    Account(arguments=lambda: {"tracking_number": "NO-CARRIER-HAS-THIS"}),
    Account(arguments=lambda: {"tracking_number": "SANDBOX-PENDING"}),  # a scenario without data
    Account(carriers=("china-ems", "usps")),
    Account(quota=0),
    Account(  # each iterable raises an error
        arguments=lambda: dict.fromkeys(("items", "numbers"), map(int, ["not a number"]))
    ),
)
"""Accounts in which the methods raise the errors that only some of them raise."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Yield a sandbox; each test resets it."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def client(sandbox: Sandbox) -> Iterator[TrackingMore]:
    """Yield a client of the sandbox."""
    with TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        yield client


async def call(
    method: MethodType,
    *,
    only_required: bool,
    replaced: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Call a method, and read its result to the end."""
    valid = {**ARGUMENTS, "items": ITEMS.get(method.__name__, ARGUMENTS["items"])}
    arguments = {
        name: replaced.get(name, valid[name])
        for name, parameter in inspect.signature(method).parameters.items()
        if parameter.kind is not parameter.VAR_KEYWORD and parameter.default is not UNSET
        if not only_required or parameter.default is parameter.empty
    }
    result: object = method(**arguments)
    if isinstance(result, Awaitable):
        result = await result
    is_list = isinstance(result, LISTS)
    with suppress(*[TrackingMoreError] * is_list):  # its own docstring names its errors
        if isinstance(result, AsyncIterable):
            _ = [item async for item in result]
        elif isinstance(result, Iterable):
            list(result)


def source_of(documented: object) -> list[str]:
    """Return the operations, schemas or meta codes that `Source` names."""
    source = (inspect.getdoc(documented) or "").partition("Source: ")[2].partition(";")[0]
    return re.findall(r"\b(?:[a-z]+[A-Z]\w*|[A-Z]\w+|\d+)\b", source)


def errors_of(documented: object) -> set[str]:
    """Return the errors that `Raises` of a method or a class names."""
    section = (inspect.getdoc(documented) or "").partition("Raises:\n")[2]
    return set(re.findall(r"^    (\w+):", section, re.MULTILINE))


@pytest.mark.parametrize("name", METHODS)
async def test_docstrings_name_operations_and_errors(name: str) -> None:
    """`Source` names the operations called; `Raises` of method or class names the errors seen."""
    operations: set[str] = set()
    hooks = Hooks(on_attempt=lambda event: operations.add(event.operation))
    errors: set[type[TrackingMoreError]] = set()
    for make_handler, limit, only_required in product(HANDLERS, (None, 0), (True, False)):
        guard = QuotaGuard(max_creates=limit, max_detects=limit)
        client = METHODS[name](make_handler(), 1).with_options(hooks=hooks, quota_guard=guard)
        try:
            await call(methods_of(client)[name], only_required=only_required)
        except TrackingMoreError as error:
            errors.add(type(error))
    method = methods_of(METHODS[name](Recorder()))[name]
    own = errors_of(method)
    named = own | errors_of(type(method.__self__))

    assert set(source_of(method)) == operations
    assert [error for error in errors if named.isdisjoint(classes_of(error) - GENERAL)] == []
    assert "InvalidInput" in own or not inspect.signature(method).parameters


@pytest.mark.parametrize("name", methods_of(client_of(Recorder())))
async def test_docstrings_name_the_errors_of_a_single_method(
    name: str, sandbox: Sandbox, client: TrackingMore
) -> None:
    """`Raises` of a method names each specific error of the accounts above, and no other one."""
    method = methods_of(client)[name]
    raised: set[str] = set()
    for account in ACCOUNTS:
        sandbox.reset()
        sandbox.account.update(quota=account.quota)
        for carrier in account.carriers:
            client.trackings.create(carrier, NUMBER)
        try:
            await call(method, only_required=True, replaced=account.arguments())
        except (ApiError, BatchInterrupted) as error:
            raised.add(type(error).__name__)
    specific = {error.__name__ for error in ERRORS if error is not ApiError} | {"BatchInterrupted"}

    assert errors_of(method) & specific == raised


def classes_of(error: type[TrackingMoreError]) -> set[str]:
    """Return the names of an error's class and base classes."""
    return {cls.__name__ for cls in error.__mro__}


def test_every_operation_is_named() -> None:
    """A user who searches for an operation of the contract finds the method."""
    methods = methods_of(client_of(Recorder())).values()

    assert {name for each in methods for name in source_of(each)} == set(OPERATIONS)


@pytest.mark.parametrize("documented", FROM_THE_CONTRACT)
def test_sources_are_in_the_contract(documented: object) -> None:
    """`Source` names operations and schemas that the contract has."""
    names = source_of(documented)

    assert names
    assert set(names) <= OPERATIONS.keys() | contract()["components"]["schemas"].keys()


@pytest.mark.parametrize("error", ERRORS)
def test_errors_name_their_meta_codes(error: type[ApiError]) -> None:
    """`Source` of an error names the meta codes that raise it."""
    codes = [code for code, meta in META_CODES.items() if meta.exception == error.__name__]

    assert source_of(error) == [str(code) for code in sorted(codes)]
