"""
Fault instructions: what goes wrong with one request, as values and in a short text form.

The text form is the name, followed by `=` and the values, separated by `/`. Optional values may be
omitted, and a switch is on if its name is present: `status=503`, `status=503/bare/after`,
`drip=20/0.2`, `stall`.
"""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Final, TypeAlias, cast, get_args

import msgspec
from msgspec import NODEFAULT, Meta, Struct

from trackingmore_v2_api import META_CODES
from trackingmore_v2_sandbox.validation import explain

LONGEST: Final = 300.0
"""Maximum delay of an instruction, in seconds."""

_Seconds: TypeAlias = Annotated[float, Meta(ge=0, le=LONGEST)]
_Size: TypeAlias = Annotated[int, Meta(ge=1, le=2**31)]


class InstructionError(ValueError):
    """An invalid instruction or plan; the message is one line and lists the allowed values."""


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
    """An instruction for one request."""

    @property
    def carries_out(self) -> bool:
        """Whether the request is executed and changes the state."""
        return True


class _Instead(_Fault, frozen=True, kw_only=True):
    """A fault that replaces the real response."""

    after: bool = False
    """Whether the request is executed first. Default: False."""

    @property
    def carries_out(self) -> bool:
        """Whether the request is executed and changes the state."""
        return self.after


class Pass(_Fault, frozen=True):
    """No fault: the request proceeds normally."""


class Delay(_Fault, frozen=True):
    """A delayed response."""

    seconds: _Seconds
    """Delay in seconds."""


class Status(_Instead, frozen=True):
    """An error response with an HTTP error status."""

    status: Annotated[int, Meta(ge=300, le=599)]
    bare: bool = False
    """Whether the body is empty instead of the API's envelope. Default: False."""


class Code(_Instead, frozen=True):
    """An error response of the API: a `meta.code` with HTTP status 200."""

    code: int
    """The `meta.code`, one of the contract's codes."""

    def __post_init__(self) -> None:
        """Raise `ValueError` for a code that is not in the contract."""
        if self.code not in META_CODES:
            known = ", ".join(map(str, META_CODES))
            raise ValueError(f"unknown meta code {self.code}; expected one of {known}")


class Html(_Instead, frozen=True):
    """An HTML error page, as a proxy sends it."""

    status: Annotated[int, Meta(ge=200, le=599)] = 502
    """HTTP status. Default: 502."""


class Empty(_Fault, frozen=True):
    """A response with an empty body."""


class Truncated(_Fault, frozen=True):
    """A complete HTTP message with truncated JSON: the first half of the real body."""


class NotJson(_Fault, frozen=True):
    """A body with a PHP warning before the JSON."""


class WrongType(_Fault, frozen=True):
    """
    A response in which one value has the wrong type.

    A string becomes a number, a number or boolean a string, an object `[]`, an array `{}`, null 0.
    """

    pointer: Annotated[str, Meta(pattern=r"\A(/|\Z)")] = "/data"
    """JSON pointer to the value; an empty one means the whole document. Default: `/data`."""


class MissingItem(_Fault, frozen=True):
    """A response whose list lacks one item, while its counts still include it."""

    index: Annotated[int, Meta(ge=0, le=2**31)] = 0
    """Index of the item in the list. Default: 0."""


class ExtraField(_Fault, frozen=True):
    """A response in which every object has an additional field."""

    name: Annotated[str, Meta(min_length=1)] = "unheard_of"
    """Name of the field. Default: `unheard_of`."""


class ResetBefore(_Fault, frozen=True):
    """A connection reset (RST) before the request is executed."""

    @property
    def carries_out(self) -> bool:
        """Whether the request is executed and changes the state."""
        return False


class ResetAfter(_Fault, frozen=True):
    """A connection reset (RST) after the request is executed, without a response."""


class LoseResponse(_Fault, frozen=True):
    """A connection closed (FIN) after the request is executed, without a response."""


class Cut(_Fault, frozen=True):
    """A connection that ends within the body, at the latest before its last byte."""

    size: Annotated[int, Meta(ge=0, le=2**31)]
    """Bytes of the body that are sent."""

    reset: bool = False
    """Whether the connection is reset (RST) instead of closed (FIN). Default: False."""


