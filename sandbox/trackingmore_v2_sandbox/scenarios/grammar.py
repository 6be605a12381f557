"""Scenario numbers and what they say; the package's docstring has the grammar."""

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
"""No carrier's numbers begin like this."""

_LONGEST: Final = 4096
_SECONDS: Final = {"D": 24 * 3600, "H": 3600, "M": 60, "S": 1}

_TIME: Final = r"[1-9][0-9]{0,8}[SMHD]"
# The longer ones first, as TRANSIT001 begins with TRANSIT.
_STATE: Final = f"(?:{'|'.join(sorted(map(str.upper, WORDS), reverse=True))})"
_COUNTRY: Final = r"[A-Z]{2}"
_LIFE: Final = (
    rf"(?:SINCE-(?P<since>{_TIME})-)?"
    rf"(?P<chain>{_STATE}(?:-{_TIME}-(?:TO-{_COUNTRY}-)?{_STATE})*)"
)
_FAILURE: Final = (
    r"(?:FAIL-(?P<code>[0-9]{3,4})|HTTP-(?P<status>[0-9]{3})"
    rf"|SLOW-(?P<delay>{_TIME})|BROKEN-(?P<body>{'|'.join(map(str.upper, get_args(Body)))}))"
    rf"(?:-ON-(?P<call>{'|'.join(CALLS)}))?"
)
_NUMBER: Final = re.compile(rf"SANDBOX(?:-{_FAILURE})?(?:-{_LIFE})?(?:_(?P<label>[0-9A-Z_-]+))?")
_STEP: Final = re.compile(
    rf"(?:(?P<after>{_TIME})-)?(?:TO-(?P<country>{_COUNTRY})-)?(?P<state>{_STATE})"
)


def is_scenario(number: str) -> bool:
    """Tell whether a tracking number is meant as a program."""
    return number[: len(PREFIX)].upper() == PREFIX


@lru_cache(maxsize=1024)
def parse(number: str) -> Program | None:
    """Read a scenario number, in any case; None if it is none."""
    # Upper case makes ASCII of some letters that are not.
    if len(number) > _LONGEST or not number.isascii():
        return None
    found = _NUMBER.fullmatch(number.upper())
    if found is None:
        return None
    try:
        return Program(_life(found), _failure(found), found["label"] or "")
    except ValueError:
        return None


def format_program(program: Program) -> str:
    """Write a program as a number, in upper case and with the largest unit that fits each time."""
    parts = [PREFIX[:-1], *_written_failure(program.failure), *_written_life(program.life)]
    label = f"_{program.label}" if program.label else ""
    return "-".join(parts) + label


def _life(found: re.Match[str]) -> ScriptedJourney | None:
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


def _written_life(life: ScriptedJourney | None) -> list[str]:
    if life is None:
        return []
    parts = ["SINCE", _time(life.since)] if life.since else []
    for step in life.steps:
        parts += [_time(step.after)] if step.after else []
        parts += ["TO", step.country] if step.country else []
        parts += [step.word.upper()]
    return parts


def _written_failure(failure: Failure | None) -> list[str]:
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
