"""The file of carriers, as an expression of a shell."""

import sys
from typing import Final

from trackingmore_v2_cli._carrier_cache import FILE_NAME, FOLDER_VARIABLE, convention_of

_CONVENTION: Final = convention_of(sys.platform)


def posix_path() -> str:
    """Return a quoted expression of bash and zsh for the path of the file."""
    base = f"$HOME/{_CONVENTION.default}"
    if _CONVENTION.variable:
        base = f"${{{_CONVENTION.variable}:-{base}}}"
    return f'"${{{FOLDER_VARIABLE}:-{base}/{_CONVENTION.folder}}}/{FILE_NAME}"'


def fish_lines() -> list[str]:
    """Return lines of fish that set `file` to the path of the file."""
    lines = [f"set -l folder $HOME/{_CONVENTION.default}"]
    if _CONVENTION.variable:
        lines.append(f'test -n "${_CONVENTION.variable}"; and set folder ${_CONVENTION.variable}')
    return [
        *lines,
        f"set folder $folder/{_CONVENTION.folder}",
        f'test -n "${FOLDER_VARIABLE}"; and set folder ${FOLDER_VARIABLE}',
        f"set -l file $folder/{FILE_NAME}",
    ]
