"""Changes of profiles: storing and removing keys, and the profile in use."""

import re
from typing import Final

from msgspec import Struct

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._folders import CONFIG
from trackingmore_v2_cli._profiles.choice import choose_profile, choose_server
from trackingmore_v2_cli._profiles.key_stores import STORES, KeyStore, key_name
from trackingmore_v2_cli._profiles.private_files import locked
from trackingmore_v2_cli._profiles.settings import (
    Profile,
    Settings,
    StoreName,
    read_settings,
    write_settings,
)
from trackingmore_v2_cli._secrets import looks_like_key, mask
from trackingmore_v2_cli._statuses import ExitStatus

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,30}")


class Target(Struct, frozen=True):
    """Where a key is to be stored."""

    profile: str
    store: StoreName
    base_url: str | None
    """None for the live API."""

    @property
    def server(self) -> str:
        """The server, for messages."""
        return self.base_url or "the live API"

    @property
    def key_store(self) -> KeyStore:
        """What stores the key."""
        return STORES[self.store]

    def key(self) -> str | None:
        """Return the key that is stored now."""
        return self.key_store.get(key_name(self.profile, self.base_url))


def find_target(profile: str | None, store: StoreName | None, base_url: str | None) -> Target:
    """
    Return where a key is to be stored: by default, where that of the profile is.

    Args:
        profile: Name of the profile. Default: the one in use.
        store: What stores the key. Default: that of the profile, or the keyring.
        base_url: The server. Default: that of the profile or the environment, or the live API.

    Raises:
        CommandError: The name is invalid.
    """
    settings = read_settings()
    name = choose_profile(profile, settings).name
    if not _NAME.fullmatch(name) or looks_like_key(name):
        raise CommandError(
            "the name of a profile has 1 to 31 letters, digits, dots, hyphens or underscores, such "
            "as work",
            ExitStatus.USAGE,
        )
    former = settings.profiles.get(name)
    url = former.base_url if former and not base_url else choose_server(base_url).url
    return Target(name, store or (former.store if former else "keyring"), url)


def store_key(target: Target, key: str) -> None:
    """
    Store a key, and remove the former one of the profile.

    Args:
        target: Where to store it.
        key: The key.

    Raises:
        CommandError: The key or the settings cannot be written. The former key stays in force.
    """
    with locked(CONFIG.path()):
        settings = read_settings()
        former = settings.profiles.get(target.profile)
        profile = Profile(store=target.store, account=mask(key), base_url=target.base_url)
        target.key_store.set(key_name(target.profile, target.base_url), key)
        write_settings(settings.with_profile(target.profile, profile))
        if former and (former.store, former.base_url) != (profile.store, profile.base_url):
            _delete(target.profile, former)


def remove_profile(name: str | None) -> tuple[str, Profile]:
    """
    Remove a profile and its key, and return them.

    Args:
        name: Its name. Default: the profile in use.

    Raises:
        CommandError: There is no such profile, or its key cannot be removed.
    """
    with locked(CONFIG.path()):
        settings = read_settings()
        name = choose_profile(name, settings).name
        profile = _existing(name, settings)
        _delete(name, profile)
        write_settings(settings.without_profile(name))
    return name, profile


def use_profile(name: str) -> Profile:
    """
    Change the profile in use, and return it.

    Raises:
        CommandError: There is no such profile.
    """
    with locked(CONFIG.path()):
        settings = read_settings()
        profile = _existing(name, settings)
        write_settings(settings.with_current(name))
    return profile


def _delete(name: str, profile: Profile) -> None:
    STORES[profile.store].delete(key_name(name, profile.base_url))


def _existing(name: str, settings: Settings) -> Profile:
    if name in settings.profiles:
        return settings.profiles[name]
    names = ", ".join(sorted(settings.profiles)) or "none"
    raise CommandError(f"there is no profile {name!r}; the profiles are: {names}", ExitStatus.USAGE)
