"""
What can go wrong with one request: instructions, each with a short text.

The text is the name, and after `=` the values, parted by `/`. A value that is left out has its
default; a switch is there or not: `status=503`, `status=503/bare/after`, `drip=20/0.2`, `stall`.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Annotated, Final, TypeAlias, get_args

import msgspec
from msgspec import NODEFAULT, Meta, Struct

from trackingmore_v2_api import META_CODES

LONGEST: Final = 300.0
"""Seconds that an instruction may hold a request up in one go."""

_Seconds: TypeAlias = Annotated[float, Meta(ge=0, le=LONGEST)]
_Size: TypeAlias = Annotated[int, Meta(ge=1, le=2**31)]


class InstructionError(ValueError):
    """An instruction is not one; the message is one line, and lists those that are."""


def _name(class_name: str) -> str:
    words = "".join(f" {letter}" if letter.isupper() else letter for letter in class_name).split()
    return "-".join(words).lower()


class _Fault(
    Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag=_name,
    tag_field="fault",
):
    """What happens to one request."""

    @property
    def carries_out(self) -> bool:
        """Whether the request is carried out all the same, and changes the state."""
        return True


class _Instead(_Fault, frozen=True, kw_only=True):
    """What happens in the place of the real answer."""

    after: bool = False
    """Whether the request is carried out first."""

    @property
    def carries_out(self) -> bool:
        """Whether the request is carried out all the same, and changes the state."""
        return self.after


class Pass(_Fault, frozen=True):
    """Nothing happens: the request is let through."""


class Delay(_Fault, frozen=True):
    """The real answer comes late."""

    seconds: _Seconds


class Status(_Instead, frozen=True):
    """The answer is a refusal with an HTTP status of its own."""

    status: Annotated[int, Meta(ge=300, le=599)]
    bare: bool = False
    """Whether it has no body, rather than the API's envelope."""


class Code(_Instead, frozen=True):
    """The answer is the API's own refusal, under HTTP 200."""

    code: int
    """The `meta.code`, one of the contract's."""

    def __post_init__(self) -> None:
        """Refuse a code that the contract does not know."""
        if self.code not in META_CODES:
            known = ", ".join(map(str, META_CODES))
            raise ValueError(f"{self.code} is no meta code; known are {known}")


class Html(_Instead, frozen=True):
    """The answer is a page of some proxy."""

    status: Annotated[int, Meta(ge=200, le=599)] = 502


class Empty(_Fault, frozen=True):
    """The answer has no body."""


class Truncated(_Fault, frozen=True):
    """The answer is a well-formed message, but its JSON ends half-way."""


class NotJson(_Fault, frozen=True):
    """The answer begins with a warning of the server's own language."""


class WrongType(_Fault, frozen=True):
    """
    One value of the answer has another type.

    A text becomes a number, a number or boolean a text, an object `[]`, an array `{}`, and null 0.
    """

    pointer: Annotated[str, Meta(pattern=r"\A(/|\Z)")] = "/data"
    """Which value, as a JSON pointer; the empty one stands for the whole answer."""


class MissingItem(_Fault, frozen=True):
    """The answer omits one item of its list, and still counts it."""

    index: Annotated[int, Meta(ge=0, le=2**31)] = 0


class ExtraField(_Fault, frozen=True):
    """Every object of the answer has one more field."""

    name: Annotated[str, Meta(min_length=1)] = "unheard_of"


class ResetBefore(_Fault, frozen=True):
    """The connection is reset before the request is carried out."""

    @property
    def carries_out(self) -> bool:
        """Whether the request is carried out all the same, and changes the state."""
        return False


class ResetAfter(_Fault, frozen=True):
    """The request is carried out, and then the connection is reset."""


class LoseResponse(_Fault, frozen=True):
    """The request is carried out, and then the connection is closed without a byte."""


class Cut(_Fault, frozen=True):
    """The connection ends within the body, before its last byte at the latest."""

    size: Annotated[int, Meta(ge=0, le=2**31)]
    """Bytes of the body that are sent."""

    reset: bool = False
    """Whether the connection is reset, rather than closed."""


class Drip(_Fault, frozen=True):
    """The body comes in small pieces."""

    size: _Size
    """Bytes of each piece."""

    seconds: _Seconds
    """Pause between two of them."""


class Stall(_Fault, frozen=True):
    """The headers come and nothing after them, until the client has had enough."""

    seconds: _Seconds = LONGEST
    """When the sandbox closes the connection."""


