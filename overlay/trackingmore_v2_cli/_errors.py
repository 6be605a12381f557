"""Errors that end a command with one line."""

from typing import Final

import click

from trackingmore_v2_cli._statuses import ExitStatus


class CommandError(click.ClickException):
    """
    An error that ends the command.

    Args:
        message: What is wrong, and what to do, in one line.
        status: The exit status. Default: `REJECTED`.
    """

    def __init__(self, message: str, status: ExitStatus = ExitStatus.REJECTED) -> None:
        super().__init__(message)
        self.status: Final = status


class MissingExtra(CommandError):
    """
    A package of an extra is not installed.

    Args:
        missing: The error of the import.
        extra: The extra of this project that installs it.
    """

    def __init__(self, missing: ModuleNotFoundError, extra: str) -> None:
        package = (missing.name or "a package").partition(".")[0]
        super().__init__(
            f"{package} is not installed; run: python3 -m pip install 'trackingmore-v2[{extra}]'",
            ExitStatus.USAGE,
        )
