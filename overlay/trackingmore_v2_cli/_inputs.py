"""Lines of input: arguments, a file, or standard input where `-` stands."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from typing import Final

import click

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._statuses import ExitStatus

file_option: Final = click.option(
    "--from",
    "file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="Read them from the lines of a file. - stands for standard input.",
)


def read_inputs(arguments: Iterable[str], file: str | None, name: str) -> list[str]:
    """
    Return the arguments and the lines of a file, without blank ones and duplicates.

    Args:
        arguments: The arguments; `-` stands for the lines of standard input.
        file: The path of the file, or `-`; None for none.
        name: What they are, for the error.

    Raises:
        CommandError: There are none, or `-` was given twice, or the input is not UTF-8.
    """
    stripped = (each.strip() for each in expand(arguments, file))
    found = list(dict.fromkeys(each for each in stripped if each))
    if not found:
        raise CommandError(f"no {name}; pass some, --from FILE, or -", ExitStatus.USAGE)
    return found


def expand(arguments: Iterable[str], file: str | None) -> Iterator[str]:
    """
    Yield the arguments and the lines of a file that are not blank.

    Args:
        arguments: The arguments; `-` stands for the lines of standard input.
        file: The path of the file, or `-`; None for none.

    Raises:
        CommandError: `-` was given twice, or the input is not UTF-8.
    """
    arguments = (*arguments, "-") if file == "-" else (*arguments,)
    if arguments.count("-") > 1:
        raise CommandError("- stands for standard input, once", ExitStatus.USAGE)
    for argument in arguments:
        if argument == "-":
            yield from _lines_of("-", "standard input")
        else:
            yield argument
    if file and file != "-":
        yield from _lines_of(file, file)


def _lines_of(file: str, name: str) -> Iterator[str]:
    """Yield the lines that are not blank, without a byte order mark."""
    # Pathlib is slow to import.
    opened = nullcontext(sys.stdin) if file == "-" else open(file, encoding="utf-8")  # noqa: PTH123, SIM115
    try:
        with opened as stream:
            for line in stream:
                if text := line.strip().removeprefix("\ufeff"):
                    yield text
    except UnicodeDecodeError:
        raise CommandError(f"{name} is not UTF-8 text; save it as such", ExitStatus.USAGE) from None
