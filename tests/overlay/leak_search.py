"""A search of an exception for secrets, in every place that a log or an error tracker records."""

import pickle
import traceback
from collections.abc import Collection, Iterator, Mapping
from types import FrameType
from typing import Any, cast

from trackingmore_v2 import TrackingMoreError
from trackingmore_v2_api import ApiRejected, ContractViolated

_DEPTH = 2
"""Levels of containers and objects that are searched in a local variable."""


def find_leaks(error: BaseException, canaries: Collection[str]) -> list[str]:
    """
    Return the places at which an exception, or one behind it, shows a canary; see `places()`.

    Args:
        error: The exception, as it was caught.
        canaries: The texts to search for.
    """
    found = ((place, text) for each in linked(error) for place, text in places(each))
    return [f"{place}: {one}" for place, text in found for one in canaries if one in text]


def linked(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception, its cause, its context and its members, and those behind each."""
    pending, seen = [error], list[BaseException]()
    while pending:
        each = pending.pop()
        if not any(each is one for one in seen):
            seen.append(each)
            yield each
            behind = (each.__cause__, each.__context__, *getattr(each, "exceptions", ()))
            pending += [one for one in behind if isinstance(one, BaseException)]


def places(error: BaseException) -> Iterator[tuple[str, str]]:
    """
    Yield each place of one exception, and the text that it shows.

    Attributes are no such place for errors of the client: they hold request and response, by
    design. Frames of tests and scripts are left out, since they hold what a caller has.
    """
    name = type(error).__name__
    yield f"str of {name}", str(error)
    yield f"repr of {name}", repr(error)
    yield f"message of {name}", "".join(traceback.format_exception_only(error))
    yield f"args of {name}", repr(error.args)
    if isinstance(error, TrackingMoreError):
        yield f"pickle of {name}", pickle.dumps(error).decode("latin-1")
    elif not isinstance(error, ApiRejected | ContractViolated):
        for attribute, value in vars(error).items():
            for text in texts(value):
                yield f"{attribute} of {name}", text
    for frame, line in traceback.walk_tb(error.__traceback__):
        if not str(frame.f_globals.get("__name__", "")).startswith(("tests.", "__main__")):
            yield from _locals(frame, line)


def _locals(frame: FrameType, line: int) -> Iterator[tuple[str, str]]:
    for name, value in frame.f_locals.items():
        for text in texts(value):
            yield (
                f"{name} in {frame.f_code.co_qualname}() at {frame.f_code.co_filename}:{line}",
                text,
            )


def texts(value: object, depth: int = _DEPTH) -> Iterator[str]:
    """Yield the texts of a value, and of what it contains."""
    yield repr(value)
    if depth:
        for each in _parts(value):
            yield from texts(each, depth - 1)


def _parts(value: object) -> list[object]:
    if isinstance(value, Mapping):
        items = cast("Mapping[Any, object]", value)
        return [*items.keys(), *items.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return list(cast("list[object]", value))
    return list(getattr(value, "__dict__", {}).values())
