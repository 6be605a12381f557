"""Time to parse and verify a webhook, compared with `json.loads` of its body."""

import json
from functools import partial
from itertools import product
from time import process_time
from typing import Any

from tests.bench.measure import Report, interleave, ratio, timed
from tests.overlay.webhooks.bodies import EMAIL, KNOWN, NOW
from trackingmore_v2.webhooks import parse

BAR = 1.5
ROUNDS = 300
CALLS = 20
"""Calls in a round, since one takes no longer than some ticks of the clock."""

DELIVERED = KNOWN["trackingUpdated-request-delivered"]
BODIES: dict[str, tuple[bytes, float | None]] = {
    "as in the contract": (DELIVERED, BAR),
    "as recorded in 2017": (KNOWN["2017-delivered"], BAR),
    "an empty array for an object": (KNOWN["now-delivered"], None),
    "a field of another type": (
        DELIVERED.replace(b'"itemTimeLength": 7', b'"itemTimeLength": "7"'),
        None,
    ),
}


def repeated(act: Any, body: bytes) -> None:
    """Call a function with a body, several times."""
    for _ in range(CALLS):
        act(body)


def run(report: Report) -> None:
    """Measure and print."""
    verify = partial(parse, account_email=EMAIL, now=NOW)
    functions = {"json.loads": json.loads, "parse": verify}
    actions = {
        f"{name}: {what}": timed(repeated, act, body, clock=process_time)
        for (name, act), (what, (body, _)) in product(functions.items(), BODIES.items())
    }
    times = interleave(ROUNDS, actions, warm_up=10)
    print(f"a webhook, median of {ROUNDS} rounds of {CALLS}")
    for name, values in times.items():
        report.add(name, [value / CALLS * 1e3 for value in values], "us")
    for what, (_, bar) in BODIES.items():
        report.add(
            f"ratio: {what}", ratio(times, f"parse: {what}", f"json.loads: {what}"), most=bar
        )
