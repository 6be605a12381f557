"""
What `trackings.get` costs on top of a bare `httpx2.Client.get` and `json.loads`.

Both talk in turns to one keep-alive server on loopback; what counts is the ratio of their medians.
"""

import json
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter

import httpx2

from trackingmore_v2 import TrackingMore
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import Sandbox

BAR = 1.15
ROUNDS = 1_500
PARCEL = ("china-ems", "LK664578623CN")


def seconds(action: Callable[[], object]) -> float:
    """Time one call."""
    start = perf_counter()
    action()
    return perf_counter() - start


def main() -> None:
    """Measure and print; fail when the bar is missed."""
    bare: list[float] = []
    ours: list[float] = []
    with Sandbox() as sandbox, TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        client.trackings.create(*PARCEL)
        url = f"{sandbox.base_url}/trackings/{'/'.join(PARCEL)}"
        headers = {API_KEY_HEADER: sandbox.api_key}
        with httpx2.Client(headers=headers, trust_env=False) as http:
            for _ in range(ROUNDS):
                bare.append(seconds(lambda: json.loads(http.get(url).content)))
                ours.append(seconds(lambda: client.trackings.get(*PARCEL)))
    ratio = median(ours[ROUNDS // 10 :]) / median(bare[ROUNDS // 10 :])
    print(f"one call on loopback, median of {ROUNDS}, in turns")
    print(f"httpx2.Client.get and json.loads  {median(bare) * 1e6:7.0f} us")
    print(f"trackings.get                     {median(ours) * 1e6:7.0f} us")
    print(f"ratio                             {ratio:7.2f}    (bar: at most {BAR})")
    sys.exit(ratio > BAR)


if __name__ == "__main__":
    main()
