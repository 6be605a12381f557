"""Types and default values as text, the same on every Python version."""

import inspect
import re
import types
import typing
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, Final

from msgspec import NODEFAULT, UNSET

from release.changes import is_list

_PREFIX: Final = re.compile(r"\b(?:[a-z_]\w*\.)+(?=[A-Za-z_])")
"""Modules before the name of a class: where a class is defined is not public."""

_NAMES: Final = {None: "None", types.NoneType: "None", ...: "..."}


def spell_type(annotation: Any) -> str:
    """Return an annotation as a user would write it, without modules."""
    if isinstance(annotation, str):
        return _PREFIX.sub("", annotation)
    if isinstance(annotation, typing.ForwardRef):
        return spell_type(annotation.__forward_arg__)
    if is_list(annotation):
        return f"[{_spell_all(annotation)}]"
    if origin := typing.get_origin(annotation):
        return _spell_generic(origin, typing.get_args(annotation))
    if isinstance(annotation, typing.TypeVar):
        return _spell_variable(annotation)
    return _NAMES.get(annotation) or _name_of(annotation)


def _spell_variable(variable: typing.TypeVar) -> str:
    bound = variable.__bound__
    return f"{variable.__name__}: {spell_type(bound)}" if bound else variable.__name__


def _spell_generic(origin: Any, arguments: tuple[Any, ...]) -> str:
    if origin is typing.Annotated:
        return spell_type(arguments[0])
    if origin is typing.Literal:
        return f"Literal[{', '.join(map(spell_value, arguments))}]"
    if origin in {typing.Union, types.UnionType}:
        # None comes last, wherever it is written.
        names = sorted(dict.fromkeys(map(spell_type, arguments)), key="None".__eq__)
        return " | ".join(names)
    name = _name_of(origin)
    return f"{name}[{_spell_all(arguments)}]" if arguments else name


def _spell_all(annotations: Iterable[Any]) -> str:
    return ", ".join(map(spell_type, annotations))


def _name_of(annotation: Any) -> str:
    name = getattr(annotation, "__qualname__", None) or getattr(annotation, "__name__", None)
    return str(name or _PREFIX.sub("", repr(annotation)))


def alternatives(spelled: str) -> list[str]:
    """Return the members of a union, and each value of a `Literal` as a member."""
    parts, depth = [""], 0
    for word in re.split(r"([\[\]]| \| )", spelled):
        depth += (word == "[") - (word == "]")
        if word == " | " and depth == 0:
            parts.append("")
        else:
            parts[-1] += word
    return [each for part in parts for each in _literals(part)]


def _literals(spelled: str) -> list[str]:
    found = re.fullmatch(r"Literal\[(.*)\]", spelled)
    return [f"Literal[{each}]" for each in found[1].split(", ")] if found else [spelled]


def spell_value(value: Any) -> str:
    """Return a value as text without addresses, or else the kind of value that it is."""
    spellings = (spell(value) for kind, spell in _SPELLINGS if isinstance(value, kind))
    return next(spellings, f"a {type(value).__name__}")


def _spell_items(values: Iterable[Any]) -> str:
    return ", ".join(map(spell_value, values))


_SPELLINGS: Final[tuple[tuple[Any, Callable[[Any], str]], ...]] = (
    (Enum, lambda value: f"{type(value).__name__}.{value.name}"),
    (str | bytes | int | float | types.NoneType, repr),
    (type(UNSET) | type(NODEFAULT), str),
    ((tuple, list), lambda value: f"{type(value).__name__}({_spell_items(value)})"),
    ((set, frozenset), lambda value: f"{type(value).__name__}({_spell_items(sorted(value))})"),
    (type | Callable, _name_of),
)
"""By kind of value; the first one that matches is taken."""


def hints_of(thing: Callable[..., Any] | type) -> dict[str, Any]:
    """Return the annotations; as they are written, if they name what only type checkers import."""
    try:
        return typing.get_type_hints(thing)
    except NameError:
        return inspect.get_annotations(thing)
