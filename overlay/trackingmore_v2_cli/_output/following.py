"""Progress where it matters: for many items."""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from trackingmore_v2_cli._output.output import Output

_MANY: Final = 100


@contextmanager
def following(
    out: "Output", action: str, total: int
) -> Generator[Callable[[Iterable[Any]], Iterable[Any]]]:
    """
    Return a function that yields items and shows their progress, if they are many.

    Args:
        out: The output of the command.
        action: What is done, such as `Sending trackings`.
        total: How many items there will be.
    """
    if total < _MANY:
        yield lambda items: items
        return
    from trackingmore_v2_cli._output.progress import Progress  # noqa: PLC0415 - for many items only

    with Progress(out, action, total) as progress:
        yield progress.follow
