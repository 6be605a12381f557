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
    RefusedByNumber,
    fault_of_numbers,
    refuse_by_number,
)
from trackingmore_v2_sandbox.faults.injector import Mishap, SocketNeeded
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
from trackingmore_v2_sandbox.faults.repository import FaultBook, read_record
from trackingmore_v2_sandbox.faults.response_faults import Answer, NothingToSpoil

__all__ = [
    "ANY_OPERATION",
    "HEADER",
    "Answer",
    "Chance",
    "FaultBook",
    "Given",
    "Instruction",
    "InstructionError",
    "Mishap",
    "NothingToSpoil",
    "Pass",
    "Plan",
    "RefusedByNumber",
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
    "refuse_by_number",
    "unused",
    "write",
]
