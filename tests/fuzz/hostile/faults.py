"""Target: the sandbox's parsers of fault instructions, as text and as JSON, and of fault plans."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import msgspec

from trackingmore_v2_api.salvage import UNREADABLE
from trackingmore_v2_sandbox.admin.schemas import FaultPlanChange
from trackingmore_v2_sandbox.faults import instructions
from trackingmore_v2_sandbox.faults import plan as fault_plan
from trackingmore_v2_sandbox.faults.instructions import ResponseFault
from trackingmore_v2_sandbox.faults.response_faults import NothingToAlter, ServedResponse, rewrite

_RESPONSE: Final = ServedResponse(
    b'{"meta":{"code":200},"data":{"items":[{"id":"1","n":1},{}],"a~b":null,"c":true,"d":"x"}}'
)


def run(data: bytes) -> None:
    """Parse bytes as the text of an instruction, as one in JSON, and as a plan."""
    _parse(instructions.parse, data.decode("utf-8", "surrogateescape"))
    try:
        value = msgspec.json.decode(data)
    except UNREADABLE:
        return
    _parse(instructions.read, value)
    if isinstance(value, dict):
        _parse_plan(value, data)


def _parse(parse: Callable[[Any], instructions.Instruction], given: object) -> None:
    try:
        instruction = parse(given)
    except instructions.InstructionError:
        return
    _check(instruction)


def _parse_plan(value: dict[str, Any], data: bytes) -> None:
    """Parse a plan as the admin API does, and apply it to three requests."""
    try:
        change = msgspec.json.decode(data, type=FaultPlanChange)
        chance = None
        if change.probability is not None:
            chance = fault_plan.Chance(probability=change.probability, seed=change.seed)
        plan = fault_plan.make_plan(change.instructions, chance)
    except UNREADABLE:
        return
    assert value.keys() <= set(FaultPlanChange.__struct_fields__)
    for _ in range(3):
        instruction, left = fault_plan.choose(plan, "getTracking")
        if instruction is not None:
            _check(instruction)
            restored = fault_plan.restore(left, "getTracking", instruction)
            assert chance or fault_plan.choose(restored, "getTracking")[0] == instruction
            assert chance or any(fault_plan.unused(plan).values())
        plan = left


def _check(instruction: instructions.Instruction) -> None:
    assert instructions.parse(instructions.write(instruction)) == instruction
    assert instructions.read(msgspec.to_builtins(instruction)) == instruction
    if isinstance(instruction, ResponseFault):
        with suppress(NothingToAlter):
            rewrite(instruction, _RESPONSE)


def seeds() -> list[bytes]:
    """Return each form of instruction."""
    return [form.encode() for form in instructions.forms()]
