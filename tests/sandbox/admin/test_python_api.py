import inspect
import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.sandbox.harness import NOON, OTHER_KEY
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import (
    API_KEY,
    InstructionError,
    Sandbox,
    SandboxError,
    SettableClock,
    Settings,
)
from trackingmore_v2_sandbox.admin.python_api import (
    AccountMethods,
    AdminApi,
    ClockMethods,
    FaultMethods,
    WebhookMethods,
)
from trackingmore_v2_sandbox.admin.schemas import (
    InvalidAdminInput,
    SeedTrackingInput,
    UnknownResource,
)
from trackingmore_v2_sandbox.admin.snapshots import SnapshotError
from trackingmore_v2_sandbox.pipeline.request_log import MemoryLog
from trackingmore_v2_sandbox.webhooks.url_policy import (
    ForbiddenTarget,
    UnknownDelivery,
    UnknownTarget,
)

PAIR = {"carrier_code": "china-ems", "tracking_number": "SANDBOX-TRANSIT-1H-DELIVERED"}
NUMBER = PAIR["tracking_number"]
OF_ALL = {"accounts"}
"""Methods that are about all accounts."""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Yield a running sandbox, the machine's clock of which stands still at noon."""
    with Sandbox(clock=SettableClock(NOON)) as sandbox:
        yield sandbox


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the URL of a receiver of webhooks, and what it received."""
    received: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(json.loads(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Write nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/news", received
        server.shutdown()
        thread.join()


def call(sandbox: Sandbox, method: str, path: str, body: object = None, key: str = API_KEY) -> Any:
    """Call the API through its socket."""
    with httpx2.Client(headers={API_KEY_HEADER: key}, trust_env=False) as client:
        return client.request(method, sandbox.base_url + path, json=body).json()


def test_time(sandbox: Sandbox) -> None:
    """It is set, frozen and advanced, by a duration or by seconds, and runs again."""
    morning = datetime(2026, 3, 1, 13, tzinfo=UTC)

    assert sandbox.clock.now() == NOON
    assert sandbox.clock.set(morning) == morning
    assert sandbox.clock.advance(timedelta(hours=1)) == morning + timedelta(hours=1)
    assert sandbox.clock.advance(0.5) == morning + timedelta(hours=1, seconds=0.5)
    assert sandbox.clock.run(60) == sandbox.clock.now()
    assert sandbox.clock.state().speed == 60
    evening = datetime(2026, 3, 1, 20, tzinfo=UTC)
    assert sandbox.clock.freeze(evening) == evening
    assert sandbox.clock.freeze() == evening
    assert sandbox.clock.state().frozen
    assert sandbox.clock.now(api_key=OTHER_KEY) == NOON


def test_advancing_sends_what_is_due(
    sandbox: Sandbox, receiver: tuple[str, list[dict[str, Any]]]
) -> None:
    """All of it has arrived when the method returns, and can be sent again."""
    url, received = receiver
    target = sandbox.webhooks.add(
        url, statuses={"delivered"}, duplicate=True, form="2019", re_sign=False
    )
    assert (target.form, target.re_sign) == ("2019", False)
    assert sandbox.webhooks.targets() == [target]
    call(sandbox, "POST", "/trackings/post", PAIR)
    sandbox.clock.advance(timedelta(hours=1))

    assert [body["data"]["status"] for body in received] == ["delivered", "delivered"]
    second, first = sandbox.webhooks.deliveries()
    assert [first.state, second.state] == ["delivered", "delivered"]
    assert sandbox.webhooks.deliveries(limit=1) == [second]
    assert len(sandbox.webhooks.resend(first.id).attempts) == 2
    assert len(received) == 3
    sandbox.webhooks.remove(target.id)
    assert sandbox.webhooks.targets() == []


def test_faults(sandbox: Sandbox) -> None:
    """They are planned, named or random, applied, reported as unused, and removed."""
    sandbox.faults.plan({"getAccount": "code=429", "*": ["pass", "html"]})
    sandbox.faults.plan({"*": "html"}, name="mine")
    sandbox.faults.random({"*": "html"}, probability=0.5, seed=3, name="dice")

    assert call(sandbox, "GET", "/trackings/getuserinfo")["meta"]["code"] == 429
    assert sandbox.faults.unused() == {"": {"*": ["pass", "html"]}, "mine": {"*": ["html"]}}
    assert [plan.name for plan in sandbox.faults.plans()] == [None, "mine", "dice"]
    assert sandbox.faults.unused(api_key=OTHER_KEY) == {}
    sandbox.faults.clear()
    assert sandbox.faults.plans() == []


def test_accounts(sandbox: Sandbox) -> None:
    """What one may do is seen and changed, and all are known."""
    assert sandbox.account.update(quota=5, balance=None).quota == 5
    assert sandbox.account.update(locked=True).rate_limited
    assert sandbox.account.get().locked_until == NOON + timedelta(minutes=2)
    assert sandbox.account.get(api_key=OTHER_KEY).quota == Settings().quota
    assert [each.key for each in sandbox.accounts()] == ["****0001", "****0002"]


def test_the_log(sandbox: Sandbox) -> None:
    """The requests and responses after a number; or none, once cleared."""
    call(sandbox, "GET", "/carriers")
    call(sandbox, "GET", "/trackings/getuserinfo")
    first, second = sandbox.log()

    assert (first.operation, second.operation) == ("listCarriers", "getAccount")
    assert sandbox.log(after=first.sequence) == sandbox.log(limit=1) == [second]
    assert sandbox.log(api_key=OTHER_KEY) == []
    sandbox.clear_log()
    assert sandbox.log() == []


def test_state_is_filled_taken_emptied_and_put_back(sandbox: Sandbox) -> None:
    """A snapshot is bytes, which go into any account."""
    past = NOON - timedelta(days=1)
    trackings = [
        SeedTrackingInput(carrier_code="ups", tracking_number="SANDBOX-PICKUP", title="Teapot")
    ]
    assert sandbox.seed([PAIR | {"created_at": past}, *trackings]).used == 2
    kept = sandbox.snapshot()
    assert sandbox.reset().trackings == 0
    assert sandbox.restore(kept).trackings == 2
    assert sandbox.restore(kept, api_key=OTHER_KEY).trackings == 2

    assert [each.status for each in sandbox.trackings()] == ["pickup", "delivered"]
    assert [each.title for each in sandbox.trackings("teap")] == ["Teapot"]
    assert sandbox.trackings(limit=1, offset=1)[0].created_at == past
    details = sandbox.tracking("china-ems", NUMBER)
    assert details.timeline[0].at == past


WRONG: list[tuple[type[Exception], Callable[[Sandbox], object]]] = [
    (ValueError, lambda sandbox: sandbox.clock.set(datetime(2027, 1, 1))),  # noqa: DTZ001
    (InvalidAdminInput, lambda sandbox: sandbox.clock.advance(-1)),
    (InvalidAdminInput, lambda sandbox: sandbox.clock.advance(float("nan"))),
    (InvalidAdminInput, lambda sandbox: sandbox.clock.advance(timedelta.max)),
    (InvalidAdminInput, lambda sandbox: sandbox.clock.run(float("nan"))),
    (InvalidAdminInput, lambda sandbox: sandbox.clock.run(-1)),
    (InvalidAdminInput, lambda sandbox: sandbox.account.update()),
    (InvalidAdminInput, lambda sandbox: sandbox.account.update(quota=-1)),
    (InstructionError, lambda sandbox: sandbox.faults.plan({"*": "explode"})),
    (InstructionError, lambda sandbox: sandbox.faults.plan({"*": "html"}, name="a b")),
    (InstructionError, lambda sandbox: sandbox.faults.random({"*": "html"}, probability=2)),
    (ForbiddenTarget, lambda sandbox: sandbox.webhooks.add("http://example.com/")),
    (UnknownTarget, lambda sandbox: sandbox.webhooks.remove("x")),
    (UnknownDelivery, lambda sandbox: sandbox.webhooks.resend("x")),
    (InvalidAdminInput, lambda sandbox: sandbox.webhooks.deliveries(limit=0)),
    (InvalidAdminInput, lambda sandbox: sandbox.log(wait=61)),
    (InvalidAdminInput, lambda sandbox: sandbox.trackings(limit=501)),
    (UnknownResource, lambda sandbox: sandbox.tracking("ups", "nowhere")),
    (ValueError, lambda sandbox: sandbox.seed([PAIR, PAIR])),
    (InvalidAdminInput, lambda sandbox: sandbox.seed([{"carrier_code": "ups"}])),
    (SnapshotError, lambda sandbox: sandbox.restore(b"no snapshot")),
    (ValueError, lambda sandbox: sandbox.reset(api_key="no key")),
]


@pytest.mark.parametrize(("error", "wrong"), WRONG, ids=range(len(WRONG)))
def test_invalid_arguments_raise_and_change_nothing(
    sandbox: Sandbox, error: type[Exception], wrong: Callable[[Sandbox], object]
) -> None:
    """One line says what is wrong, and the state is as before."""
    assert issubclass(error, ValueError)
    before = sandbox.snapshot()
    with pytest.raises(error) as raised:
        wrong(sandbox)

    assert "\n" not in str(raised.value)
    assert sandbox.snapshot() == before


@pytest.mark.parametrize(
    "methods", [ClockMethods, FaultMethods, WebhookMethods, AccountMethods, AdminApi]
)
def test_each_method_takes_an_api_key(methods: type) -> None:
    """All are about one account, by default that of the sandbox's own key."""
    for name, method in inspect.getmembers(methods, inspect.isfunction):
        if not name.startswith("_") and name not in OF_ALL:
            assert inspect.signature(method).parameters["api_key"].default is None, name


