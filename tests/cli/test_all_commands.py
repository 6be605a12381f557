"""What holds for every command: its statuses, its questions, and that it keeps the key secret."""

import json
import socket
import subprocess
from collections.abc import Callable, Iterator
from functools import reduce
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import Mock

import click
import httpx2
import pytest

from tests.cli.golden import FOLDER, check_golden
from tests.cli.output_schema import check_record
from tests.cli.processes import COMMAND, LIMIT, process_environment
from tests.cli.running import Finished, Run
from tests.cli.samples import (
    DELIVERED,
    NEW_NUMBER,
    NUMBER,
    SAMPLES,
    SHAPES_WITHOUT_SAMPLE,
    WITHOUT_SAMPLE,
    Sample,
)
from tests.cli.test_commands import all_commands
from trackingmore_v2 import TrackingMore
from trackingmore_v2._transport.http import AsyncTransport, Transport
from trackingmore_v2_cli._output.records import RECORDS
from trackingmore_v2_sandbox import Sandbox

NO_SERVER = "http://127.0.0.1:1/v2"
OTHER_KEY = "0dd0dd00-0000-4000-8000-0000000dd0dd"
"""A key that `login` stores."""


def all_samples(**attributes: bool) -> pytest.MarkDecorator:
    """Run a test for each command line whose attributes have these values."""
    chosen = [
        sample
        for sample in SAMPLES
        if all(getattr(sample, name) == value for name, value in attributes.items())
    ]
    return pytest.mark.parametrize("sample", chosen, ids=lambda sample: " ".join(sample.words))


@pytest.fixture(autouse=True)
def _sandbox(environment: dict[str, str], sandbox: Sandbox, tmp_path: Path) -> None:
    environment |= {
        "TRACKINGMORE_SANDBOX_URL": sandbox.base_url,
        "TRACKINGMORE_SANDBOX_ADMIN_TOKEN": sandbox.admin_token,
        "TRACKINGMORE_STATE_DIR": str(tmp_path / "state"),
    }


