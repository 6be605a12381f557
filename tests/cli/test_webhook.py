"""`trackingmore-v2 webhook listen`, `replay` and `sign`."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from typing import TypeAlias

import httpx2
import pytest

from tests.cli.golden import check_golden
from tests.cli.output_schema import check_record
from tests.cli.running import Finished, Run
from trackingmore_v2.webhooks import MAX_BODY_SIZE, example, parse
from trackingmore_v2_cli._webhook import receiver as receiver_module
from trackingmore_v2_cli._webhook.addresses import own_addresses, reach_of, url_of
from trackingmore_v2_cli._webhook.receiver import Arrival, Receiver
from trackingmore_v2_cli._webhook.requests import WebhookRequest, from_message, keep, to_message
from trackingmore_v2_cli._webhook.sending import Forwarder, Sent
from trackingmore_v2_cli._webhook.server import MAX_CONNECTIONS, WebhookServer
from trackingmore_v2_pytest.receiver import WebhookReceiver
from trackingmore_v2_sandbox import Sandbox

EMAIL = "user@example.com"
PROGRAM = [sys.executable, "-m", "trackingmore_v2_cli"]
HOSTILE = {"carrier_code": "ups", "tracking_number": "1\x1b]0;owned\x07\u202e", "status": "transit"}

Act: TypeAlias = Callable[[str], object]
"""What is done while the command listens; it is given the URL."""

Listen: TypeAlias = Callable[..., Finished]


def post(url: str, body: bytes, **headers: bytes) -> int:
    """Post a body, and return the status of the response."""
    given = [(name.encode(), value) for name, value in headers.items()]
    return httpx2.post(url, content=body, headers=given, trust_env=False).status_code


def interrupt() -> None:
    """Interrupt this process, as Ctrl-C does."""
    os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture
def listen(run: Run, monkeypatch: pytest.MonkeyPatch) -> Listen:
    """Return a function that listens on a free port while another thread acts."""
    servers = Queue[WebhookServer]()
    is_ready = Event()
    start, arrivals = WebhookServer.__enter__, Receiver.arrivals

    def started(server: WebhookServer) -> WebhookServer:
        servers.put(server)
        return start(server)

    def awaited(receiver: Receiver) -> Iterator[Arrival]:
        is_ready.set()
        return arrivals(receiver)

    monkeypatch.setattr(WebhookServer, "__enter__", started)
    monkeypatch.setattr(Receiver, "arrivals", awaited)

    def listen(*arguments: str, act: Act, terminal: int = 0, encoding: str = "utf-8") -> Finished:
        def run_act() -> None:
            try:
                is_ready.wait()
                act(url_of(*servers.get().address))
            except BaseException:
                interrupt()  # The command would wait forever.
                raise

        thread = Thread(target=run_act)
        thread.start()
        words = ("webhook", "listen", "--port", "0", *arguments)
        try:
            return run(*words, terminal=terminal, encoding=encoding)
        finally:
            thread.join()

    return listen


def test_an_event(listen: Listen) -> None:
    """It is printed with what its signature is worth."""
    finished = listen(
        *("--json", "--count", "1", "--email", EMAIL),
        act=lambda url: post(url, example("delivered", account_email=EMAIL)),
    )

    (record,) = finished.records
    check_record(record)
    assert finished.status == 0
    assert (record["status"], record["carrier_code"]) == ("delivered", "china-ems")
    assert (record["signed_with"], record["is_stale"], record["response"]) == (EMAIL, False, 200)
    assert "covers time and address, not the body" in finished.messages
    assert "from this machine only" in finished.messages


def test_off_a_terminal_values_are_separated_by_tabs(listen: Listen) -> None:
    """Without a header; --quiet leaves out the messages."""
    finished = listen("--count", "1", "--quiet", act=lambda url: post(url, example("pickup")))

    assert finished.text.split("\t")[1:5] == ["pickup", "china-ems", "LK664578623CN", ""]
    assert finished.errors == b""


def test_duplicates_and_older_events_are_marked(listen: Listen) -> None:
    """As a receiver with an event log would see them."""
    times = [datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (12, 13)]
    older, newer = (example("transit", sent_at=time) for time in times)

    def act(url: str) -> None:
        for body in (newer, newer, older):
            post(url, body)

    records = listen("--json", "--count", "3", act=act).records

    assert [each["repetition"] for each in records] == [None, "duplicate", "outdated"]
    assert all(each["is_stale"] for each in records)


def test_rejected_requests(listen: Listen) -> None:
    """They are printed with the reason, and get the status of a receiver that verifies."""
    statuses: list[int] = []

    def act(url: str) -> None:
        bodies = (b"{", b'{"data": {}}', example(account_email="other@example.com"))
        statuses.extend(post(url, body) for body in bodies)

    finished = listen("--json", "--count", "3", "--email", EMAIL, act=act)

    for record in finished.records:
        check_record(record)
    assert statuses == [400, 400, 401] == [each["response"] for each in finished.records]
    assert "signed with another address; check --email" in finished.records[2]["error"]
    assert finished.status == 0


@pytest.mark.parametrize("columns", [80, 120])
def test_events_on_a_terminal(listen: Listen, columns: int) -> None:
    """Status by colour and word, and in a line below what is known of the signature."""

    def act(url: str) -> None:
        body = example("delivered", account_email=EMAIL)
        old = example("transit", account_email=EMAIL, sent_at=datetime(2026, 3, 2, tzinfo=UTC))
        for each in (body, body, old, b"?"):
            post(url, each)

    finished = listen("--count", "4", "--email", EMAIL, act=act, terminal=columns)

    text = re.sub(r"\d\d:\d\d:\d\d ", "12:00:00 ", finished.text)
    check_golden(f"webhook_listen.{columns}.txt", text)
    assert max(map(len, text.splitlines())) <= columns


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_hostile_texts_are_cleaned(listen: Listen, encoding: str) -> None:
    """No sequence of a body reaches the terminal, and no character fails."""
    body = json.dumps({"data": HOSTILE}).encode()
    finished = listen(
        "--count", "1", act=lambda url: post(url, body), terminal=80, encoding=encoding
    )

    assert b"\x1b]" not in finished.output
    assert b"ups:1 ]0;owned" in finished.output
    assert "\u202e" not in finished.output.decode(encoding)


def test_ctrl_c_finishes_requests_that_have_begun(listen: Listen) -> None:
    """The status is 130, the array is closed, and idle connections are not waited for."""
    body = example("delivered")
    responses: list[bytes] = []

    def act(url: str) -> None:
        address = (httpx2.URL(url).host, httpx2.URL(url).port or 0)
        with socket.create_connection(address), socket.create_connection(address) as sender:
            head = f"POST / HTTP/1.1\r\nContent-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
            sender.sendall(head.encode())
            responses.append(sender.recv(100))
            interrupt()
            sender.sendall(body)
            responses.append(sender.makefile("rb").read())

    finished = listen("--json=array", act=act)

    (record,) = json.loads(finished.output)
    assert record["status"] == "delivered"
    assert responses[0].startswith(b"HTTP/1.1 100 ")
    assert responses[1].startswith(b"HTTP/1.1 200 ")
    assert finished.status == 130
    assert "Traceback" not in finished.messages


def test_nothing_received(listen: Listen) -> None:
    """Ctrl-C ends it all the same."""
    finished = listen("--json=array", "--quiet", act=lambda _url: interrupt())

    assert (finished.status, finished.output, finished.errors) == (130, b"[]\n", b"")


def test_requests_are_forwarded_unchanged(listen: Listen) -> None:
    """Body and headers, also of those that are rejected; the receiver's status is reported."""
    body = b'{ "data" : 1 }'
    with WebhookReceiver() as target:
        target.respond_with(418)
        finished = listen(
            *("--count", "1", "--forward", target.url),
            act=lambda url: post(url, body, **{"X-Custom": "caf\u00e9".encode()}),
        )

    (received,) = target.received
    assert received.body == body
    assert received.headers["x-custom"] == "caf\u00e9".encode().decode("latin-1")
    assert received.headers["host"] == httpx2.URL(target.url).netloc.decode()
    assert "#1 forwarded: HTTP 418" in finished.messages


