"""The folders of settings, state and cache."""

from pathlib import Path

import pytest

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._folders import CACHE, CONFIG, STATE, Folder


@pytest.mark.parametrize(
    ("folder", "platform", "variables", "expected"),
    [
        (CONFIG, "linux", {}, "/home/.config/trackingmore-v2"),
        (CONFIG, "linux", {"XDG_CONFIG_HOME": "/xdg"}, "/xdg/trackingmore-v2"),
        (CONFIG, "darwin", {}, "/home/Library/Application Support/trackingmore-v2"),
        (CONFIG, "win32", {"APPDATA": "/roaming"}, "/roaming/trackingmore-v2"),
        (STATE, "linux", {}, "/home/.local/state/trackingmore-v2"),
        (STATE, "linux", {"XDG_STATE_HOME": "/xdg"}, "/xdg/trackingmore-v2"),
        (STATE, "darwin", {}, "/home/Library/Application Support/trackingmore-v2"),
        (STATE, "win32", {"LOCALAPPDATA": "/local"}, "/local/trackingmore-v2/State"),
        (CACHE, "linux", {}, "/home/.cache/trackingmore-v2"),
        (CACHE, "linux", {"XDG_CACHE_HOME": "/xdg"}, "/xdg/trackingmore-v2"),
        (CACHE, "darwin", {"XDG_CACHE_HOME": "/xdg"}, "/home/Library/Caches/trackingmore-v2"),
        (CACHE, "win32", {}, "/home/AppData/Local/trackingmore-v2/Cache"),
    ],
)
def test_folder_is_that_of_the_platform(
    monkeypatch: pytest.MonkeyPatch,
    folder: Folder,
    platform: str,
    variables: dict[str, str],
    expected: str,
) -> None:
    """A variable of our own wins."""
    monkeypatch.setenv("HOME", "/home")

    assert folder.path(variables, platform) == Path(expected)
    assert folder.path({**variables, folder.variable: "/given"}, platform) == Path("/given")


def test_no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the variable to set."""
    monkeypatch.setattr("os.path.expanduser", lambda path: path)

    with pytest.raises(CommandError, match="set TRACKINGMORE_STATE_DIR"):
        STATE.path({})
