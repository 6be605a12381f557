"""`trackingmore-v2 watch`."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from msgspec import json
from rich.console import Console

from tests.cli.golden import check_golden
from tests.cli.output_schema import check_record
from tests.cli.running import Finished, Run, Stream
from trackingmore_v2 import TrackingMore
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._references import Reference
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._watching import clock
from trackingmore_v2_cli._watching.live import draw_watched, interval_text
from trackingmore_v2_cli._watching.run import print_changes
from trackingmore_v2_cli._watching.sources import NamedTrackings
from trackingmore_v2_cli._watching.state_file import StateFile, default_path
from trackingmore_v2_cli._watching.watcher import Observer, Watcher
from trackingmore_v2_sandbox import Sandbox

NUMBER = "SANDBOX-TRANSIT001-1H-PICKUP-1H-DELIVERED"
"""Delivered after two hours."""

LONG = "SANDBOX-TRANSIT001-5H-DELIVERED"


class FakeClock(clock.Clock):
    """A clock that does not wait: the time of the sandbox advances instead."""

    def __init__(self, sandbox: Sandbox, api_key: str) -> None:
        self.waits: list[float] = []
        self.before_wait: Callable[[], object] = lambda: None
        self._sandbox = sandbox
        self._api_key = api_key

    def seconds(self) -> float:
        """Return the sum of all waits."""
        return sum(self.waits)

    def wait(self, seconds: float) -> None:
        """Advance the time of the sandbox."""
        self.before_wait()
        self.waits.append(seconds)
        self._sandbox.clock.advance(timedelta(seconds=seconds), api_key=self._api_key)

    def local_time(self) -> datetime:
        """Return the time of the sandbox."""
        return self._sandbox.clock.now(api_key=self._api_key)


@pytest.fixture(autouse=True)
def fake_clock(sandbox: Sandbox, api_key: str, monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Replace the clock of the command."""
    fake = FakeClock(sandbox, api_key)
    monkeypatch.setattr(clock, "CLOCK", fake)
    return fake


@pytest.fixture
def plan(sandbox: Sandbox, api_key: str) -> Callable[..., object]:
    """Return a function that plans faults of the requests that list trackings."""
    return lambda *faults: sandbox.faults.plan({"listTrackings": [*faults]}, api_key=api_key)


@pytest.fixture
def interrupt(fake_clock: FakeClock) -> Callable[[int], None]:
    """Return a function that makes the command end, as by Ctrl-C, in the wait after a round."""

    def after(rounds: int) -> None:
        def maybe() -> None:
            if len(fake_clock.waits) == rounds - 1:
                raise KeyboardInterrupt

        fake_clock.waits.clear()
        fake_clock.before_wait = maybe

    return after


def statuses_of(finished: Finished) -> list[tuple[str, str]]:
    """Return number and status in each line."""
    rows = [line.split("\t") for line in finished.text.splitlines()]
    return [(row[0], row[2]) for row in rows]


def test_each_change_is_a_line_until_all_are_delivered(
    run: Run, client: TrackingMore, fake_clock: FakeClock
) -> None:
    """With number, time, status, place and text."""
    client.trackings.create("ups", NUMBER)
    finished = run("watch", NUMBER, "--every", "30m")

    assert finished.status == 0
    assert finished.errors == b""
    assert statuses_of(finished) == [
        (NUMBER, "transit"),
        (NUMBER, "pickup"),
        (NUMBER, "delivered"),
    ]
    assert fake_clock.waits == [1800] * 4
    assert all(len(line.split("\t")) == 5 for line in finished.text.splitlines())


def test_restart_repeats_nothing(
    run: Run, client: TrackingMore, interrupt: Callable[[int], None]
) -> None:
    """What happened meanwhile is reported."""
    client.trackings.create("ups", NUMBER)
    interrupt(1)
    first = run("watch", f"ups:{NUMBER}", "--every", "1h")
    interrupt(2)
    second = run("watch", f"ups:{NUMBER}", "--every", "1h")
    interrupt(9)
    third = run("watch", f"ups:{NUMBER}", "--every", "1h")
    last = run("watch", f"ups:{NUMBER}")

    assert [each.status for each in (first, second, third, last)] == [130, 130, 0, 0]
    assert statuses_of(first) == [(NUMBER, "transit")]
    assert statuses_of(second) == [(NUMBER, "pickup")]
    assert statuses_of(third) == [(NUMBER, "delivered")]
    assert (last.output, last.errors) == (b"", b"")


