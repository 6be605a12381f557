"""
What `iter_create_many` and `iter_update_many` cost: memory and time for each item.

The server is a function in the process, with answers made beforehand. Time, of the processor, is
compared with two loops that one would write by hand over the same HTTP client, with `json` for
both directions. The bare one cuts, sends and counts; the bar is about it. The careful one gives
what this package gives, and is shown for comparison: what was there before is not sent again, and
each item has its verdict. All run in turns, and what counts is the ratio of medians.
"""

import json
import sys
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from statistics import median
from time import process_time
from typing import Any

import httpx2
import msgspec

from trackingmore_v2 import ItemResult, TrackingMore
from trackingmore_v2.types import CreateTrackingItemDict
from trackingmore_v2_api import API_KEY_HEADER, OPERATIONS

BAR_BYTES = 150.0
BAR_RATIO = 1.3
ITEMS = 200_000
TIMED = 20_000
ROUNDS = 11
KEY = "00000000-0000-4000-8000-000000000000"
URL = "http://127.0.0.1:9/v2"
BATCH = OPERATIONS["createTrackingBatch"].batch
SIZE = BATCH.max_items if BATCH else 1


def orders(count: int) -> Iterator[CreateTrackingItemDict]:
    """Yield parcels to follow, as a shop would have them."""
    for number in range(count):
        yield {
            "carrier_code": "china-ems",
            "tracking_number": f"LK{number:09}CN",
            "title": "Teapot",
            "order_id": f"#{number}",
        }


def answer(parcels: Iterable[dict[str, str]]) -> bytes:
    """Write what the server answers when it creates all of them."""
    created = [
        {
            "id": "9a2f7f1b6b1f4b0f8e0c1d2e3f405162",
            **parcel,
            "order_create_time": 0,
            "status": "pending",
            "created_at": "2026-03-01T14:14:55+08:00",
            "customer_email": None,
            "customer_name": None,
            "customer_phone": None,
            "comment": None,
            "logistics_channel": None,
            "destination": "",
        }
        for parcel in parcels
    ]
    counts = dict.fromkeys(("submitted", "added", "updated"), len(created))
    data = {**counts, "trackings": created, "errors": []}
    meta = {"code": 201, "type": "Created", "message": "The request was successful."}
    return json.dumps({"meta": meta, "data": data}).encode()


def plain(item: CreateTrackingItemDict) -> dict[str, str]:
    """Return an order as the server's own."""
    return {field: str(value) for field, value in item.items()}


def cut(items: Iterable[CreateTrackingItemDict]) -> Iterator[list[CreateTrackingItemDict]]:
    """Cut items into calls."""
    rest = iter(items)
    while some := list(islice(rest, SIZE)):
        yield some


def http_client(answers: Iterable[bytes]) -> httpx2.Client:
    """Build an HTTP client whose server gives these answers."""
    ready = iter(answers)
    return httpx2.Client(
        transport=httpx2.MockTransport(lambda _: httpx2.Response(200, content=next(ready)))
    )


def by_bare_hand(answers: list[bytes]) -> int:
    """Create the parcels as fast as one can without this package, and count them."""
    created = 0
    with http_client(answers) as client:
        for some in cut(orders(TIMED)):
            created += len(posted(client, some)["trackings"])
    return created


def by_careful_hand(answers: list[bytes]) -> int:
    """Create the parcels without this package, and note what became of each."""
    created = 0
    known: set[tuple[str, str]] = set()
    with http_client(answers) as client:
        for some in cut(unknown(orders(TIMED), known)):
            data = posted(client, some)
            verdicts = {name(new): "created" for new in data["trackings"]}
            verdicts |= {name(error): error["message"] for error in data.get("errors") or []}
            for item in some:
                if verdicts.get(name(item), "unknown") == "created":
                    created += 1
                else:
                    print("not created:", item)
    return created


def posted(client: httpx2.Client, some: list[CreateTrackingItemDict]) -> dict[str, Any]:
    """Send one call."""
    response = client.post(f"{URL}/trackings/batch", json=some, headers={API_KEY_HEADER: KEY})
    said: dict[str, Any] = response.json()
    if said["meta"]["code"] not in {200, 201}:
        raise RuntimeError(said["meta"]["message"])
    data: dict[str, Any] = said["data"]
    return data


def name(item: Mapping[str, Any]) -> tuple[str, str]:
    """Name a parcel."""
    return item["carrier_code"], item["tracking_number"]


def unknown(
    items: Iterable[CreateTrackingItemDict], known: set[tuple[str, str]]
) -> Iterator[CreateTrackingItemDict]:
    """Leave out what was there before."""
    for item in items:
        if name(item) not in known:
            known.add(name(item))
            yield item


def by_package(answers: list[bytes]) -> int:
    """Create the parcels with this package."""
    created = 0
    with TrackingMore(KEY, base_url=URL, http_client=http_client(answers)) as client:
        for outcome in client.trackings.iter_create_many(orders(TIMED)):
            if outcome.result is ItemResult.CREATED:
                created += 1
            else:
                print("not created:", outcome)
    return created


def microseconds(action: Callable[[list[bytes]], int], answers: list[bytes]) -> float:
    """Time one way of creating all parcels, for each of them."""
    start = process_time()
    if action(answers) != TIMED:
        raise RuntimeError("not all were created")
    return (process_time() - start) / TIMED * 1e6


def bytes_per_item(verb: str) -> float:
    """Return the memory that a running batch holds, for each of its distinct items."""

    def respond(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=answer(msgspec.json.decode(request.content)))

    transport = httpx2.MockTransport(respond)
    with TrackingMore(KEY, base_url=URL, http_client=httpx2.Client(transport=transport)) as client:
        process = getattr(client.trackings, verb)
        for _ in process(orders(TIMED // 10)):
            pass  # caches and lazy imports are not part of the batch
        tracemalloc.start()
        outcomes = process(orders(ITEMS))
        succeeded = sum(outcome.ok for outcome in islice(outcomes, ITEMS))
        held = tracemalloc.get_traced_memory()[0]  # while `outcomes`, and so the batch, is alive
        tracemalloc.stop()
    if succeeded != ITEMS or next(outcomes, None):
        raise RuntimeError("not all succeeded")
    return held / ITEMS


def main() -> None:
    """Measure and print; fail when a bar is missed."""
    memory = {verb: bytes_per_item(verb) for verb in ("iter_create_many", "iter_update_many")}
    for verb, held in memory.items():
        print(f"{verb}: {held:.1f} bytes held for each of {ITEMS} items (bar: at most {BAR_BYTES})")
    answers = [answer(map(plain, some)) for some in cut(orders(TIMED))]
    ways = (by_bare_hand, by_careful_hand, by_package)
    turns = [[microseconds(way, answers) for way in ways] for _ in range(ROUNDS)]
    bare, careful, package = (median(times) for times in zip(*turns, strict=True))
    print(f"{TIMED} parcels created, {SIZE} in a call, median of {ROUNDS}")
    print(f"bare loop     {bare:6.2f} us an item")
    print(f"careful loop  {careful:6.2f} us an item, ratio {package / careful:.2f}")
    print(f"this package  {package:6.2f} us an item")
    ratio = package / bare
    print(f"ratio to the bare loop {ratio:.2f} (bar: at most {BAR_RATIO})")
    sys.exit(ratio > BAR_RATIO or max(memory.values()) > BAR_BYTES)


if __name__ == "__main__":
    main()
