"""
Types by which a type checker finds mistakes in dict displays, but takes any row of a table.

A method takes typed items, else any dict display, with a warning, else any mapping. Pyright shows
this warning as an error in strict mode, and as a hint otherwise; all three have the same result.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

FunctionT = TypeVar("FunctionT")

if not TYPE_CHECKING:
    AnyDict = dict

    def deprecated(_: str) -> Callable[[FunctionT], FunctionT]:
        """Return a decorator that changes nothing; type checkers report a use of the function."""
        return lambda function: function

else:
    from typing_extensions import TypedDict as OpenTypedDict
    from typing_extensions import deprecated as deprecated  # noqa: PLC0414 - imported from here

    # For pyright, a dict display may be one of these, but a variable of type `dict` may not. Mypy
    # does not know `extra_items`, and takes nothing for one of these.
    class AnyDict(OpenTypedDict, total=False, extra_items=object):  # type: ignore[call-arg]  # as said
        """A dict display with any keys."""

        _: object
