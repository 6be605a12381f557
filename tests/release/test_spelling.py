"""Types and values of a description are spelled the same on every Python version."""

import collections.abc
import typing
from typing import Annotated, Any, Literal, Optional, Union

import pytest

from release.api_diff.spelling import alternatives, spell_type, spell_value
from release.changes import Impact


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (Optional[int], "int | None"),  # noqa: UP045 - an older spelling
        (None | int, "int | None"),
        (Union[int, None, str], "int | str | None"),  # noqa: UP007 - likewise
        (typing.Callable[[int], str], "Callable[[int], str]"),
        (collections.abc.Callable[..., str], "Callable[..., str]"),
        (typing.List[int], "list[int]"),  # noqa: UP006 - likewise
        (typing.Mapping[str, Any], "Mapping[str, Any]"),
        (Annotated[int, "unit"], "int"),
        (Literal["a", 1], "Literal['a', 1]"),
        ("models.Tracking | None", "Tracking | None"),
        (tuple[int, ...], "tuple[int, ...]"),
    ],
)
def test_types_are_spelled_alike(annotation: object, expected: str) -> None:
    """The same type has one spelling, however it is written and on every Python version."""
    assert spell_type(annotation) == expected


def test_values_are_spelled_without_addresses() -> None:
    """A default that has no literal is spelled by its name or its kind."""
    assert spell_value(len) == "len"
    assert spell_value(object()) == "a object"
    assert spell_value(Impact.WORDING) == "Impact.WORDING"
    assert spell_value(frozenset({2, 1})) == "frozenset(1, 2)"


def test_a_union_is_split_at_its_top_level() -> None:
    """Alternatives within brackets belong to one type."""
    assert alternatives("list[int | str] | None") == ["list[int | str]", "None"]
