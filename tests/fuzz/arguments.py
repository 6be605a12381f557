"""
Arguments of the client's methods: valid ones, similar ones, and any value.

`VALID` has the valid values of an argument by its name; those that are not named are free text.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

from hypothesis import strategies as st

from trackingmore_v2 import models

Strategy: TypeAlias = st.SearchStrategy[Any]

TRICKS: Final = (
    *("\uff11", "\u0661", "\u0967", "\u2160", "\xb2", "\u212a"),  # other digits and letters
    *("e\u0301", "\u0301", "\xe9", "\xdf", "\u0130"),  # several normal forms or cases
    *("\u202e", "\u200f", "\u200b", "\u2060", "\ufeff", "\xad"),  # invisible
    *("/", "\\", ".", "..", "/../", "%2F", "%2e%2E", "%", "%00", "%zz"),  # paths
    *("?", "#", "&", "=", "+", ",", ";", ":", "@", "//", "'", '"', "<", "{", "}", "[", "~", "|"),
    *(" ", "\t", "\n", "\r\n", "\x00", "\x1f", "\x7f", "\x85", "\xa0", "\u2028", "\u3000"),
    *("\ud800", "\udc00", "\ud83d\udce6", "\U0001f4e6", "\uffff", "\U0010ffff"),
)
BLANKS: Final = ("", "", "", " ", "\t", "\n", "\r\n", "\xa0", "\u3000", "\u2028")
"""Blanks that a spreadsheet leaves around a text, mostly none."""

OTHER_TYPES: Final = (
    *(b"x", bytearray(b"x"), 7.5, float("nan"), float("inf"), Decimal(7), True, 2, -1, 2**70),
    *(date(2026, 1, 1), timedelta(1), UUID(int=7), ["x", "y"], {"x": 1}, object(), "\ud800"),
)
"""Values that are invalid for every field, though JSON has a text or a number for some."""


class Failing:
    """An object whose attributes raise."""

    def __getattr__(self, name: str) -> Any:
        """Raise an unexpected error."""
        if name in {"carrier_code", "tracking_number"}:
            raise ZeroDivisionError(name)
        raise AttributeError(name)


class Argument(NamedTuple):
    """An argument, or several by name."""

    value: Any
    is_valid: bool
    """Whether it is certain to be valid."""


def with_trick(valid: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return texts with a trick inserted."""
    return st.builds(
        lambda text, trick, place: text[: place % (len(text) + 1)] + trick + text[place % 7 :],
        valid,
        st.sampled_from(TRICKS),
        st.integers(0, 30),
    )


