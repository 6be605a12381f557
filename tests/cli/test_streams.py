"""Standard streams of the system: closed, full, without a reader, and in other encodings."""

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.processes import COMMAND, LIMIT, process_environment, shell
from tests.cli.running import Run
from trackingmore_v2 import TrackingMore
from trackingmore_v2_cli._output.output import Output
from trackingmore_v2_sandbox import Sandbox

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs bash")
ROWS = 3000
"""More than the buffers of a pipe hold."""

Bash = Callable[[str], subprocess.CompletedProcess[bytes]]


@pytest.fixture
def bash(environment: dict[str, str]) -> Bash:
    """Return a function that runs a script against the sandbox; see `shell`."""
    return lambda script: shell(script, environment)


@pytest.fixture
def rows(sandbox: Sandbox, api_key: str) -> None:
    """Store many trackings."""
    trackings = [
        {"carrier_code": "ups", "tracking_number": f"SANDBOX-TRANSIT_{number:06}"}
        for number in range(ROWS)
    ]
    sandbox.seed(trackings, api_key=api_key)


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("json", ["", "--json", "--json=array"])
def test_reader_that_closes_the_pipe(bash: Bash, json: str) -> None:
    """No message, and always the same status."""
    finished = bash(f"$T list {json} | head -n 1")

    assert (finished.returncode, finished.stderr) == (141, b"")
    assert finished.stdout.count(b"\n") == 1


@pytest.mark.parametrize(
    "command", ["list", "list --json", "config", "--version", "--help", "list --help"]
)
def test_closed_standard_output(bash: Bash, client: TrackingMore, command: str) -> None:
    """It counts as a pipe without a reader."""
    client.trackings.create("ups", "1Z97X17XYW06605211")

    finished = bash(f"$T {command} >&-")

    assert (finished.returncode, finished.stderr) == (141, b"")


@pytest.mark.parametrize(
    "command", ["list", "list --json", "config", "--version", "--help", "list --help"]
)
def test_full_disk(bash: Bash, client: TrackingMore, command: str) -> None:
    """One line says so; Python adds nothing at exit."""
    client.trackings.create("ups", "1Z97X17XYW06605211")

    finished = bash(f"$T {command} > /dev/full")

    assert finished.returncode == 1
    assert finished.stderr == b"trackingmore-v2: No space left on device\n"


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full"])
@pytest.mark.parametrize(("command", "status"), [("list", 0), ("list --status x", 2), ("nope", 2)])
def test_standard_error_that_cannot_be_written(
    bash: Bash, client: TrackingMore, command: str, status: int, redirection: str
) -> None:
    """The status is that of the command."""
    client.trackings.create("ups", "1Z97X17XYW06605211")

    finished = bash(f"$T {command} {redirection}")

    assert finished.returncode == status
    assert (finished.stdout != b"") == (status == 0)


@pytest.mark.parametrize("command", ["list", "config", "carriers"])
def test_closed_standard_input(bash: Bash, command: str) -> None:
    """A command that reads nothing does not need it."""
    assert bash(f"$T {command} <&-").returncode == 0


def test_closed_standard_input_that_is_read(bash: Bash) -> None:
    """It is empty."""
    finished = bash("$T login - --store file <&-")

    assert finished.returncode == 5
    assert finished.stderr == b"trackingmore-v2: the input is empty\n"


def test_closed_streams_all_together(bash: Bash, tmp_path: Path) -> None:
    """No file that the command opens gets the number of a closed stream."""
    command = "TRACKINGMORE_API_KEY= $T login - --store file --no-check"

    assert bash(f"{command} < <(echo key-of-a-loop) >&- 2>&-").returncode == 0
    assert b"key-of-a-loop" in (tmp_path / "config" / "keys.json").read_bytes()


