"""What the sandbox does, as `behaviours.yaml` tells it: each behaviour with what it rests on."""

from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

import msgspec
from msgspec import Struct

from tests.contract.document import load

BEHAVIOURS = Path(__file__).with_name("behaviours.yaml")

Evidence: TypeAlias = Literal["documented", "recorded", "assumed"]


class Source(NamedTuple):
    """A place in the contract, and words that stand there."""

    address: str
    words: str | None = None


Sources: TypeAlias = str | dict[str, str | None]
"""Addresses, each with words of the clause that says it; see `sources.locate`."""


class Behaviour(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that can be told of the API, or of the sandbox alone."""

    fact: str
    """A sentence."""

    documented: Sources | None = None
    recorded: Sources | None = None
    assumed: str | list[str] | None = None
    """The notes in the sandbox's code that say so; see `notes`."""

    tests: str | list[str] = []
    """Those that hold it, as pytest names them from the folder of all tests."""

    @property
    def evidence(self) -> list[Evidence]:
        """What it rests on: one word for a behaviour of the API, none for one of the sandbox."""
        given: dict[Evidence, object] = {
            "documented": self.documented,
            "recorded": self.recorded,
            "assumed": self.assumed,
        }
        return [word for word, value in given.items() if value is not None]

    @property
    def sources(self) -> list[Source]:
        """Where the contract says it."""
        given = self.documented or self.recorded or {}
        if isinstance(given, str):
            return [Source(given)]
        return [Source(address, words) for address, words in given.items()]

    @property
    def notes(self) -> list[str]:
        """Where the sandbox says that it is assumed."""
        return _as_list(self.assumed or [])

    @property
    def held_by(self) -> list[str]:
        """The tests."""
        return _as_list(self.tests)


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """Behaviours of one subject."""

    heading: str
    behaviours: list[Behaviour]
    operations: list[str] = []
    """Whose behaviours they are; empty stands for all."""


class Behaviours(Struct, frozen=True, forbid_unknown_fields=True):
    """All that is told."""

    api: list[Section]
    """What the live API does, as far as it is known, and the sandbox too."""

    missing: list[Behaviour]
    """What the live API does, and the sandbox does not."""

    own: list[Section]
    """What only the sandbox does."""


def read_behaviours() -> Behaviours:
    """Read the list."""
    return msgspec.convert(load(BEHAVIOURS.read_text(encoding="utf-8")), Behaviours)


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
