"""Webhooks of four worker processes on one PostgreSQL database."""

import json
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread

import httpx2
import pytest

from tests.processes import SANDBOX, server
from tests.sandbox.databases import new_postgres_database
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY
from trackingmore_v2_sandbox.http.api_keys import account_of
from trackingmore_v2_sandbox.store.models import DeliveryRecord
from trackingmore_v2_sandbox.store.postgres import PostgresStore
from trackingmore_v2_sandbox.webhooks.outbox import attempts

WORKERS = 4
TARGETS = 4
TOKEN = "token"  # noqa: S105 - of a sandbox in this test
PATIENT = 120
"""Seconds until a test that hangs has failed."""


class CountingReceiver:
    """A receiver that counts each webhook, and calls a function once when it has half of them."""

    def __init__(self, expected: int, *, on_half: Callable[[], None]) -> None:
        self.received: Counter[tuple[str, str]] = Counter()
        self.complete = Event()
        self._expected = expected
        self._on_half = on_half
        self._lock = Lock()

    def receive(self, target: str, body: bytes) -> None:
        """Count a webhook by its target and tracking number."""
        event = target, json.loads(body)["data"]["tracking_number"]
        # Each request has a thread: without the lock, two could count past the half at once.
        with self._lock:
            is_new = event not in self.received
            self.received[event] += 1
            if is_new and len(self.received) == self._expected // 2:
                self._on_half()
            if len(self.received) == self._expected:
                self.complete.set()

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Serve HTTP on a free port, and yield the URL."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.receive(self.path, body)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Log nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
            Thread(target=http.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{http.server_port}"
            http.shutdown()


@pytest.fixture
def database_url(postgres_url: str) -> Iterator[str]:
    """Yield the URL of a new database."""
    with new_postgres_database(postgres_url) as url:
        yield url


@contextmanager
def workers(database_url: str) -> Iterator[tuple[subprocess.Popen[str], httpx2.Client]]:
    """Run a sandbox with several workers; yield its process and a client."""
    options = ("--workers", str(WORKERS), "--database", database_url, "--admin-token", TOKEN)
    with server(*SANDBOX, *options) as (process, url):
        headers = {API_KEY_HEADER: API_KEY, "X-Sandbox-Token": TOKEN}
        with httpx2.Client(headers=headers, base_url=url, timeout=PATIENT, trust_env=False) as http:
            yield process, http
        process.terminate()
        process.wait(PATIENT)


def worker_ids(process: subprocess.Popen[str]) -> list[int]:
    """Return the ids of the worker processes of a sandbox."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [each for each in map(int, children) if b"spawn_main" in command_of(each)]


def command_of(process_id: int) -> bytes:
    """Return the command line of a process."""
    return Path(f"/proc/{process_id}/cmdline").read_bytes()


def follow(http: httpx2.Client, url: str, webhooks: int) -> None:
    """Add targets, and create as many trackings as make a number of webhooks."""
    admin = f"{http.base_url.copy_with(path='/_sandbox')}"
    for number in range(TARGETS):
        http.post(f"{admin}/webhooks", json={"url": f"{url}/{number}"}).raise_for_status()
    numbers = [f"SANDBOX-DELIVERED_{number}" for number in range(webhooks // TARGETS)]
    for start in range(0, len(numbers), 40):
        batch = numbers[start : start + 40]
        pairs = [{"carrier_code": "ups", "tracking_number": number} for number in batch]
        created = http.post("trackings/batch", json=pairs).json()
        assert created["meta"]["code"] in {200, 201}, created


def all_deliveries(database_url: str) -> list[DeliveryRecord]:
    """Return the deliveries when none of them is due any more."""
    account = account_of(API_KEY)
    end = time.monotonic() + PATIENT
    with closing(PostgresStore(database_url)) as store:
        while store.next_deliveries(account):
            assert time.monotonic() < end
            time.sleep(0.02)
        return store.deliveries(account)


@pytest.mark.behaviour("delivery.workers")
def test_workers_deliver_each_webhook_once(database_url: str) -> None:
    """None twice, and none is lost."""
    webhooks = 1000
    receiver = CountingReceiver(webhooks, on_half=lambda: None)
    with receiver.serve() as url, workers(database_url) as (_, http):
        follow(http, url, webhooks)
        assert receiver.complete.wait(PATIENT)
        deliveries = all_deliveries(database_url)

    assert set(receiver.received.values()) == {1}
    assert Counter(each.state for each in deliveries) == {"delivered": webhooks}
    assert {len(attempts(each)) for each in deliveries} == {1}


@pytest.mark.behaviour("delivery.workers", "delivery.killed")
def test_killed_workers_lose_no_webhook(database_url: str) -> None:
    """Only what they were sending may come twice, which is one for each target."""
    webhooks, killed = 400, list[int]()

    def kill() -> None:
        killed.extend(worker_ids(process)[:-1])
        for each in killed:
            os.kill(each, signal.SIGKILL)

    receiver = CountingReceiver(webhooks, on_half=kill)
    with receiver.serve() as url, workers(database_url) as (process, http):
        follow(http, url, webhooks)
        assert receiver.complete.wait(PATIENT)
        deliveries = all_deliveries(database_url)

    assert len(killed) == WORKERS - 1
    assert len(receiver.received) == webhooks
    assert receiver.received.total() <= webhooks + TARGETS
    assert Counter(each.state for each in deliveries) == {"delivered": webhooks}


def test_workers_end_with_the_process_that_started_them(database_url: str) -> None:
    """Else they keep the port, and what they were sending, when that process is killed."""
    with workers(database_url) as (process, http):
        http.get("carriers").raise_for_status()
        started = worker_ids(process)
        process.kill()
        try:
            process.communicate(timeout=PATIENT)  # Until all have closed the standard output.
        finally:
            for each in started:
                with suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)

    assert len(started) == WORKERS
