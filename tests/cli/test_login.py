"""`trackingmore-v2 login` and `logout`."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import click.termui
import pytest
from msgspec import json

from tests.cli.fake_keyrings import Hanging, Memory
from tests.cli.processes import COMMAND, process_environment
from tests.cli.running import Run
from trackingmore_v2_cli._credentials import SANDBOX_KEY
from trackingmore_v2_sandbox import API_KEY, Sandbox

LIVE_KEY = "11ce11ce-0000-4000-8000-11ce11ce11ce"
BACKENDS = "tests.cli.fake_keyrings"


@pytest.fixture(autouse=True)
def no_key(environment: dict[str, str]) -> None:
    """Take the key from the environment, and empty the keyring in memory."""
    del environment["TRACKINGMORE_API_KEY"]
    del environment["TRACKINGMORE_BASE_URL"]
    environment["PYTHON_KEYRING_BACKEND"] = f"{BACKENDS}.Memory"
    Memory.passwords.clear()


@pytest.fixture
def folder(environment: dict[str, str]) -> Path:
    """Return the folder of the settings."""
    return Path(environment["TRACKINGMORE_CONFIG_DIR"])


def test_key_of_the_terminal_is_checked_and_stored_in_the_keyring(
    run: Run, sandbox: Sandbox, folder: Path, api_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question names server and profile, and the key is hidden; later commands use it."""
    asked: list[str] = []

    def ask(text: str) -> str:
        asked.append(text)
        return f" {api_key}\n"

    monkeypatch.setattr(click.termui, "hidden_prompt_func", ask)

    finished = run("login", "--base-url", sandbox.base_url, terminal=True, stdin=b"")

    assert finished.status == 0, finished.messages
    assert asked == [f"API key of profile default, for {sandbox.base_url}: "]
    assert f"Stored the key ****{api_key[-4:]}" in finished.messages
    assert "Quota left: 1000000." in finished.messages
    assert Memory.passwords == {("trackingmore-v2", f"default at {sandbox.base_url}"): api_key}
    assert [path.name for path in folder.iterdir()] == ["config.json"]
    assert run("list").status == 0


def test_key_of_standard_input_is_stored_in_a_private_file(
    run: Run, sandbox: Sandbox, folder: Path, api_key: str
) -> None:
    """Neither the folder nor a file in it can be read by other users."""
    finished = run(
        *("login", "-", "--store", "file", "--base-url", f"{sandbox.base_url}/", "--verbose"),
        stdin=f"{api_key}\r\n".encode(),
    )

    assert finished.status == 0, finished.messages
    assert finished.output == b""
    assert "[getAccount, attempt 1]: HTTP 200, ok" in finished.messages
    assert json.decode((folder / "keys.json").read_bytes()) == {
        f"default at {sandbox.base_url}": api_key
    }
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert run("list").status == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")
def test_terminal_does_not_show_the_key(environment: dict[str, str]) -> None:
    """It shows the question and the last characters of the key."""
    main, terminal = os.openpty()
    arguments = ["login", "--store", "file", "--no-check"]
    with subprocess.Popen(  # noqa: S603 - our own code
        [*COMMAND, *arguments],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=process_environment(environment),
        start_new_session=True,
    ) as process:
        os.close(terminal)
        shown = b""
        while not shown.endswith(b": "):
            shown += os.read(main, 1000)
        os.write(main, f"{LIVE_KEY}\n".encode())
        while not shown.endswith(b"profile default.\r\n"):
            shown += os.read(main, 1000)
    os.close(main)

    assert process.returncode == 0
    assert LIVE_KEY not in shown.decode()
    assert shown.startswith(b"API key of profile default, for the live API: \r\n")


def test_without_a_terminal_nothing_is_asked(run: Run, folder: Path) -> None:
    """Standard input is not read unless - stands for it."""
    finished = run("login")

    assert finished.status == 2
    assert "pass - to read it from standard input" in finished.messages
    assert not folder.exists()


