"""The trackings that a logged request names."""

import json
from typing import Any

import msgspec
import pytest

from tests.sandbox.harness import PAIR, SCENARIO, AdminClient, Api
from tests.sandbox.pipeline.exchanges import MINE, exchange
from trackingmore_v2_sandbox.admin.named_trackings import (
    NamedTrackings,
    named_trackings,
    tracking_of_webhook,
)
from trackingmore_v2_sandbox.admin.serializers import exchange as serialize
from trackingmore_v2_sandbox.pipeline.request_log import BODY_BYTES, MemoryLog

POST = "/v2/trackings/post"


def named(request: bytes = b"", path: str = POST, query: str = "") -> NamedTrackings:
    """Return what a request names once it is logged; its view can be encoded as JSON."""
    log = MemoryLog()
    log.append(MINE, exchange(path=path, request=request, query=query))
    (record,) = log.since(MINE)
    msgspec.json.encode(serialize(record))
    return named_trackings(record)


def test_each_operation_names_its_trackings(api: Api) -> None:
    """In the path or in the body, alone or in a batch, over HTTP as in Python."""
    items = [{**PAIR, "tracking_number": f"RB{number:09}CN"} for number in range(5)]
    api.create()
    api.call("createTrackingBatch", items)
    api.call("updateTracking", {"title": "x"}, **PAIR)
    api.call("updateTrackingBatch", [{**items[0], "title": "x"}])
    api.call("changeCarrier", {**PAIR, "update_carrier_code": "ups"})
    api.call("stopTrackingUpdates", items[:4])
    api.call("getTracking", **PAIR)
    api.call("getLocalizedTracking", **PAIR, lang="en")
    api.call("deleteTracking", **PAIR)
    api.call("deleteTrackingBatch", items[:2])
    api.call("trackInRealtime", SCENARIO)
    api.call("detectCarrier", {"tracking_number": "RB1"})
    api.call("trackAirWaybills", {"track_number": "172-12345675"})
    api.call("listTrackings", numbers="RB1,RB2")
    api.call("listCarriers")
    page = AdminClient(api).call("GET", "/log")["items"]

    mine, batch = (
        ("china-ems", PAIR["tracking_number"]),
        [("china-ems", each["tracking_number"]) for each in items],
    )
    expected: list[tuple[list[Any], int]] = [
        ([mine], 1),
        (batch[:3], 5),
        ([mine], 1),
        (batch[:1], 1),
        ([mine], 1),
        (batch[:3], 4),
        ([mine], 1),
        ([mine], 1),
        ([mine], 1),
        (batch[:2], 2),
        ([("china-ems", SCENARIO["tracking_number"])], 1),
        ([(None, "RB1")], 1),
        ([(None, "172-12345675")], 1),
        ([(None, "RB1"), (None, "RB2")], 2),
        ([], 0),
    ]
    shown = [
        (
            [(each["carrier_code"], each["tracking_number"]) for each in row["trackings"]],
            row["trackings_total"],
        )
        for row in page
    ]
    assert shown == expected


@pytest.mark.parametrize(
    ("body", "pairs"),
    [
        (b"", []),
        (b"\xff\x00", []),
        (b"null", []),
        (b"[[[]]]", []),
        (b'"tracking_number"', []),
        (b'{"tracking_number":{"a":1}}', []),
        (b'{"tracking_number":true}', []),
        (b'{"tracking_number":""}', []),
        (b'{"tracking_number":" "}', []),
        (b'{"tracking_number":5,"carrier_code":[]}', [(None, "5")]),
        (b'{"tracking_number":["a","b",null]}', [(None, "a"), (None, "b")]),
        (b'[{"tracking_number":"a"},7,{"carrier_code":"x"}]', [(None, "a")]),
        (b'{"tracking_number":' + b"9" * 5000 + b"}", []),
        (b"[" * 50_000, []),
        (b'{"a":' * 10_000, []),
    ],
)
def test_any_body_can_be_read(body: bytes, pairs: list[Any]) -> None:
    """What is no pair is left out."""
    assert named(body) == (pairs, len(pairs))


def test_long_values_are_shortened() -> None:
    """The list of requests stays small."""
    (pair,) = named(json.dumps(dict.fromkeys(PAIR, "x" * 5000)).encode()).pairs

    assert pair == ("x" * 100, "x" * 100)


ITEM = b' {"carrier_code": "ups", "tracking_number": "RB\\ud800"} '


@pytest.mark.parametrize(
    ("start", "pairs"),
    [
        (b" [" + ITEM + b"," + ITEM + b",{", 2),
        (b"[" + b",".join([ITEM] * 10) + b",", 3),
        (b"[" + ITEM + b"]", 1),
        (b"[", 0),
        (b"{", 0),
        (b"[" * 65_000, 0),
        (b"[9,", 0),
        (b"[" + b"9" * 65_000, 0),
        (b"\xff", 0),
    ],
)
def test_of_a_cut_body_the_beginning_is_read(start: bytes, pairs: int) -> None:
    """The number of all is unknown then."""
    found = named(start + b" " * BODY_BYTES)

    assert found == ([("ups", "RB?")] * pairs, None)


def test_path_and_query_of_any_form() -> None:
    """They need not be valid either."""
    assert named(path="/v2/trackings/ups/\ud800").pairs == [("ups", "?")]
    assert named(path="/v2/trackings/ups/1/en").pairs == [("ups", "1")]
    assert named(path="/elsewhere").pairs == []
    assert named(query="numbers=%ff,,a&numbers=b&x=1").total == 3
    assert named(query="numbers=" + "a," * 1000).total == 1000


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"data":[]}', '{"data":{"tracking_number":[]}}'])
def test_a_webhook_without_a_tracking(body: str) -> None:
    """Such a body may be in a snapshot."""
    assert tracking_of_webhook(body) == (None, None)
