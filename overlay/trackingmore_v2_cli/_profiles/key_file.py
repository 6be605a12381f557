"""The file of keys, which only its owner can read."""

from pathlib import Path

from msgspec import MsgspecError, json

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._folders import CONFIG
from trackingmore_v2_cli._profiles.private_files import read_private, write_private
from trackingmore_v2_cli._statuses import ExitStatus


class KeyFile:
    """Keys in a file."""

    @property
    def place(self) -> str:
        """Where the keys are, for messages."""
        return f"the file {self._path}"

    def get(self, name: str) -> str | None:
        """Return a key, or None."""
        return self._read().get(name)

    def set(self, name: str, key: str) -> None:
        """Store a key."""
        self._write({**self._read(), name: key})

    def delete(self, name: str) -> None:
        """Remove a key; none is no error."""
        keys = self._read()
        if keys.pop(name, None) is not None:
            self._write(keys)

    @property
    def _path(self) -> Path:
        return CONFIG.path() / "keys.json"

    def _read(self) -> dict[str, str]:
        content = read_private(self._path)
        try:
            return json.decode(content, type=dict[str, str]) if content else {}
        except (MsgspecError, UnicodeDecodeError):
            # The message of the parser could quote a part of the file.
            raise CommandError(
                f"{self._path} is invalid: it is not a JSON object of keys; remove it and log in "
                "anew",
                ExitStatus.KEY,
            ) from None

    def _write(self, keys: dict[str, str]) -> None:
        write_private(self._path, json.format(json.encode(keys)) + b"\n")
