"""Hostile responses end in a typed error before they take much memory; those of the API do not."""

import json
import traceback
from collections.abc import Iterator
from typing import Any

import pytest

from tests.bench.decode_page import encoded, page
from tests.generated.examples import read, success
from tests.overlay.bombs import BOMBS
from trackingmore_v2_api import OPERATIONS, ApiRejected, ContractViolated, limits, models, salvage

SIZE = 18_000_000
"""Bytes; the large bombs are found at any size from here on."""

PACKED = {"gzip", "nested gzip"}
CHEAP = {"spaces", "endless", "unknown keys"}
IN_PROPORTION = {
    "few items, each large",
    "100,000 items, each with a repair",
    "an object in proportion to its size",
}
TEXTS = ['"', "\\", ",", "[", "]", "{", "}", '\\"', '",', "\U0001f600"]


@pytest.mark.parametrize("name", sorted(BOMBS.keys() - PACKED - CHEAP - IN_PROPORTION))
def test_a_bomb_is_not_decoded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would take many times its size in memory is found before anything is decoded."""
    decoded: list[object] = []

    def record(hint: Any) -> Any:
        decoded.append(hint)
        return salvage.decoder(hint)

    monkeypatch.setattr("trackingmore_v2_api.runtime.decoder", record)
    body = BOMBS[name].body(SIZE)
    if name == "depth":
        body *= 20
    with pytest.raises(ContractViolated, match=r"too many values|without a quotation mark"):
        OPERATIONS[BOMBS[name].operation].parse(200, {}, body)

    assert decoded == []


@pytest.mark.parametrize("name", sorted(CHEAP | IN_PROPORTION))
def test_a_bomb_that_takes_little_memory_is_a_typed_error(name: str) -> None:
    """White space, and items of some size, are decoded until the repairs are too many."""
    body = BOMBS[name].body(SIZE * 4 if name == "100,000 items, each with a repair" else SIZE)
    if name == "few items, each large":
        OPERATIONS[BOMBS[name].operation].parse(200, {}, body)
    else:
        with pytest.raises(ContractViolated):
            OPERATIONS[BOMBS[name].operation].parse(200, {}, body)


def test_an_error_is_recognised_in_a_bomb() -> None:
    """The HTTP status and the meta code count, whatever is beside them."""
    data = b"[" + b"[]," * 6_000_000 + b"[]]"
    body = b'{"meta":{"code":4016,"message":"Exists."},"data":' + data + b"}"

    with pytest.raises(ApiRejected) as rejected:
        OPERATIONS["createTracking"].parse(200, {}, body)
    with pytest.raises(ApiRejected):
        OPERATIONS["createTracking"].parse(502, {}, data)
    assert (rejected.value.code, rejected.value.message) == (4016, "Exists.")


def test_a_huge_meta_is_not_decoded() -> None:
    """The metadata of the API is short, so that what is longer than a megabyte is none of it."""
    body = b'{"meta":{"code":4016,"x":"' + b"x" * 2**20 + b'"},"data":[]}'

    with pytest.raises(ApiRejected) as rejected:
        OPERATIONS["createTracking"].parse(502, {}, body)
    assert rejected.value.code is None


def test_a_full_page_is_far_from_the_limit() -> None:
    """A page of 2,000 trackings has half the growth that is allowed, and is small besides."""
    body = encoded(page())
    growths = [limits.estimated_growth(body) for _ in range(100)]

    assert max(growths) < 0.6 * limits.MAX_GROWTH
    assert len(body) * (1 + max(growths)) < 0.3 * limits.MAX_MEMORY


def test_a_dense_part_is_found_in_a_large_body() -> None:
    """Samples are taken of all of a body, so that a part of it is enough."""
    dense = b"{}," * 4_000_000
    with pytest.raises(limits.TooExpensive):
        limits.require_affordable(b"[" + b'"abcdefghi":"abcdefghijklmnop",' * 500_000 + dense)


@pytest.mark.parametrize("text", [b"x" * 2**24, b'\\"' * 2**23], ids=["letters", "quotes"])
def test_a_huge_text_is_found(text: bytes) -> None:
    """A text of 16 MiB contains a whole block without its end; one of 7 MiB is read."""
    with pytest.raises(limits.TooExpensive):
        limits.require_affordable(b'{"a":"' + text + b'"}')
    limits.require_affordable(
        b'{"a":"' + text[: 7 * 2**20] + b'","b":"' + text[: 7 * 2**20] + b'"}'
    )


def test_100_000_unreadable_items_are_dropped() -> None:
    """As many as are counted; with one more, the response is an error and none is reported."""
    response = success("listTrackings")
    response["data"]["items"] = [0] * limits.MAX_ITEMS
    found, repairs = read("listTrackings", response)
    assert (found.data.items, len(repairs)) == ([], limits.MAX_ITEMS)

    response["data"]["items"].append(0)
    reported: list[object] = []
    with pytest.raises(ContractViolated, match="more than 100000 repairs"):
        OPERATIONS["listTrackings"].parse(
            200, {}, json.dumps(response).encode(), on_repair=reported.append
        )
    assert reported == []


def containers() -> Iterator[Any]:
    """Return arrays and objects whose items contain what separates items."""
    for count in range(1, 8):
        texts = (TEXTS * 2)[count : 2 * count]
        yield texts
        yield [texts] * count
        yield [{"a": texts, text: [text]} for text in texts]
        yield {f"{number}{text}": {"a": [texts]} for number, text in enumerate(texts)}


@pytest.mark.parametrize("indent", [None, 1])
def test_only_the_items_of_a_container_itself_are_counted(
    indent: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commas in texts, and in the containers within, separate no items."""
    monkeypatch.setattr(limits, "UNCOUNTED_COMMAS", 0)
    for value in containers():
        text = memoryview(json.dumps(value, indent=indent).encode())
        monkeypatch.setattr(limits, "MAX_ITEMS", len(value))
        assert not limits.has_too_many_items(text)
        monkeypatch.setattr(limits, "MAX_ITEMS", len(value) - 1)
        assert limits.has_too_many_items(text)