def test_methods_fail_while_the_sandbox_does_not_run() -> None:
    """Before the start, and after the end."""
    sandbox = Sandbox()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="not running"):
            sandbox.clock.now()
        with pytest.raises(RuntimeError, match="not running"):
            _ = sandbox.inspector_url
        with sandbox:
            sandbox.clock.now()


def test_calls_are_thread_safe(sandbox: Sandbox) -> None:
    """Each change is made once."""

    def work(number: int) -> None:
        pair = {"carrier_code": "ups", "tracking_number": f"SANDBOX-TRANSIT_{number}"}
        sandbox.seed([pair])
        sandbox.clock.advance(1)
        call(sandbox, "GET", f"/trackings/ups/{pair['tracking_number']}")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(40)))

    assert sandbox.account.get().used == 40
    assert sandbox.clock.now() == NOON + timedelta(seconds=40)
    assert len(sandbox.log()) == 40


def test_waiting_for_the_log_returns_at_once(sandbox: Sandbox) -> None:
    """Another thread makes the call that is waited for."""
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(sandbox.log, wait=60)
        while not waiting.done():
            call(sandbox, "GET", "/carriers")

    assert waiting.result()[0].operation == "listCarriers"


def waiters(sandbox: Sandbox) -> int:
    """Return how many requests wait for the log."""
    log = sandbox._started()._admin.log  # noqa: SLF001 - nothing else tells
    assert isinstance(log, MemoryLog)
    return len(log._arrival._waiters) if log._arrival else 0  # noqa: SLF001 - nothing else tells


