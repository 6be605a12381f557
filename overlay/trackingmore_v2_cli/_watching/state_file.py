"""The file of the state, which is replaced as a whole."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from msgspec import DecodeError, json

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._files import replacing
from trackingmore_v2_cli._folders import STATE
from trackingmore_v2_cli._secrets import fingerprint
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._watching.state import State


class StateFile:
    """
    A state and its file.

    Args:
        path: The file; None for a state that is not stored.
        account: Fingerprint of the account.

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
        with replacing(path, is_private=True) as partial:
            partial.write_bytes(content)
        self._stored = content


def default_path(account: str, names: Iterable[str]) -> Path:
    """Return the file of one account and the same trackings on the command line."""
    return STATE.path() / f"watch-{fingerprint(account, *sorted(names))}.json"


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
