"""The standard streams: closed ones, unknown characters, and what is left in them at the end."""

import os
import sys
from contextlib import suppress
from typing import Literal, TextIO


def prepare_streams() -> None:
    """
    Replace streams that the caller has closed, and print a question mark for unknown characters.

    A file that is opened later would otherwise get the number of a closed stream, and its content.
    """
    if sys.stdin is None:
        sys.stdin = _open(0, "r", os.open(os.devnull, os.O_RDONLY))
    if sys.stdout is None:
        sys.stdout = _open(1, "w", _pipe_without_reader())
    if sys.stderr is None:
        sys.stderr = _open(2, "w", os.open(os.devnull, os.O_WRONLY))
    for stream in (sys.stdout, sys.stderr):
        _replace_unknown_characters(stream)


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether a standard stream is a terminal, and not closed."""
    return stream is not None and not stream.closed and stream.isatty()


def discard_input(terminal: TextIO) -> None:
    """Drop what was typed so far. Windows keeps it."""
    try:
        import termios  # noqa: PLC0415 - of POSIX
    except ModuleNotFoundError:
        return
    with suppress(OSError, termios.error):  # no terminal after all
        termios.tcflush(terminal.fileno(), termios.TCIFLUSH)


def discard_output() -> None:
    """Drop what cannot be written, so that Python does not report it at exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with suppress(OSError):  # a stream without a number
                _take(stream.fileno(), os.open(os.devnull, os.O_WRONLY))


def _open(number: int, mode: Literal["r", "w"], file: int) -> TextIO:
    return open(_take(number, file), mode, encoding="utf-8")


def _take(number: int, file: int) -> int:
    """Open a file under the number of a stream."""
    if file != number:
        os.dup2(file, number)
        os.close(file)
    return number


def _pipe_without_reader() -> int:
    """Return a file to which writing fails as to a pipe that its reader has closed."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def _replace_unknown_characters(stream: TextIO) -> None:
    # "surrogateescape" is the default of the C locale, where it fails for all but ASCII.
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure and stream.errors in {"strict", "surrogateescape"}:
        reconfigure(errors="replace")