def test_question_can_be_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C and the end of the input end the command."""

    def interrupt(_text: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(click.termui, "hidden_prompt_func", interrupt)

    assert run("login", terminal=True, stdin=b"").status == 130


@pytest.mark.parametrize(
    "arguments",
    [
        [LIVE_KEY],
        ["-", LIVE_KEY],
        ["--store", LIVE_KEY],
        [f"--store={LIVE_KEY}"],
        ["--profile", LIVE_KEY],
        [f"--key={LIVE_KEY}"],
        ["sk_live_short"],
    ],
)
def test_key_as_an_argument_is_rejected_without_printing_it(run: Run, arguments: list[str]) -> None:
    """`ps` shows arguments to all users."""
    finished = run("login", *arguments)

    assert finished.status == 2
    assert "not accepted as an argument" in finished.messages
    assert not any(key in finished.messages for key in (LIVE_KEY, "sk_live_short"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "the input is empty"),
        (b"\n \n", "the input is empty"),
        (b"one two", "index 3"),
        ("schlüssel".encode(), "index 4"),
        (b"\xff\xfe\x00", "not text in utf-8"),
    ],
)
def test_malformed_key(run: Run, folder: Path, text: bytes, reason: str) -> None:
    """It is neither sent nor stored, and the message does not contain it."""
    finished = run("login", "-", "--store", "file", stdin=text)

    assert finished.status in {2, 5}
    assert reason in finished.messages
    assert "two" not in finished.messages
    assert not folder.exists()


def test_key_that_the_server_does_not_accept(run: Run, sandbox: Sandbox, folder: Path) -> None:
    """Nothing is stored, unless `--no-check` is set."""
    arguments = ("login", "-", "--store", "file", "--base-url", sandbox.base_url)

    rejected = run(*arguments, stdin=b"no-uuid-at-all")
    stored = run(*arguments, "--no-check", stdin=b"no-uuid-at-all")

    assert rejected.status == 5
    assert "the key was not stored" in rejected.messages
    assert stored.status == 0
    assert folder.exists()


def test_server_that_does_not_respond_or_is_invalid(run: Run) -> None:
    """The status is that of the error."""
    away = run("login", "-", "--base-url", "http://127.0.0.1:1", stdin=LIVE_KEY.encode())
    insecure = run("login", "-", "--base-url", "http://example.com", stdin=LIVE_KEY.encode())

    assert (away.status, insecure.status) == (3, 2)
    assert "--no-check" in away.messages
    assert "insecure base URL" in insecure.messages


@pytest.mark.parametrize(
    ("backend", "reason"),
    [
        ("keyring.backends.fail.Keyring", "none that is usable"),
        ("keyring.backends.null.Keyring", "did not keep the key"),
        (f"{BACKENDS}.Forgetful", "did not keep the key"),
        (f"{BACKENDS}.Locked", "the collection is locked"),
        ("no.such.Backend", "ModuleNotFoundError"),
    ],
)
def test_keyring_that_fails(
    run: Run, environment: dict[str, str], folder: Path, backend: str, reason: str
) -> None:
    """The error names the other ways, and nothing is stored."""
    environment["PYTHON_KEYRING_BACKEND"] = backend

    finished = run("login", "-", "--no-check", stdin=LIVE_KEY.encode())

    assert finished.status == 5
    assert reason in finished.messages
    assert "login --store file" in finished.messages
    assert "TRACKINGMORE_API_KEY" in finished.messages
    assert LIVE_KEY not in finished.messages
    assert not (folder / "config.json").exists()


def test_keyring_that_does_not_respond(run: Run, environment: dict[str, str]) -> None:
    """After the limit, 3 s by default, the command ends although the keyring goes on hanging."""
    environment["PYTHON_KEYRING_BACKEND"] = f"{BACKENDS}.Hanging"
    environment["TRACKINGMORE_KEYRING_TIMEOUT"] = "0"

    finished = run("login", "-", "--no-check", stdin=LIVE_KEY.encode())
    Hanging.released.set()

    assert finished.status == 5
    assert "did not respond within 0 s" in finished.messages


@pytest.mark.parametrize("limit", ["soon", "-1", "nan", "inf"])
def test_invalid_limit_of_the_keyring(run: Run, environment: dict[str, str], limit: str) -> None:
    """The error names the variable."""
    environment["TRACKINGMORE_KEYRING_TIMEOUT"] = limit

    finished = run("login", "-", "--no-check", stdin=LIVE_KEY.encode())

    assert finished.status == 2
    assert "TRACKINGMORE_KEYRING_TIMEOUT must be a number" in finished.messages


def test_keyring_is_not_installed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a profile in the keyring needs it."""
    monkeypatch.setitem(sys.modules, "keyring", None)

    missing = run("login", "-", "--no-check", stdin=LIVE_KEY.encode())
    stored = run("login", "-", "--no-check", "--store", "file", stdin=LIVE_KEY.encode())

    assert missing.status == 5
    assert "pip install 'trackingmore-v2[keyring]'" in missing.messages
    assert stored.status == 0
    assert run("config").text.startswith("key\t****11ce\tprofile default, in the file")


