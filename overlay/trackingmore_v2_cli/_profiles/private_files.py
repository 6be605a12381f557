"""Files that only their owner can read, and their folder."""

import os
import shlex
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from trackingmore_v2_cli import _variables
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._files import replacing
from trackingmore_v2_cli._folders import CONFIG
from trackingmore_v2_cli._statuses import ExitStatus

_READ: Final = stat.S_IRWXG | stat.S_IRWXO
_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
# Windows has none of these flags. A pipe is opened without waiting for its other end, and rejected.
_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_WAIT: Final = getattr(os, "O_NONBLOCK", 0)
_BINARY: Final = getattr(os, "O_BINARY", 0)


def read_private(path: Path) -> bytes | None:
    """
    Return the content of a file that only its owner can read; None if there is no such file.

    Windows has no such modes: there, the access list of the user's folder protects the file.

    Raises:
        CommandError: Others can read the file or change its folder, it is a link, or it cannot be
            read.
    """
    try:
        file = os.open(path, os.O_RDONLY | _NO_FOLLOW | _NO_WAIT | _BINARY)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error) from None
    with open(file, "rb") as stream:  # noqa: PTH123 - opened with flags
        _require_private(path, os.fstat(file), _READ, "read", "600")
        _require_private(path.parent, path.parent.stat(), _WRITE, "changed", "700")
        return stream.read()


def _unreadable(path: Path, error: OSError) -> CommandError:
    reason = (
        "it is a symbolic link; replace it by the file" if path.is_symlink() else error.strerror
    )
    return CommandError(f"cannot read {path}: {reason}", ExitStatus.KEY)


def _require_private(
    path: Path, found: os.stat_result, forbidden: int, what: str, mode: str
) -> None:
    if os.name == "nt":
        return
    name = shlex.quote(str(path))
    if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        raise CommandError(f"{path} is not a file; remove it", ExitStatus.KEY)
    if found.st_uid != os.geteuid():
        raise CommandError(
            f"{path} belongs to another user; run: sudo chown {os.geteuid()} {name}", ExitStatus.KEY
        )
    if found.st_mode & forbidden:
        raise CommandError(
            f"{path} can be {what} by other users (mode {stat.S_IMODE(found.st_mode):04o}); "
            f"run: chmod {mode} {name}",
            ExitStatus.KEY,
        )


def write_private(path: Path, content: bytes) -> None:
    """
    Replace a file at once by one that only its owner can read; a link itself is replaced.

    Raises:
        CommandError: The file cannot be written.
    """
    try:
        _make_folder(path.parent)
        with replacing(path, is_private=True) as partial:
            partial.write_bytes(content)
    except OSError as error:
        raise _unwritable(path, error) from None


def _make_folder(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        folder.chmod(0o700)  # whatever the umask forbids


def _unwritable(path: Path, error: OSError) -> CommandError:
    return CommandError(
        f"cannot write {path}: {error.strerror}; set {CONFIG.variable} to a folder that can be "
        f"written, or set {_variables.KEY} instead of storing the key"
    )


@contextmanager
def locked(folder: Path) -> Generator[None]:
    """Lock a folder, so that one process at a time changes its files; Windows has no such lock."""
    try:
        from fcntl import LOCK_EX, flock  # noqa: PLC0415 - not on Windows
    except ModuleNotFoundError:
        yield
        return
    with suppress(OSError):  # `write_private` reports it
        _make_folder(folder)
    try:
        file = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise _unwritable(folder, error) from None
    try:
        with suppress(OSError):  # some network file systems have no locks
            flock(file, LOCK_EX)
        yield
    finally:
        os.close(file)
