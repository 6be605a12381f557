"""
Tracebacks without local variables, which error trackers record for every frame.

Frames of this package hold requests with personal data, and those of the HTTP library hold the API
key. Line numbers remain. An error of this package has no frames of its methods at all.
"""

import inspect
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from contextlib import aclosing, suppress
from functools import wraps
from types import FrameType, FunctionType
from typing import Any, Final, TypeVar

from trackingmore_v2._errors import TrackingMoreError

ClassT = TypeVar("ClassT", bound=type)
Method = Callable[..., Any]

_SCRUBBED: Final = frozenset(
    {
        *("trackingmore_v2", "trackingmore_v2_api"),
        *("httpx2", "httpcore2", "h11", "anyio", "socksio"),
        *("asyncio", "trio", "ssl", "socket"),  # of the HTTP library's connections
        *("redis", "psycopg", "psycopg_pool"),  # of limiters; they hold passwords
    }
)
"""Packages whose frames are cleared; a caller's frames stay as they are."""

_SPECIAL: Final = frozenset({"__init__", "__iter__", "__aiter__"})


def scrub(error: BaseException) -> None:
    """
    Clear the local variables of an exception's frames, and of the exceptions behind it.

    Only frames of this package and of the HTTP library are cleared. An error of this package loses
    its frames instead, and a context that `from None` has suppressed.
    """
    if isinstance(error, TrackingMoreError):
        error.__traceback__ = None
    for each in _linked(error):
        is_suppressed = each.__suppress_context__ and each.__cause__ is None
        if isinstance(each, TrackingMoreError) and is_suppressed:
            each.__context__ = None  # an encoding error, for example, holds the whole text
        for frame in _frames(each):
            if frame.f_globals.get("__name__", "").partition(".")[0] in _SCRUBBED:
                with suppress(RuntimeError):  # of a frame that is still running
                    frame.clear()


def scrub_methods(cls: ClassT) -> ClassT:
    """Scrub every exception that leaves a public method of a class."""
    for name, method in list(vars(cls).items()):
        is_public = name in _SPECIAL or not name.startswith("_")
        if is_public and isinstance(method, FunctionType):
            setattr(cls, name, scrubbed(method))
    return cls


def scrubbed(function: FunctionType) -> Method:
    """Return a function of the same kind and signature that scrubs the exceptions it raises."""
    flags = function.__code__.co_flags
    if flags & inspect.CO_ASYNC_GENERATOR:
        return _async_generator(function)
    if flags & inspect.CO_COROUTINE:
        return _coroutine(function)
    return _generator(function) if flags & inspect.CO_GENERATOR else _function(function)


def _function(function: Method) -> Method:
    @wraps(function)
    def call(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - those of any method
        try:
            return function(*args, **options)
        except BaseException as error:
            del args, options  # this frame stays in the traceback
            scrub(error)
            raise

    return call


def _coroutine(function: Method) -> Method:
    @wraps(function)
    async def call(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - those of any method
        try:
            return await function(*args, **options)
        except BaseException as error:
            del args, options
            scrub(error)
            raise

    return call


def _generator(function: Method) -> Method:
    @wraps(function)
    def call(*args: Any, **options: Any) -> Generator[Any, Any, Any]:  # noqa: ANN401 - those of any method
        try:
            return (yield from function(*args, **options))
        except BaseException as error:
            del args, options
            scrub(error)
            raise

    return call


def _async_generator(function: Method) -> Method:
    @wraps(function)
    async def call(*args: Any, **options: Any) -> AsyncGenerator[Any]:  # noqa: ANN401 - those of any method
        item: Any = None
        async with aclosing(function(*args, **options)) as items:
            try:
                async for item in items:
                    yield item
            except BaseException as error:
                del args, options, items, item
                scrub(error)
                raise

    return call


def _linked(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception, and all exceptions that can be reached from it."""
    pending, seen = [error], set[int]()
    while pending:
        each = pending.pop()
        if id(each) not in seen:
            seen.add(id(each))
            yield each
            linked = (each.__cause__, each.__context__, *getattr(each, "exceptions", ()))
            pending += [one for one in linked if isinstance(one, BaseException)]


def _frames(error: BaseException) -> Iterator[FrameType]:
    traceback = error.__traceback__
    while traceback:
        yield traceback.tb_frame
        traceback = traceback.tb_next
