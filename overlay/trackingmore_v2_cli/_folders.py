"""The folders of settings, state and cache, by the conventions of the platforms."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from trackingmore_v2_cli import _variables
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._statuses import ExitStatus


class Convention(NamedTuple):
    """Where a platform has folders of one kind."""

    variable: str
    """The variable that names the folder of all programs; empty if there is none."""

    default: str
    """That folder without the variable, relative to the home folder."""

    folder: str = "trackingmore-v2"
    """The folder of this program, relative to that one."""


class Folder(NamedTuple):
    """A folder of this program."""

    variable: str
    """The variable that names it, whatever the platform."""

    windows: Convention
    macos: Convention
    others: Convention

    def convention(self, platform: str = sys.platform) -> Convention:
        """Return the convention of a platform, which is named as by `sys.platform`."""
        return {"win32": self.windows, "darwin": self.macos}.get(platform, self.others)

    def path(
        self, environment: Mapping[str, str] = os.environ, platform: str = sys.platform
    ) -> Path:
        """
        Return its path. The folder may be missing.

        Raises:
            CommandError: The user has no home folder.
        """
        if given := environment.get(self.variable):
            return Path(given).absolute()
        convention = self.convention(platform)
        base = environment.get(convention.variable) or f"~/{convention.default}"
        folder = Path(os.path.expanduser(base), convention.folder)  # noqa: PTH111 - `Path` fails without a home
        if folder.is_relative_to("~"):
            raise CommandError(
                f"there is no home folder; set {self.variable} to a folder", ExitStatus.USAGE
            )
        return folder


_MACOS: Final = Convention("", "Library/Application Support")

CONFIG: Final = Folder(
    _variables.CONFIG_FOLDER,
    Convention("APPDATA", "AppData/Roaming"),
    _MACOS,
    Convention("XDG_CONFIG_HOME", ".config"),
)
STATE: Final = Folder(
    _variables.STATE_FOLDER,
    Convention("LOCALAPPDATA", "AppData/Local", "trackingmore-v2/State"),
    _MACOS,
    Convention("XDG_STATE_HOME", ".local/state"),
)
CACHE: Final = Folder(
    _variables.CACHE_FOLDER,
    Convention("LOCALAPPDATA", "AppData/Local", "trackingmore-v2/Cache"),
    Convention("", "Library/Caches"),
    Convention("XDG_CACHE_HOME", ".cache"),
)
