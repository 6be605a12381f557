"""A verb's result together with the answer as it came."""

from collections.abc import Callable, Mapping
from types import MethodType
from typing import Any, Generic, TypeVar

from msgspec import Struct

from ._reply import Reply
from ._resources._base import AsyncResource, Resource

ResourceT = TypeVar("ResourceT", bound=Resource | AsyncResource)
ResultT = TypeVar("ResultT")


class RawAnswer(Struct, Generic[ResultT], frozen=True):
    """
    What a verb gave, and what it was read from.

    Attributes:
        parsed: What the verb gave.
        replies: The answers, one for each call that the verb made.
    """

    parsed: ResultT
    replies: tuple[Reply, ...]

    @property
    def status(self) -> int:
        """HTTP status of the last answer."""
        return self.replies[-1].status

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of the last answer."""
        return self.replies[-1].headers

    @property
    def body(self) -> bytes:
        """Bytes of the last answer, without transport encoding."""
        return self.replies[-1].body


def rebound(
    verb: Callable[..., ResultT],
    kind: type[ResourceT],
    run: Any,  # noqa: ANN401 - a runner of either kind
) -> Callable[..., ResultT]:
    """
    Give the same verb of a resource that is run by somebody else.

    Raises:
        TypeError: It is not a verb of such a client.
    """
    resource: object = getattr(verb, "__self__", None)
    function: Callable[..., ResultT] | None = getattr(verb, "__func__", None)
    if not isinstance(resource, kind) or function is None:
        raise TypeError("raw() takes a verb of this client, such as client.trackings.get")
    bound: Callable[..., ResultT] = MethodType(function, type(resource)(run))
    return bound


def raw_answer(parsed: ResultT, replies: list[Reply]) -> RawAnswer[ResultT]:
    """
    Put a result and its answers together.

    Raises:
        TypeError: There was no answer, as with a list that is not read yet.
    """
    if not replies:
        raise TypeError("raw() takes a verb that makes its calls at once; a list does not")
    return RawAnswer(parsed, tuple(replies))
