"""Time to decode a page of 2,000 trackings to models, compared with `json.loads`."""

import json
from itertools import cycle, islice
from pathlib import Path
from time import process_time
from typing import Any

import yaml

from tests.bench.measure import Report, interleave, ratio, timed
from trackingmore_v2_api.operations.trackings.list_trackings import OPERATION

BAR = 0.33
ROUNDS = 15
TRACKINGS = 2_000
CHECKPOINTS = 13


def page() -> dict[str, Any]:
    """Return a page of the contract's example under many numbers."""
    contract = yaml.safe_load(Path("openapi.yaml").read_text(encoding="utf-8"))
    tracking = contract["components"]["examples"]["TrackingInTransit"]["value"]["data"]
    leg = tracking["origin_info"]
    checkpoints = list(islice(cycle(leg["trackinfo"]), CHECKPOINTS))
    half = CHECKPOINTS // 2
    items = [
        tracking
        | {"id": f"{number:032x}", "tracking_number": f"LK{number:09}CN"}
        | {"origin_info": leg | {"trackinfo": checkpoints[half:]}}
        | {"destination_info": leg | {"carrier_code": "usps", "trackinfo": checkpoints[:half]}}
        for number in range(TRACKINGS)
    ]
    count = len(items)
    data = {"page": 1, "limit": count, "total": str(count), "count": count, "items": items}
    return {"meta": {"code": 200, "type": "Success", "message": "Success"}, "data": data}


def encoded(response: dict[str, Any]) -> bytes:
    """Return a response as the server writes it."""
    return json.dumps(response, separators=(",", ":")).replace("/", "\\/").encode()


def run(report: Report) -> None:
    """Measure and print."""
    body = encoded(page())
    actions = {
        "json.loads": timed(json.loads, body, clock=process_time),
        "models": timed(OPERATION.parse, 200, {}, body, clock=process_time),
    }
    times = interleave(ROUNDS, actions)
    print(f"page of {TRACKINGS} trackings, {len(body) / 1e6:.1f} MB, median of {ROUNDS}")
    for name, values in times.items():
        report.add(name, values, "ms")
    report.add("ratio", ratio(times, "models", "json.loads"), most=BAR)
