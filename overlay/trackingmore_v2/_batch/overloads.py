"""
Overloads by which a type checker finds mistakes in dict displays, but takes any row of a table.

A method takes typed items, else any dict display, with a warning, else any mapping. Pyright shows
this warning as an error in strict mode, and as a hint otherwise; all three have the same result.
"""

from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar, cast, overload

from msgspec import Struct

from trackingmore_v2._batch.items import Keyed, Unknown

TypedT_contra = TypeVar("TypedT_contra", contravariant=True)
DisplayT_contra = TypeVar("DisplayT_contra", contravariant=True)
ItemsT_contra = TypeVar("ItemsT_contra", contravariant=True)
ResultT_co = TypeVar("ResultT_co", covariant=True)

if not TYPE_CHECKING:
    AnyDict = dict
else:
    from typing_extensions import TypedDict as OpenTypedDict
    from typing_extensions import deprecated

    # For pyright, a dict display may be one of these, but a variable of type `dict` may not. Mypy
    # does not know `extra_items`, and takes nothing for one of these.
    class AnyDict(OpenTypedDict, total=False, extra_items=object):  # type: ignore[call-arg]  # as said
        """A dict display with any keys."""

        _: object

    class Method(Protocol[ItemsT_contra, ResultT_co]):
        """A method as it is written."""

        def __call__(
            self,
            resource: Any,  # noqa: ANN401 - each has such methods
            /,
            items: ItemsT_contra,
            *,
            unknown: Unknown = ...,
        ) -> ResultT_co: ...

    class OverloadedMethod(Protocol[TypedT_contra, DisplayT_contra, ItemsT_contra, ResultT_co]):
        """A method as type checkers see it."""

        @overload
        def __call__(self, items: TypedT_contra, *, unknown: Unknown = ...) -> ResultT_co: ...

        @overload
        @deprecated("an item is a dict with an unknown key, or with a value of another type")
        def __call__(self, items: DisplayT_contra) -> ResultT_co: ...

        @overload
        def __call__(self, items: ItemsT_contra, *, unknown: Unknown = ...) -> ResultT_co: ...


AnyItem: TypeAlias = Struct | AnyDict
"""A model, or any dict display."""

AnyKeyItem: TypeAlias = Keyed | tuple[str, str] | AnyDict
"""The same for methods that take keys."""


class TakesRows(Generic[TypedT_contra, DisplayT_contra]):
    """A decorator that adds the overloads for two types: typed items, and any dict displays."""

    def __call__(
        self, method: "Method[ItemsT_contra, ResultT_co]"
    ) -> "OverloadedMethod[TypedT_contra, DisplayT_contra, ItemsT_contra, ResultT_co]":
        """Return the method as it is."""
        return cast("Any", method)  # type: ignore[no-any-return]  # only its type is another one
