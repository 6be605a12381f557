"""Target: the sandbox's parsers of fault instructions, as text and as JSON, and of fault plans."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import msgspec

from trackingmore_v2_api.salvage import UNREADABLE
from trackingmore_v2_sandbox import faults
from trackingmore_v2_sandbox.admin.schemas import FaultPlanChange
from trackingmore_v2_sandbox.faults.instructions import ResponseFault
from trackingmore_v2_sandbox.faults.response_faults import rewrite

_RESPONSE: Final = faults.ServedResponse(
    b'{"meta":{"code":200},"data":{"items":[{"id":"1","n":1},{}],"a~b":null,"c":true,"d":"x"}}'
)


def run(data: bytes) -> None:
    """Parse bytes as the text of an instruction, as one in JSON, and as a plan."""
    _parse(faults.parse, data.decode("utf-8", "surrogateescape"))
    try:
        value = msgspec.json.decode(data)
    except UNREADABLE:
        return
    _parse(faults.read, value)
    if isinstance(value, dict):
        _parse_plan(value, data)


def _parse(parse: Callable[[Any], faults.Instruction], given: object) -> None:
    try:
        instruction = parse(given)
    except faults.InstructionError:
        return
    _check(instruction)


def _parse_plan(value: dict[str, Any], data: bytes) -> None:
    """Parse a plan as the admin API does, and apply it to three requests."""
    try:
        change = msgspec.json.decode(data, type=FaultPlanChange)
        chance = None
        if change.probability is not None:
            chance = faults.Chance(probability=change.probability, seed=change.seed)
        plan = faults.make_plan(change.instructions, chance)
    except UNREADABLE:
        return
    assert value.keys() <= set(FaultPlanChange.__struct_fields__)
    for _ in range(3):
        instruction, left = faults.choose(plan, "getTracking")
        if instruction is not None:
            _check(instruction)
            restored = faults.restore(left, "getTracking", instruction)
            assert chance or faults.choose(restored, "getTracking")[0] == instruction
            assert chance or any(faults.unused(plan).values())
        plan = left


def _check(instruction: faults.Instruction) -> None:
    assert faults.parse(faults.write(instruction)) == instruction
    assert faults.read(msgspec.to_builtins(instruction)) == instruction
    if isinstance(instruction, ResponseFault):
        with suppress(faults.NothingToAlter):
            rewrite(instruction, _RESPONSE)


def seeds() -> list[bytes]:
    """Return each form of instruction."""
    return [form.encode() for form in faults.forms()]
