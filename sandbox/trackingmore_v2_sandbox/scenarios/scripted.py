"""Journeys scripted by a scenario number."""

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

_FINAL_STATUSES: Final = frozenset({"delivered", "expired"})


def plan(
    carrier: CarrierInfo,
    program: Program,
    script: ScriptedJourney,
    created_at: int,
    destination: str | None,
) -> Journey:
    """
    Return the journey of a program, which contains exactly its states and never expires otherwise.

    Args:
        carrier: The carrier.
        program: The program, which selects the cities.
        script: The journey of the program.
        created_at: When the tracking was created, Unix seconds.
        destination: Name or code of the destination country, used if the program names none.
    """
    origin = COUNTRIES[carrier.country]
    # The grammar allows one border at most.
    entered = next((step.country for step in script.steps if step.country), None)
    country = COUNTRIES[entered] if entered else find_country(destination or "") or origin
    start = created_at - script.since
    after = accumulate(step.after for step in script.steps)
    steps = [(start + seconds, step) for seconds, step in zip(after, script.steps, strict=True)]
    last_at, last = steps[-1]
    expires_at = expiry(carrier, created_at)
    is_final = WORDS[last.word][0] in _FINAL_STATUSES
    return Journey(
        origin=origin,
        destination=country,
        destination_carrier=country.post if entered else None,
        checkpoints=tuple(_checkpoints(steps, origin, country, _seed(carrier, program))),
        states=tuple(State(at, *WORDS[step.word]) for at, step in steps),
        expires_at=expires_at,
        # Until then, the provider keeps polling the carrier.
        settles_at=last_at if is_final else max(last_at, expires_at),
        poll_times=_poll_times(steps, created_at),
    )


def _checkpoints(
    steps: list[tuple[int, Step]], origin: Country, destination: Country, seed: int
) -> Iterator[JourneyCheckpoint]:
    abroad = False
    for at, step in steps:
        # After the border, all steps are abroad.
        abroad = abroad or step.country is not None
        if checkpoints.has_checkpoint(step.word):
            country = destination if abroad else origin
            yield checkpoints.checkpoint_at(
                step.word, at=at, country=country, in_destination=abroad, seed=seed
            )


def _poll_times(steps: list[tuple[int, Step]], created_at: int) -> tuple[int, ...]:
    """
    Return the times of the states after the creation of the tracking.

    A tracking stays pending until the first poll, so the first time is that of the first state that
    is not `pending`.
    """
    known = [at for at, step in steps if step.word != "pending"]
    if not known:
        return ()
    first = max(known[0], created_at)
    return tuple(sorted({first, *(at for at, _ in steps if at > first)}))


def _seed(carrier: CarrierInfo, program: Program) -> int:
    # The canonical form: `60S` and `1M` give the same cities.
    return sha256(f"{carrier.code}/{format_program(program)}".encode()).digest()[0]
