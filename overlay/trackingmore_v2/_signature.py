"""Signatures that name the options of a method, for `help()` and completion."""

import inspect
from collections.abc import Iterator
from types import FunctionType
from typing import Unpack, get_args, get_origin

from msgspec import UNSET


def name_options(function: FunctionType) -> None:
    """Name the fields of `**options: Unpack[...]` in the signature of a function."""
    # Runs for each method at import; most have no options, and reading a signature is slow.
    if function.__code__.co_flags & inspect.CO_VARKEYWORDS:
        signature = inspect.signature(function)
        named = [each for parameter in signature.parameters.values() for each in _named(parameter)]
        function.__dict__["__signature__"] = signature.replace(parameters=named)


def _named(parameter: inspect.Parameter) -> Iterator[inspect.Parameter]:
    if get_origin(parameter.annotation) is not Unpack:
        yield parameter
        return
    (options,) = get_args(parameter.annotation)
    for name, annotation in options.__annotations__.items():
        # An option that is left out is not sent, unlike one that is None.
        yield inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=UNSET, annotation=annotation
        )
