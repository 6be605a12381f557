"""
Faults that a user plans: which request meets one, and what happens to it then.

    instructions.py   what can go wrong with a request, as a value and as a short text
    plan.py           which request meets which instruction
    rewriting.py      faults of the answer: other bytes in a well-formed message
    wire.py           faults of the connection; protocol.py hands the connection out
    exchange.py       lets an instruction happen
"""

from .exchange import Exchange, SocketNeeded
from .instructions import Given, Instruction, InstructionError, forms, parse, read, write
from .plan import ANY_OPERATION, HEADER, Chance, Plan, choose, decode, encode, make_plan, unused
from .rewriting import Answer, NothingToChange

__all__ = [
    "ANY_OPERATION",
    "HEADER",
    "Answer",
    "Chance",
    "Exchange",
    "Given",
    "Instruction",
    "InstructionError",
    "NothingToChange",
    "Plan",
    "SocketNeeded",
    "choose",
    "decode",
    "encode",
    "forms",
    "make_plan",
    "parse",
    "read",
    "unused",
    "write",
]
