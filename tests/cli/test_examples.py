"""Each example in the help of a command runs in a prepared account and folder, and succeeds."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from operator import attrgetter
from pathlib import Path
from threading import Thread

import click.termui
import pytest

from tests.cli.examples import CREATING, ENDLESS, NUMBERS, Example, examples, write_files
from tests.cli.running import Run
from tests.cli.test_commands import all_commands
from trackingmore_v2 import TrackingMore
from trackingmore_v2_sandbox import Sandbox


class Receiver(BaseHTTPRequestHandler):
    """A receiver of webhooks, which accepts all."""

    def do_POST(self) -> None:
        """Respond with 200."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Print nothing."""


@pytest.fixture(scope="session")
def receiver() -> Iterator[str]:
    """Yield the address of a receiver of webhooks."""
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, api_key: str) -> None:
    folder = tmp_path / "current"
    folder.mkdir()
    write_files(folder, api_key)
    monkeypatch.chdir(folder)
    # The prompt reads from the terminal of the test run, if there is one.
    monkeypatch.setattr(click.termui, "hidden_prompt_func", lambda _prompt: api_key)


@pytest.fixture(autouse=True)
def _environment(environment: dict[str, str], sandbox: Sandbox, tmp_path: Path) -> None:
    environment |= {
        "PYTHON_KEYRING_BACKEND": "tests.cli.fake_keyrings.Memory",
        "TRACKINGMORE_SANDBOX_ADMIN_TOKEN": sandbox.inspector_url.partition("#token=")[2],
        "TRACKINGMORE_SANDBOX_PORT": "0",
        "TRACKINGMORE_SANDBOX_URL": sandbox.base_url,
        "TRACKINGMORE_STATE_DIR": str(tmp_path / "state"),
        "TRACKINGMORE_WEBHOOK_PORT": "0",
    }


@pytest.fixture
def example(request: pytest.FixtureRequest) -> Example:
    """Return the example that is run."""
    found: Example = request.param
    return found


@pytest.fixture
def account(example: Example, client: TrackingMore, run: Run, api_key: str) -> None:
    """Create the trackings and the profiles that the example reads or changes."""
    group, _, _ = example.command.partition(" ")
    if group not in CREATING:
        for number in NUMBERS:
            client.trackings.create("ups", number)
    if group in {"logout", "config"}:
        for profile in ("default", "work"):
            login = ("login", "--profile", profile, "--store", "file", "-")
            assert run(*login, stdin=api_key.encode()).status == 0


@pytest.fixture
def words(sandbox: Sandbox, receiver: str, example: Example) -> list[str]:
    """Return the words of the example, with the addresses of servers that run here."""
    places = {"http://127.0.0.1:8642/v2": sandbox.base_url, "http://localhost:8000": receiver}
    words = example.words
    for place, ours in places.items():
        words = [word.replace(place, ours) for word in words]
    return words


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("example", examples(endless=False), ids=attrgetter("line"), indirect=True)
def test_example(run: Run, example: Example, words: list[str]) -> None:
    """The status is 0. If it asks for confirmation, the user types y."""
    stdin = Path(example.source).read_bytes() if example.source else None
    asks = example.asks or words[0] == "login"
    finished = run(*words, stdin=stdin or (b"y\n" if asks else None), terminal=asks)

    assert finished.status == 0, finished.messages
    assert finished.output or finished.errors


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("example", examples(endless=True), ids=attrgetter("line"), indirect=True)
def test_endless_example(environment: dict[str, str], words: list[str]) -> None:
    """The command prints a line, which is no error, and ends when it is interrupted."""
    with subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-u", "-m", "trackingmore_v2_cli", *words],
        env={**os.environ, **environment},
        stderr=subprocess.STDOUT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        try:
            rest, _ = process.communicate(timeout=20)
        finally:
            process.kill()

    # A shell shows 130 for a process that the signal has ended, too.
    assert process.returncode in {0, 130, -signal.SIGINT}, first + rest
    assert first.strip()
    assert not first.startswith("trackingmore-v2: ")
    assert "Traceback" not in rest


def test_endless_commands_exist() -> None:
    """A command that was renamed is not skipped silently."""
    assert set(ENDLESS) <= set(all_commands())
