"""
Files that say which sandboxes run, so that other commands find them.

Each running sandbox has one, `PID.json`, which only its user can read, since it has the token.
"""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from msgspec import DecodeError, Struct, json

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._files import replacing
from trackingmore_v2_cli._folders import STATE

_CONNECT_SECONDS: Final = 1


class RunningSandbox(Struct, frozen=True, kw_only=True):
    """A sandbox that runs in another process."""

    base_url: str
    """Base URL of its API, which ends in `/v2`."""

    token: str
    """Token of its admin API."""

    process: int | None = None
    """ID of its process; None: it is on another machine."""

    version: str | None = None
    """Version of the package; None: unknown."""

    def __repr__(self) -> str:
        return f"<RunningSandbox at {self.base_url}>"  # without the token


@contextmanager
def registered(version: str) -> Generator[Callable[[str, str], None]]:
    """
    Yield a function that registers the sandbox of this process, and remove its file at the end.

    The function takes the base URL and the token. A file that cannot be written is left out: the
    sandbox works all the same, and other commands find it by their options.

    Args:
        version: Version of the package.
    """
    process = os.getpid()

    def register(base_url: str, token: str) -> None:
        with suppress(OSError, CommandError):
            _write(
                _file_of(process),
                RunningSandbox(base_url=base_url, token=token, process=process, version=version),
            )

    try:
        yield register
    finally:
        with suppress(OSError, CommandError):
            _file_of(process).unlink()


def find_running() -> list[RunningSandbox]:
    """Return the sandboxes that run, by process, and remove the files of those that were killed."""
    found: list[RunningSandbox] = []
    with suppress(OSError, CommandError):
        for path in sorted(_folder().glob("*.json")):
            with suppress(OSError, DecodeError):
                sandbox = json.decode(path.read_bytes(), type=RunningSandbox)
                if _accepts_connections(sandbox.base_url):
                    found.append(sandbox)
                else:
                    path.unlink()
    return found


def _folder() -> Path:
    return STATE.path() / "sandboxes"


def _file_of(process: int) -> Path:
    return _folder() / f"{process}.json"


def _write(path: Path, sandbox: RunningSandbox) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with replacing(path, is_private=True) as partial:
        partial.write_bytes(json.encode(sandbox))


def _accepts_connections(base_url: str) -> bool:
    # A process ID may be that of another program by now; a connection is what is needed.
    from socket import create_connection  # noqa: PLC0415 - slow to import
    from urllib.parse import urlsplit  # noqa: PLC0415

    parts = urlsplit(base_url)
    try:
        create_connection((parts.hostname or "", parts.port or 80), _CONNECT_SECONDS).close()
    except (OSError, ValueError):
        return False
    return True
