"""Parser and formatter of scenario numbers; the package's docstring has the grammar."""

import re
from functools import lru_cache
from typing import Final, cast, get_args

from trackingmore_v2_sandbox.scenarios.program import (
    CALLS,
    Body,
    BrokenBody,
    Call,
    Failure,
    HttpFailure,
    MetaFailure,
    Program,
    ResponseDelay,
    ScriptedJourney,
    Step,
)
from trackingmore_v2_sandbox.scenarios.statuses import WORDS

PREFIX: Final = "SANDBOX-"
"""Prefix of scenario numbers, which no carrier uses."""

_LONGEST: Final = 4096
_SECONDS: Final = {"D": 24 * 3600, "H": 3600, "M": 60, "S": 1}

_TIME: Final = r"[1-9][0-9]{0,8}[SMHD]"
# In reverse order, so that TRANSIT001 is tried before its prefix TRANSIT.
_STATE: Final = f"(?:{'|'.join(sorted(map(str.upper, WORDS), reverse=True))})"
_COUNTRY: Final = r"[A-Z]{2}"
_JOURNEY: Final = (
    rf"(?:SINCE-(?P<since>{_TIME})-)?"
    rf"(?P<chain>{_STATE}(?:-{_TIME}-(?:TO-{_COUNTRY}-)?{_STATE})*)"
)
_FAILURE: Final = (
    r"(?:FAIL-(?P<code>[0-9]{3,4})|HTTP-(?P<status>[0-9]{3})"
    rf"|SLOW-(?P<delay>{_TIME})|BROKEN-(?P<body>{'|'.join(map(str.upper, get_args(Body)))}))"
    rf"(?:-ON-(?P<call>{'|'.join(CALLS)}))?"
)
_NUMBER: Final = re.compile(rf"SANDBOX(?:-{_FAILURE})?(?:-{_JOURNEY})?(?:_(?P<label>[0-9A-Z_-]+))?")
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
        return Program(_journey(found), _failure(found), found["label"] or "")
    except ValueError:
        return None


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
    return ScriptedJourney(tuple(steps), _seconds(found["since"]))


def _failure(found: re.Match[str]) -> Failure | None:
    effect = _effect(found)
    return Failure(effect, cast("Call | None", found["call"])) if effect else None


def _effect(found: re.Match[str]) -> MetaFailure | HttpFailure | ResponseDelay | BrokenBody | None:
    if found["code"]:
        return MetaFailure(int(found["code"]))
    if found["status"]:
        return HttpFailure(int(found["status"]))
    if found["delay"]:
        return ResponseDelay(_seconds(found["delay"]))
    if found["body"]:
        return BrokenBody(cast("Body", found["body"].lower()))
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
        case MetaFailure(code=code):
            return ["FAIL", str(code), *on]
        case HttpFailure(status=status):
            return ["HTTP", str(status), *on]
        case ResponseDelay(seconds=seconds):
            return ["SLOW", _time(seconds), *on]
        case BrokenBody(body=body):
            return ["BROKEN", body.upper(), *on]


def _seconds(time: str | None) -> int:
    return int(time[:-1]) * _SECONDS[time[-1]] if time else 0


def _time(seconds: int) -> str:
    unit = next(unit for unit, length in _SECONDS.items() if seconds % length == 0)
    return f"{seconds // _SECONDS[unit]}{unit}"
