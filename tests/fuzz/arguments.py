"""
What verbs are given: what is right, what only looks like it, and anything at all.

Arguments go by the names that the verbs give them. `GIVEN` says what is right for each; those that
are not named there are free text.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

from hypothesis import strategies as st

from trackingmore_v2 import models

Strategy: TypeAlias = st.SearchStrategy[Any]

TRICKS: Final = (
    *("\uff11", "\u0661", "\u0967", "\u2160", "\xb2", "\u212a"),  # digits and letters of others
    *("e\u0301", "\u0301", "\xe9", "\xdf", "\u0130"),  # what has two spellings, or two cases
    *("\u202e", "\u200f", "\u200b", "\u2060", "\ufeff", "\xad"),  # what nobody sees
    *("/", "\\", ".", "..", "/../", "%2F", "%2e%2E", "%", "%00", "%zz"),  # what leads elsewhere
    *("?", "#", "&", "=", "+", ",", ";", ":", "@", "//", "'", '"', "<", "{", "}", "[", "~", "|"),
    *(" ", "\t", "\n", "\r\n", "\x00", "\x1f", "\x7f", "\x85", "\xa0", "\u2028", "\u3000"),
    *("\ud800", "\udc00", "\ud83d\udce6", "\U0001f4e6", "\uffff", "\U0010ffff"),
)
BLANKS: Final = ("", "", "", " ", "\t", "\n", "\r\n", "\xa0", "\u3000", "\u2028")
"""What a spreadsheet leaves around a text, most of the time nothing."""


OTHER_TYPES: Final = (
    *(b"x", bytearray(b"x"), 7.5, float("nan"), float("inf"), Decimal(7), True, 2, -1, 2**70),
    *(date(2026, 1, 1), timedelta(1), UUID(int=7), ["x"], {"x": 1}, object(), "\ud800"),
)
"""Values that are right for no field, though JSON has a text or a number for some."""


class Odd:
    """Something that is nothing of the kind, and hurts when it is looked at."""

    def __getattr__(self, name: str) -> Any:
        """Raise what nobody expects."""
        if name in {"carrier_code", "tracking_number"}:
            raise ZeroDivisionError(name)
        raise AttributeError(name)


def spoilt(right: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Store a trick into a text."""
    return st.builds(
        lambda text, trick, place: text[: place % (len(text) + 1)] + trick + text[place % 7 :],
        right,
        st.sampled_from(TRICKS),
        st.integers(0, 30),
    )