@pytest.fixture(autouse=True)
def account(client: TrackingMore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Store trackings in the account, and files in the folder."""
    for number in (NUMBER, DELIVERED):
        client.trackings.create("ups", number)
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "parcels.csv").write_text(f"tracking_number,carrier_code\n{NEW_NUMBER},ups\n")
    new = {"carrier_code": "ups", "tracking_number": NEW_NUMBER}
    (folder / "trackings.json").write_text(json.dumps({"trackings": [new]}))


@pytest.fixture
def profile(run: Run, api_key: str) -> None:
    """Store the key in the profile `work`, in the file of keys."""
    options = ("--no-check", "--store", "file", "--profile", "work")
    assert run("login", "-", *options, stdin=api_key.encode()).status == 0


def run_sample(run: Run, sample: Sample, *arguments: str, **options: Any) -> Finished:
    """Run a command line; only `login` reads standard input."""
    stdin = OTHER_KEY.encode() if sample.name == "login" else None
    return run(*sample.words, *arguments, **{"stdin": stdin} | options)


def runnable_commands() -> dict[str, click.Command]:
    """Return the commands that do something themselves, by their full names."""
    return {
        name: command
        for name, command in all_commands().items()
        if not isinstance(command, click.Group) or command.invoke_without_command
    }


def test_every_command_has_a_sample() -> None:
    """A new command is a part of these tests."""
    assert {sample.name for sample in SAMPLES} | {*WITHOUT_SAMPLE} == {*runnable_commands()}


@pytest.mark.parametrize("name", runnable_commands())
def test_records_of_every_command_have_a_sample(name: str) -> None:
    """A command with `--json` has one that names the shape, and no other has."""
    prints_records = any(each.name == "json" for each in runnable_commands()[name].params)
    has_shape = any(sample.shape for sample in SAMPLES if sample.name == name)

    assert has_shape == prints_records or name in WITHOUT_SAMPLE


def test_every_shape_has_a_sample() -> None:
    """Each record that the schema describes is printed by a command of these tests."""
    assert {sample.shape for sample in SAMPLES} - {""} == {*RECORDS} - SHAPES_WITHOUT_SAMPLE


WITH_RECORDS = [sample for sample in SAMPLES if sample.shape]


@pytest.mark.parametrize("sample", WITH_RECORDS, ids=lambda sample: " ".join(sample.words))
@pytest.mark.parametrize("mode", ["lines", "array"])
@pytest.mark.usefixtures("profile")
def test_json(run: Run, sample: Sample, mode: str) -> None:
    """Each record is valid under the schema. A command with one record prints no array."""
    finished = run_sample(run, sample, f"--json={mode}")

    assert finished.status == 0, finished.messages
    records = finished.records if mode == "lines" else json.loads(finished.output)
    assert records
    for record in records if isinstance(records, list) else [records]:
        assert record["schema"] == sample.shape
        check_record(record)


@all_samples()
@pytest.mark.usefixtures("profile")
def test_success(run: Run, sample: Sample) -> None:
    """Standard input is closed, and nothing is read from it."""
    finished = run_sample(run, sample)

    assert finished.status == 0, finished.messages
    assert bool(finished.output) == sample.prints or sample.name == "config list"


@all_samples(sends=True)
def test_rejected(run: Run, sandbox: Sandbox, api_key: str, sample: Sample) -> None:
    """The API rejects each request: the code is in a message, in a record, or in a rejected row."""
    sandbox.faults.plan({"*": ["code=4012"] * 20}, api_key=api_key)

    finished = run_sample(run, sample, stdin=api_key.encode() if sample.name == "login" else None)
    rows = "".join(path.read_text() for path in Path().glob("*.rejects.csv"))

    assert finished.status in {1, 4}, finished.messages
    assert "4012" in finished.text + finished.messages + rows


@all_samples(sends=True, waits=False)
def test_no_server(run: Run, environment: dict[str, str], sample: Sample) -> None:
    """The connection is refused."""
    environment["TRACKINGMORE_BASE_URL"] = NO_SERVER

    finished = run_sample(run, sample)

    assert finished.status == 3, finished.messages
    assert "cannot connect to http://127.0.0.1:1/v2" in finished.messages


@all_samples(controls=True)
def test_no_sandbox(run: Run, environment: dict[str, str], sample: Sample) -> None:
    """The connection is refused."""
    environment["TRACKINGMORE_SANDBOX_URL"] = NO_SERVER

    finished = run_sample(run, sample)

    assert finished.status == 3, finished.messages
    assert f"no sandbox responds at {NO_SERVER}" in finished.messages


@all_samples(controls=True)
def test_wrong_token(run: Run, environment: dict[str, str], sample: Sample) -> None:
    """It is as secret as a key."""
    environment |= {"TRACKINGMORE_SANDBOX_ADMIN_TOKEN": "another-token"}

    finished = run_sample(run, sample)

    assert finished.status == 5, finished.messages
    assert "another-token" not in finished.messages


@all_samples(sends=True)
def test_wrong_key(run: Run, environment: dict[str, str], sample: Sample) -> None:
    """The API does not accept it."""
    environment["TRACKINGMORE_API_KEY"] = "not-a-uuid"
    stdin = b"not-a-uuid" if sample.name == "login" else None

    finished = run_sample(run, sample, stdin=stdin)

    assert finished.status == 5, finished.messages
    assert "not-a-uuid" not in finished.messages


@all_samples()
def test_bad_input(run: Run, sandbox: Sandbox, api_key: str, sample: Sample) -> None:
    """One line, and nothing is sent."""
    before = len(sandbox.log(api_key=api_key))

    finished = run(*sample.name.split(), *sample.wrong.split())

    assert finished.status == 2, finished.messages
    assert finished.output == b""
    assert finished.messages.count("\n") == 1
    assert len(sandbox.log(api_key=api_key)) == before


@all_samples(sends=True)
def test_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch, sample: Sample) -> None:
    """Ctrl-C while a request is sent."""

    def interrupt(*_arguments: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(Transport, "send", interrupt)
    monkeypatch.setattr(AsyncTransport, "send", interrupt)

    finished = run_sample(run, sample)

    assert finished.status == 130
    assert "trackingmore-v2: interrupted" in finished.messages.splitlines()[-1]


@all_samples(controls=True)
def test_interrupted_control(run: Run, monkeypatch: pytest.MonkeyPatch, sample: Sample) -> None:
    """Ctrl-C while a sandbox responds."""
    monkeypatch.setattr(httpx2.Client, "request", Mock(side_effect=KeyboardInterrupt))

    assert run_sample(run, sample).status == 130


@all_samples(asks=True)
def test_question_without_a_terminal(
    run: Run, sandbox: Sandbox, api_key: str, sample: Sample
) -> None:
    """`--yes` is needed, and nothing is written."""
    before = len(sandbox.log(api_key=api_key))

    finished = run(*sample.name.split(), *sample.arguments.split())
    sent = sandbox.log(api_key=api_key)[before:]

    assert finished.status == 2
    assert f"account ****{api_key[-4:]} at {sandbox.base_url}" in finished.messages
    assert "key from the variable TRACKINGMORE_API_KEY" in finished.messages
    assert {exchange.method for exchange in sent} <= {"GET"}


@all_samples(asks=True)
@pytest.mark.parametrize("answer", [b"n\n", b"\n", b""])
def test_question_that_is_not_confirmed(
    run: Run, sandbox: Sandbox, api_key: str, sample: Sample, answer: bytes
) -> None:
    """No is the default; nothing is written."""
    before = len(sandbox.log(api_key=api_key))

    arguments = (*sample.name.split(), *sample.arguments.split())
    finished = run(*arguments, terminal=True, stdin=answer)
    sent = sandbox.log(api_key=api_key)[before:]

    assert finished.status == (1 if answer else 130)
    assert f"account ****{api_key[-4:]}" in finished.messages
    assert {exchange.method for exchange in sent} <= {"GET"}


@all_samples(prints=True)
@pytest.mark.usefixtures("profile")
@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (BrokenPipeError(32, "Broken pipe"), 141, ""),
        (OSError(28, "No space left on device"), 1, "trackingmore-v2: No space left on device\n"),
    ],
    ids=["pipe", "disk"],
)
def test_output_that_cannot_be_written(
    run: Run, sample: Sample, error: OSError, status: int, line: str
) -> None:
    """A closed pipe is quiet; a full disk is one line."""
    finished = run_sample(run, sample, output_error=error)

    assert finished.status == status, finished.messages
    assert finished.messages.endswith(line)
    assert ("trackingmore-v2: " in finished.messages) == bool(line)


@all_samples()
@pytest.mark.usefixtures("profile")
@pytest.mark.parametrize("terminal", [False, True])
def test_code_page_1252(run: Run, sample: Sample, *, terminal: bool) -> None:
    """No character fails, on a terminal or elsewhere."""
    finished = run_sample(run, sample, encoding="cp1252", terminal=terminal)

    assert finished.status == 0, finished.errors


SHOWN_BY_SAMPLES = (
    *("carrier change", "update", "delete", "stop", "login", "logout", "config use"),
    *("sandbox advance", "sandbox freeze", "sandbox resume", "sandbox seed", "sandbox reset"),
)
"""Commands whose golden texts are those of their samples; the others have tests of their own."""

WITHOUT_GOLDEN = {
    "completion": "a script, which shells run in test_completion.py",
    "export": "one line, which does not depend on the width; see export.txt",
    "sandbox": "lines that do not depend on the width; see test_sandbox_command.py",
}


@pytest.mark.parametrize("name", runnable_commands())
@pytest.mark.parametrize("columns", [80, 120])
def test_every_command_has_golden_texts(name: str, columns: int) -> None:
    """A person has looked at what it prints on a terminal."""
    path = FOLDER / f"{file_name(name)}.{columns}.txt"

    assert path.exists() == (name not in WITHOUT_GOLDEN)


def file_name(name: str) -> str:
    """Return the name of a command as a part of a file's name."""
    return name.removesuffix(" show").replace(" ", "_").replace("-", "_")


@pytest.fixture
def shown(sandbox: Sandbox, api_key: str, tmp_path: Path) -> Callable[[str], str]:
    """Return a function that replaces what differs from run to run."""
    pairs = (
        (sandbox.base_url, "http://127.0.0.1:8642/v2"),
        (str(tmp_path), "/home/user"),
        (f"****{api_key[-4:]}", "****0001"),
    )
    return lambda text: reduce(lambda done, pair: done.replace(*pair), pairs, text)


@pytest.mark.parametrize("sample", [each for each in SAMPLES if each.name in SHOWN_BY_SAMPLES])
@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.usefixtures("profile")
def test_golden_text(run: Run, shown: Callable[[str], str], sample: Sample, columns: int) -> None:
    """What is printed on a terminal, with its messages."""
    finished = run_sample(run, sample, terminal=columns, joined=True)

    check_golden(f"{file_name(sample.name)}.{columns}.txt", shown(finished.text))


def texts_of(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield each file under a folder, with its content."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


def log_in(run: Run, environment: dict[str, str], key: str, base_url: str) -> None:
    """Take key and server from the environment, and store them in the profile `work`."""
    for variable in ("TRACKINGMORE_API_KEY", "TRACKINGMORE_BASE_URL"):
        del environment[variable]
    options = ("--no-check", "--store", "file", "--profile", "work", "--base-url", base_url)
    assert run("login", "-", *options, stdin=key.encode()).status == 0


def run_in_all_ways(run: Run, sample: Sample) -> Iterator[Finished]:
    """Run a command line, and one with an error."""
    verbose = ["--verbose"] if sample.sends else []
    yield run_sample(run, sample)
    for terminal in (False, True):
        yield run_sample(run, sample, *verbose, terminal=terminal)
    yield run(*sample.name.split(), *sample.wrong.split())


def assert_secret(key: str, runs: Iterator[Finished], folder: Path) -> None:
    """Search what was printed and each file of a folder; a key stands in the file of keys only."""
    for finished in runs:
        assert key.encode() not in finished.output + finished.errors
    files = {path.name for path, text in texts_of(folder) if key.encode() in text}
    assert files <= {"keys.json"}


@all_samples()
def test_key_stands_in_the_key_file_only(
    run: Run, environment: dict[str, str], api_key: str, tmp_path: Path, sample: Sample
) -> None:
    """After success and failure, in no output and no other file, with `--verbose` and without."""
    log_in(run, environment, api_key, environment["TRACKINGMORE_BASE_URL"])

    assert_secret(api_key, run_in_all_ways(run, sample), tmp_path)


@all_samples(sends=True, waits=False)
def test_key_that_was_not_sent_stands_in_the_key_file_only(
    run: Run, environment: dict[str, str], api_key: str, tmp_path: Path, sample: Sample
) -> None:
    """Nor without a server."""
    log_in(run, environment, api_key, NO_SERVER)

    assert_secret(api_key, run_in_all_ways(run, sample), tmp_path)


@all_samples(sends=True)
def test_key_in_an_internal_error(
    run: Run, api_key: str, monkeypatch: pytest.MonkeyPatch, sample: Sample
) -> None:
    """An error of a library may quote it; neither the line nor the traceback does."""

    def fail(*_arguments: object) -> NoReturn:
        raise RuntimeError(f"odd header {api_key} {OTHER_KEY}")

    monkeypatch.setattr(Transport, "send", fail)
    monkeypatch.setattr(AsyncTransport, "send", fail)

    finished = run_sample(run, sample, "--verbose")

    assert finished.status == 1
    assert api_key not in finished.messages


@pytest.mark.usefixtures("profile")
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_key_is_not_in_the_list_of_processes(environment: dict[str, str], api_key: str) -> None:
    """Neither in arguments nor in variables, of the command and of processes that it starts."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        del environment["TRACKINGMORE_API_KEY"]
        del environment["TRACKINGMORE_BASE_URL"]
        url = f"http://127.0.0.1:{server.getsockname()[1]}/v2"
        with subprocess.Popen(  # noqa: S603 - our own code
            [*COMMAND, "list", "--profile", "work", "--base-url", url],
            env=process_environment(environment),
        ) as process:
            server.settimeout(LIMIT)
            with server.accept()[0] as connection:
                request = connection.recv(65536)
                shown = [
                    Path(f"/proc/{number}/{name}").read_bytes()
                    for number in (process.pid, *children_of(process.pid))
                    for name in ("cmdline", "environ")
                ]
                process.kill()

    assert api_key.encode() in request
    assert not any(api_key.encode() in text for text in shown)


def children_of(number: int) -> list[int]:
    """Return the processes that a process has started."""
    return [*map(int, Path(f"/proc/{number}/task/{number}/children").read_text().split())]