def test_first_report_is_the_newest_event(run: Run, client: TrackingMore) -> None:
    """Not all events of the past."""
    number = "SANDBOX-SINCE-3D-TRANSIT001-1D-TRANSIT002-1D-PICKUP-1D-DELIVERED"
    client.trackings.create("ups", number)
    finished = run("watch", number)

    assert statuses_of(finished) == [(number, "delivered")]


def test_status_without_an_event(run: Run, client: TrackingMore, fake_clock: FakeClock) -> None:
    """One that the user sets is a change as well."""
    client.trackings.create("ups", LONG)
    fake_clock.before_wait = lambda: client.trackings.update("ups", LONG, status=4)
    finished = run("watch", LONG, "--json")

    assert finished.status == 0
    assert [(each["status"], each["time"] is None) for each in finished.records] == [
        ("transit", False),
        ("delivered", True),
    ]


def test_all_trackings_of_the_account(
    run: Run, client: TrackingMore, fake_clock: FakeClock
) -> None:
    """Those that are final are left out, and those created meanwhile are watched."""
    for number in (NUMBER, "SANDBOX-DELIVERED", LONG):
        client.trackings.create("ups", number)
    created: list[object] = []

    def create_once() -> None:
        if not created:
            created.append(client.trackings.create("dhl", "SANDBOX-TRANSIT-1H-DELIVERED"))

    fake_clock.before_wait = create_once
    finished = run("watch", "--every", "30m")

    assert finished.status == 0
    assert sorted(statuses_of(finished)) == sorted(
        [
            (NUMBER, "transit"),
            (NUMBER, "pickup"),
            (NUMBER, "delivered"),
            (LONG, "transit"),
            (LONG, "delivered"),
            ("SANDBOX-TRANSIT-1H-DELIVERED", "transit"),
            ("SANDBOX-TRANSIT-1H-DELIVERED", "delivered"),
        ]
    )


def test_restart_for_the_whole_account(
    run: Run, client: TrackingMore, sandbox: Sandbox, api_key: str, interrupt: Callable[[int], None]
) -> None:
    """One that was delivered meanwhile is no longer listed, but among the changes."""
    for number in (NUMBER, LONG):
        client.trackings.create("ups", number)
    interrupt(1)
    first = run("watch", "--every", "1h")
    sandbox.clock.advance(timedelta(hours=3), api_key=api_key)
    interrupt(1)
    second = run("watch", "--every", "1h")
    interrupt(9)
    third = run("watch", "--every", "1h")

    assert sorted(statuses_of(first)) == [(NUMBER, "transit"), (LONG, "transit")]
    assert sorted(statuses_of(second)) == [(NUMBER, "delivered"), (NUMBER, "pickup")]
    assert statuses_of(third) == [(LONG, "delivered")]


def test_a_round_needs_few_requests(
    run: Run, client: TrackingMore, sandbox: Sandbox, api_key: str
) -> None:
    """One for 40 numbers; two for the changes of the account."""
    for number in (NUMBER, LONG):
        client.trackings.create("ups", number)
    sandbox.clear_log(api_key=api_key)
    run("watch", NUMBER, LONG, "--every", "1h", "--for", "1h")
    named = len(sandbox.log(api_key=api_key))
    sandbox.clear_log(api_key=api_key)
    run("watch", "--every", "30m", "--for", "1h")
    queries = [each.query for each in sandbox.log(api_key=api_key)]

    assert named == 2
    assert sum("status=" not in query for query in queries) <= 2 * 2 + 1


def test_end_after_a_time(run: Run, client: TrackingMore, fake_clock: FakeClock) -> None:
    """The last wait is shorter, so that the last round is at the end."""
    client.trackings.create("ups", LONG)
    finished = run("watch", LONG, "--for", "1h10m", "--every", "1h")

    assert finished.status == 124
    assert fake_clock.waits == [3600, 600]


def test_nothing_to_watch(run: Run, client: TrackingMore) -> None:
    """An account without open trackings."""
    client.trackings.create("ups", "SANDBOX-DELIVERED")
    finished = run("watch")

    assert (finished.status, finished.output) == (0, b"")


def test_tracking_that_the_account_does_not_have(run: Run, client: TrackingMore) -> None:
    """Watching creates nothing."""
    client.trackings.create("ups", LONG)
    finished = run("watch", LONG, f"dhl:{LONG}", "ups:1Z97X17XYW06605211")

    assert finished.status == 6
    assert f"the account has no tracking 1Z97X17XYW06605211, {LONG}" in finished.messages


def test_air_waybill(run: Run) -> None:
    """The error names the command for it."""
    finished = run("watch", "172-28891936")

    assert finished.status == 2
    assert "run: trackingmore-v2 waybill 172-28891936" in finished.messages


