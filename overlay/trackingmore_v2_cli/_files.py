"""Files that are replaced only when they are complete."""

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_PRIVATE: Final = 0o600


@contextmanager
def replacing(path: Path, *, is_private: bool = False) -> Generator[Path]:
    """
    Yield an empty temporary file in the same folder, which replaces a file at the end.

    After an error nothing is replaced, and the temporary file is removed.

    Args:
        path: The file. It may be missing, but not its folder.
        is_private: Whether only its owner can read the new file, which replaces a link, too.
            Default: False; it has no more permissions than the old one, and a link stays one.
    """
    target = path if is_private else path.resolve()
    partial = target.with_name(f".{os.urandom(6).hex()}.partial")
    # It has its mode from the start: another process could open it before a `chmod`.
    partial.touch(_PRIVATE if is_private else _mode(target), exist_ok=False)
    try:
        if is_private:
            partial.chmod(_PRIVATE)  # whatever the umask forbids
        yield partial
        _store(partial)
        partial.replace(target)
        # Windows and some network drives do not store folders on demand.
        with suppress(OSError):
            _store(target.parent)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666


def _store(path: Path) -> None:
    """Wait until a file or folder is stored, so that a power failure cannot undo it."""
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
