"""Parser and formatter of scenario numbers; the package's docstring has the grammar."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, cast

from trackingmore_v2_sandbox.faults.instructions import Code, Delay, Status
from trackingmore_v2_sandbox.scenarios.program import (
    BODIES,
    CALLS,
    EFFECTS,
    LONGEST_TIME,
    MAX_STEPS,
    Call,
    Failure,
    Program,
    ScriptedJourney,
    Step,
)
from trackingmore_v2_sandbox.scenarios.reference_data import COUNTRIES
from trackingmore_v2_sandbox.scenarios.statuses import WORDS

PREFIX: Final = "SANDBOX-"
"""Prefix of scenario numbers, which no carrier uses."""

EXAMPLE: Final = "SANDBOX-TRANSIT-2D-DELIVERED"
"""A scenario number, for messages about invalid ones."""

# The longest valid program is shorter; this bounds the work of the pattern.
_LONGEST: Final = 4096
_SECONDS: Final = {"D": 24 * 3600, "H": 3600, "M": 60, "S": 1}

# Nine digits at most, so that no text is a huge number.
_TIME: Final = r"[1-9][0-9]{0,8}[SMHD]"
# In reverse order, so that TRANSIT001 is tried before its prefix TRANSIT.
_STATE: Final = f"(?:{'|'.join(sorted(map(str.upper, WORDS), reverse=True))})"
_COUNTRY: Final = r"[A-Z]{2}"
_JOURNEY: Final = (
    rf"(?:SINCE-(?P<since>{_TIME})-)?"
    rf"(?P<chain>{_STATE}(?:-{_TIME}-(?:TO-{_COUNTRY}-)?{_STATE})*)"
)
# Each parameter is a group with the name of its keyword.
_FAILURE: Final = (
    r"(?:FAIL-(?P<FAIL>[0-9]{3,4})|HTTP-(?P<HTTP>[0-9]{3})"
    rf"|SLOW-(?P<SLOW>{_TIME})|BROKEN-(?P<BROKEN>{'|'.join(BODIES)}))"
    rf"(?:-ON-(?P<call>{'|'.join(CALLS)}))?"
)
_LABEL: Final = r"(?P<label>[0-9A-Z_-]{1,100})"
_NUMBER: Final = re.compile(rf"SANDBOX(?:-{_FAILURE})?(?:-{_JOURNEY})?(?:_{_LABEL})?")
_STEP: Final = re.compile(
    rf"(?:(?P<after>{_TIME})-)?(?:TO-(?P<country>{_COUNTRY})-)?(?P<state>{_STATE})"
)


def is_scenario(number: str) -> bool:
    """Return whether a tracking number has the prefix of scenario numbers, in any case."""
    return number[: len(PREFIX)].upper() == PREFIX


@lru_cache(maxsize=1024)
def parse(number: str) -> Program | None:
    """Parse a scenario number, in any case; return None if it is invalid."""
    # `str.upper()` maps some other letters to ASCII ones, such as the dotless i to I.
    if len(number) > _LONGEST or not number.isascii():
        return None
    found = _NUMBER.fullmatch(number.upper())
    if found is None:
        return None
    try:
        program = Program(_journey(found), _failure(found), found["label"] or "")
    except ValueError:
        return None
    return program if program.journey or program.failure else None


def format_program(program: Program) -> str:
    """Return the number of a program, in upper case, with the largest exact unit for each time."""
    parts = [PREFIX[:-1], *_format_failure(program.failure), *_format_journey(program.journey)]
    label = f"_{program.label}" if program.label else ""
    return "-".join(parts) + label


def _journey(found: re.Match[str]) -> ScriptedJourney | None:
    if found["chain"] is None:
        return None
    steps = [
        Step(step["state"].lower(), _seconds(step["after"]), step["country"])
        for step in _STEP.finditer(found["chain"])
    ]
    journey = ScriptedJourney(tuple(steps), _seconds(found["since"]))
    _require_limits(journey)
    return journey


def _require_limits(journey: ScriptedJourney) -> None:
    """Raise `ValueError` for what the pattern allows and the grammar does not."""
    entered = [step.country for step in journey.steps if step.country]
    if not (
        len(journey.steps) <= MAX_STEPS
        and max(journey.since, *(step.after for step in journey.steps)) <= LONGEST_TIME
        and len(entered) <= 1
        and COUNTRIES.keys() >= set(entered)
    ):
        raise ValueError("the journey exceeds the limits of the grammar")


def _failure(found: re.Match[str]) -> Failure | None:
    for kind, read in _PARAMETERS.items():
        if found[kind]:
            return Failure(EFFECTS[kind](read(found[kind])), cast("Call | None", found["call"]))
    return None


def _format_journey(journey: ScriptedJourney | None) -> list[str]:
    if journey is None:
        return []
    parts = ["SINCE", _time(journey.since)] if journey.since else []
    for step in journey.steps:
        parts += [_time(step.after)] if step.after else []
        parts += ["TO", step.country] if step.country else []
        parts += [step.word.upper()]
    return parts


def _format_failure(failure: Failure | None) -> list[str]:
    if failure is None:
        return []
    on = ["ON", failure.on] if failure.on else []
    match failure.effect:
        case Code(code=code):
            return ["FAIL", str(code), *on]
        case Status(status=status):
            return ["HTTP", str(status), *on]
        case Delay(seconds=seconds):
            return ["SLOW", _time(int(seconds)), *on]
        case effect:
            return ["BROKEN", next(name for name, body in BODIES.items() if body == effect), *on]


def _seconds(time: str | None) -> int:
    return int(time[:-1]) * _SECONDS[time[-1]] if time else 0


def _time(seconds: int) -> str:
    unit = next(unit for unit, length in _SECONDS.items() if seconds % length == 0)
    return f"{seconds // _SECONDS[unit]}{unit}"


_PARAMETERS: Final[Mapping[str, Callable[[str], int]]] = {
    "FAIL": int,
    "HTTP": int,
    "SLOW": _seconds,
    "BROKEN": list(BODIES).index,
}
"""Conversion of the parameter of a failure, by keyword."""
