"""Batches: for any responses of the server, every input item has exactly one outcome."""

import json
from typing import Any

import httpx2
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.profile import fuzzed
from tests.overlay.stubs import client_of, error_response
from trackingmore_v2 import ItemResult

carriers = st.sampled_from(["ups", "dhl", "UPS"])
numbers = st.sampled_from([f"1Z{number:05}" for number in range(60)] + ["1z00001", "ABCDE"])
pairs = st.tuples(carriers, numbers)
odd = st.none() | st.just("") | st.integers() | st.text(max_size=3)
entries = st.fixed_dictionaries(
    {},
    optional={
        "tracking_number": numbers | odd,
        "carrier_code": carriers | odd,
        "code": st.sampled_from([200, 4014, 4016, 4017, "4016"]) | odd,
        "message": odd,
        "id": odd,
        "status": st.just("pending") | odd,
        "created_at": odd,
    },
)
wrapped = st.builds(
    lambda meta, data, text: json.dumps({"meta": meta, "data": data}) if text else {"meta": meta},
    entries,
    entries | st.just([]),
    st.booleans(),
)
junk = entries | wrapped | odd
batch_data = st.fixed_dictionaries(
    {"trackings": st.lists(junk, max_size=6), "submitted": odd, "added": odd},
    optional={"errors": st.lists(junk, max_size=6) | odd, "delete": odd},
)
METHODS = ("create_many", "update_many", "delete_many", "stop_updates")


@st.composite
def responders(draw: st.DrawFn) -> Any:
    """Return a function that responds to a call, only partly correctly and in any order."""
    failing = draw(st.sampled_from([None, None, None, 4001, 4012, 429, b"<html>"]))
    extra: Any = draw(batch_data)
    share = draw(st.integers(0, 4))
    shuffled = draw(st.booleans())

    def respond(sent: list[dict[str, str]]) -> bytes:
        if failing is not None:
            return failing if isinstance(failing, bytes) else error_response(failing)
        correct: list[Any] = [
            {**one, "id": "1", "status": "pending", "created_at": "", "meta": one}
            for index, one in enumerate(sent)
            if index % 5 <= share
        ]
        mixed = [*correct, *extra["trackings"]]
        trackings = mixed[::-1] if shuffled else mixed
        data = {"submitted": 0, "added": 0, "updated": 0, "delete": 0, "change": 0}
        return json.dumps(
            {"meta": {"code": 200}, "data": {**data, **extra, "trackings": trackings}}
        ).encode()

    return respond


@fuzzed(300)
@given(
    st.sampled_from(METHODS),
    st.lists(pairs | st.just(("", "")), max_size=90),
    st.lists(responders(), min_size=1, max_size=3),
)
def test_every_item_has_one_outcome(
    method: str, given_pairs: list[tuple[str, str]], responses: list[Any]
) -> None:
    """Outcomes are in the order of the input, and each pair is sent once."""
    calls: list[list[dict[str, str]]] = []

    def serve(request: httpx2.Request) -> httpx2.Response:
        respond = responses[len(calls) % len(responses)]
        calls.append(json.loads(request.content))
        return httpx2.Response(200, content=respond(calls[-1]))

    items = [
        {"carrier_code": carrier, "tracking_number": number} for carrier, number in given_pairs
    ]
    report = getattr(client_of(serve).trackings, method)(items)

    assert [outcome.index for outcome in report] == list(range(len(items)))
    assert [outcome.item for outcome in report] == items
    assert sum(report.counts.values()) + len(report.duplicates) == len(items)
    sent = [(one["carrier_code"], one["tracking_number"]) for call in calls for one in call]
    assert len(sent) == len(set(sent))
    for outcome, pair in zip(report, given_pairs, strict=True):
        first = given_pairs.index(pair)
        if pair == ("", ""):
            assert outcome.result is ItemResult.INVALID
            continue
        assert outcome.result is not ItemResult.INVALID
        assert outcome.duplicate_of == (None if first == outcome.index else first)
        assert outcome.result is report[first].result
        if pair not in sent:
            assert outcome.result is ItemResult.NOT_SENT
