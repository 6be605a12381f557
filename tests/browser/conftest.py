import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from . import chromium
from .visits import Receiver, Visit, visiting


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a browser; no longer than needed, as its driver keeps an event loop in this thread."""
    path = chromium.find()
    if path is None and os.environ.get("CI") == "true":
        pytest.fail(chromium.MISSING)
    if path is None:
        pytest.skip(chromium.MISSING)
    with chromium.running(path) as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Visit a fresh sandbox."""
    with visiting(browser) as visit:
        yield visit


@pytest.fixture
def inspector(visit: Visit) -> Visit:
    """Visit a fresh sandbox with the page open."""
    visit.open()
    return visit


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Answer every webhook with 200."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        """Takes what comes."""

        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_given: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Receiver(f"http://127.0.0.1:{server.server_port}/hook", bodies)
        server.shutdown()
        thread.join()
