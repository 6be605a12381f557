"""The connections that a client opens itself: certificates, proxies, cookies, logs, the pool."""

import asyncio
import logging
import os
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any, TypeAlias

import httpx2
import pytest
import trio
import trustme

from tests.overlay.method_calls import METHOD_CALLS
from tests.overlay.stubs import KEY, URL, Recorder, async_client_of, client_of, result_of
from tests.overlay.transport.recording_server import ACCOUNT, RecordingServer, recording_server
from trackingmore_v2 import (
    AsyncTrackingMore,
    ClientClosed,
    ConfigurationError,
    ConnectionFailed,
    Hooks,
    InvalidCertificate,
    PoolFull,
    QuotaGuard,
    TimedOut,
    TrackingMore,
    TrackingMoreError,
)
from trackingmore_v2._transport.http import _Progress
from trackingmore_v2.hooks import AttemptEvent
from trackingmore_v2_api.operations.account import get_account
from trackingmore_v2_sandbox import Sandbox

Client: TypeAlias = TrackingMore | AsyncTrackingMore
by_each_client = pytest.mark.parametrize("kind", [TrackingMore, AsyncTrackingMore])
TRACKING = ("ups", "1Z97X17XYW06605211")


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    """Run a server without TLS."""
    with recording_server() as running:
        yield running


@pytest.fixture
def tls_server(authority: trustme.CA) -> Iterator[RecordingServer]:
    """Run a server whose certificate is of that authority."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    with recording_server(context) as running:
        yield running


def url_of(server: RecordingServer, scheme: str = "https") -> str:
    """Return the base URL of a server."""
    return f"{scheme}://localhost:{server.port}/v2"


@by_each_client
async def test_certificates_of_the_environment_are_honoured(
    kind: type[Client], tls_server: RecordingServer, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also for a server on this machine."""
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    client = kind(KEY, base_url=url_of(tls_server))
    account = await result_of(client.account.get())
    await result_of(client.close())

    assert account.email == "user@example.com"


@by_each_client
@pytest.mark.parametrize("form", [str, Path, lambda pem: ssl.create_default_context(cafile=pem)])
async def test_certificates_may_be_passed(
    kind: type[Client], form: Callable[[Path], Any], tls_server: RecordingServer, pem: Path
) -> None:
    """As a path, or as a context."""
    client = kind(KEY, base_url=url_of(tls_server), verify=form(pem))
    account = await result_of(client.account.get())
    await result_of(client.close())

    assert account.email == "user@example.com"


