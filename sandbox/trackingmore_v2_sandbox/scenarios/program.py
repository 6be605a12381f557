"""Values of a scenario number, which `grammar` parses and formats."""

from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from trackingmore_v2_sandbox.faults.instructions import (
    LONGEST,
    Code,
    Delay,
    Empty,
    Html,
    Instruction,
    NotJson,
    Status,
    Truncated,
    read,
)

Call: TypeAlias = Literal["CREATE", "GET", "REALTIME", "UPDATE", "MOVE", "STOP", "DELETE", "DETECT"]

CALLS: Final[Mapping[Call, frozenset[str]]] = {
    "CREATE": frozenset({"createTracking", "createTrackingBatch"}),
    "GET": frozenset({"getTracking", "getLocalizedTracking"}),
    "REALTIME": frozenset({"trackInRealtime"}),
    "UPDATE": frozenset({"updateTracking", "updateTrackingBatch"}),
    "MOVE": frozenset({"changeCarrier"}),
    "STOP": frozenset({"stopTrackingUpdates"}),
    "DELETE": frozenset({"deleteTracking", "deleteTrackingBatch"}),
    "DETECT": frozenset({"detectCarrier"}),
}
"""Ids of the operations that take a tracking number, by their keyword in the grammar."""

LONGEST_TIME: Final = 10 * 365 * 24 * 3600
MAX_STEPS: Final = 100
_SUCCESS: Final = frozenset({200, 201})

BODIES: Final[Mapping[str, Instruction]] = {
    "JSON": Truncated(),
    "HTML": Html(200, after=True),
    "EMPTY": Empty(),
    "GARBAGE": NotJson(),
}
"""Effects that break the body of the response, by their keyword in the grammar."""


def _reject(code: int) -> Instruction:
    if code in _SUCCESS:
        raise ValueError(f"meta code {code} is not an error")
    return read(Code(code))


def _delay(seconds: int) -> Instruction:
    # Numbers may state a longer delay than instructions; `Failure.instruction` shortens it.
    if not 0 < seconds <= LONGEST_TIME:
        raise ValueError(f"{seconds} seconds are out of range")
    return Delay(seconds)


EFFECTS: Final[Mapping[str, Callable[[int], Instruction]]] = {
    "FAIL": _reject,
    "HTTP": lambda status: read(Status(status)),
    "SLOW": _delay,
    "BROKEN": lambda index: tuple(BODIES.values())[index],
}
"""
The effect of a failure, by its keyword in the grammar.

The parameter is a meta code, an HTTP status, seconds, or an index of `BODIES`. An invalid one
raises `ValueError` or `IndexError`.
"""


class Failure(Struct, frozen=True):
    """A failure of calls that name the number. In a batch, `Code` rejects the item only."""

    effect: Instruction
    on: Call | None = None
    """The call that fails. Default: None, all calls."""

    @property
    def instruction(self) -> Instruction:
        """The fault of a request that names the number."""
        if isinstance(self.effect, Delay):
            return Delay(min(self.effect.seconds, LONGEST))
        return self.effect

    def hits(self, operation_id: str) -> bool:
        """Return whether calls of an operation fail."""
        return self.on is None or operation_id in CALLS[self.on]


class Step(Struct, frozen=True):
    """A change of a parcel's state."""

    word: str
    """The status or substatus."""

    after: int = 0
    """Seconds after the previous step; 0 for the first. Default: 0."""

    country: str | None = None
    """Two-letter code of the country that the parcel enters. Default: None, no border crossing."""


class ScriptedJourney(Struct, frozen=True):
    """A sequence of states."""

    steps: tuple[Step, ...]
    since: int = 0
    """Seconds from the first step to the creation of the tracking. Default: 0."""


class Program(Struct, frozen=True):
    """The content of a scenario number: a journey, a failure, or both."""

    journey: ScriptedJourney | None = None
    """The journey. Default: None, a generated one."""

    failure: Failure | None = None
    """The failure. Default: None, calls succeed."""

    label: str = ""
    """The label in upper case. Default: empty."""
