"""
How long a page of 2,000 parcels takes to become models, against `json.loads` of the same bytes.

Both run in one process, in turns; what counts is the ratio of their medians.
"""

import json
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import yaml

from trackingmore_v2_api.operations.trackings.list_trackings import OPERATION

BAR = 0.6
ROUNDS = 15
PARCELS = 2_000
CHECKPOINTS = 12


def page() -> bytes:
    """Write a page as the server would, with the contract's own parcel under many numbers."""
    contract = yaml.safe_load(Path("openapi.yaml").read_text(encoding="utf-8"))
    parcel = contract["components"]["examples"]["TrackingInTransit"]["value"]["data"]
    checkpoints = parcel["origin_info"]["trackinfo"] * (CHECKPOINTS // 4)
    leg = parcel["origin_info"] | {"trackinfo": checkpoints}
    items = [
        parcel
        | {"id": f"{number:032x}", "tracking_number": f"LK{number:09}CN"}
        | {"origin_info": leg, "destination_info": leg | {"carrier_code": "usps"}}
        for number in range(PARCELS)
    ]
    data = {"page": 1, "limit": PARCELS, "total": str(PARCELS), "count": PARCELS, "items": items}
    answer = {"meta": {"code": 200, "type": "Success", "message": "Success"}, "data": data}
    return json.dumps(answer, separators=(",", ":")).replace("/", "\\/").encode()


def seconds(decode: Any, body: bytes) -> float:
    """Time one decoding."""
    start = perf_counter()
    decode(body)
    return perf_counter() - start


def main() -> None:
    """Measure and print; fail when the bar is missed."""
    body = page()
    untyped: list[float] = []
    typed: list[float] = []
    for _ in range(ROUNDS):
        untyped.append(seconds(json.loads, body))
        typed.append(seconds(lambda read: OPERATION.parse(200, {}, read), body))
    ratio = median(typed) / median(untyped)
    print(f"page of {PARCELS} parcels, {len(body) / 1e6:.1f} MB, median of {ROUNDS}")
    print(f"json.loads  {median(untyped) * 1e3:7.1f} ms")
    print(f"models      {median(typed) * 1e3:7.1f} ms")
    print(f"ratio       {ratio:7.2f}    (bar: at most {BAR})")
    sys.exit(ratio > BAR)


if __name__ == "__main__":
    main()
