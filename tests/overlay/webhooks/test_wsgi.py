"""The WSGI app: bodies in parts, what continues after the response, and a real server."""

import threading
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from wsgiref.util import shift_path_info
from wsgiref.validate import validator

import pytest

from tests.overlay.webhooks.app_drivers import (
    BODY,
    SHORT,
    TIMEOUT,
    TOKEN,
    Request,
    WatchedLog,
    call_wsgi,
    environ_of,
    join_handlers,
)
from tests.overlay.webhooks.servers import exchange, head, serve_wsgi
from trackingmore_v2.webhooks import MAX_BODY_SIZE, WebhookEvent
from trackingmore_v2.webhooks.wsgi import WebhookApp

LENGTH = len(BODY)


class Input:
    """The input of a request, which returns a few bytes at once."""

    def __init__(self, content: bytes, step: int = 2**20) -> None:
        self._content, self._step = BytesIO(content), step
        self.read_bytes = 0

    def read(self, size: int) -> bytes:
        """Return the next bytes; servers differ in what they do without a size."""
        part = self._content.read(min(size, self._step))
        self.read_bytes += len(part)
        return part


class BrokenInput(Input):
    """The input of a request whose client leaves."""

    def read(self, size: int) -> bytes:
        """Return some bytes, and fail after them."""
        if part := super().read(size):
            return part
        raise BrokenPipeError


@pytest.mark.parametrize(
    ("content", "variables", "status"),
    [
        pytest.param(Input(BODY, 1), {"CONTENT_LENGTH": str(LENGTH)}, 200, id="bytes"),
        pytest.param(Input(BODY * 2), {"CONTENT_LENGTH": str(LENGTH)}, 200, id="longer"),
        pytest.param(Input(BODY), {"CONTENT_LENGTH": str(LENGTH + 1)}, 400, id="shorter"),
        pytest.param(BrokenInput(b""), {"CONTENT_LENGTH": str(LENGTH)}, 400, id="gone at once"),
        pytest.param(BrokenInput(BODY), {"CONTENT_LENGTH": str(LENGTH + 1)}, 400, id="gone"),
        pytest.param(
            Input(BODY), {"CONTENT_LENGTH": "0" * 5_000 + str(LENGTH)}, 200, id="many zeros"
        ),
        pytest.param(Input(BODY), {"CONTENT_LENGTH": ""}, 400, id="no length"),
        pytest.param(Input(BODY), {"CONTENT_LENGTH": "x"}, 400, id="no number"),
        pytest.param(Input(BODY), {"CONTENT_LENGTH": "-1"}, 400, id="negative"),
        pytest.param(Input(BODY, 1), {"wsgi.input_terminated": True}, 200, id="chunked"),
        pytest.param(
            BrokenInput(BODY), {"wsgi.input_terminated": True}, 400, id="chunked, and gone"
        ),
        pytest.param(
            Input(b" " * 2**24), {"wsgi.input_terminated": True}, 413, id="chunked, too large"
        ),
        pytest.param(
            Input(BODY * 2),
            {"wsgi.input_terminated": True, "CONTENT_LENGTH": str(LENGTH)},
            200,
            id="both",
        ),
    ],
)
def test_bodies(content: Input, variables: dict[str, Any], status: int) -> None:
    """No more is read than announced and allowed, and an incomplete webhook is not handled."""
    handled: list[WebhookEvent] = []
    environ = environ_of(Request(body=BODY))
    del environ["CONTENT_LENGTH"]

    response = call_wsgi(WebhookApp(handled.append), environ | {"wsgi.input": content} | variables)

    assert (response.status, len(handled)) == (status, status == 200)
    assert content.read_bytes <= MAX_BODY_SIZE + 1


def test_what_is_announced_as_too_large_is_not_read() -> None:
    """The response does not wait for the body."""
    content = Input(b"x" * 10)
    environ = environ_of(Request()) | {"CONTENT_LENGTH": str(MAX_BODY_SIZE + 1)}

    assert call_wsgi(WebhookApp(print), environ | {"wsgi.input": content}).status == 413
    assert content.read_bytes == 0