def test_quiet_does_not_hide_what_was_not_forwarded(listen: Listen) -> None:
    """The receiver is away."""
    with WebhookReceiver() as target:
        url = target.url
    finished = listen(
        *("--count", "1", "--quiet", "--forward", url), act=lambda sender: post(sender, b"{}")
    )

    assert "#1 forwarded: no response" in finished.messages


def test_forwarding_never_blocks_receiving() -> None:
    """Requests wait for a slow receiver up to a limit, and are sent in order."""
    is_sending, may_end = Event(), Event()
    sent: list[bytes] = []
    losses: list[str] = []

    def send(request: WebhookRequest) -> Sent:
        is_sending.set()
        may_end.wait()
        sent.append(request.body)
        return Sent(None, "refused", 0.5)

    with Forwarder(send, pytest.fail, losses.append, max_waiting=2) as forwarder:
        for number in range(1, 5):
            forwarder.put(number, WebhookRequest(body=b"%d" % number))
            is_sending.wait()
        may_end.set()

    assert sent == [b"1", b"2", b"3"]
    assert losses[0] == "#4 not forwarded: 2 others are waiting"
    assert losses[1] == "#1 forwarded: no response (refused), 0.50 s"


def test_an_interrupted_forwarder_sends_no_more() -> None:
    """What waits is reported."""
    is_sending, may_end = Event(), Event()
    reports: list[str] = []

    def send(_request: WebhookRequest) -> Sent:
        is_sending.set()
        may_end.wait()
        return Sent(200, None, 0.0)

    def report(message: str) -> None:
        reports.append(message)
        may_end.set()

    with suppress(KeyboardInterrupt), Forwarder(send, report, report) as forwarder:
        forwarder.put(1, WebhookRequest())
        is_sending.wait()
        forwarder.put(2, WebhookRequest())
        raise KeyboardInterrupt

    assert reports == ["#2 not forwarded: interrupted", "#1 forwarded: HTTP 200, 0.00 s"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit for the size of files")
def test_no_part_of_a_request_is_kept(tmp_path: Path) -> None:
    """Here a full disk is a limit for the size of files."""
    from resource import RLIMIT_FSIZE, getrlimit, setrlimit  # noqa: PLC0415 - not on Windows

    soft, hard = getrlimit(RLIMIT_FSIZE)
    setrlimit(RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            keep(WebhookRequest(body=b"x" * 5000), tmp_path, datetime.now(UTC), 1)
    finally:
        setrlimit(RLIMIT_FSIZE, (soft, hard))

    assert not [*tmp_path.iterdir()]


def test_kept_requests_are_replayed(listen: Listen, run: Run, tmp_path: Path) -> None:
    """As they came; with --resign for the present time."""
    folder = tmp_path / "kept"
    bodies = [example("pickup", sent_at=datetime(2026, 3, 2, tzinfo=UTC)), b"\xff\r\n\r\n\x00"]

    def act(url: str) -> None:
        for body in bodies:
            post(f"{url}a/b?c=d", body, **{"X-Number": b"7"})

    records = listen("--json", "--count", "2", "--keep", str(folder), act=act).records
    files = [Path(each["kept_as"]) for each in records]
    assert files == sorted(folder.iterdir())
    assert {each.stat().st_mode & 0o777 for each in files} == {0o600}

    with WebhookReceiver() as target:
        finished = run("webhook", "replay", str(folder), "--to", target.url, "--json")
        words = ("--to", target.url, "--resign", "--email", EMAIL)
        signed = run("webhook", "replay", *map(str, files), *words)

    for record in finished.records:
        check_record(record)
    assert (finished.status, [each["status"] for each in finished.records]) == (0, [200, 200])
    assert [each.body for each in target.received[:2]] == bodies
    assert target.received[0].headers["x-number"] == "7"
    assert not parse(target.received[2].body, account_email=EMAIL).is_stale
    assert signed.status == 4
    assert "not sent: the body is no JSON object" in signed.text


@pytest.mark.parametrize(
    ("statuses", "expected"), [([200, 204], 0), ([500, 404], 1), ([200, 500], 4)]
)
def test_the_status_of_a_replay(
    run: Run, tmp_path: Path, statuses: list[int], expected: int
) -> None:
    """Success, rejection, or some of them."""
    for name in ("1.http", "2.http"):
        (tmp_path / name).write_bytes(to_message(WebhookRequest(body=b"{}")))
    with WebhookReceiver() as target:
        target.respond_with(*statuses)

        assert run("webhook", "replay", str(tmp_path), "--to", target.url).status == expected


def test_a_url_that_no_request_can_have(run: Run, tmp_path: Path) -> None:
    """It is reported as a request without a response."""
    (tmp_path / "1.http").write_bytes(to_message(WebhookRequest()))
    finished = run("webhook", "replay", str(tmp_path), "--to", "http://exa mple/", "--json")

    assert finished.status == 3
    assert finished.records[0]["error"]


def test_a_replay_without_a_receiver(run: Run, tmp_path: Path) -> None:
    """The status is that of a failed connection; a file of another kind is named."""
    file = tmp_path / "1.http"
    file.write_bytes(to_message(WebhookRequest()))
    other = tmp_path / "other.json"
    other.write_text("{}")
    words = ("webhook", "replay", str(file), str(other), "--to", "http://127.0.0.1:1/")
    finished = run(*words, terminal=120)

    assert finished.status == 3
    assert "not sent: it is no kept webhook" in finished.text
    assert "Connection refused" in finished.text or sys.platform == "win32"
    assert "Errno" not in finished.text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["listen", "--forward", "localhost:8000"], "'localhost:8000' is no URL"),
        (["listen", "--forward", "http://localhost:99999"], "is no URL"),
        (["listen", "--port", "0", "--email", "me@example.com "], "white space"),
        (["replay", "missing", "--to", "http://localhost/"], "'missing' does not exist"),
        (["replay", ".", "--to", "http://localhost/", "--resign"], "--resign needs --email"),
        (["sign"], "--email"),
        (["sign", "--email", " "], "--email"),
        (["sign", "--email", EMAIL, "--example", "deliverd"], "Did you mean 'delivered'?"),
        (["sign", "--email", EMAIL, "--example", "transit", "-"], "--example excludes FILE"),
        (["listn"], "Did you mean 'listen'?"),
    ],
)
def test_errors_are_one_line(run: Run, arguments: list[str], message: str) -> None:
    """They name what is wrong; nothing is received or sent."""
    finished = run("webhook", *arguments)

    assert finished.status == 2
    assert message in finished.messages
    assert finished.messages.count("\n") == 1