def test_new_login_replaces_the_key_and_keeps_store_and_server(
    run: Run, sandbox: Sandbox, folder: Path
) -> None:
    """A login into another store or server removes the former key."""
    first = ("login", "-", "--no-check", "--store", "file", "--base-url", sandbox.base_url)
    run(*first, stdin=b"first-key")
    run("login", "-", "--no-check", stdin=b"second-key")
    assert json.decode((folder / "keys.json").read_bytes()) == {
        f"default at {sandbox.base_url}": "second-key"
    }

    run("login", "-", "--no-check", "--store", "keyring", stdin=b"third-key")
    assert json.decode((folder / "keys.json").read_bytes()) == {}
    assert list(Memory.passwords.values()) == ["third-key"]


@pytest.mark.parametrize("name", ["", "a b", "-x", "x" * 32, "../x", "é", "a/b"])
def test_invalid_name_of_a_profile(run: Run, name: str) -> None:
    """A name is one short word. An empty one is that of the default."""
    finished = run("login", "-", "--no-check", f"--profile={name}", stdin=LIVE_KEY.encode())

    assert finished.status == (2 if name else 0)


def test_logout_removes_key_and_profile(run: Run, folder: Path) -> None:
    """The next profile is used by name, and a variable that is still set is named."""
    for name, store in (("one", "file"), ("two", "keyring")):
        arguments = ("--no-check", "--profile", name, "--store", store)
        run("login", "-", *arguments, stdin=f"key-of-{name}".encode())

    first, second = run("logout"), run("logout", "--profile", "two")

    assert (first.status, second.status) == (0, 0)
    assert "Removed the key ****-one of profile one" in first.messages
    assert json.decode((folder / "keys.json").read_bytes()) == {}
    assert Memory.passwords == {}
    assert run("config", "list").output == b""
    assert run("logout").status == 2


def test_logout_names_the_variable_that_stays(run: Run, environment: dict[str, str]) -> None:
    """The user is not logged out of it."""
    run("login", "-", "--no-check", stdin=LIVE_KEY.encode())
    environment["TRACKINGMORE_API_KEY"] = LIVE_KEY

    assert "TRACKINGMORE_API_KEY is still set" in run("logout").messages


@pytest.mark.parametrize(
    ("removed", "left", "message"),
    [
        ("one", "default", "Profile default is in use: key ****ault, for the live API.\n"),
        ("one", "two", "No profile is in use; run: trackingmore-v2 config use NAME, one of: two\n"),
        ("one", None, ""),
    ],
)
def test_logout_tells_what_later_commands_use(
    run: Run, removed: str, left: str | None, message: str
) -> None:
    """They may now use the live API in place of a sandbox."""
    for name in filter(None, (removed, left)):
        arguments = ("--no-check", "--store", "file", "--profile", name)
        run("login", "-", *arguments, stdin=f"key-of-{name}".encode())
    run("config", "use", removed)

    _, _, told = run("logout").messages.partition("\n")

    assert told == message


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        (
            None,
            "",
            "Profile one is still in use; to change that, run: trackingmore-v2 config use two",
        ),
        ("TRACKINGMORE_PROFILE", "one", "Profile one is still in use, by the variable"),
        ("TRACKINGMORE_API_KEY", LIVE_KEY, "TRACKINGMORE_API_KEY is set, and has precedence."),
    ],
)
def test_login_tells_what_commands_use_instead_of_the_new_key(
    run: Run, environment: dict[str, str], variable: str | None, value: str, message: str
) -> None:
    """A login alone does not change the account of later commands."""
    arguments = ("login", "-", "--no-check", "--profile")
    first = run(*arguments, "one", stdin=b"key-of-one")
    if variable:
        environment[variable] = value

    second = run(*arguments, "two", stdin=b"key-of-two")

    assert first.messages.count("\n") == 1
    assert message in second.messages


def test_public_key_is_that_of_the_sandbox() -> None:
    """The command does not import the sandbox for it."""
    assert SANDBOX_KEY == API_KEY