class Drip(_Fault, frozen=True):
    """A body sent in small chunks."""

    size: _Size
    """Bytes in each chunk."""

    seconds: _Seconds
    """Seconds between two chunks."""


class Stall(_Fault, frozen=True):
    """A response that stops after the headers, until the client disconnects or time runs out."""

    seconds: _Seconds = LONGEST
    """Seconds until the sandbox closes the connection. Default: 300."""


class Garbage(_Instead, frozen=True):
    """Bytes that are not HTTP, followed by the end of the connection."""


ResponseFault: TypeAlias = (
    Status | Code | Html | Empty | Truncated | NotJson | WrongType | MissingItem | ExtraField
)
"""Response-level faults: the response is still a valid HTTP message."""

ConnectionFault: TypeAlias = ResetBefore | ResetAfter | LoseResponse | Cut | Drip | Stall | Garbage
"""Connection-level faults, which need a real socket."""

Instruction: TypeAlias = Pass | Delay | ResponseFault | ConnectionFault

InstructionLike: TypeAlias = str | Mapping[str, object] | Instruction
"""An instruction in its text form, as its JSON object, or as an instance."""

KINDS: Final[Mapping[str, type[Instruction]]] = {
    _name(kind.__name__): kind for kind in get_args(Instruction)
}
"""Instruction types by name."""


def parse(text: str) -> Instruction:
    """
    Parse the text form of an instruction.

    Raises:
        InstructionError: The text is not a valid instruction.
    """
    name, equals, rest = text.partition("=")
    kind = KINDS.get(name)
    if kind is None:
        raise InstructionError(f"unknown fault {name!r}; expected one of {_all_forms()}")
    values, switches = _fields(kind)
    # Without switches, the last value may contain the separator: a JSON pointer has slashes.
    parts = rest.split("/", -1 if switches else max(len(values) - 1, 0)) if equals else []
    # Switches may stand anywhere among the values.
    given = [part for part in parts if part not in switches]
    if len(given) > len(values):
        raise InstructionError(_invalid(text, f"too many values for {_form(kind)}"))
    fields: dict[str, object] = {"fault": name, **dict.fromkeys(set(parts) & set(switches), True)}
    return _convert({**fields, **dict(zip(values, given, strict=False))}, text, strict=False)


def read(value: InstructionLike) -> Instruction:
    """
    Parse an instruction in any form: text, a JSON object with the key `fault`, or an instance.

    Raises:
        InstructionError: The value is not a valid instruction.
    """
    if isinstance(value, str):
        return parse(value)
    try:
        fields = msgspec.to_builtins(value)
    except TypeError as error:
        raise InstructionError(_invalid(value, str(error))) from error
    return _convert(fields, value, strict=True)


def write(instruction: Instruction) -> str:
    """Return the text form of an instruction."""
    kind = type(instruction)
    values, switches = _fields(kind)
    parts = [
        _write_value(getattr(instruction, name))
        for name, default in values.items()
        if getattr(instruction, name) != default
    ]
    # Written last, after the values that may be left out.
    parts += [name for name in switches if getattr(instruction, name)]
    return "=".join([_name(kind.__name__), *(["/".join(parts)] if parts else [])])


@cache
def forms() -> tuple[str, ...]:
    """Return the syntax of each instruction, with its values in capitals."""
    return tuple(map(_form, KINDS.values()))


def _convert(fields: object, given: object, *, strict: bool) -> Instruction:
    try:
        instruction: Instruction = msgspec.convert(fields, Instruction, strict=strict)
        # The store keeps JSON, which cannot encode a lone surrogate: fail here, not on save.
        msgspec.json.encode(instruction)
    except (msgspec.ValidationError, UnicodeEncodeError) as error:
        # The message holds all of the error, whose frames a failed test would show.
        raise InstructionError(_invalid(given, explain(error, _kind_of(fields)))) from None
    return instruction


def _kind_of(fields: object) -> object:
    name = cast("dict[str, object]", fields).get("fault") if isinstance(fields, dict) else None
    return KINDS.get(str(name), Instruction)


def _invalid(given: object, reason: str) -> str:
    return f"invalid fault {given!r}: {reason}; expected one of {_all_forms()}"


def _fields(kind: type[Instruction]) -> tuple[dict[str, object], list[str]]:
    """Return the values of an instruction type with their defaults, and its switches."""
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