class Garbage(_Instead, frozen=True):
    """Something comes that is not HTTP, and the connection is closed."""


ResponseFault: TypeAlias = (
    Status | Code | Html | Empty | Truncated | NotJson | WrongType | MissingItem | ExtraField
)
"""Faults of the answer, which arrives as a well-formed HTTP message."""

ConnectionFault: TypeAlias = ResetBefore | ResetAfter | LoseResponse | Cut | Drip | Stall | Garbage
"""Faults of the connection, which needs to be a real one."""

Instruction: TypeAlias = Pass | Delay | ResponseFault | ConnectionFault

Given: TypeAlias = str | Mapping[str, object] | Instruction
"""An instruction as its text, as its JSON object, or made by hand."""

KINDS: Final[Mapping[str, type[Instruction]]] = MappingProxyType(
    {_name(kind.__name__): kind for kind in get_args(Instruction)}
)
"""The kinds of instructions, by name."""


def parse(text: str) -> Instruction:
    """
    Read an instruction from its text.

    Raises:
        InstructionError: It is none.
    """
    name, equals, rest = text.partition("=")
    kind = KINDS.get(name)
    if kind is None:
        raise InstructionError(f"no fault is called {name!r}; known are {_all_forms()}")
    values, switches = _fields(kind)
    # Where there are no switches, the last value may contain the sign that parts them.
    parts = rest.split("/", -1 if switches else max(len(values) - 1, 0)) if equals else []
    given = [part for part in parts if part not in switches]
    if len(given) > len(values):
        raise InstructionError(_misfit(text, f"too many values, it is written {_form(kind)}"))
    fields: dict[str, object] = {"fault": name, **dict.fromkeys(set(parts) & set(switches), True)}
    return _convert({**fields, **dict(zip(values, given, strict=False))}, text, strict=False)


def read(value: Given) -> Instruction:
    """
    Read an instruction in any form: its text, its JSON object with `fault`, or one made by hand.

    Raises:
        InstructionError: It is none.
    """
    if isinstance(value, str):
        return parse(value)
    try:
        fields = msgspec.to_builtins(value)
    except TypeError as error:
        raise InstructionError(_misfit(value, str(error))) from error
    return _convert(fields, value, strict=True)


def write(instruction: Instruction) -> str:
    """Write an instruction as its text."""
    kind = type(instruction)
    values, switches = _fields(kind)
    parts = [
        _write_value(getattr(instruction, name))
        for name, default in values.items()
        if getattr(instruction, name) != default
    ]
    parts += [name for name in switches if getattr(instruction, name)]
    return "=".join([_name(kind.__name__), *(["/".join(parts)] if parts else [])])


@cache
def forms() -> tuple[str, ...]:
    """Tell how each kind of instruction is written, with its values in capitals."""
    return tuple(map(_form, KINDS.values()))


def _convert(fields: object, given: object, *, strict: bool) -> Instruction:
    try:
        instruction: Instruction = msgspec.convert(fields, Instruction, strict=strict)
        msgspec.json.encode(instruction)  # as it is kept, which half a surrogate pair prevents
    except (msgspec.ValidationError, UnicodeEncodeError) as error:
        raise InstructionError(_misfit(given, str(error))) from error
    return instruction


def _misfit(given: object, reason: str) -> str:
    return f"{given!r} is no fault: {reason}; known are {_all_forms()}"


def _fields(kind: type[Instruction]) -> tuple[dict[str, object], list[str]]:
    """Give the values of a kind with their defaults, and its switches."""
    fields = msgspec.structs.fields(kind)
    switches = [field.name for field in fields if field.type is bool]
    return {field.name: field.default for field in fields if field.type is not bool}, switches


def _write_value(value: float | str) -> str:
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _form(kind: type[Instruction]) -> str:
    values, switches = _fields(kind)
    required = "/".join(name.upper() for name, default in values.items() if default is NODEFAULT)
    optional = [name.upper() for name, default in values.items() if default is not NODEFAULT]
    name = _name(kind.__name__)
    if required:
        return f"{name}={required}" + "".join(f"[/{each}]" for each in (*optional, *switches))
    choices = [*optional, *switches]
    if not choices:
        return name
    return f"{name}[={choices[0]}" + "".join(f"[/{each}]" for each in choices[1:]) + "]"


def _all_forms() -> str:
    return ", ".join(forms())