class ClosedPipe(Stream):
    """A standard output whose reader is gone."""

    def flush(self) -> None:
        """Fail."""
        raise BrokenPipeError


def test_change_that_could_not_be_printed(client: TrackingMore, tmp_path: Path) -> None:
    """It is not stored as reported."""
    client.trackings.create("ups", LONG)
    path = tmp_path / "state.json"
    source = NamedTrackings(client, [Reference("ups", LONG)])
    watcher = Watcher(source, StateFile(path, "account"), every=1)
    session = Session()
    with (
        patch.object(sys, "stdout", ClosedPipe(is_terminal=False)),
        pytest.raises(BrokenPipeError),
    ):
        print_changes(session, watcher)

    assert StateFile(path, "account").state.trackings == {}


def test_deleted_tracking_ends_the_watch(
    run: Run, client: TrackingMore, fake_clock: FakeClock
) -> None:
    """Nothing more can be reported about it."""
    client.trackings.create("ups", LONG)
    fake_clock.before_wait = lambda: client.trackings.delete("ups", LONG)

    assert run("watch", LONG).status == 0


def test_transient_errors_are_reported_once(
    run: Run, client: TrackingMore, plan: Callable[..., object]
) -> None:
    """The watch goes on."""
    client.trackings.create("ups", NUMBER)
    plan("pass", "truncated", "truncated")
    finished = run("watch", NUMBER, "--every", "1h")

    assert finished.status == 0
    assert finished.messages.count("trying again") == 1
    assert statuses_of(finished)[-1] == (NUMBER, "delivered")


@pytest.mark.parametrize("fault", ["status=503", "code=429", "reset-before"])
def test_errors_that_do_not_end_it(
    client: TrackingMore,
    plan: Callable[..., object],
    capsys: pytest.CaptureFixture[str],
    fault: str,
) -> None:
    """Each round tries again, unless it is the first."""
    client.trackings.create("ups", NUMBER)
    plan("pass", fault, fault)
    source = NamedTrackings(client.with_options(retries=0), [Reference("ups", NUMBER)])
    watcher = Watcher(source, StateFile(None, "account"), every=7200)
    changes = [change.status for change in watcher.changes(Observer())]

    assert changes[-1] == "delivered"
    assert watcher.status == 0
    messages = capsys.readouterr().err
    assert messages.count("; trying again") == 1
    assert ".;" not in messages


@pytest.mark.parametrize(("code", "status"), [("4001", 5), ("4021", 7)])
def test_errors_that_end_it(
    run: Run, client: TrackingMore, plan: Callable[..., object], code: str, status: int
) -> None:
    """A key that is deleted, and a trial that has ended."""
    client.trackings.create("ups", LONG)
    plan("pass", f"code={code}")
    finished = run("watch", LONG)

    assert finished.status == status
    assert finished.messages.count("\n") == 1
    assert statuses_of(finished) == [(LONG, "transit")]


def test_json(run: Run, client: TrackingMore) -> None:
    """A record for each change, or all in one array at the end."""
    client.trackings.create("ups", NUMBER)
    lines = run("watch", NUMBER, "--json", "--every", "1h").records
    client.trackings.create("dhl", LONG)
    array = json.decode(run("watch", LONG, "--json=array", "--every", "5h").output)

    for record in (*lines, *array):
        check_record(record)
    assert [record["is_final"] for record in lines] == [False, False, True]
    assert [record["status"] for record in array] == ["transit", "delivered"]


def test_live_table(run: Run, client: TrackingMore) -> None:
    """The changes stay above it."""
    client.trackings.create("ups", LONG)
    finished = run("watch", LONG, "--every", "5h", terminal=120)

    assert finished.status == 0
    assert f"ups:{LONG}  ● delivered  Delivered" in finished.text
    assert "1 not final. Checked at 12:00:00, next in 5 h 00 min. Ctrl-C ends." in finished.text
    assert finished.text.rstrip().endswith("All are final.")


def test_time_is_over_on_a_terminal(run: Run, client: TrackingMore) -> None:
    """With a code page that lacks the symbols."""
    client.trackings.create("ups", LONG)
    finished = run("watch", LONG, "--for", "30m", terminal=True, encoding="cp1252")

    assert finished.status == 124
    assert b"* transit" in finished.output
    assert b"The time is over." in finished.output


