"""
Tracebacks without local variables, which error trackers record for every frame.

Frames of this package hold requests with personal data, and those of the HTTP library hold the API
key. Line numbers remain. An error of this package has no frames of its methods at all.
"""

import inspect
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from contextlib import aclosing, suppress
from functools import wraps
from itertools import dropwhile
from types import FrameType, FunctionType
from typing import Any, Final, TypeAlias, TypeVar, cast

from trackingmore_v2._errors import TrackingMoreError

Method: TypeAlias = Callable[..., Any]
ClassT = TypeVar("ClassT", bound=type)
MethodT = TypeVar("MethodT", bound=Method)

_OWN: Final = frozenset({"trackingmore_v2", "trackingmore_v2_api"})
_LIBRARIES: Final = frozenset(
    {
        *("httpx2", "httpcore2", "h11", "anyio", "socksio"),
        *("asyncio", "trio", "ssl", "socket"),  # of the HTTP library's connections
        *("redis", "psycopg", "psycopg_pool"),  # of limiters; they hold passwords
    }
)
"""Packages whose frames are cleared as well; a caller's frames stay as they are."""

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
        # Before the first frame of this package, the caller may use the same libraries.
        for frame in dropwhile(lambda frame: _package_of(frame) not in _OWN, _frames(each)):
            if _package_of(frame) in _OWN | _LIBRARIES:
                with suppress(RuntimeError):  # of a frame that is still running
                    frame.clear()


def scrub_methods(cls: ClassT) -> ClassT:
    """Scrub every exception that leaves a public method of a class."""
    for name, method in list(vars(cls).items()):
        is_public = name in _SPECIAL or not name.startswith("_")
        if is_public and isinstance(method, FunctionType):
            setattr(cls, name, scrubbed(method))
    return cls


def scrubbed(function: MethodT) -> MethodT:
    """Return a function of the same kind and signature that scrubs the exceptions it raises."""
    if inspect.isasyncgenfunction(function):
        made = _async_generator(function)
    elif inspect.iscoroutinefunction(function):
        made = _coroutine(function)
    elif inspect.isgeneratorfunction(function):
        made = _generator(function)
    else:
        made = _function(function)
    return cast("MethodT", made)


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
            made: Generator[Any, Any, Any] = function(*args, **options)
            return (yield from made)
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


def _package_of(frame: FrameType) -> str:
    name: str = frame.f_globals.get("__name__", "")
    return name.partition(".")[0]


def _frames(error: BaseException) -> Iterator[FrameType]:
    traceback = error.__traceback__
    while traceback:
        yield traceback.tb_frame
        traceback = traceback.tb_next
