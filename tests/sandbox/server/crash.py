"""Load on a sandbox that is killed while it writes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

import httpx2

from tests.processes import SANDBOX, server
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY

CONNECTIONS = 4


class Outcome(NamedTuple):
    """Numbers of trackings after all kills."""

    acknowledged: int
    lost: int
    """Acknowledged, but missing afterwards."""

    unacknowledged: int
    """Stored, but the sandbox was killed before its response arrived."""


def kill_under_load(database: Path, creations: list[int]) -> Outcome:
    """
    Kill a sandbox several times while it creates trackings, and count what it has kept.

    Args:
        database: Its SQLite file.
        creations: How many creations are acknowledged before each kill.
    """
    acknowledged: set[str] = set()
    for number, wanted in enumerate(creations):
        created: SimpleQueue[str] = SimpleQueue()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            with server(*SANDBOX, "--database", str(database)) as (_, base_url):
                prefixes = [f"R{number:03}W{index}N" for index in range(CONNECTIONS)]
                writers = [pool.submit(_create, base_url, each, created) for each in prefixes]
                acknowledged.update(created.get(timeout=60) for _ in range(wanted))
            for writer in writers:
                writer.result()
        acknowledged.update(created.get() for _ in range(created.qsize()))
    with server(*SANDBOX, "--database", str(database)) as (_, base_url):
        numbers = list(_read_all(base_url))
    kept = set(numbers)
    assert len(kept) == len(numbers)
    return Outcome(len(acknowledged), len(acknowledged - kept), len(kept - acknowledged))


def _client(base_url: str) -> httpx2.Client:
    headers = {API_KEY_HEADER: API_KEY}
    return httpx2.Client(base_url=base_url, headers=headers, timeout=60, trust_env=False)


def _create(base_url: str, prefix: str, created: "SimpleQueue[str]") -> None:
    """Create trackings on one connection until the server is gone."""
    with _client(base_url) as http, suppress(httpx2.TransportError):
        for index in count():
            pair = {"carrier_code": "china-post", "tracking_number": f"{prefix}{index:07}"}
            assert http.post("/trackings/post", json=pair).json()["meta"]["code"] == 200
            created.put(pair["tracking_number"])


def _read_all(base_url: str) -> Iterator[str]:
    with _client(base_url) as http:
        for page in count(1):
            query = {"page": page, "limit": 2000}
            response = http.get("/trackings/get", params=query).json()
            if response["meta"]["code"] != 200:
                return
            yield from (item["tracking_number"] for item in response["data"]["items"])
