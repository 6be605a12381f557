"""What is sent over HTTP, and how failures are raised."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest

from tests.overlay.stubs import (
    KEY,
    URL,
    FakeClock,
    Recorder,
    async_client_of,
    client_of,
    error_response,
)
from trackingmore_v2 import (
    ApiError,
    AsyncTrackingMore,
    ClientClosed,
    ConnectionFailed,
    ContractBroken,
    DeadlineExceeded,
    InvalidInput,
    PoolFull,
    ServerFailed,
    TimedOut,
    TrackingMore,
    TransportError,
    models,
)
from trackingmore_v2_sandbox import Sandbox

DELETED = b'{"meta":{"code":200,"type":"Success","message":"Success"},"data":[]}'
ACCOUNT = b'{"meta":{"code":200},"data":{"email":"user@example.com"}}'


def test_a_read_sends_the_key_and_no_body() -> None:
    """The key travels in the contract's header, and nowhere else."""
    server = Recorder(ACCOUNT)
    client_of(server).account.get()
    (request,) = server.requests

    assert request.method == "GET"
    assert str(request.url) == f"{URL}/trackings/getuserinfo"
    assert request.headers["Trackingmore-Api-Key"] == KEY
    assert request.headers["User-Agent"].startswith("trackingmore-v2/")
    assert "Content-Type" not in request.headers
    assert request.content == b""
    assert KEY not in str(request.url)


def test_a_body_is_json() -> None:
    """Wire names, nothing that was not given, and the content type."""
    server = Recorder(error_response(4016))
    with pytest.raises(ApiError):
        client_of(server).trackings.create("ups", "1Z97X17XYW06605211", title="Café")
    (request,) = server.requests

    assert request.method == "POST"
    assert request.headers["Content-Type"] == "application/json"
    assert request.content.decode() == (
        '{"tracking_number":"1Z97X17XYW06605211","carrier_code":"ups","title":"Café"}'
    )


def test_filters_become_a_query() -> None:
    """Lists are joined by commas, truth values are text, and what is not given stays out."""
    server = Recorder(error_response(4031))
    found = client_of(server).trackings.list(
        page_size=7, numbers=["LK664578623CN", "RP893531375SG"], archived=False, orders=["#1 & 2"]
    )

    assert list(found) == []
    assert dict(server.requests[0].url.params) == {
        "page": "1",
        "limit": "7",
        "numbers": "LK664578623CN,RP893531375SG",
        "archived": "false",
        "orders": "#1 & 2",
    }


def test_a_language_is_a_path_segment() -> None:
    """`get` with a language calls the localized operation, in lower case."""
    server = Recorder(error_response(4017))
    with pytest.raises(ApiError):
        client_of(server).trackings.get("ups", "1Z97X17XYW06605211", lang="EN")

    assert server.requests[0].url.path == "/v2/trackings/ups/1Z97X17XYW06605211/en"


@pytest.mark.parametrize(
    "target",
    [
        *("https://example.org/v2", "http://127.0.0.1:9/v2/account", "//example.org/v2", "/v2/x"),
        *("", "https://user@example.org", "https://127.0.0.1.example.org/v2"),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int, target: str) -> None:
    """The key must not travel to where a redirect points, even if the user's client follows."""

    def redirect(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, headers={"Location": target})

    server = Recorder(redirect)
    mock = httpx2.MockTransport(server)
    http = httpx2.Client(transport=mock, follow_redirects=True)
    async_http = httpx2.AsyncClient(transport=mock, follow_redirects=True)
    with pytest.raises(ApiError) as caught:
        TrackingMore(KEY, base_url=URL, http_client=http).account.get()
    with pytest.raises(ApiError) as caught_async:
        await AsyncTrackingMore(KEY, base_url=URL, http_client=async_http).account.get()

    assert caught.value.status == caught_async.value.status == status
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("failure", "kind", "in_doubt"),
    [
        (httpx2.ConnectError, ConnectionFailed, False),
        (httpx2.ConnectTimeout, TimedOut, False),
        (httpx2.PoolTimeout, PoolFull, False),
        (httpx2.ProxyError, ConnectionFailed, False),
        (httpx2.ReadError, ConnectionFailed, True),
        (httpx2.ReadTimeout, TimedOut, True),
        (httpx2.WriteError, ConnectionFailed, True),
        (httpx2.WriteTimeout, TimedOut, True),
        (httpx2.RemoteProtocolError, ConnectionFailed, True),
        (httpx2.DecodingError, ConnectionFailed, True),
    ],
)
async def test_a_failure_reports_whether_the_request_left(
    failure: type[httpx2.RequestError], kind: type[TransportError], *, in_doubt: bool
) -> None:
    """Only what failed before the first byte is certain not to have been carried out."""

    def fail(request: httpx2.Request) -> httpx2.Response:
        raise failure("broken", request=request)

    with pytest.raises(kind) as caught:
        client_of(fail).trackings.delete("ups", "1Z97X17XYW06605211")
    with pytest.raises(kind) as caught_async:
        await async_client_of(fail).trackings.delete("ups", "1Z97X17XYW06605211")

    assert caught.value.in_doubt is in_doubt
    assert caught_async.value.in_doubt is in_doubt
    assert isinstance(caught.value.__cause__, failure)


