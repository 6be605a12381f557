"""The file of the state, which is replaced as a whole."""

import os
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import DecodeError, json

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._state_folder import state_folder
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._watching.state import State

if TYPE_CHECKING:
    from trackingmore_v2_cli._credentials import Credentials

_DIGEST_SIZE: Final = 8


class StateFile:
    """
    A state and its file.

    Args:
        path: The file; None for a state that is not stored.
        account: Digest of the account.

    Raises:
        CommandError: The file is damaged, or belongs to another account.
    """

    def __init__(self, path: Path | None, account: str) -> None:
        self._path: Final = path
        self._stored = _read(path) if path else b""
        self.state: Final = (
            _parse(path, self._stored) if path and self._stored else State(account=account)
        )
        if self.state.account != account:
            raise CommandError(
                f"{path} is the state of another account; pass another file to --state",
                ExitStatus.USAGE,
            )

    def save(self) -> None:
        """
        Replace the file, if the state has changed since the last time.

        Raises:
            CommandError: Another process has replaced it, whose reports would be forgotten.
        """
        content = json.encode(self.state)
        if self._path is None or content == self._stored:
            return
        if _read(self._path) not in (b"", self._stored):
            raise CommandError(
                f"{self._path} is in use by another watch; end that one, or pass another file to "
                "--state"
            )
        path = self._path.resolve()  # a link stays one
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            _write(partial, content)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        self._stored = content


def default_path(account: str, names: Iterable[str]) -> Path:
    """Return the file of one account and the same trackings on the command line."""
    return state_folder() / f"watch-{_digest(account, *sorted(names))}.json"


def digest_of(credentials: "Credentials") -> str:
    """Return a text that identifies an account and a server, and does not contain the key."""
    return _digest(credentials.api_key, credentials.base_url or "")


def _digest(*parts: str) -> str:
    return blake2b("\n".join(parts).encode(), digest_size=_DIGEST_SIZE).hexdigest()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _parse(path: Path, content: bytes) -> State:
    try:
        return json.decode(content, type=State)
    except DecodeError as error:
        raise CommandError(
            f"{path} is not a state of watch, or is damaged ({error}); remove it to begin anew",
            ExitStatus.USAGE,
        ) from None


def _write(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, and wait until it is stored."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - opened with a mode
        file.write(content)
        file.flush()
        os.fsync(descriptor)
