"""
Fault plans, and the selection of an instruction for each request. Pure functions.

A plan lists instructions by operation. In a sequential plan each request takes the next instruction
of its list. A random plan draws for each request whether it gets a fault, and which one. The n-th
draw depends only on the seed and n, so a run can be reproduced.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from starlette.types import Scope

from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox.faults.instructions import (
    Instruction,
    InstructionError,
    InstructionLike,
    read,
    write,
)

ANY_OPERATION: Final = "*"
HEADER: Final = "X-Sandbox-Fault-Plan"
"""Request header with the name of the plan that applies to the request."""

_RAW_HEADER: Final = HEADER.lower().encode()


class Chance(Struct, frozen=True, kw_only=True):
    """Parameters and progress of a random plan."""

    probability: float
    """Probability that a request gets a fault, from 0 to 1."""

    seed: int = 0
    """Seed of the draws, a signed 64-bit integer. Default: 0."""

    decided: int = 0
    """Number of draws so far. Default: 0."""

    def __post_init__(self) -> None:
        """Raise `InstructionError` for an invalid probability or seed."""
        if not 0 <= self.probability <= 1:
            raise InstructionError(
                f"invalid probability {self.probability!r}; expected a number from 0 to 1"
            )
        # The store keeps the seed in a column of 64 bits.
        if not -(2**63) <= self.seed < 2**63:
            raise InstructionError(f"invalid seed {self.seed!r}; expected a signed 64-bit integer")


class Plan(Struct, frozen=True):
    """Faults for the next requests."""

    instructions: Mapping[str, tuple[Instruction, ...]]
    """
    Instructions by operation id, or under `*` for all operations.

    Instructions for the operation are used before those under `*`.
    """

    chance: Chance | None = None
    """Parameters of a random plan. Default: None, a sequential plan."""


def make_plan(
    instructions: Mapping[str, InstructionLike | Sequence[InstructionLike]],
    chance: Chance | None = None,
) -> Plan:
    """
    Build a plan.

    Args:
        instructions: One or more instructions by operation id, or under `*` for all operations,
            each in its text form, as its JSON object, or as an instance.
        chance: Parameters of a random plan. Default: None, a sequential plan.

    Raises:
        InstructionError: An instruction is invalid, or an operation id is unknown.
    """
    # A misspelt id would never be requested, and its faults never happen.
    for operation_id in instructions:
        if operation_id not in OPERATIONS and operation_id != ANY_OPERATION:
            known = ", ".join((ANY_OPERATION, *OPERATIONS))
            raise InstructionError(f"unknown operation {operation_id!r}; expected one of {known}")
    return Plan(
        {operation_id: _read_all(given) for operation_id, given in instructions.items()}, chance
    )


def _read_all(given: InstructionLike | Sequence[InstructionLike]) -> tuple[Instruction, ...]:
    if isinstance(given, Sequence) and not isinstance(given, str):
        return tuple(map(read, given))
    return (read(given),)


def plan_named_by(scope: Scope) -> str | None:
    """Return the plan name in a request's `X-Sandbox-Fault-Plan` header; None without one."""
    # Raw headers: `Headers` would decode all of them for each request.
    for name, value in scope["headers"]:
        if name == _RAW_HEADER:
            plan: str = value.decode("latin-1")
            return plan
    return None


def choose(plan: Plan, operation_id: str) -> tuple[Instruction | None, Plan]:
    """Return the instruction for a request, None for no fault, and the plan for the next ones."""
    # An operation without instructions left falls back to those under `*`.
    for key in (operation_id, ANY_OPERATION):
        listed = plan.instructions.get(key, ())
        if not listed:
            continue
        if plan.chance is None:
            rest = {**plan.instructions, key: listed[1:]}
            return listed[0], replace(plan, instructions=rest)
        # Counted even without a fault, or the next request would draw the same number.
        chance = replace(plan.chance, decided=plan.chance.decided + 1)
        return _draw(plan.chance, listed), replace(plan, chance=chance)
    return None, plan


def restore(plan: Plan, operation_id: str, instruction: Instruction) -> Plan:
    """Return the plan with an unused instruction put first again; a random plan is unchanged."""
    if plan.chance is not None:
        return plan
    listed = (instruction, *plan.instructions.get(operation_id, ()))
    return replace(plan, instructions={**plan.instructions, operation_id: listed})


def _draw(chance: Chance, listed: Sequence[Instruction]) -> Instruction | None:
    """Return the instruction of one draw of a random plan, None for no fault."""
    # A hash, because the sequence of `random` may change between Python versions.
    digest = sha256(f"{chance.seed}/{chance.decided}".encode()).digest()
    if int.from_bytes(digest[:8]) >= chance.probability * 2**64:
        return None
    return listed[int.from_bytes(digest[8:16]) % len(listed)]


def written(plan: Plan) -> dict[str, list[str]]:
    """Return the instructions of a plan in text form, by operation id."""
    return {
        operation_id: list(map(write, listed))
        for operation_id, listed in plan.instructions.items()
        if listed
    }


def unused(plan: Plan) -> dict[str, list[str]]:
    """Return what `written` returns, without the instructions of a random plan."""
    return {} if plan.chance else written(plan)