@by_each_client
async def test_an_untrusted_certificate_is_not_retried(
    kind: type[Client], tls_server: RecordingServer, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would not change; and `trust_env=False` ignores the environment."""
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    client = kind(KEY, base_url=url_of(tls_server), trust_env=False, retries=2)
    with pytest.raises(InvalidCertificate) as caught:
        await result_of(client.trackings.create(*TRACKING))

    assert not caught.value.in_doubt
    assert "pass the certificate authority as verify=" in str(caught.value)
    assert tls_server.connections == 1
    assert tls_server.requests == []


def test_an_untrusted_certificate_is_recognized_under_trio(tls_server: RecordingServer) -> None:
    """Trio wraps the error once more."""
    client = AsyncTrackingMore(KEY, base_url=url_of(tls_server))

    async def call() -> None:
        with pytest.raises(InvalidCertificate):
            await client.account.get()

    trio.run(call)

    assert tls_server.connections == 1


@pytest.mark.parametrize(
    ("failure", "in_doubt"),
    [
        # TLS 1.3 reports a missing client certificate only after the handshake.
        (ssl.SSLError(1, "tlsv13 alert certificate required"), True),
        # Of a proxy of the user's HTTP client, whose name no DNS can contain.
        (UnicodeError("label empty or too long"), False),
    ],
)
async def test_errors_that_httpx2_does_not_convert_are_typed(
    failure: Exception, *, in_doubt: bool
) -> None:
    """They come from the standard library."""

    def fail(_request: httpx2.Request) -> httpx2.Response:
        raise failure

    with pytest.raises(ConnectionFailed) as caught:
        client_of(fail).account.get()
    with pytest.raises(ConnectionFailed) as caught_async:
        await async_client_of(fail).account.get()

    assert caught.value.in_doubt is in_doubt
    assert caught_async.value.in_doubt is in_doubt


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "verify"])
@pytest.mark.parametrize("content", [None, "no certificate"])
def test_missing_or_broken_certificates_are_found_at_construction(
    variable: str, content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names the file and where it came from."""
    path = tmp_path / "ca.pem"
    if content:
        path.write_text(content)
    if variable == "SSL_CERT_FILE":
        monkeypatch.setenv(variable, str(path))
    with pytest.raises(ConfigurationError, match=variable):
        TrackingMore(KEY, verify=path if variable == "verify" else None)


def test_a_directory_of_certificates_may_be_passed(tmp_path: Path) -> None:
    """OpenSSL reads it when it needs a certificate."""
    TrackingMore(KEY, verify=tmp_path).close()


def test_plain_http_loads_no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading them takes longer than a call, and a file that is missing is not needed."""
    monkeypatch.setenv("SSL_CERT_FILE", "missing.pem")
    TrackingMore(KEY, base_url=URL).close()


@by_each_client
async def test_a_proxy_may_be_passed(kind: type[Client], server: RecordingServer) -> None:
    """It is used for any server, with the credentials in its URL."""
    proxy = f"http://user:secret@127.0.0.1:{server.port}"
    client = kind(KEY, base_url="https://example.org/v2", proxy=proxy, retries=0)
    with pytest.raises(ConnectionFailed) as caught:
        await result_of(client.account.get())
    await result_of(client.close())
    ((target, headers),) = server.requests

    assert target == "example.org:443"
    assert headers["Proxy-Authorization"].startswith("Basic ")
    assert KEY not in str(headers)
    assert not caught.value.in_doubt
    assert "https://example.org/v2 through the proxy: 403" in str(caught.value)


@by_each_client
async def test_a_proxy_with_tls_is_verified_by_the_same_certificates(
    kind: type[Client], tls_server: RecordingServer, pem: Path
) -> None:
    """A company's authority signs its proxy too."""
    proxy = f"https://localhost:{tls_server.port}"
    client = kind(KEY, base_url="http://127.0.0.1:9/v2", proxy=proxy, verify=pem)
    account = await result_of(client.account.get())
    await result_of(client.close())

    assert account.email == "user@example.com"
    assert tls_server.requests[0][0] == "http://127.0.0.1:9/v2/trackings/getuserinfo"


@by_each_client
async def test_cookies_are_neither_kept_nor_sent(
    kind: type[Client], server: RecordingServer
) -> None:
    """The API needs none, and a jar of them grows with each response."""
    client = kind(KEY, base_url=url_of(server, "http"))
    for _ in range(3):
        await result_of(client.account.get())
    await result_of(client.close())

    assert [headers.get("cookie") for _, headers in server.requests] == [None] * 3


@by_each_client
async def test_no_log_holds_a_number_or_an_order(
    kind: type[Client], caplog: pytest.LogCaptureFixture
) -> None:
    """With all loggers at DEBUG; our own records name the operation."""
    caplog.set_level(logging.DEBUG)
    with Sandbox() as sandbox:
        client = kind(sandbox.api_key, base_url=sandbox.base_url)
        await result_of(client.trackings.create(*TRACKING, order_id="ORDER-1"))
        await result_of(client.trackings.get(*TRACKING))
        await result_of(client.trackings.list(orders=["ORDER-1"], numbers=[TRACKING[1]]).first())
        await result_of(client.close())

    assert "listTrackings: done, HTTP 200" in caplog.text
    assert TRACKING[1] not in caplog.text
    assert "ORDER-1" not in caplog.text


def test_the_loggers_of_httpx2_are_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    """Other requests of the program are logged as before."""
    caplog.set_level(logging.INFO)
    loggers = [logging.getLogger(name) for name in ("httpx2", "httpcore2")]
    before = [(each.level, each.filters, each.handlers, each.disabled) for each in loggers]
    TrackingMore(KEY, base_url=URL).close()
    with httpx2.Client(transport=httpx2.MockTransport(Recorder(ACCOUNT))) as http:
        http.get(URL)

    assert [(each.level, each.filters, each.handlers, each.disabled) for each in loggers] == before
    assert URL in caplog.text


@by_each_client
@pytest.mark.parametrize("operation", METHOD_CALLS)
async def test_a_closed_client_raises_a_typed_error(kind: type[Client], operation: str) -> None:
    """Whatever the method: nothing was sent, and nothing is in doubt."""
    client = kind(KEY, base_url=URL)
    await result_of(client.close())
    try:
        result = await result_of(METHOD_CALLS[operation](client))
    except TrackingMoreError as raised:
        error: Exception | None = raised
    else:
        (outcome,) = result  # the report of a batch
        error = outcome.error

    assert isinstance(error, ClientClosed)
    assert not error.in_doubt


@by_each_client
async def test_a_closed_client_is_not_retried(kind: type[Client]) -> None:
    """One attempt, the budget is given back, and copies of the client are closed with it."""
    attempts: list[AttemptEvent] = []
    guard = QuotaGuard(max_creates=1)
    hooks = Hooks(on_attempt=attempts.append)
    client = kind(KEY, base_url=URL, hooks=hooks, quota_guard=guard, retries=2)
    copy = client.with_options(timeout=1)
    await result_of(client.close())
    with pytest.raises(ClientClosed):
        await result_of(copy.trackings.create(*TRACKING))

    assert len(attempts) == 1
    assert guard.creates == 0


async def test_a_closed_http_client_raises_the_same_error() -> None:
    """Also if the user closed it."""
    http, async_http = httpx2.Client(), httpx2.AsyncClient()
    http.close()
    await async_http.aclose()
    with pytest.raises(ClientClosed):
        TrackingMore(KEY, base_url=URL, http_client=http).account.get()
    with pytest.raises(ClientClosed):
        await AsyncTrackingMore(KEY, base_url=URL, http_client=async_http).account.get()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork()")
def test_a_forked_process_opens_its_own_connections(server: RecordingServer) -> None:
    """Such as a worker of Celery or gunicorn: two readers of one connection mix responses."""
    script = f"""
import os
from trackingmore_v2 import TrackingMore
client = TrackingMore({KEY!r}, base_url="http://127.0.0.1:{server.port}/v2")
client.account.get()
child = os.fork()
client.account.get()
client.account.get()
client.close()
if child:
    assert os.waitpid(child, 0)[1] == 0
"""
    subprocess.run([sys.executable, "-c", script], check=True)  # noqa: S603 - the command is fixed

    assert server.connections == 2
    assert len(server.requests) == 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork()")
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_forked_process_does_not_use_the_http_client_of_its_parent(
    server: RecordingServer, kind: str
) -> None:
    """Its connections are shared, and the client cannot open others."""
    script = f"""
import asyncio, inspect, os
import httpx2
from trackingmore_v2 import AsyncTrackingMore, ConfigurationError, TrackingMore
kinds = {{"sync": (TrackingMore, httpx2.Client), "async": (AsyncTrackingMore, httpx2.AsyncClient)}}
build, http = kinds[{kind!r}]
client = build({KEY!r}, base_url="http://127.0.0.1:{server.port}/v2", http_client=http())
async def use():
    account = client.account.get()
    return await account if inspect.isawaitable(account) else account
asyncio.run(use())
child = os.fork()
if child:
    assert os.waitpid(child, 0)[1] == 0
else:
    try:
        asyncio.run(use())
    except ConfigurationError as error:
        os._exit(0 if "was forked" in str(error) and not error.in_doubt else 2)
    os._exit(1)
"""
    subprocess.run([sys.executable, "-c", script], check=True)  # noqa: S603 - the command is fixed

    assert len(server.requests) == 1


@pytest.mark.usefixtures("one_connection")
def test_a_full_pool_ends_at_the_deadline(server: RecordingServer) -> None:
    """The timeout of a request does not count while others are at work; the deadline does."""
    server.released.clear()
    client = TrackingMore(KEY, base_url=url_of(server, "http"))
    other = Thread(target=client.account.get)
    other.start()
    server.received.wait()
    with pytest.raises(PoolFull) as caught:
        client.with_options(deadline=0.001).trackings.create(*TRACKING)
    server.released.set()
    other.join()
    client.close()

    assert not caught.value.in_doubt
    assert len(server.requests) == 1


@pytest.mark.usefixtures("one_connection")
async def test_a_full_pool_ends_at_the_deadline_of_an_awaited_call(server: RecordingServer) -> None:
    """The same, though the deadline is one of the whole call."""
    server.released.clear()
    async with AsyncTrackingMore(KEY, base_url=url_of(server, "http")) as client:
        other = asyncio.create_task(client.account.get())
        await asyncio.to_thread(server.received.wait)
        with pytest.raises(PoolFull) as caught:
            await client.with_options(deadline=0.001).trackings.create(*TRACKING)
        server.released.set()
        await other

    assert not caught.value.in_doubt
    assert len(server.requests) == 1


@pytest.mark.usefixtures("one_connection")
async def test_calls_wait_for_a_connection(server: RecordingServer) -> None:
    """Any number of calls share the connections of a client, without retries."""
    async with AsyncTrackingMore(KEY, base_url=url_of(server, "http"), retries=0) as client:
        accounts = await asyncio.gather(*(client.account.get() for _ in range(20)))

    assert len(accounts) == len(server.requests) == 20
    assert server.connections == 1


@pytest.mark.parametrize(
    ("events", "is_reported", "kind", "in_doubt"),
    [
        ([], True, PoolFull, False),
        (["connection.connect_tcp.started"], True, TimedOut, False),
        (["connection.start_tls.started"], False, TimedOut, False),
        (["http11.send_request_headers.started"], True, TimedOut, True),
        ([], False, TimedOut, True),
    ],
    ids=["waiting", "connecting", "handshake", "sent", "silent-transport"],
)
async def test_a_deadline_leaves_doubt_only_if_something_was_sent(
    events: list[str], kind: type[TimedOut], *, is_reported: bool, in_doubt: bool
) -> None:
    """The events of httpx2 tell how far a request has come; a transport may report none."""
    progress = _Progress(is_reported=is_reported)
    for event in events:
        await progress.trace(event, {})
    failure = progress.failure(get_account.call())

    assert type(failure) is kind
    assert failure.in_doubt is in_doubt
    assert ("response" in failure.reason) is in_doubt


@by_each_client
def test_an_http_client_excludes_settings_of_connections(kind: type[Client]) -> None:
    """They would have no effect, so they are rejected."""
    http: Any = httpx2.Client() if kind is TrackingMore else httpx2.AsyncClient()
    settings: tuple[dict[str, Any], ...] = (
        {"proxy": "http://localhost:1"},
        {"verify": "ca.pem"},
        {"trust_env": False},
    )
    for setting in settings:
        with pytest.raises(ConfigurationError, match=next(iter(setting))):
            kind(KEY, http_client=http, **setting)
