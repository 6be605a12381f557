"""The file of profiles: the one in use, where each key is stored, and its server. It has no key."""

from pathlib import Path
from typing import Final, Literal, TypeAlias

from msgspec import Struct, ValidationError, field, json

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._folders import CONFIG
from trackingmore_v2_cli._profiles.private_files import write_private
from trackingmore_v2_cli._statuses import ExitStatus

StoreName: TypeAlias = Literal["keyring", "file"]
DEFAULT_PROFILE: Final = "default"


class Profile(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A stored key, without the key itself."""

    store: StoreName
    account: str
    """The masked key."""

    base_url: str | None = None
    """The only server that the key is sent to, unless the user passes another; None for the live
    API."""

    @property
    def server(self) -> str:
        """The server, for messages."""
        return self.base_url or "the live API"


class Settings(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All profiles, and the name of the one in use."""

    current_profile: str = DEFAULT_PROFILE
    profiles: dict[str, Profile] = field(default_factory=dict[str, Profile])

    def with_profile(self, name: str, profile: Profile) -> "Settings":
        """Return the settings with a profile; the first one is in use."""
        current = self.current_profile if self.current_profile in self.profiles else name
        return Settings(current_profile=current, profiles={**self.profiles, name: profile})

    def without_profile(self, name: str) -> "Settings":
        """Return the settings without a profile."""
        current = DEFAULT_PROFILE if name == self.current_profile else self.current_profile
        others = {each: profile for each, profile in self.profiles.items() if each != name}
        return Settings(current_profile=current, profiles=others)

    def with_current(self, name: str) -> "Settings":
        """Return the settings with another profile in use."""
        return Settings(current_profile=name, profiles=self.profiles)


def settings_path() -> Path:
    """Return the path of the file."""
    return CONFIG.path() / "config.json"


def read_settings() -> Settings:
    """
    Return the stored settings; empty ones if there are none.

    Raises:
        CommandError: The file cannot be read, or is invalid.
    """
    path = settings_path()
    try:
        return json.decode(path.read_bytes(), type=Settings)
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except ValidationError as error:
        reason = str(error)
    except ValueError as error:
        reason = f"it is not JSON: {error}"
    raise CommandError(
        f"{path} is invalid: {reason}; repair it, or remove it and log in anew", ExitStatus.USAGE
    )


def write_settings(settings: Settings) -> None:
    """Store the settings."""
    write_private(settings_path(), json.format(json.encode(settings)) + b"\n")
