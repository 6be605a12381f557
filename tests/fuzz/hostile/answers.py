"""
The reading of answers, of every operation and under any HTTP status.

The first byte of an input chooses the operation, the second one the status; the rest is the body.
"""

import pickle
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from trackingmore_v2 import models
from trackingmore_v2.timelines.air_waybill import air_waybill_timeline
from trackingmore_v2.timelines.parcel import timeline
from trackingmore_v2_api import OPERATIONS, ApiRejected, ContractViolated, Repair

from .documents import documents
from .target import Target

IDS: Final = sorted(OPERATIONS)
STATUSES: Final = (200, 201, 204, 304, 404, 429, 502, 0)
_FIRST: Final = 5 * len(IDS)
"""A multiple of their number, so that seeds begin with characters that can be read."""


def selecting(operation: str, status: int = 200) -> bytes:
    """Return the two bytes that choose an operation and a status."""
    return bytes((_FIRST + IDS.index(operation), ord("0") + STATUSES.index(status)))


def chosen(data: bytes) -> tuple[str, int]:
    """Return the operation and the status that an input chooses."""
    first, second = data[:2].ljust(2, b"0")
    return IDS[first % len(IDS)], STATUSES[second % len(STATUSES)]


def run(data: bytes) -> None:
    """Read an answer: it gives a model, or raises one of two errors that tell what was wrong."""
    name, status = chosen(data)
    body, operation = data[2:], OPERATIONS[name]
    told: list[Repair] = []
    try:
        answer = operation.parse(status, {}, body, on_repair=told.append)
    except (ApiRejected, ContractViolated) as error:
        _check_error(error, body)
        assert not told
        return
    assert isinstance(answer, operation.response)
    assert 200 <= status < 300
    assert answer.meta.code in operation.success_codes
    assert all(repair.path.startswith("$") and repair.problem for repair in told)
    again = operation.parse(200, {}, msgspec.json.encode(answer), on_repair=told.append)
    assert again == answer, "what was read, written and read again is something else"
    _tell(answer)


def _check_error(error: ApiRejected | ContractViolated, body: bytes) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert error.body == body
    assert str(again) == str(error)


def _tell(answer: Any) -> None:
    """Build the timelines of the trackings and air waybills in a response, whatever they hold."""
    for one in _told_of(answer.data):
        if isinstance(one, models.Tracking | models.RealtimeTracking):
            timeline(one)
        elif isinstance(one, models.AirWaybill):
            air_waybill_timeline(one)


def _told_of(data: Any) -> Iterable[object]:
    match data:
        case list():
            return data
        case dict():  # air waybills by number
            return data.values()
        case models.TrackingPage():
            return data.items
    return [data]


def seeds() -> list[bytes]:
    """Return every documented answer."""
    return [
        selecting(each.operation) + each.body
        for each in documents()
        if not each.is_request and each.operation in OPERATIONS
    ]


TARGET: Final = Target(
    "answers",
    run,
    seeds,
    tokens=(
        *(b'"meta":', b'"data":', b'"code":', b'"items":', b'"trackings":', b'"errors":'),
        *(
            b'"trackinfo":',
            b'"origin_info":',
            b'"flight_info":',
            b'"status_number":',
            b'"code":200',
        ),
    ),
    share=45,
)
