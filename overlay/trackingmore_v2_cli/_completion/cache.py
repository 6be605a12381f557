"""The file of carriers, as an expression of a shell."""

from typing import Final

from trackingmore_v2_cli._carrier_cache import FILE_NAME
from trackingmore_v2_cli._folders import CACHE

_CONVENTION: Final = CACHE.convention()


def posix_path() -> str:
    """Return a quoted expression of bash and zsh for the path of the file."""
    base = f"$HOME/{_CONVENTION.default}"
    if _CONVENTION.variable:
        base = f"${{{_CONVENTION.variable}:-{base}}}"
    return f'"${{{CACHE.variable}:-{base}/{_CONVENTION.folder}}}/{FILE_NAME}"'


def fish_lines() -> list[str]:
    """Return lines of fish that set `file` to the path of the file."""
    lines = [f"set -l folder $HOME/{_CONVENTION.default}"]
    if _CONVENTION.variable:
        lines.append(f'test -n "${_CONVENTION.variable}"; and set folder ${_CONVENTION.variable}')
    return [
        *lines,
        f"set folder $folder/{_CONVENTION.folder}",
        f'test -n "${CACHE.variable}"; and set folder ${CACHE.variable}',
        f"set -l file $folder/{FILE_NAME}",
    ]