def test_connection_refused() -> None:
    """A server that is not there is a typed error, and nothing was sent."""
    with (
        TrackingMore(KEY, base_url="http://127.0.0.1:1/v2") as client,
        pytest.raises(ConnectionFailed) as caught,
    ):
        client.account.get()

    assert not caught.value.in_doubt
    assert "cannot connect to http://127.0.0.1:1/v2: [Errno" in str(caught.value)


def test_bytes_that_are_not_http_are_not_in_the_message() -> None:
    """A proxy may send anything, and the message of httpx2 repeats it."""

    def respond(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.RemoteProtocolError("illegal status line: bytearray(b'user@example.com')")

    with pytest.raises(ConnectionFailed, match=r"carried out: illegal status line$"):
        client_of(respond).account.get()


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (httpx2.Response(200, content=b"<html>"), ContractBroken),
        (httpx2.Response(200, content=b""), ContractBroken),
        (httpx2.Response(200, content=b"\xff\xfe"), ContractBroken),
        (httpx2.Response(502, content=b"<html>"), ServerFailed),
        (httpx2.Response(502, content=ACCOUNT), ServerFailed),
        (httpx2.Response(204), ContractBroken),
    ],
    ids=["html", "empty", "not-utf-8", "502-html", "502-that-says-200", "204"],
)
def test_an_unreadable_response_is_typed_and_keeps_its_bytes(
    response: httpx2.Response, kind: type[ApiError | ContractBroken]
) -> None:
    """Whatever came, the error says so and holds it."""
    with pytest.raises((ApiError, ContractBroken)) as caught:
        client_of(lambda _: response).account.get()

    assert type(caught.value) is kind
    assert caught.value.body == response.content
    assert caught.value.status == response.status_code


def test_an_empty_realtime_response_breaks_the_contract() -> None:
    """A success without the one item that it must hold is no success."""
    with pytest.raises(ContractBroken):
        client_of(Recorder(b'{"meta":{"code":200},"data":{"items":[]}}')).trackings.realtime(
            "ups", "1Z97X17XYW06605211"
        )


def test_a_url_that_is_too_long_is_rejected() -> None:
    """A query that is too long for a URL is rejected before it is sent."""
    server = Recorder(error_response(4031))
    with pytest.raises(InvalidInput):
        client_of(server).trackings.list(orders=["x" * 70_000]).first()

    assert server.requests == []


def test_repairs_are_logged_without_values(caplog: pytest.LogCaptureFixture) -> None:
    """An odd field costs nothing but a line in the log that shows no personal data."""
    response = b'{"meta":{"code":200},"data":{"email":"user@example.com","phone":{"secret":1}}}'
    account = client_of(Recorder(response)).account.get()

    assert account == models.Account(email="user@example.com")
    assert "$.data.phone" in caplog.text
    assert "secret" not in caplog.text


