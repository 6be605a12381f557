"""
Target: the parsing of responses, of every operation and with any HTTP status.

The first byte of an input selects the operation and the second one the status; the rest is the
body.
"""

import pickle
from typing import Any, Final

import msgspec

from tests.generated.examples import EXAMPLES, encoded
from trackingmore_v2 import models
from trackingmore_v2.timelines.air_waybill import air_waybill_timeline
from trackingmore_v2.timelines.parcel import timeline
from trackingmore_v2_api import OPERATIONS, ApiRejected, ContractViolated, Repair

_IDS: Final = sorted(OPERATIONS)
_STATUSES: Final = (200, 201, 204, 304, 404, 429, 502, 0)


def run(data: bytes) -> None:
    """Parse a response into a model that survives a round trip, or raise one of two errors."""
    first, second = data[:2].ljust(2, b"\0")
    operation, status = OPERATIONS[_IDS[first % len(_IDS)]], _STATUSES[second % len(_STATUSES)]
    repairs: list[Repair] = []
    try:
        response = operation.parse(status, {}, data[2:], on_repair=repairs.append)
    except (ApiRejected, ContractViolated) as error:
        _check_error(error, data[2:])
        assert not repairs
        return
    assert isinstance(response, operation.response)
    assert 200 <= status < 300
    assert response.meta.code in operation.success_codes
    assert all(repair.path.startswith("$") and repair.problem for repair in repairs)
    again = operation.parse(200, {}, msgspec.json.encode(response), on_repair=repairs.append)
    assert again == response
    _build_timelines(response.data)


def _check_error(error: ApiRejected | ContractViolated, body: bytes) -> None:
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own
    assert error.body == body


def _build_timelines(data: Any) -> None:
    match data:
        case models.Tracking() | models.RealtimeTracking():
            timeline(data)
        case models.AirWaybill():
            air_waybill_timeline(data)
        case models.TrackingPage(items=items) | list(items):
            for item in items:
                _build_timelines(item)
        case dict():  # air waybills by number
            _build_timelines(list(data.values()))


def seeds() -> list[bytes]:
    """Return the documented responses, with status 200."""
    return [
        bytes((_IDS.index(example.operation), 0)) + encoded(example.value)
        for example in EXAMPLES
        if example.part != "request" and example.operation in OPERATIONS
    ]