def test_fields_on_a_terminal(run: Run) -> None:
    """A terminal shows whole events."""
    finished = run("webhook", "listen", "--fields", "status", terminal=80)

    assert finished.status == 2
    assert "--fields needs --json" in finished.messages


def test_a_port_in_use(run: Run) -> None:
    """The error names the port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        finished = run("webhook", "listen", "--port", str(taken.getsockname()[1]))

    assert finished.status == 2
    assert "choose another --port" in finished.messages


def test_register(
    listen: Listen, sandbox: Sandbox, environment: dict[str, str], api_key: str
) -> None:
    """The sandbox sends its webhooks while the command runs, and no longer."""
    environment["TRACKINGMORE_SANDBOX_URL"] = sandbox.base_url
    environment["TRACKINGMORE_SANDBOX_ADMIN_TOKEN"] = sandbox.admin_token
    registered: list[str] = []

    def act(_url: str) -> None:
        registered.extend(each.url for each in sandbox.webhooks.targets(api_key=api_key))
        pair = {"carrier_code": "ups", "tracking_number": "SANDBOX-TRANSIT-1H-DELIVERED"}
        sandbox.seed([pair], api_key=api_key)
        sandbox.clock.advance(3600, api_key=api_key)

    finished = listen("--json", "--register", "--count", "2", act=act)

    assert [each["status"] for each in finished.records] == ["transit", "delivered"]
    assert {each["signed_with"] for each in finished.records} == {sandbox.account.get().email}
    assert f"Sandbox: {sandbox.base_url} sends its webhooks here" in finished.messages
    assert len(registered) == 1
    assert sandbox.webhooks.targets(api_key=api_key) == []


@pytest.fixture
def url() -> Iterator[str]:
    """Yield the URL of a server that accepts each request."""
    with WebhookServer("127.0.0.1", 0, lambda _request: HTTPStatus.OK) as server:
        yield url_of(*server.address)


def exchange(url: str, head: str, body: bytes = b"") -> bytes:
    """Send bytes, and return those of the response."""
    address = (httpx2.URL(url).host, httpx2.URL(url).port or 0)
    with socket.create_connection(address) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
        connection.shutdown(socket.SHUT_WR)
        return connection.makefile("rb").read()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("GET / HTTP/1.1", 200),
        ("HEAD / HTTP/1.1", 200),
        ("PUT / HTTP/1.1", 501),
        ("POST / HTTP/1.1", 411),
        ("POST / HTTP/1.1\nContent-Length: -1", 411),
        (f"POST / HTTP/1.1\nContent-Length: {MAX_BODY_SIZE + 1}", 413),
        (f"POST / HTTP/1.1\nContent-Length: {'9' * 5000}", 413),
        (f"POST / HTTP/1.1\nContent-Length: {'0' * 5000}", 200),
        (f"POST /{'x' * 70_000} HTTP/1.1", 414),
        ("POST / HTTP/1.1" + "\nX: y" * 200, 431),
    ],
)
def test_limits_of_the_server(url: str, head: str, status: int) -> None:
    """Nothing that a request has is read without a limit."""
    assert exchange(url, head).startswith(f"HTTP/1.1 {status} ".encode())


def test_an_incomplete_body_is_not_received(url: str) -> None:
    """The connection is closed without a response."""
    assert exchange(url, "POST / HTTP/1.1\nContent-Length: 9", b"{}") == b""


def test_a_slow_client_is_disconnected() -> None:
    """However slowly it sends, also within the head."""
    with (
        WebhookServer("127.0.0.1", 0, lambda _request: HTTPStatus.OK, seconds=0.01) as server,
        socket.create_connection(server.address, timeout=10) as connection,
        suppress(ConnectionError),  # The server may have closed it already.
    ):
        connection.sendall(b"POST / HTTP/1.1\r\nX: ")

        assert connection.recv(1) == b""


def test_too_many_connections() -> None:
    """Further ones are closed at once."""
    with (
        WebhookServer("127.0.0.1", 0, lambda _request: HTTPStatus.OK) as server,
        ExitStack() as connections,
    ):
        for _ in range(MAX_CONNECTIONS):
            connections.enter_context(socket.create_connection(server.address))
        last = connections.enter_context(socket.create_connection(server.address))

        assert last.recv(1) == b""


def test_what_cannot_be_kept_is_not_accepted(tmp_path: Path) -> None:
    """The sender retries it."""
    (tmp_path / "file").touch()
    receiver = Receiver(folder=tmp_path / "file" / "kept")

    assert receiver.receive(WebhookRequest(body=example())) == 500
    receiver.stop()
    assert list(receiver.arrivals()) == []


def test_a_full_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the output is not read, the sender retries."""
    monkeypatch.setattr(receiver_module, "MAX_WAITING", 1)
    receiver = Receiver()

    assert [receiver.receive(WebhookRequest(body=example())) for _ in range(2)] == [200, 503]


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
def test_a_kept_request_may_be_edited(ends: str) -> None:
    """Editors change line ends."""
    message = ends.join(["POST /a b HTTP/1.1", "X-One: 1", " 2", "", "{}"])

    request = from_message(message.encode())

    assert request == WebhookRequest(path="/a b", headers=(("X-One", "1 2"),), body=b"{}")