def test_a_client_closes_only_what_it_opened() -> None:
    """A user's own HTTP client stays open."""
    http = httpx2.Client(transport=httpx2.MockTransport(Recorder(ACCOUNT)))
    with TrackingMore(KEY, base_url=URL, http_client=http) as client:
        client.account.get()
    own = TrackingMore(KEY, base_url=URL)
    own.close()

    assert not http.is_closed
    with pytest.raises(ClientClosed):
        own.account.get()
    http.close()


async def test_an_async_client_closes_only_what_it_opened() -> None:
    """A user's own HTTP client stays open."""
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(Recorder(ACCOUNT)))
    async with AsyncTrackingMore(KEY, base_url=URL, http_client=http) as client:
        await client.account.get()
    own = AsyncTrackingMore(KEY, base_url=URL)
    await own.close()

    assert not http.is_closed
    with pytest.raises(ClientClosed):
        await own.account.get()
    await http.aclose()


@pytest.mark.parametrize("timeout", [0.5, 30.0])
def test_every_request_has_the_timeout(timeout: float) -> None:
    """Each phase of a request ends, whatever the HTTP client's own settings say."""
    server = Recorder(ACCOUNT)
    http = httpx2.Client(transport=httpx2.MockTransport(server), timeout=None)
    TrackingMore(KEY, base_url=URL, timeout=timeout, http_client=http).account.get()

    phases = server.requests[0].extensions["timeout"]
    assert phases == {"connect": timeout, "write": timeout, "read": timeout, "pool": None}


def test_a_deletion_gives_nothing() -> None:
    """Success is silence."""
    client_of(Recorder(DELETED)).trackings.delete("ups", "1Z97X17XYW06605211")


def test_a_local_server_is_reached_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment does not come between a client and a sandbox."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with Sandbox() as sandbox, TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        assert client.account.get().email == "user@example.com"


def test_the_real_server_is_reached_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment is honoured for every other server."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    with (
        TrackingMore(KEY, base_url="https://example.org/v2") as client,
        pytest.raises(ConnectionFailed) as caught,
    ):
        client.account.get()

    assert not caught.value.in_doubt


class Dripping(httpx2.SyncByteStream):
    """A response whose every byte takes a second of the clock."""

    def __init__(self, clock: FakeClock) -> None:
        self.sent = 0
        self._clock = clock

    def __iter__(self) -> Iterator[bytes]:
        for byte in ACCOUNT:
            self._clock.moment += 1
            self.sent += 1
            yield bytes([byte])


class Silent(httpx2.AsyncByteStream):
    """A response that never arrives."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await asyncio.Event().wait()
        yield b""


def test_a_slow_response_exceeds_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """The deadline holds between two pieces, though each piece comes in time."""
    clock = FakeClock()
    body = Dripping(clock)
    monkeypatch.setattr("trackingmore_v2._transport.http.monotonic", clock.now)
    client = client_of(lambda _: httpx2.Response(200, stream=body)).with_options(deadline=10)
    with pytest.raises(TimedOut) as caught:
        client.account.get()

    assert caught.value.in_doubt
    assert 10 <= body.sent <= 11


def test_a_response_within_the_deadline_is_read_whole() -> None:
    """Piece by piece, it is the same response."""
    client = client_of(lambda _: httpx2.Response(200, content=ACCOUNT))

    assert client.with_options(deadline=60).account.get() == client.account.get()


async def test_a_silent_response_exceeds_the_deadline() -> None:
    """The deadline of an awaited call holds to the moment."""
    http = async_client_of(lambda _: httpx2.Response(200, stream=Silent()))
    with pytest.raises(DeadlineExceeded) as caught:
        await http.with_options(deadline=0.001).account.get()

    assert caught.value.in_doubt


@pytest.mark.parametrize(("deadline", "phase"), [(10, 10), (60, 30)])
def test_no_phase_may_take_longer_than_the_deadline(deadline: float, phase: float) -> None:
    """The HTTP library gets the shorter of timeout and deadline."""
    server = Recorder(ACCOUNT)
    client_of(server).with_options(deadline=deadline, timeout=30).account.get()

    caught_error = server.requests[0].extensions["timeout"]["read"]
    assert caught_error == pytest.approx(phase, abs=1)
