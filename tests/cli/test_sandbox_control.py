"""`trackingmore-v2 sandbox status`, `advance` and the other commands for a running sandbox."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.cli.golden import check_golden
from tests.cli.output_schema import check_record
from tests.cli.running import Run, run_command
from trackingmore_v2 import TrackingMore
from trackingmore_v2_cli import read_version
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._sandbox.registry import RunningSandbox
from trackingmore_v2_cli._sandbox.target import choose, normalize
from trackingmore_v2_sandbox import Sandbox

NUMBER = "SANDBOX-TRANSIT-2D-DELIVERED"
SEED = {"trackings": [{"carrier_code": "ups", "tracking_number": NUMBER}]}


@pytest.fixture
def environment(environment: dict[str, str], sandbox: Sandbox, tmp_path: Path) -> dict[str, str]:
    """Return the environment, with the sandbox of the tests as the one to control."""
    return environment | {
        "TRACKINGMORE_STATE_DIR": str(tmp_path / "state"),
        "TRACKINGMORE_SANDBOX_URL": sandbox.base_url,
        "TRACKINGMORE_SANDBOX_ADMIN_TOKEN": sandbox.admin_token,
    }


@pytest.fixture
def seed_file(tmp_path: Path) -> Path:
    """Return a file with one tracking."""
    path = tmp_path / "trackings.json"
    path.write_text(json.dumps(SEED))
    return path


def test_status(run: Run, sandbox: Sandbox, seed_file: Path, api_key: str) -> None:
    """It shows the clock, the account, faults and targets; the key is masked."""
    run("sandbox", "seed", str(seed_file))
    run("sandbox", "faults", "createTracking=code=500", "*=delay=2")
    sandbox.webhooks.add("http://127.0.0.1:9/", api_key=api_key)

    finished = run("sandbox", "status", "--json")

    (record,) = finished.records
    check_record(record)
    assert (record["trackings"], record["faults"]) == (1, 2)
    assert record["targets"] == ["http://127.0.0.1:9/"]
    assert record["now"] == "2026-03-02T12:00:00Z"
    assert record["email"] == sandbox.account.get().email
    assert api_key not in finished.text


@pytest.mark.parametrize("columns", [80, 120])
def test_status_on_a_terminal(
    run: Run, sandbox: Sandbox, api_key: str, seed_file: Path, columns: int
) -> None:
    """A line for each field."""
    run("sandbox", "seed", str(seed_file))
    finished = run("sandbox", "status", terminal=columns)
    text = finished.text.replace(sandbox.base_url, "http://127.0.0.1:8642/v2")
    text = re.sub(r"(accounts +)\d+", r"\g<1>1", text)

    check_golden(f"sandbox_status.{columns}.txt", text.replace(api_key[-4:], "0001"))


def test_status_under_code_page_1252(run: Run) -> None:
    """No character is missing there."""
    finished = run("sandbox", "status", terminal=80, encoding="cp1252")

    assert finished.status == 0
    assert b"?" not in finished.output


def test_time(run: Run, client: TrackingMore, seed_file: Path) -> None:
    """`advance` changes statuses, `freeze` sets the time, and `resume` lets it run."""
    run("sandbox", "seed", str(seed_file))
    advanced = run("sandbox", "advance", "2d1h", "--json")

    (record,) = advanced.records
    check_record(record)
    assert record["now"] == "2026-03-04T13:00:00Z"
    assert client.trackings.get("ups", NUMBER).status == "delivered"
    frozen = run("sandbox", "freeze", "--at", "2026-03-05")
    assert frozen.text.splitlines()[0] == "clock\t2026-03-05T00:00:00Z"
    resumed = run("sandbox", "resume", "--speed", "60", "--json")
    assert (resumed.records[0]["speed"], resumed.records[0]["frozen"]) == (60, False)


def test_faults_are_planned_listed_and_cleared(run: Run, sandbox: Sandbox, api_key: str) -> None:
    """In the order in which they were given."""
    planned = run("sandbox", "faults", "getAccount=status=503/bare", "getAccount=pass", "--json")
    for record in planned.records:
        check_record(record)
    assert [each["instruction"] for each in planned.records] == ["status=503/bare", "pass"]
    assert sandbox.faults.unused(api_key=api_key) == {
        "": {"getAccount": ["status=503/bare", "pass"]}
    }

    cleared = run("sandbox", "faults", "--clear")
    assert (cleared.text, cleared.messages) == ("", "No faults are planned.\n")
    assert sandbox.faults.unused(api_key=api_key) == {}


def test_random_and_named_faults(run: Run) -> None:
    """The options are those of a plan."""
    run("sandbox", "faults", "*=html", "--plan", "test-1", "--probability", "0.5", "--seed", "7")
    finished = run("sandbox", "faults")

    assert finished.text == "*\thtml\ttest-1\t0.5\n"


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["faults", "createTracking"], 2, "expected OPERATION=FAULT"),
        (["faults", "--clear", "*=html"], 2, "--clear excludes faults"),
        (["faults", "createTracking=explode"], 1, "explode"),
        (["faults", "make=html"], 1, "make"),
        (["advance", "soon"], 2, "'soon' is no duration, such as 90s"),
        (["advance", "3"], 2, "is no duration"),
        (["freeze", "--at", "2020-01-01"], 0, ""),
        (["seed", "missing.json"], 2, "missing.json"),
        (["status", "--url", "ftp://here"], 2, "no URL of a sandbox"),
        (["status", "--url", "http://sandbox.example.com/v2"], 2, "without encryption"),
        (["status", "--url", "http://127.0.0.1:99999"], 2, "no URL of a sandbox"),
        (["statsu"], 2, "Did you mean 'status'?"),
        (["--port", "0", "status"], 2, "--port starts a sandbox"),
    ],
)
def test_errors_are_one_line(run: Run, arguments: list[str], status: int, message: str) -> None:
    """They name what is wrong, and what is allowed."""
    finished = run("sandbox", *arguments)

    assert (finished.status, message in finished.messages) == (status, True)
    assert finished.messages.count("\n") <= 1


def test_an_invalid_seed_is_rejected(run: Run, client: TrackingMore, seed_file: Path) -> None:
    """Nothing is added."""
    seed_file.write_text('{"trackings": [{"carrier_code": "ups"}]}')
    finished = run("sandbox", "seed", str(seed_file))

    assert finished.status == 1
    assert "tracking_number" in finished.messages
    assert client.trackings.list().total() == 0


def test_seed_reads_standard_input(run: Run, client: TrackingMore) -> None:
    """Only where - stands."""
    finished = run("sandbox", "seed", "-", stdin=json.dumps(SEED).encode())

    assert finished.status == 0
    assert "Trackings in the account: 1." in finished.messages
    assert client.trackings.list().total() == 1


def test_reset_asks(run: Run, client: TrackingMore, seed_file: Path) -> None:
    """Without a terminal, --yes is needed, and nothing is deleted."""
    run("sandbox", "seed", str(seed_file))
    without = run("sandbox", "reset")
    declined = run("sandbox", "reset", terminal=True, stdin=b"n\n")
    assert (without.status, declined.status) == (2, 1)
    assert "pass --yes" in without.messages
    assert "This will delete everything of the account, trackings: 1" in declined.messages
    assert client.trackings.list().total() == 1

    assert run("sandbox", "reset", terminal=True, stdin=b"y\n").status == 0
    assert client.trackings.list().total() == 0
    assert run("sandbox", "reset", "--yes").status == 0


def test_a_wrong_token(environment: dict[str, str], sandbox: Sandbox, tmp_path: Path) -> None:
    """The error says where it comes from; a file has precedence over the variable."""
    file = tmp_path / "token"
    file.write_text(f"{sandbox.admin_token}\n")
    wrong = environment | {"TRACKINGMORE_SANDBOX_ADMIN_TOKEN": "canary"}
    finished = run_command("sandbox", "status", environment=wrong)

    assert finished.status == 5
    assert "TRACKINGMORE_SANDBOX_ADMIN_TOKEN" in finished.messages
    assert "canary" not in finished.messages
    option = ("--admin-token-file", str(file))
    assert run_command("sandbox", "status", *option, environment=wrong).status == 0


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TRACKINGMORE_API_KEY", "canary"),
        ("TRACKINGMORE_API_KEY", "can\u00e4ry"),
        ("TRACKINGMORE_SANDBOX_ADMIN_TOKEN", "can\u00e4ry"),
    ],
)
def test_an_invalid_secret(
    run: Run, environment: dict[str, str], variable: str, value: str
) -> None:
    """The error names the variable, and not its value."""
    environment[variable] = value
    finished = run("sandbox", "status")

    assert finished.status == 5
    assert variable in finished.messages
    assert value not in finished.messages


@pytest.mark.parametrize("columns", [80, 120])
def test_faults_on_a_terminal(run: Run, columns: int) -> None:
    """A table."""
    faults = ("createTracking=status=503", "createTracking=lose-response", "*=delay=2")
    finished = run("sandbox", "faults", *faults, terminal=columns)

    check_golden(f"sandbox_faults.{columns}.txt", finished.text)


def test_no_sandbox(run: Run, environment: dict[str, str]) -> None:
    """The error says how to start one."""
    del environment["TRACKINGMORE_SANDBOX_URL"], environment["TRACKINGMORE_SANDBOX_ADMIN_TOKEN"]
    finished = run("sandbox", "status")
    elsewhere = run("sandbox", "status", "--url", "1")

    assert (finished.status, elsewhere.status) == (3, 3)
    assert finished.messages == (
        "trackingmore-v2: no sandbox runs; start one: trackingmore-v2 sandbox\n"
    )
    assert "no sandbox of this user runs at http://127.0.0.1:1/v2" in elsewhere.messages


def test_a_server_that_is_no_sandbox(run: Run) -> None:
    """It gets no further request, and one that does not respond is named."""
    finished = run("sandbox", "status", "--url", "http://127.0.0.1:1")

    assert finished.status == 3
    assert "no sandbox responds at http://127.0.0.1:1/v2" in finished.messages


def test_verbose_shows_requests_without_secrets(run: Run, sandbox: Sandbox, api_key: str) -> None:
    """Methods, paths and statuses."""
    finished = run("sandbox", "freeze", "--verbose")

    assert finished.messages == "PATCH /_sandbox/clock: HTTP 200\n"
    assert sandbox.admin_token not in finished.messages
    assert api_key not in finished.messages


def test_several_sandboxes() -> None:
    """The server of the other commands decides, or the error lists them."""
    running = [RunningSandbox(base_url=f"http://127.0.0.1:{port}/v2", token="") for port in (1, 2)]

    assert choose(running, "http://localhost:2/v2") is running[1]
    assert choose(running[:1], None) is running[0]
    with pytest.raises(CommandError, match="pass --url, or set TRACKINGMORE_SANDBOX_URL, with"):
        choose(running, None)


def test_a_port_is_a_url() -> None:
    """Paths do not count."""
    assert normalize("8642") == "http://127.0.0.1:8642/v2"
    assert normalize("https://sandbox.example.com/_sandbox/#token=x") == (
        "https://sandbox.example.com/v2"
    )


@contextmanager
def started(state: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a sandbox as a user does, and yield the process and its base URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "trackingmore_v2_cli", "sandbox", "--port", "0"],
        stdout=subprocess.PIPE,
        env=os.environ | {"TRACKINGMORE_STATE_DIR": str(state)},
        text=True,
    )
    assert process.stdout
    try:
        yield process, process.stdout.readline().split()[2]
    finally:
        process.kill()
        process.communicate()


def test_a_running_sandbox_is_found(tmp_path: Path) -> None:
    """Without any option; its file is readable by its owner alone, and removed at the end."""
    environment = {"TRACKINGMORE_STATE_DIR": str(tmp_path)}
    with started(tmp_path) as (process, base_url):
        (file,) = (tmp_path / "sandboxes").iterdir()
        (record,) = run_command("sandbox", "status", "--json", environment=environment).records
        port = str(httpx2.URL(base_url).port)
        chosen = run_command("sandbox", "status", "--url", port, environment=environment)
        process.send_signal(signal.SIGTERM)
        process.wait(20)

    assert (record["url"], record["process"]) == (base_url, process.pid)
    assert record["version"] == read_version()
    assert chosen.status == 0
    assert file.name == f"{process.pid}.json"
    assert not file.exists()


def test_the_file_of_a_killed_sandbox_is_removed(tmp_path: Path) -> None:
    """Its port accepts no connections."""
    environment = {"TRACKINGMORE_STATE_DIR": str(tmp_path)}
    with started(tmp_path) as (process, _):
        (file,) = (tmp_path / "sandboxes").iterdir()
        assert file.stat().st_mode & 0o777 == 0o600
        process.kill()
        process.wait(20)
    finished = run_command("sandbox", "status", environment=environment)

    assert finished.status == 3
    assert not file.exists()


def test_a_state_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """The sandbox runs all the same."""
    blocked = tmp_path / "file"
    blocked.touch()
    with started(blocked) as (_, base_url):
        assert httpx2.get(f"{base_url}/carriers").status_code == 200
