"""Lines of input: arguments, a file, or standard input where `-` stands."""

import sys
from collections.abc import Sequence
from pathlib import Path
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


def read_inputs(arguments: Sequence[str], file: str | None, name: str) -> list[str]:
    """
    Return the arguments and the lines of a file, without blank ones and duplicates.

    Args:
        arguments: The arguments; `-` stands for the lines of standard input.
        file: The path of the file, or `-`; None for none.
        name: What they are, for the error.

    Raises:
        CommandError: There are none, or `-` was given twice, or the input is not UTF-8.
    """
    if [*arguments, file].count("-") > 1:
        raise CommandError("- stands for standard input, once", ExitStatus.USAGE)
    found: list[str] = []
    for argument in arguments:
        found += _lines("-") if argument == "-" else [argument]
    if file:
        found += _lines(file)
    lines = [line.strip() for line in found if line.strip()]
    if not lines:
        raise CommandError(f"no {name}; pass some, --from FILE, or -", ExitStatus.USAGE)
    return list(dict.fromkeys(lines))


def _lines(file: str) -> list[str]:
    try:
        return list(sys.stdin) if file == "-" else _read(file)
    except UnicodeDecodeError:
        source = "standard input" if file == "-" else file
        raise CommandError(f"{source} is not UTF-8", ExitStatus.USAGE) from None


def _read(file: str) -> list[str]:
    return Path(file).read_text(encoding="utf-8-sig").splitlines()
