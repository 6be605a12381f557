"""
Faults that a user plans: which request meets one, and what happens to it then.

    instructions.py   what can go wrong with a request, as a value and as a short text
    plan.py           which request meets which instruction
    book.py           the plans of all accounts, as the store keeps them
    numbers.py        numbers that make calls fail, as instructions
    mishap.py         lets an instruction happen to a request
    rewriting.py      faults of the answer: other bytes in a well-formed message
    wire.py           faults of the connection; protocol.py hands the connection out
"""

from trackingmore_v2_sandbox.faults.from_numbers import (
    RejectedByNumber,
    fault_of_numbers,
    reject_by_number,
)
from trackingmore_v2_sandbox.faults.injector import FaultInjector, SocketNeeded
from trackingmore_v2_sandbox.faults.instructions import (
    Given,
    Instruction,
    InstructionError,
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
    put_back,
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
    "Given",
    "Instruction",
    "InstructionError",
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
    "put_back",
    "read",
    "read_record",
    "reject_by_number",
    "unused",
    "write",
]
