"""`sandbox_only`: the key goes to servers that show they are sandboxes, and to no other."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, cast

import httpx2
import pytest

from tests.overlay.stubs import KEY, URL, Handler, Recorder
from trackingmore_v2 import (
    AsyncTrackingMore,
    ConfigurationError,
    ConnectionFailed,
    Hooks,
    ItemResult,
    NotASandbox,
    QuotaGuard,
    TrackingMore,
)
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import Sandbox

Client: TypeAlias = TrackingMore | AsyncTrackingMore
Make: TypeAlias = Callable[..., Client]

ACCOUNT = b'{"meta":{"code":200},"data":{"email":"user@example.com"}}'
SANDBOX = {"X-Sandbox": "1"}
OTHER: dict[str, str] = {}


class Server:
    """A server that responds to each request with success, and with the next of some headers."""

    def __init__(self, *headers: dict[str, str]) -> None:
        self._headers = iter(headers)
        self.recorder = Recorder(self._answer)

    def _answer(self, _request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers=next(self._headers), content=ACCOUNT)

    @property
    def keys(self) -> list[str | None]:
        """The keys that were sent."""
        return [request.headers.get(API_KEY_HEADER) for request in self.recorder.requests]


def make_sync(handler: Handler, **options: Any) -> TrackingMore:
    """Build a client that speaks to sandboxes only."""
    http = httpx2.Client(transport=httpx2.MockTransport(handler))
    settings = {"base_url": URL, "retries": 0, "sandbox_only": True, **options}
    return TrackingMore(KEY, http_client=http, **settings)


def make_async(handler: Handler, **options: Any) -> AsyncTrackingMore:
    """Build an async client that speaks to sandboxes only."""
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(handler))
    settings = {"base_url": URL, "retries": 0, "sandbox_only": True, **options}
    return AsyncTrackingMore(KEY, http_client=http, **settings)


@pytest.fixture(params=[make_sync, make_async])
def make(request: pytest.FixtureRequest) -> Make:
    """Build a sync or an async client."""
    made: Make = request.param
    return made


def done(result: object) -> Any:
    """Return a result, awaited where it must be."""
    if inspect.isawaitable(result):
        return asyncio.run(_awaited(cast("Awaitable[object]", result)))
    return result


async def _awaited(result: Awaitable[object]) -> object:
    return await result


def test_a_sandbox_is_probed_once(make: Make) -> None:
    """One question without the key comes first, and then the calls, also of the client's twins."""
    server = Server(SANDBOX, SANDBOX, SANDBOX, SANDBOX)
    client = make(server.recorder)
    recorder = client.recorder()
    done(recorder.account.get())
    done(client.account.get())
    done(client.with_options(timeout=1).account.get())

    assert server.keys == ["", KEY, KEY, KEY]
    assert server.recorder.requests[0].method == "GET"
    assert len(recorder.responses) == 1


def test_nothing_else_is_sent_to_another_server(make: Make) -> None:
    """Its response raises a typed error with advice, and each call probes again."""
    server = Server(OTHER, OTHER, SANDBOX, SANDBOX)
    client = make(server.recorder)
    for _ in range(2):
        with pytest.raises(NotASandbox) as caught:
            done(client.trackings.create("ups", "1Z97X17XYW06605211"))
        assert isinstance(caught.value, ConfigurationError)
        assert (caught.value.operation, caught.value.base_url) == ("createTracking", URL)
        assert caught.value.status == 200
        assert not caught.value.in_doubt
        assert "createTracking was not sent" in str(caught.value)
        assert "sandbox_only=" in str(caught.value)
    done(client.account.get())

    assert server.keys == ["", "", "", KEY]
    first = server.recorder.requests[0]
    assert not first.content
    assert KEY not in f"{first.url} {first.headers.raw!r}"


def test_another_server_that_responds_later_is_detected(make: Make) -> None:
    """The call may have been carried out there, and the next one is preceded by a probe."""
    server = Server(SANDBOX, OTHER, OTHER)
    client = make(server.recorder)
    with pytest.raises(NotASandbox) as caught:
        done(client.account.get())
    assert caught.value.in_doubt
    assert "may have been carried out" in str(caught.value)
    with pytest.raises(NotASandbox, match="was not sent"):
        done(client.account.get())

    assert server.keys == ["", KEY, ""]


@pytest.mark.parametrize("said", ["", "0", "true"])
def test_only_1_is_proof(make: Make, said: str) -> None:
    """Any other value of the header is none."""
    recorder = Recorder(lambda _request: httpx2.Response(200, headers={"X-Sandbox": said}))
    with pytest.raises(NotASandbox):
        done(make(recorder).account.get())

    assert len(recorder.requests) == 1


def test_a_probe_without_a_response_is_sent_again(make: Make) -> None:
    """It counts as an attempt of the call, which certainly was not sent."""

    def reset(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadError("reset", request=request)

    recorder = Recorder(reset)
    with pytest.raises(ConnectionFailed) as caught:
        done(make(recorder, retries=2).trackings.create("ups", "1Z97X17XYW06605211"))

    assert [request.headers[API_KEY_HEADER] for request in recorder.requests] == [""] * 3
    assert caught.value.call.operation.id == "createTracking"
    assert not caught.value.in_doubt


def test_what_was_not_sent_costs_nothing(make: Make) -> None:
    """The quota guard gets its tracking back, unless another server got the call."""
    guard = QuotaGuard()
    client = make(Server(OTHER, SANDBOX, OTHER).recorder, quota_guard=guard)
    for creates in (0, 1):
        with pytest.raises(NotASandbox):
            done(client.trackings.create("ups", "1Z97X17XYW06605211"))
        assert guard.creates == creates


def test_a_batch_ends_at_another_server(make: Make) -> None:
    """No item was sent, and none of the later calls is tried."""
    server = Server(OTHER)
    items: Any = [
        {"carrier_code": "ups", "tracking_number": f"1Z97X17XYW066{n:05}"} for n in range(50)
    ]
    report = done(make(server.recorder).trackings.create_many(items))

    assert {outcome.result for outcome in report} == {ItemResult.NOT_SENT}
    assert server.keys == [""]


def test_hooks_are_called_for_the_call_alone(make: Make) -> None:
    """The question belongs to the call that needs it, like making the connection."""
    events: list[object] = []
    hooks = Hooks(
        on_attempt=lambda event: events.append(event.operation),
        on_response=lambda event: events.append((event.status, event.error)),
    )
    client = make(Server(OTHER, SANDBOX, OTHER).recorder, hooks=hooks)
    for _ in range(2):
        with pytest.raises(NotASandbox):
            done(client.carriers.list())

    assert events == [
        *("listCarriers", (None, "NotASandbox")),
        *("listCarriers", (200, "NotASandbox")),
    ]


def test_no_probe_is_sent_by_default(make: Make) -> None:
    """Without the option the first request is the call."""
    server = Server(OTHER)
    done(make(server.recorder, sandbox_only=False).account.get())

    assert server.keys == [KEY]


def test_the_sandbox_shows_itself() -> None:
    """A running sandbox responds to the probe and to the call; an error is a response too."""
    with (
        Sandbox() as sandbox,
        TrackingMore(sandbox.api_key, base_url=sandbox.base_url, sandbox_only=True) as client,
    ):
        assert client.account.get().email == "user@example.com"
        assert client.trackings.list().first() is None