@pytest.mark.parametrize("text", [b"", b"[", b"[[[", b'{"a', b'["a\\', b"]]]", b"0", b"[1,2,,"])
def test_what_is_not_json_has_no_items(text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """The decoder finds what is wrong with it."""
    monkeypatch.setattr(limits, "UNCOUNTED_COMMAS", 0)

    assert not limits.has_too_many_items(memoryview(text))


def test_an_array_is_counted_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an array of too many items not one is opened."""
    monkeypatch.setattr(limits, "UNCOUNTED_COMMAS", 900)
    monkeypatch.setattr(limits, "MAX_ITEMS", 1_000)
    opened: list[object] = []
    keep = "trackingmore_v2_api.salvage._Repairer._keep_or_drop"
    monkeypatch.setattr(keep, lambda *found: opened.append(found))
    response = success("listTrackings")
    response["data"]["items"] = [0] * 1_001
    with pytest.raises(ContractViolated, match="repairs"):
        read("listTrackings", response)

    assert opened == []


def test_a_text_of_too_many_items_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON in a string is read instead of an array, but not if it is large."""
    response = success("getTracking")
    response["data"]["origin_info"] = {"trackinfo": json.dumps([{"Details": "Left"}] * 3)}
    found, _ = read("getTracking", response)
    monkeypatch.setattr(salvage, "MAX_ITEMS", 2)
    without, repairs = read("getTracking", response)

    assert len(found.data.origin_info.track_info) == 3
    assert without.data.origin_info.track_info is None
    assert repairs == ["$.data.origin_info.trackinfo: expected array | null, got str"]


def test_an_array_of_few_items_and_many_commas_is_repaired_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whether its items are counted makes no difference to the result."""
    response = page()
    response["data"]["items"] = response["data"]["items"][:50]
    response["data"]["items"][20]["title"] = {"a": 1}
    uncounted = read("listTrackings", response)
    monkeypatch.setattr(limits, "UNCOUNTED_COMMAS", 10)

    assert limits.may_have_many_items(memoryview(encoded(response)))
    assert read("listTrackings", response) == uncounted
    assert len(uncounted[0].data.items) == 50


BROKEN = r"\ud83d\ude00 \ud800 \ude00,\\ud800 é😀".encode() + b" \xff, "
READABLE = "😀 \ufffd \ufffd,\\ud800 é😀 \ufffd, "


def titled(title: bytes) -> bytes:
    """Return a tracking with a title."""
    response = success("getTracking")
    response["data"]["title"] = "TITLE"
    return encoded(response).replace(b"TITLE", title)


@pytest.mark.parametrize("piece", [12, 13, 15, 20, 31])
def test_characters_are_replaced_piece_by_piece(
    piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The size of a piece makes no difference, and only what is broken is replaced."""
    monkeypatch.setattr(salvage, "_PIECE", piece)
    found, _ = read("getTracking", titled(BROKEN * 20))

    assert found.data.title == READABLE * 20


@pytest.mark.parametrize(("limit", "most"), [("_MAX_REWRITTEN", 5_000), ("MAX_REPAIRS", 20)])
def test_a_text_with_many_broken_characters_is_not_rewritten(
    limit: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor a large one: it would be copied."""
    body = titled(BROKEN + b"x" * 5_000)
    read("getTracking", body)
    monkeypatch.setattr(salvage, limit, most)
    with pytest.raises(ContractViolated, match="not JSON"):
        read("getTracking", titled(BROKEN * 20 + b"x" * 5_000))


def test_an_error_holds_no_part_of_the_repair() -> None:
    """What was opened for a repair is not kept in memory by the frames of the error."""
    response = success("listTrackings")
    response["data"]["items"] = {"a": 0}
    with pytest.raises(ContractViolated) as caught:
        read("listTrackings", response)
    cause = caught.value.__cause__
    assert cause is caught.value.__context__
    assert cause
    assert cause.__context__ is None
    frames = [*traceback.extract_tb(cause.__traceback__), *traceback.extract_tb(caught.tb)]

    assert [frame for frame in frames if frame.filename.endswith("salvage.py")] == []


def test_an_error_shows_the_beginning_of_its_message() -> None:
    """A message of a megabyte is an attribute, and in no log."""
    body = json.dumps({"meta": {"code": 4012, "message": "x" * 500_000}, "data": []}).encode()
    with pytest.raises(ApiRejected) as caught:
        OPERATIONS["listTrackings"].parse(200, {}, body)

    assert len(caught.value.message) == 500_000
    assert len(str(caught.value)) < 1_200


@pytest.mark.parametrize("value", ["teleported", "x" * 40])
def test_a_new_value_takes_little_memory(value: str) -> None:
    """Its member has no attributes of its own: a page may have thousands of new values."""
    member = models.TrackingStatus(value)

    assert vars(member) == {}
    assert (member.name, member.value, type(member.value)) == (value, value, str)
