"""What stores keys."""

from typing import Final, Protocol

from trackingmore_v2_cli._profiles.key_file import KeyFile
from trackingmore_v2_cli._profiles.keyring_store import KeyringStore
from trackingmore_v2_cli._profiles.settings import StoreName


class KeyStore(Protocol):
    """A store of keys by name."""

    @property
    def place(self) -> str:
        """Where the keys are, for messages."""
        ...

    def get(self, name: str) -> str | None:
        """Return a key, or None."""
        ...

    def set(self, name: str, key: str) -> None:
        """Store a key."""

    def delete(self, name: str) -> None:
        """Remove a key; none is no error."""


STORES: Final[dict[StoreName, KeyStore]] = {"keyring": KeyringStore(), "file": KeyFile()}


def key_name(profile: str, base_url: str | None) -> str:
    """
    Return the name under which the key of a profile is stored.

    The server is a part of it, so that changed settings cannot send the key to another server.
    """
    return f"{profile} at {base_url or 'the live API'}"