@pytest.mark.parametrize(
    "content", ["", "GET / HTTP/1.1\n\n", "POST / HTTP/1.1\n" + "X: y\n" * 200]
)
def test_a_file_of_another_kind(content: str) -> None:
    """It is not sent."""
    with pytest.raises(ValueError, match=r"it is no kept webhook|cannot be read"):
        from_message(content.encode())


@pytest.mark.parametrize(
    ("host", "own", "expected"),
    [
        ("127.0.0.1", ["10.0.0.2"], "from this machine only"),
        ("::1", [], "from this machine only"),
        ("10.0.0.2", [], "from the networks of this address"),
        ("0.0.0.0", ["10.0.0.2"], "and from its networks as http://10.0.0.2:80/"),  # noqa: S104 - text
        ("::", ["2001:db8::2"], "and from its networks as http://[2001:db8::2]:80/"),
        ("0.0.0.0", [], "from all networks of this machine"),  # noqa: S104 - text
    ],
)
def test_reach(host: str, own: list[str], expected: str) -> None:
    """The command says which addresses can reach it."""
    assert reach_of(host, 80, own) == expected


def test_own_addresses() -> None:
    """Without a network there may be none."""
    assert "127.0.0.1" not in own_addresses()


def test_sign(run: Run, tmp_path: Path) -> None:
    """The values of a field, a whole example, or a copy of a body."""
    at = ("--email", EMAIL, "--time", "2026-03-02T12:00Z")
    (record,) = run("webhook", "sign", *at, "--json").records
    check_record(record)
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    body = tmp_path / "body.json"
    body.write_bytes(example("pickup", "2019", account_email="other@example.com"))
    copies = [
        run("webhook", "sign", *at, "--example", "pickup").output,
        run("webhook", "sign", *at, str(body)).output,
        run("webhook", "sign", *at, "-", stdin=body.read_bytes()).output,
    ]

    for copy in copies:
        event = parse(copy, account_email=EMAIL, now=now)
        assert (event.tracking.status, event.is_stale) == ("pickup", False)
    assert json.loads(copies[0])["verifyInfo"] == {
        "timeStr": record["timeStr"],
        "signature": record["signature"],
    }
    assert json.loads(copies[1])["verifyInfo"]["timeStr"] == str(record["timeStr"])