@pytest.mark.parametrize("columns", [80, 120])
def test_table(client: TrackingMore, columns: int) -> None:
    """No more rows than the terminal has lines."""
    numbers = ("SANDBOX-SINCE-2D-TRANSIT-1D-EXCEPTION006", "SANDBOX-DELIVERED", "SANDBOX-PENDING")
    for number in numbers:
        client.trackings.create("ups", number)
    file = io.StringIO()
    trackings = sorted(client.trackings.list(), key=lambda each: each.tracking_number)[::-1]
    footer = "2 not final. Checked at 12:00:00, next in 15 min. Ctrl-C ends."
    drawing = draw_watched(trackings, footer, lambda preferred, _ascii: preferred, height=2)
    Console(file=file, width=columns, legacy_windows=False).print(drawing)

    check_golden(f"watch.{columns}.txt", file.getvalue())


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(3, "3 s"), (60, "1 min"), (900, "15 min"), (3600, "1 h 00 min"), (5400, "1 h 30 min")],
)
def test_interval(seconds: float, text: str) -> None:
    """The unit grows with the time."""
    assert interval_text(seconds) == text


def test_state_file(run: Run, client: TrackingMore, tmp_path: Path, api_key: str) -> None:
    """Only its owner reads it; it does not contain the key, and nothing is left beside it."""
    client.trackings.create("ups", NUMBER)
    path = tmp_path / "state" / "parcels.json"
    run("watch", NUMBER, "--state", str(path), "--every", "1h")

    content = path.read_bytes()
    assert json.decode(content)["trackings"][f"ups:{NUMBER}"]["status"] == "delivered"
    assert api_key.encode() not in content
    assert [each.name for each in path.parent.iterdir()] == ["parcels.json"]
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


def test_default_state_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One for each account and list of trackings, so that two runs do not disturb each other."""
    monkeypatch.setenv("TRACKINGMORE_STATE_DIR", str(tmp_path))
    paths = {
        default_path("one", []),
        default_path("two", []),
        default_path("one", ["ups:12345"]),
        default_path("one", ["ups:12345", "ups:67890"]),
    }

    assert len(paths) == 4
    assert {path.parent for path in paths} == {tmp_path}
    assert default_path("one", ["a", "b"]) == default_path("one", ["b", "a"])


@pytest.mark.parametrize("content", ["{", "[]", '{"version": 2, "account": ""}', "\x00", "{}"])
def test_damaged_state(run: Run, tmp_path: Path, content: str) -> None:
    """The error names the file and what to do, and the file stays as it is."""
    path = tmp_path / "state.json"
    path.write_text(content)
    finished = run("watch", "--state", str(path))

    assert finished.status == 2
    assert f"{path} is not a state of watch, or is damaged" in finished.messages
    assert "remove it to begin anew" in finished.messages
    assert path.read_text() == content


def test_state_of_another_account(
    run: Run, client: TrackingMore, environment: dict[str, str], tmp_path: Path
) -> None:
    """Its trackings would be taken for reported ones."""
    client.trackings.create("ups", "SANDBOX-DELIVERED")
    path = tmp_path / "state.json"
    run("watch", "SANDBOX-DELIVERED", "--state", str(path))
    environment["TRACKINGMORE_API_KEY"] = "00000000-0000-4000-8000-000000000009"
    finished = run("watch", "--state", str(path))

    assert finished.status == 2
    assert "is the state of another account" in finished.messages


@pytest.mark.parametrize("option", ["--every=0s", "--every=500", "--for=soon", "--state=/"])
def test_invalid_options(run: Run, option: str) -> None:
    """Nothing is sent."""
    assert run("watch", option).status == 2


def test_state_of_two_processes(tmp_path: Path) -> None:
    """The second one ends: each would forget what the other has reported."""
    path = tmp_path / "state.json"
    first, second = StateFile(path, "account"), StateFile(path, "account")
    first.state.cursor, second.state.cursor = "0", "1"

    first.save()
    with pytest.raises(CommandError, match="in use by another watch"):
        second.save()

    assert StateFile(path, "account").state.cursor == "0"
    path.unlink()
    second.save()
    assert StateFile(path, "account").state.cursor == "1"


@pytest.mark.skipif(os.name == "nt", reason="SIGINT cannot be sent on Windows")
def test_interrupted_process(
    client: TrackingMore, environment: dict[str, str], tmp_path: Path
) -> None:
    """Lines reach the pipe before the wait, and the state is stored."""
    client.trackings.create("ups", LONG)
    path = tmp_path / "state.json"
    process = subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-m", "trackingmore_v2_cli", "watch", "--state", str(path)],
        env={**environment, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    line = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)

    assert line.startswith(f"{LONG}\t")
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert path.exists()
