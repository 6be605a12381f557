"""
Receivers of webhooks that are killed.

The sandbox delivers under retries to a receiver with an event log in an SQLite file, whose handler
takes up to three times as long as the response waits for it. The receiver is killed at random
moments, before and after its responses, and started again. Then everything is delivered.

An event that is neither handled nor older than one of its tracking that was is forgotten. One that
is handled twice must have been handled first by a process that was killed then, before it could
record that.
"""

import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Timer
from typing import Final

from tests.reliability.receiver_process import LEASE
from tests.reliability.rows import Row, Settings
from trackingmore_v2 import TrackingMore, webhooks
from trackingmore_v2.webhooks._identity import Order, key_of, order_of
from trackingmore_v2_sandbox import Sandbox
from trackingmore_v2_sandbox.admin import views

KILLS: Final = 50
TRACKINGS: Final = 4
"""Created before each kill."""

NUMBER: Final = "SANDBOX-TRANSIT-1H-PICKUP-1H-DELIVERED_{:06}"
_LATEST: Final = 0.3
"""Maximum seconds until a receiver is killed."""

_PATIENCE: Final = 30.0
"""Seconds within which a receiver must start."""


def measure(settings: Settings) -> Iterator[Row]:
    """Kill receivers, and compare what was delivered with what was handled."""
    kills = settings.pick(KILLS, 5)
    with TemporaryDirectory() as folder, Sandbox() as sandbox:
        handled, log = Path(folder, "handled"), Path(folder, "log.sqlite3")
        killed = _deliver(sandbox, handled, log, kills, settings.seed)
        events = [webhooks.parse(each.body) for each in _deliveries(sandbox)]
        undelivered = sum(each.state != "delivered" for each in _deliveries(sandbox))
        times = _read(handled)
    handled_orders = defaultdict[str, list[Order]](list)
    for event in events:
        if key_of(event) in times:
            handled_orders[event.tracking.id].append(order_of(event))
    missing = [event for event in events if key_of(event) not in times]
    outdated = [
        event
        for event in missing
        if any(order_of(event) < order for order in handled_orders[event.tracking.id])
    ]
    forgotten = len(missing) - len(outdated)
    repeats = [processes for processes in times.values() if len(processes) > 1]
    wrong = sum(not killed.issuperset(processes[:-1]) for processes in repeats)
    name = f"receiver killed {len(killed)} times, {len(events)} events"
    yield Row(f"{name}: not delivered in the end", "0", f"{undelivered}", undelivered == 0)
    yield Row(f"{name}: forgotten", "0", f"{forgotten}", forgotten == 0)
    yield Row(
        f"{name}: older than one that was handled", "reported", f"{len(outdated)}", holds=True
    )
    yield Row(f"{name}: handled twice by processes that lived on", "0", f"{wrong}", wrong == 0)
    claim = f"{name}: handled again after the process died"
    yield Row(claim, f"≤ {len(killed)}", f"{len(repeats)}", len(repeats) <= len(killed))


def _deliver(sandbox: Sandbox, handled: Path, log: Path, kills: int, seed: int) -> set[int]:
    """Deliver while receivers are killed, and return their ids."""
    random, killed, port = Random(seed), set[int](), _free_port()  # noqa: S311 - not a secret
    sandbox.clock.freeze()
    sandbox.webhooks.add(f"http://127.0.0.1:{port}/")
    with TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        for number in range(kills):
            with _receiver(port, log, handled, number) as process:
                killer = Timer(random.uniform(0, _LATEST), process.kill)
                killer.start()
                _change(sandbox, client, number)
                killer.join()
                killed.add(process.pid)
    with _receiver(port, log, handled, kills):
        while any(each.state == "waiting" for each in _deliveries(sandbox)):
            sandbox.clock.advance(timedelta(days=1))
            time.sleep(LEASE)  # until what is in hand of a killed receiver is free
    time.sleep(LEASE)
    with _receiver(port, log, handled, kills):
        pass  # handles what is pending at its start
    return killed


def _change(sandbox: Sandbox, client: TrackingMore, number: int) -> None:
    for index in range(TRACKINGS):
        client.trackings.create("ups", NUMBER.format(TRACKINGS * number + index))
    sandbox.clock.advance(timedelta(hours=1))


@contextmanager
def _receiver(port: int, log: Path, handled: Path, seed: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a receiver, and end it in good order unless it has been killed."""
    run = [sys.executable, "-m", "tests.reliability.receiver_process"]
    process = subprocess.Popen([*run, str(port), str(log), str(handled), str(seed)])  # noqa: S603
    try:
        _wait_for(port, process)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + _PATIENCE
    while time.monotonic() < limit and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.01)
    raise TimeoutError("the receiver did not start")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _deliveries(sandbox: Sandbox) -> list[views.DeliveryView]:
    return sandbox.webhooks.deliveries(limit=1_000)


def _read(handled: Path) -> dict[str, list[int]]:
    """Return the processes that handled each event, in order."""
    times = defaultdict[str, list[int]](list)
    for line in handled.read_text().splitlines():
        key, _, process = line.partition(" ")
        times[key].append(int(process))
    return times