def test_signing_what_is_no_body(run: Run) -> None:
    """The error names the file."""
    finished = run("webhook", "sign", "--email", EMAIL, "-", stdin=b"[" * 100_000)

    assert finished.status == 2
    assert "the body is no JSON object" in finished.messages


@pytest.mark.parametrize("columns", [80, 120])
def test_replay_and_sign_on_a_terminal(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """A table of responses, and the fields of a signature."""
    monkeypatch.chdir(tmp_path)
    for name, content in (("1.http", to_message(WebhookRequest())), ("2.http", b"{}")):
        Path(name).write_bytes(content)
    with WebhookReceiver() as target:
        replayed = run("webhook", "replay", ".", "--to", target.url, terminal=columns)
    words = ("--email", EMAIL, "--time", "2026-03-02T12:00Z")
    signed = run("webhook", "sign", *words, terminal=columns, encoding="cp1252")

    text = re.sub(r"200 +[0-9.]+", "200     0.001", replayed.text)
    check_golden(f"webhook_replay.{columns}.txt", text)
    check_golden(f"webhook_sign.{columns}.txt", signed.text)


def test_a_closed_pipe(tmp_path: Path) -> None:
    """It ends with the next event, quietly."""
    with subprocess.Popen(  # noqa: S603 - our own code
        [*PROGRAM, "webhook", "listen", "--port", "0"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr
        assert process.stdout
        url = process.stderr.readline().split()[3].rstrip(",")
        process.stdout.close()
        post(url, example())
        errors = process.stderr.read()

    assert process.returncode == 141
    assert errors.endswith("Ctrl-C ends this.\n")
