# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Enums that accept values missing from the contract."""

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, Self


class _Open:
    """What both kinds of enums have in common."""

    _value_: Any
    _value2member_map_: dict[Any, Any]

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        # Before Python 3.11.4, members are pickled by name, and an unlisted one has none.
        return type(self), (self._value_,)

    @property
    def is_known(self) -> bool:
        """Whether the contract lists this value."""
        return self._value_ in self._value2member_map_


class OpenStrEnum(_Open, StrEnum):
    """
    A string enum that accepts new values.

    An unlisted value becomes a new member: it compares, hashes and pickles like a listed one, and
    equals the plain string.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return str.__new__(cls, value) if isinstance(value, str) else None

    if not TYPE_CHECKING:  # an attribute that no member has is an error

        def __getattr__(self, name: str) -> Any:
            # Attributes would take 400 bytes for each unlisted value, of which a page may have
            # thousands.
            if name in {"_name_", "_value_"}:
                return str.__str__(self)
            raise AttributeError(name)


class OpenIntEnum(_Open, IntEnum):
    """
    An integer enum that accepts new values.

    An unlisted value becomes a new member: it compares, hashes and pickles like a listed one, and
    equals the plain integer.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        member = int.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return member
