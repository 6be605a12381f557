"""Fault instructions, as texts and as JSON, and plans made of them."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from trackingmore_v2_api.salvage import UNREADABLE
from trackingmore_v2_sandbox.admin.schemas import FaultPlanChange
from trackingmore_v2_sandbox.faults.instructions import (
    KINDS,
    Instruction,
    InstructionError,
    ResponseFault,
    forms,
    parse,
    read,
    write,
)
from trackingmore_v2_sandbox.faults.plan import Chance, Plan, choose, make_plan, restore, unused
from trackingmore_v2_sandbox.faults.response_faults import NothingToAlter, ServedResponse, rewrite

from .target import Target

_ANSWER: Final = ServedResponse(
    b'{"meta":{"code":200},"data":{"items":[{"id":"1","n":1},{}],"a~b":null,"c":true,"d":"x"}}'
)


def run(data: bytes) -> None:
    """Read bytes as the text of an instruction, as one in JSON, and as a whole plan."""
    _read_text(data.decode("utf-8", "surrogateescape"))
    try:
        value = msgspec.json.decode(data)
    except UNREADABLE:
        return
    _read_value(value)
    if isinstance(value, dict):
        _read_plan(value, data)


def _read_text(text: str) -> None:
    try:
        instruction = parse(text)
    except InstructionError:
        return
    _check(instruction)


def _read_value(value: Any) -> None:
    try:
        instruction = read(value)
    except InstructionError:
        return
    _check(instruction)


def _read_plan(value: Mapping[str, Any], data: bytes) -> None:
    """Read a plan as the control does, and let three requests meet it."""
    try:
        wanted = msgspec.json.decode(data, type=FaultPlanChange)
        chance = None
        if wanted.probability is not None:
            chance = Chance(probability=wanted.probability, seed=wanted.seed)
        plan = make_plan(wanted.instructions, chance)
    except UNREADABLE:  # of which the control makes a refusal
        return
    assert value.keys() <= set(FaultPlanChange.__struct_fields__)
    for _ in range(3):
        plan = _meet(plan)


def _meet(plan: Plan) -> Plan:
    instruction, left = choose(plan, "getTracking")
    if instruction is None:
        return left
    _check(instruction)
    again, _ = choose(restore(left, "getTracking", instruction), "getTracking")
    assert plan.chance or again == instruction
    assert plan.chance or sum(map(len, unused(plan).values())) > 0
    return left


def _check(instruction: Instruction) -> None:
    assert parse(write(instruction)) == instruction
    assert read(msgspec.to_builtins(instruction)) == instruction
    if isinstance(instruction, ResponseFault):
        try:
            rewrite(instruction, _ANSWER)
        except NothingToAlter:
            return


def seeds() -> list[bytes]:
    """Return each form of instruction, some with their values, and a few plans."""
    return [
        *(form.encode() for form in forms()),
        *(b"status=503/bare/after", b"drip=20/0.2", b"cut=5/reset", b"wrong-type=/data/items/0"),
        *(b"code=4016/after", b"html=502", b"delay=1e-5", b"extra-field=a/b", b"stall=300"),
        b'{"fault":"status","status":503,"bare":true,"after":false}',
        b'{"fault":"drip","size":20,"seconds":0.5}',
        b'{"instructions":{"*":["status=503","pass"],"getTracking":"stall"}}',
        b'{"instructions":{"getTracking":[{"fault":"code","code":4016},"cut=5"]},"name":"mine"}',
        b'{"instructions":{"*":"reset-before"},"probability":0.5,"seed":-9223372036854775808}',
    ]


TARGET: Final = Target(
    "faults",
    run,
    seeds,
    tokens=(
        *(name.encode() for name in KINDS),
        *(b"=", b"/", b"/after", b"/bare", b"/reset", b'"fault":', b'"instructions":', b'"*"'),
        *(b'"probability":', b'"seed":', b"1e400", b"nan", b"inf", b"-0", b"0x10", b"1_000"),
        *("²".encode(), b"~1", b"~0", b"/-1"),
    ),
    share=8,
)
