"""Kill a sandbox while it writes, and see what it remembers."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import httpx2

from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY

COMMAND = (
    *(sys.executable, "-c", "from trackingmore_v2_cli import main; main()"),
    *("sandbox", "--port", "0", "--database"),
)
CONNECTIONS = 4
CARRIER = "china-post"


class Outcome(NamedTuple):
    """What became of the parcels of all rounds."""

    acknowledged: int
    lost: int
    """Acknowledged, and not there afterwards."""

    unacknowledged: int
    """There without an answer: the sandbox was killed before it could give one."""


class _Writer(threading.Thread):
    """Creates parcels on a connection of its own until the server is gone."""

    def __init__(self, base_url: str, prefix: str, told: Callable[[], None]) -> None:
        super().__init__()
        self._base_url = base_url
        self._prefix = prefix
        self._told = told
        self.acknowledged: set[str] = set()

    def run(self) -> None:
        with httpx2.Client(headers={API_KEY_HEADER: API_KEY}, trust_env=False) as http:
            try:
                for index in range(1_000_000):
                    pair = {"carrier_code": CARRIER, "tracking_number": f"{self._prefix}{index:07}"}
                    answer = http.post(f"{self._base_url}/trackings/post", json=pair).json()
                    assert answer["meta"]["code"] == 200
                    self.acknowledged.add(pair["tracking_number"])
                    self._told()
            except httpx2.TransportError:
                return


def kill_under_load(database: Path, creations: list[int]) -> Outcome:
    """
    Kill a sandbox while it creates trackings, once a round, and count what it remembers.

    Args:
        database: The file in which it keeps its state.
        creations: How many creations are acknowledged in each round before it is killed.
    """
    acknowledged: set[str] = set()
    for number, enough in enumerate(creations):
        with _Process(database) as base_url:
            reached = threading.Semaphore(0)
            writers = [
                _Writer(base_url, f"R{number:03}W{index}N", reached.release)
                for index in range(CONNECTIONS)
            ]
            for writer in writers:
                writer.start()
            for _ in range(enough):
                assert reached.acquire(timeout=60)
        for writer in writers:
            writer.join()
            acknowledged |= writer.acknowledged
    with _Process(database) as base_url:
        kept = _read_all(base_url)
    return Outcome(len(acknowledged), len(acknowledged - kept), len(kept - acknowledged))


def _read_all(base_url: str) -> set[str]:
    kept: set[str] = set()
    with httpx2.Client(headers={API_KEY_HEADER: API_KEY}, trust_env=False) as http:
        for page in range(1, 1_000):
            query = {"page": page, "limit": 2000}
            answer = http.get(f"{base_url}/trackings/get", params=query, timeout=60).json()
            if answer["meta"]["code"] != 200:
                break
            numbers = [item["tracking_number"] for item in answer["data"]["items"]]
            assert kept.isdisjoint(numbers)
            kept.update(numbers)
    return kept


class _Process:
    """A sandbox in a process of its own, which ends by being killed."""

    def __init__(self, database: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own code
            [*COMMAND, str(database)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            text=True,
        )

    def __enter__(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().removeprefix("Sandbox ready: ").strip()

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()
