"""Time to decode a page with malformed fields, compared with the same page without any."""

from copy import deepcopy
from time import process_time
from typing import Any

from tests.bench.decode_page import CHECKPOINTS, TRACKINGS, encoded, page
from tests.bench.measure import Report, interleave, ratio, timed
from trackingmore_v2_api.operations.trackings.list_trackings import OPERATION

ROUNDS = 15
MALFORMED = {"unexpected": "object"}


def with_titles(numbers: range) -> bytes:
    """Return a page with a malformed title in some of the trackings."""
    response = page()
    for number in numbers:
        response["data"]["items"][number]["title"] = MALFORMED
    return encoded(response)


def with_checkpoints() -> bytes:
    """Return a page with a malformed field in every checkpoint."""
    response = page()
    for tracking in response["data"]["items"]:
        for leg in ("origin_info", "destination_info"):
            tracking[leg] = deepcopy(tracking[leg])
            for checkpoint in tracking[leg]["trackinfo"]:
                checkpoint["Details"] = MALFORMED
    return encoded(response)


def run(report: Report) -> None:
    """Measure and print."""
    middle = TRACKINGS // 2
    pages: dict[str, tuple[bytes, float | None]] = {
        "no field": (encoded(page()), None),
        "one field": (with_titles(range(middle, middle + 1)), 2.5),
        "one field of the last tracking": (with_titles(range(TRACKINGS - 1, TRACKINGS)), None),
        "one field of 1 % of the trackings": (with_titles(range(0, TRACKINGS, 100)), 2.7),
        "one field of each tracking": (with_titles(range(TRACKINGS)), 6),
        "one field of each checkpoint": (with_checkpoints(), None),
    }
    actions: dict[str, Any] = {
        name: timed(OPERATION.parse, 200, {}, body, clock=process_time)
        for name, (body, _) in pages.items()
    }
    times = interleave(ROUNDS, actions, warm_up=1)
    print(f"page of {TRACKINGS} trackings, {CHECKPOINTS} checkpoints each, median of {ROUNDS}")
    for name, values in times.items():
        report.add(f"malformed: {name}", values, "ms")
    for name, (_, bar) in pages.items():
        report.add(f"ratio: {name}", ratio(times, name, "no field"), most=bar)
