"""
Fault injection: plans that select a fault for a request, and the code that applies it.

    instructions.py         fault instructions, as values and in a short text form
    plan.py                 fault plans, and the selection of an instruction for a request
    repository.py           the fault plans of all accounts in the store
    from_numbers.py         instructions for tracking numbers that make calls fail
    injector.py             applies an instruction to a request
    response_faults.py      response-level faults: a changed body in a valid HTTP message
    connection.py           connection-level faults
    uvicorn_protocol.py     gives the app access to the connection of each request
    buffered_transport.py   sends the head and the body of a response in one write
"""

from trackingmore_v2_sandbox.faults.from_numbers import (
    RejectedByNumber,
    fault_of_numbers,
    reject_by_number,
)
from trackingmore_v2_sandbox.faults.injector import FaultInjector, SocketNeeded
from trackingmore_v2_sandbox.faults.instructions import (
    Instruction,
    InstructionError,
    InstructionLike,
    Pass,
    forms,
    parse,
    read,
    write,
)
from trackingmore_v2_sandbox.faults.plan import (
    ANY_OPERATION,
    HEADER,
    Chance,
    Plan,
    choose,
    make_plan,
    plan_named_by,
    restore,
    unused,
)
from trackingmore_v2_sandbox.faults.repository import FaultRepository, read_record
from trackingmore_v2_sandbox.faults.response_faults import NothingToAlter, ServedResponse

__all__ = [
    "ANY_OPERATION",
    "HEADER",
    "Chance",
    "FaultInjector",
    "FaultRepository",
    "Instruction",
    "InstructionError",
    "InstructionLike",
    "NothingToAlter",
    "Pass",
    "Plan",
    "RejectedByNumber",
    "ServedResponse",
    "SocketNeeded",
    "choose",
    "fault_of_numbers",
    "forms",
    "make_plan",
    "parse",
    "plan_named_by",
    "read",
    "read_record",
    "reject_by_number",
    "restore",
    "unused",
    "write",
]
