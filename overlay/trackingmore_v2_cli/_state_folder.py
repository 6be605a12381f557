"""The folder of what the command remembers between runs."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

FOLDER_VARIABLE: Final = "TRACKINGMORE_STATE_DIR"


def state_folder(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """
    Return the folder that a platform's convention names, unless a variable sets another.

    Args:
        environment: The environment.
        platform: The platform, as `sys.platform`.
    """
    if given := environment.get(FOLDER_VARIABLE):
        return Path(given)
    home = os.path.expanduser("~")  # noqa: PTH111 - `Path.home` fails where there is no home
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home, "trackingmore-v2", "State")
    if platform == "darwin":
        return Path(home, "Library", "Application Support", "trackingmore-v2")
    state = environment.get("XDG_STATE_HOME") or Path(home, ".local", "state")
    return Path(state, "trackingmore-v2")