def padded(right: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Surround a text with blanks."""
    blanks = st.sampled_from(BLANKS)
    return st.builds(lambda before, text, after: before + text + after, blanks, right, blanks)


def _airline_numbers() -> st.SearchStrategy[str]:
    """Return air waybill numbers whose check digit is right, in every way to write one."""
    return st.builds(
        lambda prefix, serial, dash, has_check: (
            f"{prefix:03}{dash}{serial:07}{serial % 7 if has_check else ''}"
        ),
        st.integers(0, 999),
        st.integers(0, 9_999_999),
        st.sampled_from(["-", " ", ""]),
        st.booleans(),
    )


EARLIEST: Final = datetime(1970, 1, 3)  # noqa: DTZ001 - hypothesis adds a zone
LATEST: Final = datetime(2099, 12, 30)  # noqa: DTZ001 - the same
zones = st.one_of(
    st.just(UTC),
    st.timezones(),
    st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(timezone),
)
moments = st.datetimes(EARLIEST, LATEST, timezones=zones)
tricky = st.lists(st.sampled_from([*TRICKS, "a", "Z", "7", "-"]), max_size=5).map("".join)
texts = st.text(max_size=8) | tricky.filter(lambda text: text.isascii())
codes = st.from_regex(r"[0-9A-Za-z_-]{1,12}", fullmatch=True)
numbers = st.from_regex(r"[0-9A-Za-z_-]{5,20}", fullmatch=True)
languages = st.from_regex(r"[A-Za-z]{2}", fullmatch=True)
airline_numbers = _airline_numbers()
orders = st.text(min_size=1, max_size=8).filter(lambda text: "," not in text)

anything: Strategy = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 12),
    st.sampled_from([2**31, 2**53 + 1, 2**64, -(2**64), 10**400]),
    st.floats(),
    st.text(max_size=6),
    tricky,
    st.binary(max_size=8),
    st.datetimes(),
    st.datetimes(timezones=st.timezones()),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.decimals(),
    st.uuids(),
    st.complex_numbers(),
    st.sampled_from([*models.TrackingStatus, *models.SettableStatus, *models.ArchivedText]),
    st.sampled_from([object(), Odd(), type, len, ..., NotImplemented, Decimal("NaN")]),
    st.lists(st.text(max_size=3) | st.none() | st.integers(), max_size=3),
    st.frozensets(st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.tuples(codes, numbers),
    st.builds(models.TrackingKey, carrier_code=codes, tracking_number=numbers),
)

GIVEN: Final[Mapping[str, Strategy]] = MappingProxyType(
    {
        "carrier_code": padded(codes),
        "to": padded(codes),
        "tracking_number": padded(numbers),
        "lang": languages,
        "auto_correct": st.integers(0, 1),
        "status": st.sampled_from([*models.SettableStatus, *models.SettableStatusText, 4, "8"]),
        "archived": st.booleans(),
        "country": texts.filter(bool),
        "postcode": texts.filter(bool),
        "original": texts.filter(bool),
        "destination": texts.filter(bool),
        "page_size": st.integers(1, 2_000),
        "prefetch": st.booleans(),
    }
)
NEVER_NONE: Final = frozenset(
    (
        *("carrier_code", "to", "tracking_number", "country", "postcode", "original"),
        *("destination", "prefetch"),
    )
)
"""For each other argument None stands for nothing."""

LOOKALIKES: Final[Mapping[str, Strategy]] = MappingProxyType(
    {
        "auto_correct": st.sampled_from([2, -1, True, 1.0, "1"]),
        "status": st.sampled_from(["DELIVERED", 5, "9", 4.0, True, *models.TrackingStatus]),
        "archived": st.sampled_from(["true", 1, "yes", *models.ArchivedText]),
        "country": st.just(""),
        "postcode": st.just(""),
        "original": st.just(""),
        "destination": st.just(""),
        "page_size": st.sampled_from([0, -1, 2_001, True, 10.0, "10", 10**400]),
        "prefetch": st.sampled_from([0, 1, "yes"]),
    }
)


class Argument(NamedTuple):
    """An argument, and whether it is right for sure."""

    value: Any
    is_right: bool


class Arguments(NamedTuple):
    """The arguments of one verb, by name."""

    values: Mapping[str, Any]
    are_right: bool


def right(name: str) -> Strategy:
    """Return what is right for an argument."""
    given = GIVEN.get(name, texts)
    return given if name in NEVER_NONE else given | st.none()


def wrong(name: str) -> Strategy:
    """Return what looks like it, and anything."""
    given = GIVEN.get(name, texts)
    lookalike = LOOKALIKES[name] if name in LOOKALIKES else spoilt(given)
    return lookalike | lookalike | tricky | anything


@st.composite
def arguments(draw: st.DrawFn, needed: Sequence[str], optional: Sequence[str]) -> Arguments:
    """Return arguments that are right, but for one of them perhaps."""
    names = [*needed]
    if optional:
        names += draw(st.just(optional) | st.lists(st.sampled_from(optional), unique=True))
    odd = draw(st.sampled_from([None, None, *names])) if names else None
    values = {name: draw(wrong(name) if name == odd else right(name)) for name in names}
    return Arguments(values, odd is None)


@st.composite
def moments_in_order(draw: st.DrawFn, *names: str) -> Arguments:
    """Return times after and before which something was, right but for one of them perhaps."""
    values: dict[str, Any] = {}
    for name in names:
        after, before = draw(moments), draw(moments)
        chosen = draw(st.sampled_from(["", "after", "before", "both"]))
        if chosen in {"after", "both"}:
            values[f"{name}_after"] = min(after, before, key=datetime.timestamp)
        if chosen in {"before", "both"}:
            values[f"{name}_before"] = max(after, before, key=datetime.timestamp)
    odd = draw(st.sampled_from([None, None, *values])) if values else None
    if odd:
        values[odd] = draw(st.datetimes(timezones=st.none() | zones) | anything)
    return Arguments(values, odd is None)


def item(needed: Sequence[str], optional: Sequence[str]) -> st.SearchStrategy[Argument]:
    """Return an item of many, as a dict."""
    return arguments(needed, optional).map(lambda given: Argument(given.values, given.are_right))


@st.composite
def many(draw: st.DrawFn, one: st.SearchStrategy[Argument], like: Any) -> list[Argument]:
    """
    Return items of one kind, some odd ones among them, often more than one call takes.

    Args:
        draw: Draws from a strategy.
        one: An item.
        like: Gives the item of a number that is right, each another one.
    """
    odd = anything.map(lambda value: Argument(value, is_right=False))
    some = draw(st.lists(one | odd, max_size=5))
    count = draw(st.sampled_from([0, 0, 0, 1, 38, 41, 201]))
    place = draw(st.integers(0, 5))
    plain = [Argument(like(number), is_right=True) for number in range(count)]
    return [*some[:place], *plain, *some[place:]]