def test_work_continues_after_the_time_limit() -> None:
    """The response is sent while the handler is running, and the event is done at its end."""
    log, may_end = WatchedLog(), threading.Event()

    def handle(_event: WebhookEvent) -> None:
        assert may_end.wait(TIMEOUT)

    response = call_wsgi(WebhookApp(handle, log=log, timeout=SHORT), environ_of(Request(body=BODY)))

    assert (response.status, log.calls) == (200, ["claim"])
    may_end.set()
    assert log.has_ended.wait(TIMEOUT)
    assert log.calls == ["claim", "done"]


@pytest.mark.parametrize(("after_timeout", "status"), [("continue", 200), ("cancel", 500)])
def test_work_that_fails_after_the_time_limit_is_pending(
    after_timeout: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    """An accepted event is not forgotten, and one that is not accepted can be claimed again."""
    log, may_fail = WatchedLog(), threading.Event()

    def handle(_event: WebhookEvent) -> None:
        assert may_fail.wait(TIMEOUT)
        raise ValueError

    app = WebhookApp(handle, log=log, timeout=SHORT, after_timeout=after_timeout)  # type: ignore[arg-type]  # parametrized
    assert call_wsgi(app, environ_of(Request(body=BODY))).status == status
    may_fail.set()
    join_handlers()

    assert len(list(log.pending())) == 1
    assert "handling failed after the response: ValueError" in caplog.text


def test_a_time_limit_of_centuries() -> None:
    """It exceeds what a lock can wait for."""
    is_released = threading.Event()
    app = WebhookApp(lambda _event: is_released.wait(TIMEOUT), timeout=1e12)
    threading.Timer(SHORT, is_released.set).start()

    assert call_wsgi(app, environ_of(Request(body=BODY))).status == 200


def test_an_event_is_released_if_there_is_no_thread_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Handlers that continue may be more than the process can have threads."""

    def start(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    log = WatchedLog()

    response = call_wsgi(WebhookApp(print, log=log), environ_of(Request(body=BODY)))

    assert (response.status, log.calls) == (500, ["claim", "release"])


def test_the_protocol_is_kept() -> None:
    """The app is valid WSGI by the checks of the standard library."""
    app: Any = validator(WebhookApp(print, respond_to_get=True))
    for request in (Request(body=BODY), Request(method="GET"), Request(path="/other")):
        started: list[Any] = []

        def start_response(status: str, headers: Any, exc_info: Any = None) -> Any:
            started.append((status, headers, exc_info))  # noqa: B023 - called at once
            return print

        result = app(environ_of(request), start_response)
        assert b"".join(result)
        result.close()
        assert len(started) == 1


@pytest.mark.parametrize(
    ("path", "status"), [(f"/hooks/{TOKEN}", 200), (f"/hooks/hooks/{TOKEN}", 404), ("/hooks", 404)]
)
def test_mounted(path: str, status: int) -> None:
    """The token follows the mount point."""
    environ = environ_of(Request(body=BODY, path=path))

    assert shift_path_info(environ) == "hooks"
    assert call_wsgi(WebhookApp(print, token=TOKEN), environ).status == status


@pytest.fixture
def served() -> Iterator[tuple[int, list[WebhookEvent]]]:
    """Return the port of an app, and the events that it handles."""
    handled: list[WebhookEvent] = []
    with serve_wsgi(WebhookApp(handled.append)) as port:
        yield port, handled


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        pytest.param([head(f"Content-Length: {LENGTH}"), BODY], 200, id="whole"),
        pytest.param(
            [head(f"Content-Length: {LENGTH}"), *(bytes([byte]) for byte in BODY)], 200, id="bytes"
        ),
        pytest.param([head(f"Content-Length: {2**40}")], 413, id="announced"),
        pytest.param([head(f"Content-Length: {LENGTH + 1}"), BODY], 400, id="shorter"),
        # Without the chunks, since the server resets a connection with bytes that it has not read.
        pytest.param([head("Transfer-Encoding: chunked")], 400, id="chunked"),
        pytest.param([head()], 400, id="without a body"),
    ],
)
def test_what_arrives_at_a_server(
    served: tuple[int, list[WebhookEvent]], parts: list[bytes], status: int
) -> None:
    """A webhook is handled if it arrived completely; this server knows no chunks."""
    port, handled = served

    received = exchange(port, *parts, leave=status == 400)

    assert received.split()[1] == str(status).encode()
    assert len(handled) == (status == 200)
