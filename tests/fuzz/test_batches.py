"""Whatever a server says about a batch, every item of the input has exactly one outcome."""

import json
from typing import Any

import httpx2
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.plan import fuzzed
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
answers = st.fixed_dictionaries(
    {"trackings": st.lists(junk, max_size=6), "submitted": odd, "added": odd},
    optional={"errors": st.lists(junk, max_size=6) | odd, "delete": odd},
)
VERBS = ("create_many", "update_many", "delete_many", "stop_updates")


@st.composite
def replies(draw: st.DrawFn) -> Any:
    """Return a function that answers one call: in parts truly, in any order, and with anything."""
    failing = draw(st.sampled_from([None, None, None, 4001, 4012, 429, b"<html>"]))
    extra: Any = draw(answers)
    share = draw(st.integers(0, 4))
    shuffled = draw(st.booleans())

    def reply(sent: list[dict[str, str]]) -> bytes:
        if failing is not None:
            return failing if isinstance(failing, bytes) else error_response(failing)
        true: list[Any] = [
            {**one, "id": "1", "status": "pending", "created_at": "", "meta": one}
            for index, one in enumerate(sent)
            if index % 5 <= share
        ]
        mixed = [*true, *extra["trackings"]]
        trackings = mixed[::-1] if shuffled else mixed
        data = {"submitted": 0, "added": 0, "updated": 0, "delete": 0, "change": 0}
        return json.dumps(
            {"meta": {"code": 200}, "data": {**data, **extra, "trackings": trackings}}
        ).encode()

    return reply


@fuzzed(300)
@given(
    st.sampled_from(VERBS),
    st.lists(pairs | st.just(("", "")), max_size=90),
    st.lists(replies(), min_size=1, max_size=3),
)
def test_every_item_has_one_outcome(
    verb: str, given_pairs: list[tuple[str, str]], turns: list[Any]
) -> None:
    """In the order of the input; what is sent is sent once, and nothing is created by guess."""
    calls: list[list[dict[str, str]]] = []

    def serve(request: httpx2.Request) -> httpx2.Response:
        calls.append(json.loads(request.content))
        return httpx2.Response(200, content=turns[(len(calls) - 1) % len(turns)](calls[-1]))

    items = [
        {"carrier_code": carrier, "tracking_number": number} for carrier, number in given_pairs
    ]
    report = getattr(client_of(serve).trackings, verb)(items)

    assert [outcome.index for outcome in report] == list(range(len(items)))
    assert [outcome.item for outcome in report] == items
    assert sum(report.counts.values()) == len(items)
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
