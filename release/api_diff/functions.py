"""Functions, methods and fixtures as entries: one for the function, one for each parameter."""

import inspect
import typing
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from release.api_diff.spelling import hints_of, spell_type, spell_value

Facts: TypeAlias = dict[str, Any]
Entries: TypeAlias = Iterator[tuple[str, Facts]]

_KINDS: Final = {
    inspect.Parameter.POSITIONAL_ONLY: "positional",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional or keyword",
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_KEYWORD: "**",
}


def describe_function(name: str, function: Callable[..., Any], kind: str = "function") -> Entries:
    """Yield the entries of a function; `self` and `cls` are no parameters."""
    signature, hints = inspect.signature(function), hints_of(inspect.unwrap(function))
    result = hints.get("return", signature.return_annotation)
    facts: Facts = {"kind": kind, "returns": spell_type(result)}
    if inspect.iscoroutinefunction(function):
        facts["coroutine"] = True
    if getattr(function, "__isabstractmethod__", False):
        facts["abstract"] = True
    if overloads := typing.get_overloads(inspect.unwrap(function)):
        facts["overloads"] = list(map(_spell_overload, overloads))
    yield name, facts
    parameters = list(signature.parameters.values())
    if kind in {"method", "class method"}:
        parameters = parameters[1:]
    for position, parameter in enumerate(parameters):
        annotation = hints.get(parameter.name, parameter.annotation)
        yield f"{name}({parameter.name})", _describe_parameter(parameter, position, annotation)


def _spell_overload(function: Callable[..., Any]) -> str:
    hints = hints_of(function)
    return ", ".join(f"{name}: {spell_type(annotation)}" for name, annotation in hints.items())


def _describe_parameter(parameter: inspect.Parameter, position: int, annotation: Any) -> Facts:
    facts: Facts = {"kind": "parameter", "passed": _KINDS[parameter.kind]}
    if parameter.kind in {parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD}:
        facts["position"] = position
    if annotation is not parameter.empty:
        facts["type"] = spell_type(annotation)
    if parameter.default is not parameter.empty:
        facts["default"] = spell_value(parameter.default)
    return facts


def describe_method(name: str, member: Any) -> Entries:
    """Yield the entries of a function in the namespace of a class."""
    kind = {classmethod: "class method", staticmethod: "static method"}.get(
        member.__class__, "method"
    )
    yield from describe_function(name, getattr(member, "__func__", member), kind)
