"""Enums that accept values missing from the contract."""

from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import Self, TypeVar

MAX_SHARED_LENGTH = 32
"""Characters of an unlisted value whose member is shared; no value of the contract is longer."""


T = TypeVar("T", bound="OpenStrEnum")


class OpenStrEnum(StrEnum):
    """
    A string enum that accepts new values.

    An unlisted value becomes a new member: it compares, hashes and pickles like a listed one, and
    equals the plain string.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        # A page may hold the same new value in each checkpoint, and a member takes 200 bytes.
        is_shared = len(value) <= MAX_SHARED_LENGTH
        return _shared_member(cls, value) if is_shared else _member(cls, value)

    @property
    def is_known(self) -> bool:
        """Whether the contract lists this value."""
        return self._value_ in type(self)._value2member_map_


class OpenIntEnum(IntEnum):
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

    @property
    def is_known(self) -> bool:
        """Whether the contract lists this value."""
        return self._value_ in type(self)._value2member_map_


def _member(kind: type[T], value: str) -> T:
    member = str.__new__(kind, value)
    member._name_ = value
    member._value_ = value
    return member


@lru_cache(maxsize=1_000)
def _shared_member(kind: type[T], value: str) -> T:
    return _member(kind, value)
