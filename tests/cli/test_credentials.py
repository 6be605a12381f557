"""The choice of key and server."""

from pathlib import Path

import pytest

from trackingmore_v2_api import BASE_URL
from trackingmore_v2_cli._credentials import SANDBOX_KEY, find_credentials
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._profiles.changes import Target, store_key

LIVE, PROXY, OTHER, LOCAL = (
    BASE_URL,
    "https://proxy.example.com/v2",
    "https://other.example.com/v2",
    "http://127.0.0.1:8642/v2",
)
WORK_KEY, PROXY_KEY, VARIABLE_KEY = "key-of-work", "key-of-proxy", "key-of-variable"


@pytest.fixture(autouse=True)
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Store two profiles: `work` for the live API, which is in use, and `proxy`."""
    for name in ("API_KEY", "BASE_URL", "PROFILE"):
        monkeypatch.delenv(f"TRACKINGMORE_{name}", raising=False)
    monkeypatch.setenv("TRACKINGMORE_CONFIG_DIR", str(tmp_path))
    store_key(Target("work", "file", None), WORK_KEY)
    store_key(Target("proxy", "file", PROXY), PROXY_KEY)


@pytest.mark.parametrize(
    ("options", "variables", "expected"),
    [
        ((None, None), {}, (WORK_KEY, LIVE)),
        (("proxy", None), {}, (PROXY_KEY, PROXY)),
        ((None, None), {"PROFILE": "proxy"}, (PROXY_KEY, PROXY)),
        (("work", None), {"PROFILE": "proxy"}, (WORK_KEY, LIVE)),
        ((None, None), {"API_KEY": VARIABLE_KEY}, (VARIABLE_KEY, LIVE)),
        ((None, None), {"API_KEY": VARIABLE_KEY, "BASE_URL": OTHER}, (VARIABLE_KEY, OTHER)),
        ((None, LOCAL), {"API_KEY": VARIABLE_KEY, "BASE_URL": OTHER}, (VARIABLE_KEY, LOCAL)),
        ((None, None), {"API_KEY": VARIABLE_KEY, "PROFILE": "proxy"}, (VARIABLE_KEY, LIVE)),
        (("proxy", None), {"API_KEY": VARIABLE_KEY, "BASE_URL": OTHER}, (PROXY_KEY, PROXY)),
        # An empty variable counts as unset.
        ((None, None), {"API_KEY": "", "BASE_URL": "", "PROFILE": ""}, (WORK_KEY, LIVE)),
        # The environment names the profile's own server, in other words.
        ((None, None), {"BASE_URL": f"{LIVE}/"}, (WORK_KEY, LIVE)),
        ((None, None), {"PROFILE": "proxy", "BASE_URL": f"{PROXY}/"}, (PROXY_KEY, PROXY)),
        # A server on this machine gets no key of a profile that was not named.
        ((None, None), {"BASE_URL": LOCAL}, (SANDBOX_KEY, LOCAL)),
        ((None, LOCAL), {}, (SANDBOX_KEY, LOCAL)),
        (("work", LOCAL), {}, (WORK_KEY, LOCAL)),
        ((None, LOCAL), {"PROFILE": "proxy"}, (PROXY_KEY, LOCAL)),
        # The user names another server for this command.
        ((None, OTHER), {}, (WORK_KEY, OTHER)),
        (("proxy", OTHER), {}, (PROXY_KEY, OTHER)),
        ((None, OTHER), {"BASE_URL": PROXY}, (WORK_KEY, OTHER)),
        # A profile on the command line has its own server.
        (("work", None), {"BASE_URL": OTHER}, (WORK_KEY, LIVE)),
        (("work", None), {"BASE_URL": LOCAL}, (WORK_KEY, LIVE)),
    ],
)
def test_precedence(
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str | None, str | None],
    variables: dict[str, str],
    expected: tuple[str, str],
) -> None:
    """The command line precedes the environment, and that precedes the settings."""
    for name, value in variables.items():
        monkeypatch.setenv(f"TRACKINGMORE_{name}", value)

    found = find_credentials(*options)

    assert (found.api_key, found.base_url) == expected


@pytest.mark.parametrize(
    ("variables", "server"),
    [
        ({"BASE_URL": OTHER}, OTHER),
        ({"PROFILE": "work", "BASE_URL": LOCAL}, LOCAL),
        ({"PROFILE": "proxy", "BASE_URL": LIVE}, LIVE),
        ({"BASE_URL": "https://[broken"}, "https://[broken"),
    ],
)
def test_key_for_another_server_is_not_sent(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], server: str
) -> None:
    """A variable in the environment does not send the key of a profile elsewhere."""
    for name, value in variables.items():
        monkeypatch.setenv(f"TRACKINGMORE_{name}", value)

    with pytest.raises(CommandError, match="set TRACKINGMORE_API_KEY too") as caught:
        find_credentials(None, None)

    assert caught.value.status == 2
    assert f"names {server}" in caught.value.message


def test_changed_settings_do_not_send_the_key_elsewhere(tmp_path: Path) -> None:
    """The key is stored under the name of its server."""
    config = tmp_path / "config.json"
    config.write_text(config.read_text().replace(PROXY, OTHER))

    with pytest.raises(CommandError, match="has no key for profile proxy") as caught:
        find_credentials("proxy", None)

    assert caught.value.status == 5


def test_server_on_this_machine_needs_no_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new user with a running sandbox has no key."""
    monkeypatch.setenv("TRACKINGMORE_CONFIG_DIR", str(tmp_path / "new"))
    monkeypatch.setenv("TRACKINGMORE_BASE_URL", LOCAL)

    found = find_credentials(None, None)

    assert (found.api_key, found.source) == (SANDBOX_KEY, "the default of sandboxes")


def test_no_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """No folder named ~ is made, and the error names the variable."""
    monkeypatch.delenv("TRACKINGMORE_CONFIG_DIR")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)

    with pytest.raises(CommandError, match="set TRACKINGMORE_CONFIG_DIR") as caught:
        find_credentials(None, None)

    assert caught.value.status == 2


def test_repr_hides_the_key() -> None:
    """A log or a traceback may contain it."""
    found = find_credentials("work", None)

    assert repr(found) == f"<Credentials of ****work from {found.source}>"
