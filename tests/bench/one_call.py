"""Time of `trackings.get`, compared with a bare `httpx2.Client.get` and `json.loads`."""

import json

import httpx2

from tests.bench.measure import Report, interleave, ratio, timed
from trackingmore_v2 import TrackingMore
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import Sandbox

BAR = 1.12
ROUNDS = 1_350
WARM_UP = 150
TRACKING = ("china-ems", "LK664578623CN")


def run(report: Report) -> None:
    """Measure and print; both send requests to one server on loopback, over kept connections."""
    with Sandbox() as sandbox, TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        client.trackings.create(*TRACKING)
        url = f"{sandbox.base_url}/trackings/{'/'.join(TRACKING)}"
        with httpx2.Client(headers={API_KEY_HEADER: sandbox.api_key}, trust_env=False) as http:
            actions = {
                "httpx2 and json.loads": timed(lambda: json.loads(http.get(url).content)),
                "trackings.get": timed(client.trackings.get, *TRACKING),
            }
            times = interleave(ROUNDS, actions, warm_up=WARM_UP)
    print(f"one call on loopback, median of {ROUNDS}, in turns")
    for name, values in times.items():
        report.add(name, [value * 1e3 for value in values], "us")
    report.add("ratio", ratio(times, *reversed(actions)), most=BAR)
