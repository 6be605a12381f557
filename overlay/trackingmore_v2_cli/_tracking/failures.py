"""Numbers that failed while others succeeded."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import click

from trackingmore_v2_cli._client_errors import sentence_of
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._failures import print_error
from trackingmore_v2_cli._statuses import ExitStatus, status_of

_OF_ONE_NUMBER: Final = (ExitStatus.REJECTED, ExitStatus.USAGE, ExitStatus.NOT_FOUND)
"""Any other error, such as that of a key or a connection, would be that of the next number too."""


class Failures:
    """The numbers that failed. Each is reported at once, in one line on standard error."""

    def __init__(self) -> None:
        self._statuses: Final[list[ExitStatus]] = []

    @contextmanager
    def of(self, number: str) -> Generator[None]:
        """Report an error that is about one number, and go on; raise any other."""
        from trackingmore_v2 import TrackingMoreError  # noqa: PLC0415 - slow to import

        try:
            yield
        except CommandError as error:
            self.add(number, error.message, error.status)
        except TrackingMoreError as error:
            status = status_of(type(error))
            if status not in _OF_ONE_NUMBER:
                raise
            sentence = sentence_of(error).removeprefix(f"{error.carrier_code}:")
            self.add(number, sentence.removeprefix(f"{number}: "), status)

    def add(self, number: str, message: str, status: ExitStatus) -> None:
        """Report a number that failed."""
        self._statuses.append(status)
        print_error(f"{number}: {message}")

    def exit(self, succeeded: int) -> None:
        """
        End the command with the status of the failures, if there are any.

        Args:
            succeeded: How many others there are.
        """
        if self._statuses:
            is_one_kind = not succeeded and len(set(self._statuses)) == 1
            raise click.exceptions.Exit(self._statuses[0] if is_one_kind else ExitStatus.PARTIAL)