def wait_until_one_waits(sandbox: Sandbox) -> None:
    """Return as soon as a request waits for the log."""
    while not waiters(sandbox):
        sandbox.clock.now()


def test_waiting_ends_with_an_error_when_the_sandbox_stops() -> None:
    """The thread does not wait forever, and the sandbox does not wait for it."""
    with ThreadPoolExecutor(1) as threads:
        with Sandbox() as sandbox:
            waiting = threads.submit(sandbox.log, wait=60)
            wait_until_one_waits(sandbox)

        with pytest.raises(RuntimeError, match="stopped during the call"):
            waiting.result(10)


def test_a_waiting_request_does_not_delay_the_shutdown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its connection is broken off, and nothing is complained of."""

    def ask(url: str, token: str) -> None:
        headers = {API_KEY_HEADER: API_KEY, "X-Sandbox-Token": token}
        httpx2.get(url, headers=headers, timeout=60, trust_env=False)

    with ThreadPoolExecutor(1) as threads:
        with Sandbox() as sandbox:
            url = sandbox.base_url.replace("/v2", "/_sandbox/log?wait=60")
            waiting = threads.submit(ask, url, sandbox.admin_token)
            wait_until_one_waits(sandbox)

        with pytest.raises(httpx2.TransportError):
            waiting.result(10)
    assert caplog.records == []


def test_waiting_ends_with_the_connection(sandbox: Sandbox) -> None:
    """A request is cancelled as soon as its client disconnects."""
    url = urlsplit(sandbox.base_url)
    request = (
        f"GET /_sandbox/log?wait=60 HTTP/1.1\r\nHost: {url.netloc}\r\n"
        f"{API_KEY_HEADER}: {API_KEY}\r\nX-Sandbox-Token: {sandbox.admin_token}\r\n\r\n"
    )
    with socket.create_connection((url.hostname, url.port), timeout=20) as connection:
        connection.sendall(request.encode())
        wait_until_one_waits(sandbox)

    # Each call is an iteration of the sandbox's event loop, far shorter than the wait.
    calls = 5000
    while waiters(sandbox) and calls:
        sandbox.clock.now()
        calls -= 1
    assert calls


def test_waiting_in_the_server_thread_is_an_error(sandbox: Sandbox) -> None:
    """It would never end."""
    running = sandbox._started()  # noqa: SLF001 - its thread is what this is about

    async def wait_for_itself(_admin: object) -> object:
        return sandbox.clock.now()

    with pytest.raises(RuntimeError, match="own thread"):
        running.run(wait_for_itself)


def test_the_token_gives_access_to_the_admin_api(sandbox: Sandbox) -> None:
    """It is new for each sandbox unless it is given, and is part of the inspector's address."""
    with Sandbox() as other:
        assert len({sandbox.admin_token, other.admin_token}) == 2
    with Sandbox(admin_token="mine") as given:  # noqa: S106 - of no other sandbox
        origin = given.base_url.removesuffix("/v2")
        headers = {"X-Sandbox-Token": "mine"}
        response = httpx2.get(f"{origin}/_sandbox/accounts", headers=headers, trust_env=False)

        assert response.status_code == 200
        assert given.inspector_url == f"{origin}/_sandbox/#token=mine"


def test_a_failed_start_leaves_nothing_behind() -> None:
    """Invalid settings, and a port in use; afterwards the sandbox can start."""
    with pytest.raises(ValueError, match="is not a valid host name"):
        Sandbox(settings=Settings(webhook_hosts=frozenset({"a b"}))).__enter__()
    with Sandbox() as first:
        port = httpx2.URL(first.base_url).port
        assert port
        second = Sandbox(port=port)
        with pytest.raises(SandboxError):
            second.__enter__()
    with second:
        assert second.clock.now()
