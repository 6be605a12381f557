"""Lines of input: arguments, a file, or standard input where `-` stands."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import click

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._statuses import ExitStatus

file_option: Final = click.option(
    "--file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Read them from a UTF-8 file, one a line.",
)


def read_inputs(arguments: Sequence[str], file: Path | None, name: str) -> list[str]:
    """
    Return the arguments and the lines of a file, without blank ones and duplicates.

    Args:
        arguments: The arguments; `-` stands for the lines of standard input.
        file: The file; None for none.
        name: What they are, for the error.

    Raises:
        CommandError: There are none, or `-` was given twice, or the file is not UTF-8.
    """
    if arguments.count("-") > 1:
        raise CommandError("- stands for standard input, once", ExitStatus.USAGE)
    found: list[str] = []
    for argument in arguments:
        found += list(sys.stdin) if argument == "-" else [argument]
    if file:
        found += _lines(file)
    lines = [line.strip() for line in found if line.strip()]
    if not lines:
        raise CommandError(f"no {name}; pass some, --file, or - to read them", ExitStatus.USAGE)
    return list(dict.fromkeys(lines))


def _lines(file: Path) -> Iterable[str]:
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise CommandError(f"{file} is not UTF-8; save it as UTF-8", ExitStatus.USAGE) from None
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}", ExitStatus.USAGE) from None