@pytest.mark.parametrize("command", ["list", "config", "carriers", "account"])
def test_standard_input_is_not_read(environment: dict[str, str], command: str) -> None:
    """Under cron, over ssh and in loops it belongs to others, and may never end."""
    reading, writing = os.pipe()
    os.write(writing, b"unread\n")
    try:
        finished = subprocess.run(  # noqa: S603 - our own code
            [*COMMAND, command],
            stdin=reading,
            capture_output=True,
            env=process_environment(environment),
            timeout=LIMIT,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr
        assert os.read(reading, 100) == b"unread\n"
    finally:
        os.close(reading)
        os.close(writing)


def test_loop_over_lines(bash: Bash, client: TrackingMore) -> None:
    """Each command leaves the other lines to the loop."""
    for number in (1, 2):
        client.trackings.create("ups", f"SANDBOX-TRANSIT_{number}")

    finished = bash(
        r"printf 'SANDBOX-TRANSIT_1\nSANDBOX-TRANSIT_2\n' | "
        'while read -r number; do $T get "$number" --json --fields tracking_number; done'
    )

    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.split() == [
        b'{"tracking_number":"SANDBOX-TRANSIT_1"}',
        b'{"tracking_number":"SANDBOX-TRANSIT_2"}',
    ]


@pytest.mark.parametrize("arguments", [["list"], ["list", "--json"]])
def test_interrupted_process(environment: dict[str, str], arguments: list[str]) -> None:
    """Ctrl-C while the command waits for a response: one line, and the status of all shells."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        environment["TRACKINGMORE_BASE_URL"] = f"http://127.0.0.1:{server.getsockname()[1]}/v2"
        with subprocess.Popen(  # noqa: S603 - our own code
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=process_environment(environment),
        ) as process:
            server.settimeout(LIMIT)
            connection, _ = server.accept()
            with connection:
                connection.recv(1)
                process.send_signal(signal.SIGINT)
                output, errors = process.communicate(timeout=LIMIT)

    assert (process.returncode, output) == (130, b"")
    assert errors == b"trackingmore-v2: interrupted\n"


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONIOENCODING": "cp1252"},
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"PYTHONWARNINGS": "error"},
        {"PYTHONDEVMODE": "1"},
    ],
    ids=str,
)
def test_any_environment(
    environment: dict[str, str], client: TrackingMore, variables: dict[str, str]
) -> None:
    """Characters that the encoding lacks are question marks, and JSON is UTF-8."""
    client.trackings.create("ups", "SANDBOX-TRANSIT_1", title="Käse → Łódź")

    text = shell("$T list --fields title,status", {**environment, **variables})
    json = shell("$T list --json --fields title", {**environment, **variables})

    assert (text.returncode, text.stderr) == (0, b"")
    assert b"transit" in text.stdout
    assert b"\x1b" not in text.stdout
    assert json.stdout.decode() == '{"title":"Käse → Łódź"}\n'


@pytest.mark.parametrize("variable", ["NO_COLOR", "FORCE_COLOR", "TERM"])
def test_no_colours_elsewhere(
    run: Run, environment: dict[str, str], client: TrackingMore, variable: str
) -> None:
    """Whatever a variable asks for."""
    client.trackings.create("ups", "SANDBOX-TRANSIT_1")
    environment[variable] = "1"

    finished = run("list")

    assert b"transit" in finished.output
    assert b"\x1b" not in finished.output


def test_no_colours_on_a_terminal(
    run: Run, environment: dict[str, str], client: TrackingMore
) -> None:
    """`NO_COLOR` and a terminal that has none."""
    client.trackings.create("ups", "SANDBOX-TRANSIT_1")
    coloured = run("list", terminal=True)
    environment["NO_COLOR"] = "1"
    plain = run("list", terminal=True)

    assert b"\x1b[34mtransit" in coloured.output
    assert b"\x1b[34m" not in plain.output


def test_array_of_a_command_that_fails_midway_stays_open(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    """A parser that ignores the status does not take it for complete."""

    def records() -> Iterator[dict[str, object]]:
        yield {"carrier_code": "ups"}
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        Output("array").records("carrier/1", records(), (), empty="")

    assert capsysbinary.readouterr().out == b'[{"schema":"carrier/1","carrier_code":"ups"}'
