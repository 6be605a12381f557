"""Air waybill numbers; tests/fuzz/test_timelines.py has the properties of any number."""

import json

import pytest

from tests.generated.examples import encoded, success
from tests.overlay.stubs import Recorder, client_of
from trackingmore_v2 import InvalidInput
from trackingmore_v2.air_waybill_numbers import normalize_air_waybill_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("172-28891936", "172-28891936"),
        ("17228891936", "172-28891936"),
        ("172 28891936", "172-28891936"),
        (" 172-28891936  ", "172-28891936"),
        ("000-00000000", "000-00000000"),
        ("172-2889193", "172-2889193"),
        ("1722889193", "172-2889193"),
        ("172 0000000", "172-0000000"),
    ],
    ids=repr,
)
def test_the_default_form(text: str, number: str) -> None:
    """However it is written, a number has one form; seven digits stay seven."""
    assert normalize_air_waybill_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "172", "72-28891936", "172-288919", "172-288919366", "172--28891936"),
        *("172_28891936", "172 - 28891936", "1 72-28891936", "172-2889 1936", "17228891936\n"),
        *("AB2-28891936", "\u0661\u0667\u0662-28891936", "\u00a0172-28891936", None, 17228891936),
    ],
    ids=repr,
)
def test_an_invalid_number_is_rejected(text: str) -> None:
    """A prefix is three digits, a serial number seven or eight."""
    with pytest.raises(InvalidInput) as caught:
        normalize_air_waybill_number(text)

    assert caught.value.field == "track_number"
    assert caught.value.index is None


@pytest.mark.parametrize(
    ("text", "digit"), [("172-28891935", 6), ("17228891930", 6), ("172 00000007", 0)]
)
def test_a_wrong_check_digit_is_rejected(text: str, digit: int) -> None:
    """The error says which digit would be right."""
    with pytest.raises(InvalidInput, match=f"must have {digit} as its check digit") as caught:
        normalize_air_waybill_number(text)

    assert caught.value.field == "track_number"


def test_a_wrong_check_digit_is_not_sent() -> None:
    """The error has its index, and nothing is sent."""
    server = Recorder()
    with pytest.raises(InvalidInput) as caught:
        client_of(server).air_waybills.track(["172-28891936", "172-28891937"])

    assert caught.value.index == 1
    assert server.requests == []


def test_what_is_no_iterable_is_named() -> None:
    """By the name of the field, like an invalid number."""
    with pytest.raises(InvalidInput, match="must be an iterable, not int") as caught:
        client_of(Recorder()).air_waybills.track(17228891936)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # that is the point

    assert caught.value.field == "track_number"


def test_numbers_are_sent_in_their_default_form() -> None:
    """Three ways to write one number are one number, under which its result is found."""
    server = Recorder(encoded(success("trackAirWaybills")))
    results = client_of(server).air_waybills.track(
        ["17228891936", "172 28891936", " 172-28891936", "172-2889193"]
    )

    assert json.loads(server.requests[0].content)["track_number"] == [
        "172-28891936",
        "172-2889193",
    ]
    assert results["172-28891936"].track_number == "172-28891936"


def test_one_number_more_than_fit_may_fit_once_repeats_are_one() -> None:
    """The contract's limit holds for what is sent."""
    server = Recorder(encoded(success("trackAirWaybills")))
    client_of(server).air_waybills.track(["17228891936", "172-28891936"] * 41)

    assert json.loads(server.requests[0].content)["track_number"] == ["172-28891936"]
