"""The line and the exit status with which a command reports an error."""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, NamedTuple

import click

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._output.text import clean
from trackingmore_v2_cli._secrets import redact
from trackingmore_v2_cli._statuses import ExitStatus, is_expected, status_of

PROGRAM: Final = "trackingmore-v2"


class Failure(NamedTuple):
    """How a command failed."""

    message: str
    """One line; empty if nothing is printed."""

    status: int


def report(error: BaseException, *, verbose: bool) -> int:
    """
    Print an error in one line to standard error, and return its exit status.

    Args:
        error: The error.
        verbose: Whether the traceback of an unexpected error, or the hint of a sandbox, is printed
            before the line.
    """
    failure = describe(error)
    # What was printed before the error comes first; a full disk or a closed pipe is no other error.
    with suppress(OSError):
        sys.stdout.flush()
    with suppress(OSError):
        if failure.status == ExitStatus.INTERRUPTED and sys.stderr.isatty():
            click.echo(err=True)  # after ^C
        if verbose and _is_unexpected(error):
            click.echo(redact(_traceback(error)), err=True, nl=False)
        if verbose and (hint := getattr(error, "hint", "")):
            click.echo(f"Sandbox hint: {clean(redact(hint))}", err=True)
        if failure.message:
            print_error(failure.message)
    return failure.status


def print_error(message: str) -> None:
    """Print the line of an error, made safe and without keys, to standard error."""
    if sys.stderr:  # click.echo would bypass the live table that replaces it
        sys.stderr.write(f"{PROGRAM}: {clean(redact(message))}\n")


def describe(error: BaseException) -> Failure:
    """Return how an error is reported."""
    for kind, describe_kind in _KINDS:
        if isinstance(error, kind):
            return describe_kind(error)
    if is_expected(type(error)):
        return Failure(_sentence_of(error), status_of(type(error)))
    return _unexpected(error)


def _sentence_of(error: BaseException) -> str:
    from trackingmore_v2_cli._client_errors import sentence_of  # noqa: PLC0415 - for errors only

    return sentence_of(error)


def _interrupted(_error: BaseException) -> Failure:
    return Failure("interrupted", ExitStatus.INTERRUPTED)


def _no_command(error: click.exceptions.NoArgsIsHelpError) -> Failure:
    error.show()
    return Failure("", ExitStatus.USAGE)


def _usage(error: click.UsageError) -> Failure:
    command = error.ctx.command_path if error.ctx else PROGRAM
    message = error.format_message()
    end = "" if message.endswith((".", "?")) else "."
    return Failure(f"{message}{end} See: {command} --help", error.exit_code)


def _text(error: UnicodeDecodeError) -> Failure:
    byte = error.object[error.start]
    return Failure(
        f"the input is not text in {error.encoding}: byte 0x{byte:02x} at {error.start}",
        ExitStatus.USAGE,
    )


def _system(error: OSError) -> Failure:
    reason = error.strerror or str(error) or type(error).__name__
    place = f"{error.filename}: " if error.filename else ""
    return Failure(place + reason, ExitStatus.REJECTED)


def _unexpected(error: BaseException) -> Failure:
    return Failure(
        f"internal error: {type(error).__name__}: {error}. Please report it, with what --verbose "
        "prints",
        ExitStatus.REJECTED,
    )


_KINDS: Final[tuple[tuple[type[BaseException], Callable[[Any], Failure]], ...]] = (
    # Subclasses stand before their bases.
    (BrokenPipeError, lambda _: Failure("", ExitStatus.BROKEN_PIPE)),
    (KeyboardInterrupt, _interrupted),
    (click.Abort, _interrupted),  # at a question
    (click.exceptions.NoArgsIsHelpError, _no_command),
    (click.UsageError, _usage),
    (CommandError, lambda error: Failure(error.message, error.status)),
    (click.ClickException, lambda error: Failure(error.format_message(), error.exit_code)),
    (UnicodeDecodeError, _text),
    (OSError, _system),
)


def _is_unexpected(error: BaseException) -> bool:
    is_known = any(isinstance(error, kind) for kind, _ in _KINDS)
    return not (is_known or is_expected(type(error)))


def _traceback(error: BaseException) -> str:
    """Return the traceback. It has no values of variables."""
    from traceback import format_exception  # noqa: PLC0415 - for this case only

    return "".join(format_exception(error))
