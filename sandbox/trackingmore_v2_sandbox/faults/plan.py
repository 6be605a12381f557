"""
Which request meets which fault: a plan, and the choice that it makes. Pure.

A plan lists instructions for operations. Either each request takes the next one of the list, or, in
a random plan, chance decides whether it takes one, and which; the n-th decision follows from the
seed and n alone, so the same requests meet the same faults again.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from starlette.types import Scope

from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox.faults.instructions import (
    Given,
    Instruction,
    InstructionError,
    read,
    write,
)

ANY_OPERATION: Final = "*"
HEADER: Final = "X-Sandbox-Fault-Plan"
"""The header of a request that names the plan which it belongs to."""

_RAW_HEADER: Final = HEADER.lower().encode()


class Chance(Struct, frozen=True, kw_only=True):
    """How the dice of a random plan fall."""

    probability: float
    """How many of the requests meet a fault, from 0 to 1."""

    seed: int = 0
    """Any integer of 64 bits."""

    decided: int = 0
    """Requests that were decided on so far."""

    def __post_init__(self) -> None:
        """Refuse what is no probability, and what no database could keep."""
        if not 0 <= self.probability <= 1:
            raise InstructionError(f"{self.probability!r} is no probability from 0 to 1")
        if not -(2**63) <= self.seed < 2**63:
            raise InstructionError(f"{self.seed!r} is no integer of 64 bits")


class Plan(Struct, frozen=True):
    """Faults for the requests to come."""

    instructions: Mapping[str, tuple[Instruction, ...]]
    """
    By operation id, or `*` for those of every operation.

    An operation's own come first.
    """

    chance: Chance | None = None
    """None where each request takes the next instruction."""


def make_plan(
    instructions: Mapping[str, Given | Sequence[Given]], chance: Chance | None = None
) -> Plan:
    """
    Make a plan.

    Args:
        instructions: By operation id, or `*`: one instruction or several, each as its text, as its
            JSON object, or made by hand.
        chance: What a random plan goes by.

    Raises:
        InstructionError: An instruction, or the id of an operation, is none.
    """
    for operation_id in instructions:
        if operation_id not in OPERATIONS and operation_id != ANY_OPERATION:
            known = ", ".join((ANY_OPERATION, *OPERATIONS))
            raise InstructionError(f"no operation is called {operation_id!r}; known are {known}")
    return Plan(
        {operation_id: _read_all(given) for operation_id, given in instructions.items()}, chance
    )


def _read_all(given: Given | Sequence[Given]) -> tuple[Instruction, ...]:
    if isinstance(given, Sequence) and not isinstance(given, str):
        return tuple(map(read, given))
    return (read(given),)


def plan_named_by(scope: Scope) -> str | None:
    """Give the name of the plan that a request says it belongs to."""
    for name, value in scope["headers"]:
        if name == _RAW_HEADER:
            plan: str = value.decode("latin-1")
            return plan
    return None


def choose(plan: Plan, operation_id: str) -> tuple[Instruction | None, Plan]:
    """Decide what happens to a request; give the plan that is left for the ones after it."""
    for whose in (operation_id, ANY_OPERATION):
        listed = plan.instructions.get(whose, ())
        if not listed:
            continue
        if plan.chance is None:
            rest = {**plan.instructions, whose: listed[1:]}
            return listed[0], replace(plan, instructions=rest)
        chance = replace(plan.chance, decided=plan.chance.decided + 1)
        return _throw(plan.chance, listed), replace(plan, chance=chance)
    return None, plan


def put_back(plan: Plan, operation_id: str, instruction: Instruction) -> Plan:
    """Give the plan after a request that could not use what it took; a random plan has the same."""
    if plan.chance is not None:
        return plan
    listed = (instruction, *plan.instructions.get(operation_id, ()))
    return replace(plan, instructions={**plan.instructions, operation_id: listed})


def _throw(chance: Chance, listed: Sequence[Instruction]) -> Instruction | None:
    """Let a hash of seed and number decide, which no version of Python ever changes."""
    digest = sha256(f"{chance.seed}/{chance.decided}".encode()).digest()
    if int.from_bytes(digest[:8]) >= chance.probability * 2**64:
        return None
    return listed[int.from_bytes(digest[8:16]) % len(listed)]


def unused(plan: Plan) -> dict[str, list[str]]:
    """Give the texts of the instructions that no request took; a random plan has none."""
    if plan.chance is not None:
        return {}
    return {
        operation_id: list(map(write, listed))
        for operation_id, listed in plan.instructions.items()
        if listed
    }
