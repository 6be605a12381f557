"""Exceptions that leave a public method have no local variables in frames of the package."""

import asyncio
import inspect
import traceback
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator
from contextlib import aclosing, closing
from importlib import import_module
from itertools import count
from typing import Any

import pytest

import trackingmore_v2
from tests.overlay.leak_search import find_leaks, linked
from tests.overlay.personal_calls import CARRIER, DETAILS, NUMBER, ORDER, PERSONAL
from tests.overlay.stubs import KEY, URL, Recorder, async_client_of, client_of, error_response
from tests.overlay.transport.recording_server import recording_server
from trackingmore_v2 import (
    AsyncTrackingMore,
    BatchInterrupted,
    BatchRejected,
    ConfigurationError,
    Hooks,
    InvalidInput,
    RateLimited,
    TrackingMore,
    TrackingMoreError,
)
from trackingmore_v2._scrubbing import scrubbed
from trackingmore_v2_sandbox import Sandbox

CANARIES = (KEY, *PERSONAL)
NEW = {"carrier_code": CARRIER, "tracking_number": NUMBER, **DETAILS}
Raises = Callable[..., Any]


class Bug(Exception):
    """An error that the client does not know."""


def interrupt(*_: object, **_options: object) -> Any:
    """Raise what Ctrl-C raises."""
    raise KeyboardInterrupt


def fail(*_: object) -> Any:
    """Raise an unknown error."""
    raise Bug


def own_frames(error: BaseException) -> list[str]:
    """Return the files of the package in the traceback of an exception."""
    files = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__)]
    return [file for file in files if file.startswith(str(trackingmore_v2.__path__[0]))]


def test_an_error_of_the_package_has_none_of_its_frames() -> None:
    """Its traceback is short: the caller's line, and the message."""
    with pytest.raises(RateLimited) as caught:
        client_of(Recorder(error_response(429))).trackings.create(CARRIER, NUMBER, **DETAILS)

    assert not own_frames(caught.value)
    assert not find_leaks(caught.value, CANARIES)


@pytest.mark.parametrize("event", ["on_attempt", "on_response"])
@pytest.mark.parametrize("raises", [fail, interrupt])
def test_an_error_of_a_hook_keeps_its_frames_without_locals(event: str, raises: Raises) -> None:
    """The lines remain, to find the fault; the request is gone."""
    client = client_of(Recorder(error_response(429))).with_options(hooks=Hooks(**{event: raises}))
    with pytest.raises((Bug, KeyboardInterrupt)) as caught:
        client.trackings.create(CARRIER, NUMBER, **DETAILS)

    assert traceback.extract_tb(caught.value.__traceback__)[-1].name == raises.__name__
    assert own_frames(caught.value)
    assert not find_leaks(caught.value, CANARIES)


@pytest.mark.parametrize("raises", [fail, interrupt])
async def test_an_exception_inside_the_http_library_shows_no_request(raises: Raises) -> None:
    """Its frames hold the headers, with the key."""
    with pytest.raises((Bug, KeyboardInterrupt)) as caught:
        client_of(raises).trackings.create(CARRIER, NUMBER, **DETAILS)
    with pytest.raises((Bug, KeyboardInterrupt)) as caught_async:
        await async_client_of(raises).trackings.create(CARRIER, NUMBER, **DETAILS)

    assert not find_leaks(caught.value, CANARIES)
    assert not find_leaks(caught_async.value, CANARIES)


