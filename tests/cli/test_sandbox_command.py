"""`trackingmore-v2 sandbox`, run as a user runs it."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from trackingmore_v2 import TrackingMore
from trackingmore_v2._version import __version__

COMMAND = [sys.executable, "-c", "from trackingmore_v2.cli import main; main()"]
KEY = "5e91b9a4-0000-4d0c-9c1e-2f6f0c7d8a11"


def start(*arguments: str) -> subprocess.Popen[str]:
    """Start the command."""
    return subprocess.Popen(  # noqa: S603 - our own code
        [*COMMAND, "sandbox", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ready(process: subprocess.Popen[str]) -> str:
    """Wait for the first line, and give the base URL in it."""
    assert process.stdout
    line = process.stdout.readline()
    found = re.fullmatch(r"Sandbox ready: (http://127\.0\.0\.1:\d+/v2)\n", line)
    assert found, line
    return found[1]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_runs_until_it_is_told_to_stop(tmp_path: Path, ending: signal.Signals) -> None:
    """The first line says where it is, a client can talk to it, the file keeps the parcels."""
    database = str(tmp_path / "sandbox.sqlite3")
    for expected in (0, 1):
        process = start("--port", "0", "--database", database)
        with TrackingMore(KEY, base_url=ready(process)) as client:
            before = client.trackings.list().total()
            client.trackings.create("ups", f"1Z97X17XYW0660521{expected}")
        process.send_signal(ending)
        _, errors = process.communicate(timeout=10)

        assert before == expected
        assert process.returncode == 0
        assert "Traceback" not in errors


def failed(*arguments: str) -> str:
    """Run a command that cannot start, and give the one line that it wrote."""
    run = subprocess.run(  # noqa: S603 - our own code
        [*COMMAND, *arguments], capture_output=True, check=False, text=True, timeout=30
    )

    assert run.returncode == 2
    assert run.stdout == ""
    return run.stderr


def test_a_port_in_use_is_one_clear_line() -> None:
    """The line names the port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = failed("sandbox", "--port", str(port))

    assert told.count("\n") == 1
    assert str(port) in told


@pytest.mark.parametrize("name", ["missing/sandbox.sqlite3", "."])
def test_a_database_that_cannot_be_opened_is_one_clear_line(tmp_path: Path, name: str) -> None:
    """The line names the path."""
    path = tmp_path / name
    told = failed("sandbox", "--port", "0", "--database", str(path))

    assert told.count("\n") == 1
    assert str(path) in told


def test_a_file_that_is_no_database_is_one_clear_line(tmp_path: Path) -> None:
    """A file of another kind is left as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("not a database, " * 100)
    told = failed("sandbox", "--port", "0", "--database", str(path))

    assert told.count("\n") == 1
    assert str(path) in told
    assert path.read_text() == "not a database, " * 100


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7"])
def test_a_host_that_cannot_be_bound_is_one_clear_line(host: str) -> None:
    """The line names the host."""
    told = failed("sandbox", "--host", host, "--port", "0")

    assert told.count("\n") == 1
    assert host in told


def test_a_bad_port_is_refused() -> None:
    """A port beyond the range is refused with status 2."""
    told = failed("sandbox", "--port", "65536")

    assert "--port" in told
    assert "65535" in told


def test_the_version_is_told() -> None:
    """`--version` prints the package's version."""
    run = subprocess.run(  # noqa: S603 - our own code
        [*COMMAND, "--version"], capture_output=True, check=True, text=True
    )

    assert run.stdout == f"{__version__}\n"


@pytest.mark.parametrize(
    ("missing", "arguments"), [("typer", ["--version"]), ("starlette", ["sandbox"])]
)
def test_a_missing_extra_is_one_clear_line(missing: str, arguments: list[str]) -> None:
    """Without the extras the command says what to install."""
    hide = f"import sys; sys.modules[{missing!r}] = None; "
    run = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", hide + "from trackingmore_v2.cli import main; main()", *arguments],
        capture_output=True,
        check=False,
        text=True,
    )

    assert run.returncode == 2
    assert run.stderr.count("\n") == 1
    assert "pip install" in run.stderr
