"""Classes as entries: one for the class, and those of its fields, members and methods."""

import ast
import inspect
import typing
from abc import ABC
from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from textwrap import dedent
from types import FunctionType
from typing import Any, Final

import msgspec

from release.api_diff.functions import Entries, Facts, describe_function, describe_method
from release.api_diff.spelling import hints_of, spell_type, spell_value

OURS: Final = "trackingmore_v2"
_PROTOCOLS: Final = (
    *("__call__", "__len__", "__bool__", "__contains__", "__getitem__", "__iter__", "__aiter__"),
    *("__enter__", "__aenter__", "__await__"),
)
"""Special methods that users rely on."""

_OPAQUE: Final = frozenset({"Store", "SqliteStore"})
"""Classes whose members users do not use: they only pass instances on."""


class Describer:
    """Description of classes, given which of them are public and under which names."""

    def __init__(self, public: dict[type, str]) -> None:
        self._public = public

    def describe(self, name: str, cls: type[Any]) -> Entries:
        """Yield the entries of a class, with what it inherits from classes that are not public."""
        yield name, {"kind": "class", "bases": self._bases(cls), **_traits(cls)}
        if issubclass(cls, Enum):
            for key, member in cls.__members__.items():  # aliases too
                yield f"{name}.{key}", {"kind": "member", "value": repr(member.value)}
        elif typing.is_typeddict(cls):
            yield from _describe_keys(name, cls)
        elif issubclass(cls, msgspec.Struct):
            yield from _describe_fields(name, cls)
        yield from self._describe_members(name, cls)

    def _bases(self, cls: type) -> list[str]:
        """Return the bases by their public names, those of bases too."""
        bases = [each for each in cls.__mro__[1:] if each not in {object, ABC}]
        named = (self._public.get(each) or _name_in_library(each) for each in bases)
        return [name for name in named if name]

    def _describe_members(self, name: str, cls: type) -> Entries:
        found: dict[str, Facts] = {}
        owners = [] if cls.__name__ in _OPAQUE else self._owners(cls)
        for owner in reversed(owners):
            for key, member in vars(owner).items():
                if not key.startswith("_") or key in _PROTOCOLS:
                    found |= dict(_describe_member(f"{name}.{key}", member))
            found |= dict(_describe_attributes(name, owner))
        yield from found.items()
        # The docstring of a class that users instantiate describes its arguments.
        if "Args:" in (cls.__doc__ or "") and not issubclass(cls, msgspec.Struct):
            yield from describe_function(f"{name}.__init__", cls.__init__, "method")

    def _owners(self, cls: type) -> list[type]:
        """Return the class and its bases that are not public."""
        return [
            each
            for each in cls.__mro__
            if each is cls or (each.__module__.startswith(OURS) and each not in self._public)
        ]


def _name_in_library(cls: type) -> str | None:
    is_private = cls.__module__.startswith(OURS) or cls.__name__.startswith("_")
    return None if is_private else cls.__qualname__


def _traits(cls: type) -> Facts:
    facts: Facts = {}
    if getattr(cls, "_is_protocol", False):
        facts["protocol"] = True
    if issubclass(cls, msgspec.Struct) and cls.__struct_config__.frozen:
        facts["frozen"] = True
    return facts


def _describe_keys(name: str, cls: Any) -> Entries:
    for key, annotation in hints_of(cls).items():
        required = key in cls.__required_keys__
        yield (
            f"{name}.{key}",
            {"kind": "key", "type": spell_type(annotation), "required": required},
        )


def _describe_fields(name: str, cls: type[msgspec.Struct]) -> Entries:
    signature = inspect.signature(cls).parameters
    positional = [each.name for each in signature.values() if each.kind != each.KEYWORD_ONLY]
    for field in msgspec.structs.fields(cls):
        facts: Facts = {"kind": "field", "type": spell_type(field.type)}
        if field.name in positional:
            facts["position"] = positional.index(field.name)
        if field.encode_name != field.name:
            facts["wire"] = field.encode_name
        if not field.required:
            facts["default"] = spell_value(_default(field))
        yield f"{name}.{field.name}", facts


def _default(field: msgspec.structs.FieldInfo) -> Any:
    is_made = field.default is msgspec.NODEFAULT
    return field.default_factory if is_made else field.default


def _describe_member(name: str, member: Any) -> Entries:
    if isinstance(member, FunctionType | classmethod | staticmethod):
        yield from describe_method(name, member)
    elif isinstance(member, property):
        writable = {"writable": True} if member.fset else {}
        yield name, {**_describe_getter(member.fget), **writable}
    elif isinstance(member, cached_property):
        yield name, _describe_getter(member.func)


def _describe_getter(getter: Any) -> Facts:
    """Return the facts of a property: how the value is computed makes no difference."""
    result = hints_of(inspect.unwrap(getter)).get("return", Any)
    return {"kind": "attribute", "type": spell_type(result)}


def _describe_attributes(name: str, owner: type[Any]) -> Entries:
    """Yield attributes that are annotated in a class, or set by its constructor."""
    if issubclass(owner, msgspec.Struct | Enum) or typing.is_typeddict(owner):
        return
    hints = hints_of(owner)  # those of bases, too
    found: dict[str, str | None] = {}
    if "__init__" in vars(owner):
        found = dict(_set_by_constructor(owner))
    for key in [*found, *inspect.get_annotations(owner)]:
        if key in hints:
            found[key] = _without_class(hints[key])
    for key, annotation in found.items():
        if not key.startswith("_"):
            facts = {"type": annotation} if annotation else {}
            yield f"{name}.{key}", {"kind": "attribute", **facts}


def _without_class(annotation: Any) -> str | None:
    """Return the type of an attribute, whether or not it is one of the class."""
    if annotation is typing.Final:
        return None
    is_wrapped = typing.get_origin(annotation) in {typing.ClassVar, typing.Final}
    return spell_type(typing.get_args(annotation)[0] if is_wrapped else annotation)


def _set_by_constructor(cls: type) -> Iterator[tuple[str, str | None]]:
    """Yield attributes that a constructor sets, with their types where they are written."""
    constructor = inspect.unwrap(vars(cls)["__init__"])
    if not constructor.__module__.startswith(OURS):
        return
    hints = hints_of(constructor)
    for node in ast.walk(ast.parse(dedent(inspect.getsource(constructor)))):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Attribute) and ast.unparse(target.value) == "self":
                yield target.attr, _type_of(node, hints)


def _type_of(assignment: ast.AST, hints: dict[str, Any]) -> str | None:
    if isinstance(assignment, ast.AnnAssign):
        return spell_type(ast.unparse(assignment.annotation))
    value = getattr(assignment, "value", None)
    if isinstance(value, ast.Name) and value.id in hints:
        return spell_type(hints[value.id])
    if isinstance(value, ast.Call) and ast.unparse(value.func)[0].isupper():
        return spell_type(ast.unparse(value.func))
    return None