@pytest.mark.parametrize("method", ["send", "recv"])
def test_an_interrupted_connection_shows_no_request(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while the request is written, or the response is awaited."""
    with Sandbox() as sandbox, TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        stream = "httpcore2._backends.sync.SyncStream"
        monkeypatch.setattr(f"{stream}.{'write' if method == 'send' else 'read'}", interrupt)
        with pytest.raises(KeyboardInterrupt) as caught:
            client.trackings.create(CARRIER, NUMBER, **DETAILS)

        assert not find_leaks(caught.value, (sandbox.api_key, *PERSONAL))


@pytest.mark.parametrize("deadline", [None, 30])
async def test_a_cancelled_call_shows_no_request(deadline: float | None) -> None:
    """While its response is awaited."""
    with recording_server() as server:
        server.released.clear()
        url = f"http://127.0.0.1:{server.port}/v2"
        async with AsyncTrackingMore(KEY, base_url=url, deadline=deadline) as client:
            task = asyncio.create_task(client.trackings.list(orders=[ORDER]).total())
            await asyncio.to_thread(server.received.wait)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task

    assert own_frames(caught.value)
    assert not find_leaks(caught.value, CANARIES)


@pytest.mark.parametrize("kind", [TrackingMore, AsyncTrackingMore])
@pytest.mark.parametrize(
    "settings",
    [
        {"api_key": f"{KEY}\n"},
        {"api_key": KEY, "base_url": "http://example.org"},
        {"api_key": KEY, "proxy": f"ftp://user:{PERSONAL[0]}@example.org"},
        {"api_key": KEY, "timeout": -1},
        {"api_key": KEY, "hooks": 1},
        {"api_key": KEY, "unknown": 1},
    ],
)
def test_no_error_of_a_constructor_shows_its_arguments(
    kind: type[TrackingMore], settings: dict[str, Any]
) -> None:
    """The key, and the password of a proxy."""
    with pytest.raises((ConfigurationError, TypeError)) as caught:
        kind(**settings)

    assert not find_leaks(caught.value, CANARIES)


def test_nor_does_one_of_new_options() -> None:
    """The client is an argument too."""
    with pytest.raises(ConfigurationError) as caught:
        TrackingMore(KEY, base_url=URL).with_options(retries=-1)

    assert not find_leaks(caught.value, CANARIES)


@pytest.mark.parametrize(
    ("limiter", "url"),
    [
        ("redis.RedisLimiter", f"http://user:{PERSONAL[0]}@localhost"),
        ("postgres.PostgresLimiter", f"postgresql://user:{PERSONAL[0]}@localhost?unknown=1"),
    ],
)
def test_nor_does_one_of_a_limiter(limiter: str, url: str) -> None:
    """Its URL has the password of the store."""
    module, _, name = limiter.partition(".")
    kind = getattr(import_module(f"trackingmore_v2.limiters.{module}"), name)
    for options in ({}, {"per_second": -1}):
        with pytest.raises(ConfigurationError) as caught:
            kind(url, **options)

        assert not find_leaks(caught.value, CANARIES)


WRONG = {
    "int": 86400700912,
    "list": list(PERSONAL),
    "bytes": PERSONAL[0].encode(),
    "half a surrogate pair": f"{PERSONAL[0]}\ud800",
    "object": PERSONAL,
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("field", DETAILS)
async def test_an_invalid_value_of_a_personal_field_is_not_quoted(field: str, wrong: str) -> None:
    """As an argument, in a batch, in an update; its type is enough to find it."""
    canaries = (*CANARIES, "86400700912")
    client = client_of(Recorder(error_response(429)))
    details: Any = {**DETAILS, field: WRONG[wrong]}
    with pytest.raises(InvalidInput) as caught:
        client.trackings.create(CARRIER, NUMBER, **details)
    with pytest.raises(InvalidInput) as caught_async:
        await async_client_of(Recorder()).trackings.create(CARRIER, NUMBER, **details)
    report = client.trackings.create_many([{**NEW, **details}])
    (outcome,) = report.invalid

    assert outcome.error
    assert not find_leaks(caught.value, canaries)
    assert not find_leaks(caught_async.value, canaries)
    assert not find_leaks(outcome.error, canaries)
    assert not any(one in outcome.summary for one in canaries)


def test_an_invalid_order_is_not_quoted() -> None:
    """Nor is a postal code."""
    client = client_of(Recorder(error_response(429)))
    with pytest.raises(InvalidInput) as order:
        client.trackings.list(orders=[f"{PERSONAL[0]},2"])
    with pytest.raises(InvalidInput) as postcode:
        client.shipping.remote_areas([{"country": "Japan", "postcode": list(PERSONAL)}])
    with pytest.raises(InvalidInput) as realtime:
        client.trackings.realtime(CARRIER, NUMBER, order=list(PERSONAL))  # type: ignore[arg-type]  # the point

    assert not find_leaks(order.value, CANARIES)
    assert not find_leaks(postcode.value, CANARIES)
    assert not find_leaks(realtime.value, CANARIES)


def items() -> Iterator[dict[str, Any]]:
    """Yield items, and fail."""
    yield NEW
    fail()


async def async_items() -> AsyncIterator[dict[str, Any]]:
    """Yield items, and fail."""
    for item in (NEW, {**NEW, "tracking_number": "12345"}):
        yield item
    fail()


async def test_an_error_of_the_input_keeps_the_frames_of_the_input() -> None:
    """Those of the client show nothing of the items; in the collected and in the lazy form."""
    client = client_of(Recorder(error_response(4021)))
    async_client = async_client_of(Recorder(error_response(4021)))
    for method in (client.trackings.create_many, client.trackings.iter_create_many):
        with pytest.raises(BatchInterrupted) as caught:
            list(method(items()))
        cause = caught.value.__cause__

        assert isinstance(cause, Bug)
        assert traceback.extract_tb(cause.__traceback__)[-2].name == "items"
        assert not find_leaks(caught.value, CANARIES)
    with pytest.raises(BatchInterrupted) as caught:
        await async_client.trackings.create_many(async_items())
    with pytest.raises(BatchInterrupted) as lazy:
        _ = [each async for each in async_client.trackings.iter_create_many(async_items())]

    assert not find_leaks(caught.value, CANARIES)
    assert not find_leaks(lazy.value, CANARIES)


def test_the_error_of_a_report_shows_no_items() -> None:
    """Neither the report, nor the errors in it."""
    report = client_of(Recorder(error_response(4021))).trackings.create_many([NEW, {**NEW, "x": 1}])
    with pytest.raises(BatchRejected) as caught:
        report.raise_for_rejected()

    assert not find_leaks(caught.value, CANARIES)
    assert [each for each in linked(caught.value) if each is report.error]


def test_methods_keep_their_kind_and_signature() -> None:
    """For `help()`, completion, and frameworks that ask whether to await."""
    trackings = AsyncTrackingMore(KEY, base_url=URL).trackings
    names = inspect.signature(trackings.create).parameters

    assert inspect.iscoroutinefunction(trackings.create)
    assert inspect.isasyncgenfunction(trackings.list().pages)
    assert "customer_email" in names
    assert inspect.signature(TrackingMore).parameters.keys() >= {"api_key", "proxy"}
    assert trackings.create.__qualname__ == "AsyncTrackingsResource.create"
    assert (trackings.create.__doc__ or "").strip().startswith("Create a tracking.")


async def test_a_generator_that_is_left_early_is_closed() -> None:
    """The one inside is closed at once with the one around it."""
    closed: list[str] = []

    def numbers() -> Generator[int]:
        try:
            yield from count()
        finally:
            closed.append("sync")

    async def async_numbers() -> AsyncGenerator[int]:
        try:
            for number in count():
                yield number
        finally:
            closed.append("async")

    with closing(scrubbed(numbers)()) as outer:
        assert [next(outer), next(outer)] == [0, 1]
    assert closed == ["sync"]
    async with aclosing(scrubbed(async_numbers)()) as async_outer:
        assert [await anext(async_outer), await anext(async_outer)] == [0, 1]
    assert closed == ["sync", "async"]


@pytest.mark.parametrize(
    "start",
    [
        b"\xff",
        b'{"meta":"',
        b'{"meta":{"code":"x"},"data":"',
        b'{"meta":{"code":200},"data":{"title":"\xff',
    ],
)
def test_an_unreadable_response_is_not_quoted(start: bytes) -> None:
    """Except for its message, and a number other than the one of the call."""
    errors: list[TrackingMoreError] = []
    for end in ("", '"', '"}', '"}}'):
        response = start + f"{PERSONAL[0]} {KEY}{end}".encode()
        try:
            client_of(Recorder(response)).trackings.update(CARRIER, NUMBER, title="Pot")
        except TrackingMoreError as error:
            errors.append(error)

    assert errors
    assert not [leak for error in errors for leak in find_leaks(error, CANARIES)]
