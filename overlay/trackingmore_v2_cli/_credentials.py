"""The API key and the server that a command uses, and where they come from."""

import os
from typing import Final

from msgspec import Struct

from trackingmore_v2_api import BASE_URL
from trackingmore_v2_cli import _variables
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._profiles.choice import (
    ChosenProfile,
    Server,
    choose_profile,
    choose_server,
    missing_profile,
    needs_public_key,
    server_of,
)
from trackingmore_v2_cli._profiles.key_stores import STORES, key_name
from trackingmore_v2_cli._profiles.settings import Profile, read_settings
from trackingmore_v2_cli._secrets import fingerprint, mask, remember
from trackingmore_v2_cli._statuses import ExitStatus

SANDBOX_KEY: Final = "00000000-0000-4000-8000-000000000001"
"""The default key of every sandbox, which is public."""


class Credentials(Struct, frozen=True, kw_only=True):
    """An API key and a server."""

    api_key: str
    source: str
    """Where the key comes from, as a phrase such as "the variable TRACKINGMORE_API_KEY"."""

    base_url: str
    """The server. It is always passed to the client, which would ask the environment for one."""

    url_source: str = "the default"
    """Where the server is named, likewise."""

    profile: ChosenProfile | None = None
    """The profile of the key; None for another key."""

    is_sandbox: bool = False
    """Whether the server is a sandbox that this command started."""

    def __repr__(self) -> str:
        return f"<Credentials of {self.account} from {self.source}>"

    @property
    def account(self) -> str:
        """The account, named by its masked key."""
        return mask(self.api_key)

    @property
    def fingerprint(self) -> str:
        """A text that identifies the account and the server, and does not contain the key."""
        return fingerprint(self.api_key, self.base_url)

    @property
    def server(self) -> str:
        """The server, for messages."""
        return "the live API" if self.base_url == BASE_URL else self.base_url


def check_key(key: str, place: str) -> str:
    """
    Check the form of a key, and return it.

    Args:
        key: The key.
        place: What it is, for the message, which does not contain it.

    Raises:
        CommandError: It is empty, or has a character that no key has.
    """
    if not key:
        raise CommandError(f"{place} is empty", ExitStatus.KEY)
    for position, character in enumerate(key):
        if not "!" <= character <= "~":
            raise CommandError(
                f"{place} is no API key: the character at index {position} is not visible ASCII; "
                "check for spaces and line breaks",
                ExitStatus.KEY,
            )
    return remember(key)


def find_credentials(profile: str | None, base_url: str | None) -> Credentials:
    """
    Return the key and the server to use.

    The key is that of the profile on the command line, of `TRACKINGMORE_API_KEY`, of the profile in
    `TRACKINGMORE_PROFILE`, or of the profile in use. A profile's key is sent to its own server,
    unless the command line names another. A server on this machine to which no key belongs gets
    the public key of sandboxes.

    Args:
        profile: Name of a profile, from the command line. Default: None.
        base_url: The server, from the command line. Default: None.

    Raises:
        CommandError: There is no key, or it belongs to another server.
    """
    server = choose_server(base_url)
    key = None if profile else os.environ.get(_variables.KEY)
    if key:
        return _credentials(key, f"the variable {_variables.KEY}", server)
    settings = read_settings()
    chosen = choose_profile(profile, settings)
    stored = settings.profiles.get(chosen.name)
    if needs_public_key(chosen, stored, server):
        return _credentials(SANDBOX_KEY, "the default of sandboxes", server)
    if stored is None:
        raise missing_profile(chosen, settings)
    return _of_profile(chosen, stored, server_of(chosen, stored, server))


def _of_profile(chosen: ChosenProfile, profile: Profile, server: Server) -> Credentials:
    store = STORES[profile.store]
    key = store.get(key_name(chosen.name, profile.base_url))
    if key is None:
        raise CommandError(
            f"{store.place} has no key for profile {chosen.name}; run: trackingmore-v2 login "
            f"--profile {chosen.name}, or set {_variables.KEY}",
            ExitStatus.KEY,
        )
    return _credentials(key, f"profile {chosen.name}, in {store.place}", server, chosen)


def _credentials(
    key: str, source: str, server: Server, profile: ChosenProfile | None = None
) -> Credentials:
    return Credentials(
        api_key=check_key(key, source),
        source=source,
        base_url=server.url or BASE_URL,
        url_source=server.source,
        profile=profile,
    )
