"""The choice of a profile and a server, from the command line, the environment and the settings."""

import os
from typing import Final

from msgspec import Struct

from trackingmore_v2_api import BASE_URL
from trackingmore_v2_cli import _variables
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._profiles.settings import DEFAULT_PROFILE, Profile, Settings
from trackingmore_v2_cli._statuses import ExitStatus


class Server(Struct, frozen=True):
    """A server that a key is sent to."""

    url: str | None
    """None for the live API."""

    source: str
    """Where it is named, as a phrase."""


_UNNAMED: Final = Server(None, "the default")


class ChosenProfile(Struct, frozen=True):
    """The name of a profile, which may not exist."""

    name: str
    source: str
    """Where it is named, as a phrase."""

    is_explicit: bool = True
    """Whether the user named it for this command."""


def choose_profile(option: str | None, settings: Settings) -> ChosenProfile:
    """
    Return the profile to use.

    Args:
        option: Its name on the command line, or None.
        settings: The stored settings.
    """
    if option:
        return ChosenProfile(option, "--profile")
    if name := os.environ.get(_variables.PROFILE):
        return ChosenProfile(name, f"the variable {_variables.PROFILE}")
    return ChosenProfile(settings.current_profile, "the settings", is_explicit=False)


def choose_server(option: str | None) -> Server:
    """
    Return the server for a key that belongs to no profile.

    Args:
        option: The server on the command line, or None.
    """
    if option:
        return Server(normalize_url(option), "--base-url")
    if variable := os.environ.get(_variables.BASE_URL):
        return Server(normalize_url(variable), f"the variable {_variables.BASE_URL}")
    return _UNNAMED


def needs_public_key(chosen: ChosenProfile, profile: Profile | None, server: Server) -> bool:
    """
    Return whether a server is a sandbox on this machine, to which no key of a profile belongs.

    Args:
        chosen: The profile to use.
        profile: What is stored for it; None for nothing.
        server: The server that the user named.
    """
    if chosen.is_explicit or server.url is None or (profile and profile.base_url == server.url):
        return False
    return is_loopback(server.url)


def server_of(chosen: ChosenProfile, profile: Profile, server: Server) -> Server:
    """
    Return the server to which the key of a profile is sent.

    That is its own, unless the command line names another.

    Args:
        chosen: The profile to use.
        profile: What is stored for it.
        server: The server that the user named.

    Raises:
        CommandError: The environment names another server.
    """
    if server.source == "--base-url":
        return server
    own = Server(profile.base_url, f"profile {chosen.name}")
    is_same = server == _UNNAMED or server.url == own.url
    if is_same or chosen.source == "--profile":
        return own
    raise CommandError(
        f"the key of profile {chosen.name} is for {own.url or 'the live API'}, but "
        f"{_variables.BASE_URL} names {server.url or BASE_URL}; unset it or set {_variables.KEY} "
        "too, or pass --profile or --base-url",
        ExitStatus.USAGE,
    )


def missing_profile(chosen: ChosenProfile, settings: Settings) -> CommandError:
    """Return the error for a profile that does not exist."""
    if not chosen.is_explicit and chosen.name == DEFAULT_PROFILE:
        return CommandError(
            f"no API key; run: trackingmore-v2 login, or set {_variables.KEY}; to try it without "
            "one, run: trackingmore-v2 sandbox",
            ExitStatus.KEY,
        )
    names = ", ".join(sorted(settings.profiles)) or "none"
    return CommandError(
        f"there is no profile {chosen.name!r}, named by {chosen.source}; the profiles are: {names}",
        ExitStatus.KEY,
    )


def normalize_url(url: str) -> str | None:
    """
    Return the URL of a server without a trailing slash; None for that of the live API.

    Raises:
        CommandError: It contains a password, which messages and `config` would show.
    """
    if "@" in url:
        raise CommandError(
            "invalid base URL: it contains a user name or password; remove them, since the API "
            "key is the only credential",
            ExitStatus.USAGE,
        )
    bare = url.rstrip("/")
    return None if bare == BASE_URL.rstrip("/") else bare


def is_loopback(url: str) -> bool:
    """Return whether a server is on this machine."""
    from urllib.parse import urlsplit  # noqa: PLC0415 - for this case only

    from trackingmore_v2 import _hosts  # noqa: PLC0415 - slow to import

    try:
        return _hosts.is_loopback(urlsplit(url).hostname or "")
    except ValueError:  # the client reports what is invalid
        return False
