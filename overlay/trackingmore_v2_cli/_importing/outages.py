"""Notes about outages, during which an import goes on trying."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from trackingmore_v2_cli._output.output import Output

if TYPE_CHECKING:
    from trackingmore_v2.hooks import ResponseEvent


class Outages:
    """
    Notes about requests without a usable response, one for each series of them.

    Args:
        out: The output of the command.
        limit: How long the import goes on without one, in seconds.
    """

    def __init__(self, out: Output, limit: float) -> None:
        self._out: Final = out
        self._limit: Final = limit
        self._is_noted = False

    def follow(self, event: "ResponseEvent") -> None:
        """Note the first failed request of a series."""
        has_failed = event.status is None or event.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        if has_failed and not self._is_noted:
            self._out.note(
                f"No usable response ({event.error}); trying again for up to {self._limit:g} s."
            )
        self._is_noted = has_failed
