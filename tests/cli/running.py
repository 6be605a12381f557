"""Runs of the command in this process, with streams of any kind."""

import io
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias
from unittest.mock import Mock, patch

from msgspec import json

from trackingmore_v2_cli import _secrets
from trackingmore_v2_cli._app import run

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")
"""Escape sequences of a terminal."""


class Finished(NamedTuple):
    """A run that has ended."""

    status: int
    output: bytes
    errors: bytes

    @property
    def text(self) -> str:
        """What was printed, without escape sequences."""
        return ESCAPES.sub("", self.output.decode())

    @property
    def messages(self) -> str:
        """What was printed to standard error, without escape sequences."""
        return ESCAPES.sub("", self.errors.decode())

    @property
    def records(self) -> list[Any]:
        """The lines of JSON that were printed."""
        return [json.decode(line) for line in self.output.splitlines()]


class Stream(io.TextIOWrapper):
    """A standard stream in memory, which may claim to be a terminal."""

    def __init__(self, content: bytes = b"", *, encoding: str = "utf-8", is_terminal: bool) -> None:
        super().__init__(io.BytesIO(content), encoding=encoding, newline="", write_through=True)
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        """Return whether it claims to be a terminal."""
        return self._is_terminal


Run: TypeAlias = Callable[..., Finished]
"""`run_command` with the environment of a test."""


def run_command(  # noqa: PLR0913 - each is a condition of the run
    *arguments: str,
    environment: Mapping[str, str],
    stdin: bytes | None = None,
    terminal: bool | int = False,
    encoding: str = "utf-8",
    output_error: OSError | None = None,
    joined: bool = False,
) -> Finished:
    """
    Run a command line in this process.

    Args:
        *arguments: The arguments after the name of the program.
        environment: The whole environment.
        stdin: What standard input holds. Default: it must not be read.
        terminal: Whether all three streams are terminals; a number is their columns.
        encoding: The encoding of the streams.
        output_error: The error of each write to standard output. Default: none.
        joined: Whether both outputs are one stream, as on a screen. Default: False.
    """
    is_terminal = bool(terminal)
    columns = {"COLUMNS": str(80 if terminal is True else terminal), "TERM": "xterm"}
    streams = {
        "stdin": Stream(stdin or b"", encoding=encoding, is_terminal=is_terminal),
        "stdout": Stream(encoding=encoding, is_terminal=is_terminal),
        "stderr": Stream(encoding=encoding, is_terminal=is_terminal),
    }
    if joined:
        streams["stderr"] = streams["stdout"]
    if output_error:
        streams["stdout"].buffer.write = Mock(side_effect=output_error)  # type: ignore[method-assign]  # replaced
    if stdin is None:
        streams["stdin"].close()
    with (
        patch.object(sys, "stdin", streams["stdin"]),
        patch.object(sys, "stdout", streams["stdout"]),
        patch.object(sys, "stderr", streams["stderr"]),
        # A process runs one command, and knows no keys of earlier ones.
        patch.object(_secrets, "_known", set()),
        patch.dict("os.environ", {**environment, **(columns if terminal else {})}, clear=True),
    ):
        status = run(arguments)
        output, errors = (streams[name].buffer.getvalue() for name in ("stdout", "stderr"))  # type: ignore[attr-defined]  # BytesIO
    return Finished(int(status), output, errors)