def padded(valid: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return texts surrounded by blanks."""
    blanks = st.sampled_from(BLANKS)
    return st.builds(lambda before, text, after: before + text + after, blanks, valid, blanks)


EARLIEST: Final = datetime(1970, 1, 3)  # noqa: DTZ001 - hypothesis adds a zone
LATEST: Final = datetime(2099, 12, 30)  # noqa: DTZ001 - the same
zones = st.one_of(
    st.just(UTC),
    st.timezones(),
    st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(timezone),
)
times = st.datetimes(EARLIEST, LATEST, timezones=zones)
tricky = st.lists(st.sampled_from([*TRICKS, "a", "Z", "7", "-"]), max_size=5).map("".join)
texts = st.text(max_size=8) | tricky.filter(lambda text: text.isascii())
codes = st.from_regex(r"[0-9A-Za-z_-]{1,12}", fullmatch=True)
numbers = st.from_regex(r"[0-9A-Za-z_-]{5,20}", fullmatch=True)
orders = st.text(min_size=1, max_size=8).filter(lambda text: "," not in text)
air_waybill_numbers = st.builds(
    lambda prefix, serial, dash, has_check: (
        f"{prefix:03}{dash}{serial:07}{serial % 7 if has_check else ''}"
    ),
    st.integers(0, 999),
    st.integers(0, 9_999_999),
    st.sampled_from(["-", " ", ""]),
    st.booleans(),
)

anything: Strategy = st.one_of(
    st.none(),
    *map(st.from_type, (bool, float, bytes, complex, Decimal, UUID)),
    *map(st.from_type, (datetime, date, time, timedelta)),
    st.integers(-3, 12),
    st.sampled_from([2**31, 2**53 + 1, 2**64, -(2**64), 10**400]),
    st.text(max_size=6),
    tricky,
    st.datetimes(timezones=st.timezones()),
    st.sampled_from([*models.TrackingStatus, *models.SettableStatus, *models.ArchivedText]),
    st.sampled_from([object(), Failing(), type, len, ..., NotImplemented, Decimal("NaN")]),
    st.lists(st.text(max_size=3) | st.none() | st.integers(), max_size=3),
    st.frozensets(st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.tuples(codes, numbers),
    st.builds(models.TrackingKey, carrier_code=codes, tracking_number=numbers),
)

REQUIRED_TEXTS: Final = ("country", "postcode", "original", "destination")
VALID: Final[Mapping[str, Strategy]] = MappingProxyType(
    {
        "carrier_code": padded(codes),
        "to": padded(codes),
        "tracking_number": padded(numbers),
        "lang": st.from_regex(r"[A-Za-z]{2}", fullmatch=True),
        "auto_correct": st.integers(0, 1),
        "status": st.sampled_from([*models.SettableStatus, *models.SettableStatusText, 4, "8"]),
        "archived": st.booleans(),
        **dict.fromkeys(REQUIRED_TEXTS, texts.filter(bool)),
        "page_size": st.integers(1, 2_000),
        "prefetch": st.booleans(),
    }
)
NEVER_NONE: Final = frozenset(
    ("carrier_code", "to", "tracking_number", "prefetch", *REQUIRED_TEXTS)
)
"""Arguments for which None is invalid; for others it means that nothing is given."""

SIMILAR: Final[Mapping[str, Strategy]] = MappingProxyType(
    {
        "auto_correct": st.sampled_from([2, -1, True, 1.0, "1"]),
        "status": st.sampled_from(["DELIVERED", 5, "9", 4.0, True, *models.TrackingStatus]),
        "archived": st.sampled_from(["true", 1, "yes", *models.ArchivedText]),
        **dict.fromkeys(REQUIRED_TEXTS, st.just("")),
        "page_size": st.sampled_from([0, -1, 2_001, True, 10.0, "10", 10**400]),
        "prefetch": st.sampled_from([0, 1, "yes"]),
    }
)


def valid_value(name: str) -> Strategy:
    """Return valid values of an argument."""
    values = VALID.get(name, texts)
    return values if name in NEVER_NONE else values | st.none()


def odd_value(name: str) -> Strategy:
    """Return values similar to valid ones, and any others."""
    similar = SIMILAR[name] if name in SIMILAR else with_trick(VALID.get(name, texts))
    return similar | similar | tricky | anything


@st.composite
def arguments(draw: st.DrawFn, required: Sequence[str], optional: Sequence[str]) -> Argument:
    """Return arguments by name, all valid but perhaps one."""
    names = [*required]
    if optional:
        names += draw(st.just(optional) | st.lists(st.sampled_from(optional), unique=True))
    odd = draw(st.sampled_from([None, None, *names])) if names else None
    values = {name: draw(odd_value(name) if name == odd else valid_value(name)) for name in names}
    return Argument(values, odd is None)


@st.composite
def time_windows(draw: st.DrawFn, *names: str) -> Argument:
    """Return the times after and before which events were, all valid but perhaps one."""
    values: dict[str, Any] = {}
    for name in names:
        after, before = sorted((draw(times), draw(times)), key=datetime.timestamp)
        bounds = {f"{name}_after": after, f"{name}_before": before}
        chosen = draw(st.sampled_from([(), *((bound,) for bound in bounds), tuple(bounds)]))
        values |= {bound: bounds[bound] for bound in chosen}
    odd = draw(st.sampled_from([None, None, *values])) if values else None
    if odd:
        values[odd] = draw(st.datetimes(timezones=st.none() | zones) | anything)
    return Argument(values, odd is None)


@st.composite
def many(draw: st.DrawFn, one: st.SearchStrategy[Argument], like: Any) -> list[Argument]:
    """
    Return items of one kind, a few odd ones among them, often more than fit into one call.

    Args:
        draw: Draws from a strategy.
        one: The item.
        like: Returns the valid item of a number.
    """
    odd = anything.map(lambda value: Argument(value, is_valid=False))
    some = draw(st.lists(one | odd, max_size=5))
    count = draw(st.sampled_from([0, 0, 0, 1, 38, 41, 201]))
    place = draw(st.integers(0, 5))
    plain = [Argument(like(number), is_valid=True) for number in range(count)]
    return [*some[:place], *plain, *some[place:]]
