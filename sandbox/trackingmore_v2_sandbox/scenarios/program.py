"""Values of a scenario number, which `grammar` parses and formats."""

import re
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, get_args

from msgspec import Struct

from trackingmore_v2_api import META_CODES
from trackingmore_v2_sandbox.scenarios.reference_data import COUNTRIES
from trackingmore_v2_sandbox.scenarios.statuses import WORDS

Call: TypeAlias = Literal["CREATE", "GET", "REALTIME", "UPDATE", "MOVE", "STOP", "DELETE", "DETECT"]
Body: TypeAlias = Literal["json", "html", "empty", "garbage"]

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
_REJECTIONS: Final = frozenset(META_CODES) - {200, 201}
_HTTP_STATUSES: Final = range(300, 600)
_LABEL: Final = re.compile(r"[0-9A-Z_-]{0,100}")


class MetaFailure(Struct, frozen=True):
    """The call is rejected with a meta code. In a batch, only the item is rejected."""

    code: int
    """The meta code, not a success."""

    def __post_init__(self) -> None:
        _require(self.code in _REJECTIONS)


class HttpFailure(Struct, frozen=True):
    """The whole call gets an HTTP error status."""

    status: int
    """The HTTP status, 300 to 599."""

    def __post_init__(self) -> None:
        _require(self.status in _HTTP_STATUSES)


class ResponseDelay(Struct, frozen=True):
    """The whole call gets its normal response late."""

    seconds: int
    """Delay in seconds."""

    def __post_init__(self) -> None:
        _require(0 < self.seconds <= LONGEST_TIME)


class BrokenBody(Struct, frozen=True):
    """The whole call is executed, but the body of its response is truncated or not JSON."""

    body: Body
    """What the body is: truncated JSON, an HTML page, empty, or garbage before the JSON."""

    def __post_init__(self) -> None:
        _require(self.body in get_args(Body))


class Failure(Struct, frozen=True):
    """A failure of calls that name the number."""

    effect: MetaFailure | HttpFailure | ResponseDelay | BrokenBody
    on: Call | None = None
    """The call that fails. Default: None, all calls."""

    def __post_init__(self) -> None:
        _require(self.on is None or self.on in CALLS)

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

    def __post_init__(self) -> None:
        _require(self.word in WORDS)
        _require(0 <= self.after <= LONGEST_TIME)
        _require(self.country is None or self.country in COUNTRIES)


class ScriptedJourney(Struct, frozen=True):
    """A sequence of states."""

    steps: tuple[Step, ...]
    since: int = 0
    """Seconds from the first step to the creation of the tracking. Default: 0."""

    def __post_init__(self) -> None:
        first, *others = self.steps
        _require(len(self.steps) <= MAX_STEPS and 0 <= self.since <= LONGEST_TIME)
        _require(first.after == 0 and first.country is None)
        _require(all(step.after for step in others))
        _require(sum(step.country is not None for step in others) <= 1)


class Program(Struct, frozen=True):
    """The content of a scenario number: a journey, a failure, or both."""

    journey: ScriptedJourney | None = None
    """The journey. Default: None, a generated one."""

    failure: Failure | None = None
    """The failure. Default: None, calls succeed."""

    label: str = ""
    """The label in upper case. Default: empty."""

    def __post_init__(self) -> None:
        _require(self.journey is not None or self.failure is not None)
        _require(bool(_LABEL.fullmatch(self.label)))


def _require(condition: bool) -> None:  # noqa: FBT001 - reads like an assert statement
    if not condition:
        raise ValueError("not a valid scenario program; see the grammar of scenario numbers")
