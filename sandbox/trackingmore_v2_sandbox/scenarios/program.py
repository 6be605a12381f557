"""What a scenario number says: values that `grammar` reads and writes."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

from msgspec import Struct

from trackingmore_v2_api import META_CODES
from trackingmore_v2_sandbox.scenarios.reference_data import COUNTRIES
from trackingmore_v2_sandbox.scenarios.statuses import WORDS

Call: TypeAlias = Literal["CREATE", "GET", "REALTIME", "UPDATE", "MOVE", "STOP", "DELETE", "DETECT"]
Body: TypeAlias = Literal["json", "html", "empty", "garbage"]

CALLS: Final[Mapping[Call, frozenset[str]]] = MappingProxyType(
    {
        "CREATE": frozenset({"createTracking", "createTrackingBatch"}),
        "GET": frozenset({"getTracking", "getLocalizedTracking"}),
        "REALTIME": frozenset({"trackInRealtime"}),
        "UPDATE": frozenset({"updateTracking", "updateTrackingBatch"}),
        "MOVE": frozenset({"changeCarrier"}),
        "STOP": frozenset({"stopTrackingUpdates"}),
        "DELETE": frozenset({"deleteTracking", "deleteTrackingBatch"}),
        "DETECT": frozenset({"detectCarrier"}),
    }
)
"""The operations that name a tracking number, by the word for them."""

LONGEST_TIME: Final = 10 * 365 * 24 * 3600
MAX_STEPS: Final = 100
_REJECTIONS: Final = frozenset(META_CODES) - {200, 201}
_HTTP_STATUSES: Final = range(300, 600)
_LABEL: Final = re.compile(r"[0-9A-Z_-]{0,100}")


class MetaFailure(Struct, frozen=True):
    """The call is refused. In a batch, this is said of the one item."""

    code: int

    def __post_init__(self) -> None:
        _require(self.code in _REJECTIONS)


class HttpFailure(Struct, frozen=True):
    """The whole call gets an HTTP status that is no success."""

    status: int

    def __post_init__(self) -> None:
        _require(self.status in _HTTP_STATUSES)


class ResponseDelay(Struct, frozen=True):
    """The whole call is answered as usual, but late."""

    seconds: int

    def __post_init__(self) -> None:
        _require(0 < self.seconds <= LONGEST_TIME)


class BrokenBody(Struct, frozen=True):
    """The whole call is carried out, and its answer cannot be read: JSON cut short, or no JSON."""

    body: Body

    def __post_init__(self) -> None:
        _require(self.body in get_args(Body))


class Failure(Struct, frozen=True):
    """What goes wrong with calls that name the number."""

    effect: MetaFailure | HttpFailure | ResponseDelay | BrokenBody
    on: Call | None = None
    """The call that it meets; None for all."""

    def __post_init__(self) -> None:
        _require(self.on is None or self.on in CALLS)

    def hits(self, operation_id: str) -> bool:
        """Tell whether it meets an operation."""
        return self.on is None or operation_id in CALLS[self.on]


class Step(Struct, frozen=True):
    """A state that a parcel comes into."""

    word: str
    """Its status or substatus."""

    after: int = 0
    """Seconds after the step before; 0 for the first."""

    country: str | None = None
    """Two-letter code of the country that it enters."""

    def __post_init__(self) -> None:
        _require(self.word in WORDS)
        _require(0 <= self.after <= LONGEST_TIME)
        _require(self.country is None or self.country in COUNTRIES)


class ScriptedJourney(Struct, frozen=True):
    """A chain of states."""

    steps: tuple[Step, ...]
    since: int = 0
    """Seconds that it began before the parcel was registered."""

    def __post_init__(self) -> None:
        first, *others = self.steps
        _require(len(self.steps) <= MAX_STEPS and 0 <= self.since <= LONGEST_TIME)
        _require(first.after == 0 and first.country is None)
        _require(all(step.after for step in others))
        _require(sum(step.country is not None for step in others) <= 1)


class Program(Struct, frozen=True):
    """What a scenario number says: at least a life or a failure."""

    life: ScriptedJourney | None = None
    """None for that of an ordinary number."""

    failure: Failure | None = None
    label: str = ""
    """In upper case."""

    def __post_init__(self) -> None:
        _require(self.life is not None or self.failure is not None)
        _require(bool(_LABEL.fullmatch(self.label)))


def _require(holds: bool) -> None:  # noqa: FBT001 - as with assert
    if not holds:
        raise ValueError("no number says this")
