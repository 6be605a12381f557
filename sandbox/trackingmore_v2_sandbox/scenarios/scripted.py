"""Lives as a scenario number tells them."""

from collections.abc import Iterator
from hashlib import sha256
from itertools import accumulate
from typing import Final

from trackingmore_v2_sandbox.scenarios import checkpoints
from trackingmore_v2_sandbox.scenarios.grammar import format_program
from trackingmore_v2_sandbox.scenarios.journey import Journey, JourneyCheckpoint, State, expiry
from trackingmore_v2_sandbox.scenarios.program import Program, ScriptedJourney, Step
from trackingmore_v2_sandbox.scenarios.reference_data import (
    COUNTRIES,
    CarrierInfo,
    Country,
    find_country,
)
from trackingmore_v2_sandbox.scenarios.statuses import WORDS

_ENDS: Final = frozenset({"delivered", "expired"})


def plan(
    carrier: CarrierInfo,
    program: Program,
    life: ScriptedJourney,
    created_at: int,
    destination: str | None,
) -> Journey:
    """Plan a life that goes exactly as its program says; it never expires by itself."""
    origin = COUNTRIES[carrier.country]
    entered = next((step.country for step in life.steps if step.country), None)
    goal = COUNTRIES[entered] if entered else find_country(destination or "") or origin
    start = created_at - life.since
    after = accumulate(step.after for step in life.steps)
    steps = [(start + seconds, step) for seconds, step in zip(after, life.steps, strict=True)]
    last_at, last = steps[-1]
    expires_at = expiry(carrier, created_at)
    is_over = WORDS[last.word][0] in _ENDS
    return Journey(
        origin=origin,
        destination=goal,
        destination_carrier=goal.post if entered else None,
        checkpoints=tuple(_checkpoints(steps, origin, goal, _seed(carrier, program))),
        states=tuple(State(at, *WORDS[step.word]) for at, step in steps),
        expires_at=expires_at,
        settles_at=last_at if is_over else max(last_at, expires_at),
        looks=_looks(steps, created_at),
    )


def _checkpoints(
    steps: list[tuple[int, Step]], origin: Country, destination: Country, seed: int
) -> Iterator[JourneyCheckpoint]:
    abroad = False
    for at, step in steps:
        abroad = abroad or step.country is not None
        if checkpoints.is_news(step.word):
            country = destination if abroad else origin
            yield checkpoints.tell(
                step.word, at=at, country=country, in_destination=abroad, seed=seed
            )


def _looks(steps: list[tuple[int, Step]], created_at: int) -> tuple[int, ...]:
    """Look at each state that comes after the registration, but not while the first is pending."""
    known = [at for at, step in steps if step.word != "pending"]
    if not known:
        return ()
    first = max(known[0], created_at)
    return tuple(sorted({first, *(at for at, _ in steps if at > first)}))


def _seed(carrier: CarrierInfo, program: Program) -> int:
    return sha256(f"{carrier.code}/{format_program(program)}".encode()).digest()[0]
