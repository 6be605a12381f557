"""
The API key and personal data.

Every public method is called with personal data, by both clients, while the sandbox injects each
fault into every request. Each error is searched for the key and for the data: its text, repr, args
and pickle, its causes, and the local variables of its traceback; so are the log of all loggers at
DEBUG, and warnings.
"""

import asyncio
import logging
import warnings
from collections.abc import Iterator
from typing import Any

from tests.overlay.personal_calls import CARRIER, DETAILS, NUMBER
from tests.overlay.test_leaks import FAULTS, Search, options
from tests.reliability.rows import Row, Settings
from trackingmore_v2 import AsyncTrackingMore, TrackingMore
from trackingmore_v2_sandbox import Sandbox


class _Log(logging.Handler):
    """Searches what is logged by others than the server, which runs in this process."""

    def __init__(self, search: Search) -> None:
        super().__init__(logging.DEBUG)
        self.records = 0
        self._search = search

    def emit(self, record: logging.LogRecord) -> None:
        """Search a record."""
        self.records += self._search.add_record(record)


def measure(settings: Settings) -> Iterator[Row]:
    """Call every method under every fault."""
    faults = FAULTS[:: settings.pick(1, 6)]
    root = logging.getLogger()
    level = root.level
    with Sandbox() as sandbox, warnings.catch_warnings(record=True) as warned:
        search = Search(sandbox.api_key)
        log = _Log(search)
        root.addHandler(log)
        root.setLevel(logging.DEBUG)
        try:
            _call(sandbox, search, faults)
            asyncio.run(_call_async(sandbox, search, faults))
        finally:
            root.removeHandler(log)
            root.setLevel(level)
        search.add_texts("warning", *(str(each.message) for each in warned))
    for leak in search.leaks:
        print(leak[:200])
    claim = f"leaks in {search.errors:,} errors and {log.records:,} records of the log"
    holds = not search.leaks and search.errors > 0 and log.records > 0
    yield Row(claim, "0", f"{len(search.leaks)}", holds)


def _settings(sandbox: Sandbox, fault: str) -> dict[str, Any]:
    return {"api_key": sandbox.api_key, "base_url": sandbox.base_url, **options(fault)}


def _call(sandbox: Sandbox, search: Search, faults: tuple[str, ...]) -> None:
    for fault in faults:
        with TrackingMore(**_settings(sandbox, fault)) as client:
            _prepare(sandbox, client)
            search.call_all(client, sandbox, fault)


async def _call_async(sandbox: Sandbox, search: Search, faults: tuple[str, ...]) -> None:
    for fault in faults:
        with TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
            _prepare(sandbox, client)
        async with AsyncTrackingMore(**_settings(sandbox, fault)) as client:
            await search.call_all_async(client, sandbox, fault)


def _prepare(sandbox: Sandbox, client: TrackingMore) -> None:
    sandbox.faults.clear()
    client.trackings.create_many([{"carrier_code": CARRIER, "tracking_number": NUMBER, **DETAILS}])
