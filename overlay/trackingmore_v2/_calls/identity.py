"""
The tracking that a call is about, and whether its response is about the same one.

Numbers are compared without regard to case and surrounding whitespace. Carriers are not compared,
since the API may correct them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, cast

from msgspec import Struct

from trackingmore_v2._config import ApiKey
from trackingmore_v2._errors import TrackingMoreError
from trackingmore_v2_api import models

_NOT_A_DIGIT: Final = re.compile(r"\D")
_IDENTIFYING_DIGITS: Final = 10
"""Digits of an air waybill number, before its check digit, which may be missing."""


class Subject(Struct, frozen=True):
    """The tracking that a call is about."""

    carrier: str
    """Code of its carrier; `""` if the call does not name it."""

    number: str

    def attach(self, error: TrackingMoreError, key: ApiKey) -> None:
        """Name the tracking in an error."""
        # A key that was passed as a number by mistake must not be in a message either.
        carrier, number = (
            "***" if text == key.reveal() else text for text in (self.carrier, self.number)
        )
        error.carrier_code, error.tracking_number = carrier or None, number


class OtherNumber(LookupError):
    """A response names another number than the call."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


def comparable(number: str) -> str:
    """Return a number as it is compared: the API may change its case."""
    return number.strip().upper()


def check_numbers(data: object, *numbers: str) -> None:
    """
    Check the numbers that the data of a response names, if it names any.

    Raises:
        OtherNumber: One of them is not among the numbers of the call.
    """
    expected = set(map(comparable, numbers))
    for named in _named_numbers(data):
        if comparable(named) not in expected:
            raise OtherNumber(named)


def check_waybills(
    data: dict[str, models.AirWaybill], numbers: Sequence[str]
) -> dict[str, models.AirWaybill]:
    """
    Return air waybills by number, if each is one of those in the call.

    Raises:
        OtherNumber: One of them is not.
    """
    expected = set(map(_identifying_digits, numbers))
    for key, waybill in data.items():
        for named in (key, waybill.track_number):
            digits = _identifying_digits(named)
            # Anything shorter is no air waybill number, so it is not another one either.
            if len(digits) == _IDENTIFYING_DIGITS and digits not in expected:
                raise OtherNumber(named)
    return data


def _named_numbers(data: object) -> Iterator[str]:
    items: object = getattr(data, "items", data)
    for each in cast("Iterable[object]", items if isinstance(items, list) else [data]):
        if isinstance(each, Mapping):
            number = cast("Mapping[str, Any]", each).get("tracking_number")
        else:
            number = getattr(each, "tracking_number", None)
        if isinstance(number, str) and number.strip():
            yield number


def _identifying_digits(number: str) -> str:
    return _NOT_A_DIGIT.sub("", number)[:_IDENTIFYING_DIGITS]
