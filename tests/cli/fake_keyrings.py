"""Keyrings in memory, for `PYTHON_KEYRING_BACKEND`."""

from threading import Event
from typing import ClassVar

from keyring.backend import KeyringBackend


class Memory(KeyringBackend):
    """A keyring that works."""

    priority = 1
    passwords: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """Return a password."""
        return self.passwords.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store a password."""
        self.passwords[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Remove a password."""
        del self.passwords[service, username]


class Hanging(Memory):
    """A keyring that does not respond until it is released."""

    released: ClassVar[Event] = Event()

    def get_password(self, service: str, username: str) -> str | None:
        """Wait."""
        self.released.wait()
        return super().get_password(service, username)


class Locked(Memory):
    """A keyring whose password the user did not enter."""

    def get_password(self, service: str, username: str) -> str | None:  # noqa: ARG002 - keyring's
        """Fail as backends do, with an error that is not keyring's own."""
        raise OSError("the collection is locked")


class Forgetful(Memory):
    """A keyring that stores nothing, silently."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store nothing."""
