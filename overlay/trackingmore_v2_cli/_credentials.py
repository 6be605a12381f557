"""The API key and the server that a command uses, and where they come from."""

import os
from typing import Final

from msgspec import Struct

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._statuses import ExitStatus

KEY_VARIABLE: Final = "TRACKINGMORE_API_KEY"
URL_VARIABLE: Final = "TRACKINGMORE_BASE_URL"
_SHOWN: Final = 4
"""Number of characters at the end of a key that are shown."""


class Credentials(Struct, frozen=True, kw_only=True):
    """An API key and a server."""

    api_key: str
    source: str
    """Where the key comes from, as a phrase such as "the variable TRACKINGMORE_API_KEY"."""

    base_url: str | None = None
    """The server; None for the live API."""

    is_sandbox: bool = False
    """Whether the server is a sandbox that this command started."""

    def __repr__(self) -> str:
        return f"<Credentials of {self.account} from {self.source}>"

    @property
    def account(self) -> str:
        """The account, named by its masked key."""
        return mask(self.api_key)


def mask(key: str) -> str:
    """Return a key with all but its last characters hidden."""
    return f"****{key[-_SHOWN:]}" if len(key) >= 2 * _SHOWN else "****"


def find_credentials(profile: str | None, base_url: str | None) -> Credentials:
    """
    Return the key and the server to use.

    Args:
        profile: Name of a profile, from the command line. Default: None.
        base_url: The server, from the command line. Default: None.

    Raises:
        CommandError: There is no key.
    """
    if profile:
        raise CommandError(f"there is no profile {profile!r}", ExitStatus.KEY)
    key = os.environ.get(KEY_VARIABLE)
    if not key:
        raise CommandError(
            f"no API key; run: trackingmore-v2 login, or set {KEY_VARIABLE}", ExitStatus.KEY
        )
    return Credentials(
        api_key=key,
        source=f"the variable {KEY_VARIABLE}",
        base_url=base_url or os.environ.get(URL_VARIABLE),
    )
