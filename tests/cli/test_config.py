"""`trackingmore-v2 config`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.golden import check_golden
from tests.cli.output_schema import check_record
from tests.cli.running import Run

KEY = "c0ffee00-0000-4000-8000-00000000cafe"
ELSEWHERE = "https://proxy.example.com/v2"
Login = Callable[..., None]


@pytest.fixture
def login(run: Run) -> Login:
    """Return a function that stores a key in the file of keys."""

    def login(profile: str, key: str, *arguments: str) -> None:
        options = ("--no-check", "--store", "file", "--profile", profile, *arguments)
        assert run("login", "-", *options, stdin=key.encode()).status == 0

    return login


@pytest.fixture
def profiles(environment: dict[str, str], login: Login) -> None:
    """Store two profiles, of which the first is in use, and unset the variables."""
    del environment["TRACKINGMORE_API_KEY"]
    del environment["TRACKINGMORE_BASE_URL"]
    login("work", KEY)
    login("proxy", "bbbbbbbb-key-of-the-proxy", "--base-url", ELSEWHERE)


def test_key_of_the_environment(run: Run, environment: dict[str, str]) -> None:
    """Each setting has its source, and no file is read."""
    environment |= {
        "TRACKINGMORE_API_KEY": KEY,
        "TRACKINGMORE_BASE_URL": ELSEWHERE,
        "TRACKINGMORE_CONFIG_DIR": "/etc/parcels",
    }
    for columns in (80, 120):
        check_golden(f"config.{columns}.txt", run("config", terminal=columns).text)

    records = run("config", "--json").records
    for record in records:
        check_record(record)
    assert [(each["setting"], each["value"]) for each in records] == [
        ("key", "****cafe"),
        ("server", ELSEWHERE),
        ("folder", "/etc/parcels"),
    ]
    assert run("config", "show", "--json").records == records
    assert run("config", encoding="cp1252").status == 0


@pytest.mark.usefixtures("profiles")
def test_list_of_profiles(run: Run) -> None:
    """Keys are masked, and the profile in use is marked."""
    for columns in (80, 120):
        check_golden(f"config_list.{columns}.txt", run("config", "list", terminal=columns).text)

    records = run("config", "list", "--json").records
    for record in records:
        check_record(record)
    assert [(each["profile"], each["in_use"]) for each in records] == [
        ("proxy", False),
        ("work", True),
    ]


@pytest.mark.usefixtures("profiles")
def test_another_profile_in_use(run: Run, environment: dict[str, str]) -> None:
    """It holds for later commands; a variable that has precedence is named."""
    used = run("config", "use", "proxy")
    environment["TRACKINGMORE_API_KEY"] = KEY
    outdone = run("config", "use", "proxy")
    del environment["TRACKINGMORE_API_KEY"]

    assert "Profile proxy is in use: key ****roxy" in used.messages
    assert "TRACKINGMORE_API_KEY is set, and has precedence" in outdone.messages
    assert run("config", "--fields", "value").text.splitlines()[:3] == [
        "****roxy",
        ELSEWHERE,
        "proxy",
    ]


@pytest.mark.usefixtures("profiles")
def test_unknown_profile(run: Run) -> None:
    """The error lists the profiles."""
    used, listed = run("config", "use", "home"), run("list", "--profile", "home")

    assert (used.status, listed.status) == (2, 5)
    assert "the profiles are: proxy, work" in used.messages
    assert "the profiles are: proxy, work" in listed.messages


def test_nothing_is_set(run: Run, environment: dict[str, str]) -> None:
    """The line of the key says what to do."""
    del environment["TRACKINGMORE_API_KEY"]
    del environment["TRACKINGMORE_BASE_URL"]

    finished = run("config")

    assert finished.status == 0
    assert finished.text.startswith("key\t\tno API key; run: trackingmore-v2 login")
    assert "trackingmore-v2 login, or set TRACKINGMORE_API_KEY" in run("config", terminal=80).text
    assert run("list").status == 5
    assert not Path(environment["TRACKINGMORE_CONFIG_DIR"]).exists()


def test_help_of_the_group(run: Run) -> None:
    """`config --help` lists its commands, and an unknown one is an error."""
    shown, wrong = run("config", "--help"), run("config", "lst")

    assert shown.status == 0
    assert all(name in shown.text for name in ("list", "show", "use"))
    assert wrong.status == 2
    assert "lst" in wrong.messages


@pytest.mark.parametrize(
    "line",
    [
        *("config", "list", "create ups:1Z97X17XYW06605211 --yes"),
        "login --no-check --store file --base-url http://user:hunter2@127.0.0.1:8642/v2 -",
    ],
)
def test_password_in_a_url(run: Run, environment: dict[str, str], line: str) -> None:
    """It is in no output."""
    environment["TRACKINGMORE_BASE_URL"] = "http://user:hunter2@127.0.0.1:8642/v2"

    finished = run(*line.split(), stdin=b"aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee")

    assert "contains a user name or password" in finished.text + finished.messages
    assert "hunter2" not in finished.text + finished.messages
    assert finished.status == (0 if line == "config" else 2)
