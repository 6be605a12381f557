"""
Memory and time per item of `iter_create_many` and `iter_update_many`.

The server is a function that returns prepared responses. CPU time is compared with a loop over the
same HTTP client that sends batches and counts the results.
"""

import json
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from time import process_time
from typing import Any

import httpx2
import msgspec

from tests.bench.measure import Report, interleave, ratio
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
    """Yield items, as a shop would create them."""
    for number in range(count):
        yield {
            "carrier_code": "china-ems",
            "tracking_number": f"LK{number:09}CN",
            "title": "Teapot",
            "order_id": f"#{number}",
        }


def response_to(items: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the response when the server creates all items."""
    common = {
        "id": "9a2f7f1b6b1f4b0f8e0c1d2e3f405162",
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
    created = [{**common, **item} for item in items]
    counts = dict.fromkeys(("submitted", "added", "updated"), len(created))
    data = {**counts, "trackings": created, "errors": []}
    meta = {"code": 201, "type": "Created", "message": "The request was successful."}
    return json.dumps({"meta": meta, "data": data}).encode()


def batches(items: Iterable[CreateTrackingItemDict]) -> Iterator[list[CreateTrackingItemDict]]:
    """Yield the items of each request."""
    rest = iter(items)
    while batch := list(islice(rest, SIZE)):
        yield batch


def client_of(handler: Callable[[httpx2.Request], bytes]) -> httpx2.Client:
    """Return an HTTP client whose server is a function."""
    return httpx2.Client(
        transport=httpx2.MockTransport(
            lambda request: httpx2.Response(200, content=handler(request))
        )
    )


def post(client: httpx2.Client, batch: list[CreateTrackingItemDict]) -> dict[str, Any]:
    """Send one request."""
    response = client.post(f"{URL}/trackings/batch", json=batch, headers={API_KEY_HEADER: KEY})
    body: dict[str, dict[str, Any]] = response.json()
    if body["meta"]["code"] not in {200, 201}:
        raise RuntimeError(body["meta"]["message"])
    return body["data"]


def bare_loop(client: httpx2.Client) -> int:
    """Create the items, and count them."""
    return sum(len(post(client, batch)["trackings"]) for batch in batches(orders(TIMED)))


def package(http: httpx2.Client) -> int:
    """Create the items with this package."""
    created = 0
    with TrackingMore(KEY, base_url=URL, http_client=http) as client:
        for outcome in client.trackings.iter_create_many(orders(TIMED)):
            if outcome.result is ItemResult.CREATED:
                created += 1
            else:
                print("not created:", outcome)
    return created


def microseconds_per_item(create: Callable[[httpx2.Client], int], responses: list[bytes]) -> float:
    """Return the CPU time to create all items in one way."""
    prepared = iter(responses)
    start = process_time()
    with client_of(lambda _: next(prepared)) as http:
        if create(http) != TIMED:
            raise RuntimeError("not all were created")
    return (process_time() - start) / TIMED * 1e6


def bytes_per_item(method: str) -> float:
    """Return the memory that a running batch holds for each of its distinct items."""
    http = client_of(lambda request: response_to(msgspec.json.decode(request.content)))
    with http, TrackingMore(KEY, base_url=URL, http_client=http) as client:
        process = getattr(client.trackings, method)
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


def run(report: Report) -> None:
    """Measure and print."""
    print(f"bytes held for each of {ITEMS} items")
    for method in ("iter_create_many", "iter_update_many"):
        report.add(method, bytes_per_item(method), most=BAR_BYTES)
    responses = [response_to(batch) for batch in batches(orders(TIMED))]
    actions = {
        create.__name__: partial(microseconds_per_item, create, responses)
        for create in (bare_loop, package)
    }
    times = interleave(ROUNDS, actions)
    print(f"{TIMED} trackings created, {SIZE} in a request, us per item, median of {ROUNDS}")
    for name, values in times.items():
        report.add(name.replace("_", " "), values, "us")
    report.add("ratio to the bare loop", ratio(times, "package", "bare_loop"), most=BAR_RATIO)
