"""Files that are replaced only when they are complete."""

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Generator[Path]:
    """
    Yield an empty temporary file in the same folder, which replaces a file at the end.

    It has no more permissions than that file. After an error nothing is replaced, and the temporary
    file is removed.
    """
    # A link stays one.
    target = path.resolve()
    partial = target.with_name(f".export-{os.urandom(6).hex()}.partial")
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666
    partial.touch(mode, exist_ok=False)
    try:
        yield partial
        _store(partial)
        partial.replace(target)
        # Windows and some network drives do not store folders on demand.
        with suppress(OSError):
            _store(target.parent)
    finally:
        partial.unlink(missing_ok=True)


def _store(path: Path) -> None:
    """Wait until a file or folder is stored, so that a power failure cannot undo it."""
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
