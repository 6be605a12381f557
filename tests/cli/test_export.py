"""`trackingmore-v2 export`."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.cli.golden import check_golden
from tests.cli.hostile import held, trackings
from tests.cli.output_schema import check_record
from tests.cli.running import Run
from tests.cli.tables import FILES, Table, read_table, table_of
from trackingmore_v2 import TrackingMore, to_row
from trackingmore_v2_cli import _export_state
from trackingmore_v2_cli.commands.export import export
from trackingmore_v2_sandbox import Sandbox

COUNT = 200

Seed: TypeAlias = Callable[[list[dict[str, str]]], object]


def rows(client: TrackingMore, suffix: str = ".csv") -> Iterator[dict[str, Any]]:
    """Yield the rows of the account, as a format holds them."""
    for tracking in client.trackings.list():
        yield {
            name: held(value, suffix) if isinstance(value, str) else value
            for name, value in to_row(tracking).items()
        }


def table(client: TrackingMore, suffix: str = ".csv") -> Table:
    """Return the rows of the account, as `read_table` does."""
    return table_of(rows(client, suffix))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)


@pytest.fixture
def seed(sandbox: Sandbox, api_key: str) -> Seed:
    """Return a function that adds trackings to the account."""
    return partial(sandbox.seed, api_key=api_key)


@pytest.fixture
def seeded(seed: Seed) -> None:
    """Have three trackings in the account."""
    seed(trackings(3))


@pytest.mark.parametrize("file", FILES)
def test_pandas_reads_it_back(run: Run, client: TrackingMore, seed: Seed, file: str) -> None:
    """Every value of every row, whatever customers wrote; on a terminal of code page 1252 too."""
    seed(trackings(COUNT))

    finished = run("export", file, terminal=True, encoding="cp1252")

    assert finished.status == 0
    assert f"Wrote {COUNT} trackings to {file}." in finished.errors.decode("cp1252")
    assert read_table(Path(file)) == table(client, Path(file).suffix)
    assert len(table(client)) == COUNT


@pytest.mark.usefixtures("seeded")
def test_json_describes_the_file(run: Run) -> None:
    """Where it is, its format, and how many rows it has; `--fields` are those of the file."""
    finished = run("export", "a.txt", "--format", "jsonl", "--fields", "status,id", "--json")

    (record,) = finished.records
    check_record(record)
    assert record == {"schema": "export/1", "path": "a.txt", "format": "jsonl", "rows": 3}
    assert Path("a.txt").read_text().startswith('{"status":"delivered","id":"')


@pytest.mark.usefixtures("seeded")
def test_changed_texts_are_reported(run: Run, seed: Seed) -> None:
    """How many there were, since they are no longer what the customer wrote."""
    number = "SANDBOX-DELIVERED"
    texts = {"title": "a\0b", "comment": "c\0d", "customer_name": "x" * 40_000}
    seed([{"carrier_code": "ups", "tracking_number": number, **texts}])

    finished = run("export", "a.xlsx")

    assert "xlsx cannot hold were replaced by U+FFFD: 2 texts" in finished.messages
    assert "were cut: 1" in finished.messages


@pytest.mark.parametrize(
    ("form", "start"),
    [("csv", "tracking_number,title\r\n"), ("jsonl", '{"tracking_number":"SANDBOX-')],
)
@pytest.mark.usefixtures("seeded")
def test_standard_output(run: Run, form: str, start: str) -> None:
    """In UTF-8, whatever the encoding of the terminal."""
    fields = ("--fields", "tracking_number,title")
    finished = run("export", "-", "--format", form, *fields, encoding="cp1252")

    assert finished.text.startswith(start)
    assert finished.messages == "Wrote 3 trackings to standard output.\n"
    assert not [*Path().iterdir()]


@pytest.mark.usefixtures("seeded")
def test_raw_and_mark(run: Run) -> None:
    """Only if they are asked for."""
    options = ("--fields", "order_id,title")
    run("export", "a.csv", *options)
    run("export", "b.csv", *options, "--raw", "--bom")

    assert Path("a.csv").read_bytes().startswith(b"order_id,title\r\n")
    assert b"002,'-5\r\n" in Path("a.csv").read_bytes()
    assert Path("b.csv").read_bytes().startswith(b"\xef\xbb\xbforder_id,title\r\n")
    assert b"002,-5\r\n" in Path("b.csv").read_bytes()


@pytest.mark.usefixtures("seeded")
def test_filters(run: Run) -> None:
    """Those of `list`."""
    run("export", "a.csv", "--order", "001", "--fields", "order_id")

    assert Path("a.csv").read_text().split() == ["order_id", "001"]


@pytest.mark.usefixtures("seeded")
def test_existing_file_is_replaced_on_demand(run: Run) -> None:
    """With `--force`; otherwise there is an error, and nothing is sent."""
    Path("a.csv").write_text("mine")

    rejected = run("export", "a.csv", "-v")
    before = Path("a.csv").read_text()
    forced = run("export", "a.csv", "--force", "--fields", "id")

    assert rejected.status == 2
    assert rejected.messages == "trackingmore-v2: a.csv exists; pass --force to replace it\n"
    assert before == "mine"
    assert forced.status == 0
    assert Path("a.csv").read_text().startswith("id\n")


@pytest.mark.parametrize(("answer", "status"), [(b"y\n", 0), (b"n\n", 1), (b"", 130)])
@pytest.mark.usefixtures("seeded")
def test_question_on_a_terminal(run: Run, answer: bytes, status: int) -> None:
    """No answer is no permission."""
    Path("a.csv").write_text("mine")

    finished = run("export", "a.csv", stdin=answer, terminal=True)

    assert "a.csv exists. Replace it? [y/N]" in finished.messages
    assert finished.status == status
    assert (Path("a.csv").read_text() == "mine") == bool(status)


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.usefixtures("seeded")
def test_on_a_terminal(run: Run, columns: int) -> None:
    """The bar is removed when the file is complete."""
    finished = run("export", "a.csv", terminal=columns)

    bar, last = finished.errors.decode().rsplit("\x1b[2K", 1)
    assert "Exporting trackings" in bar
    check_golden("export.txt", last)


@pytest.mark.parametrize("example", export.examples)
@pytest.mark.usefixtures("seeded")
def test_examples(run: Run, example: str) -> None:
    """Each one of the help, twice, since a state file is used from the second time on."""
    _, *arguments = shlex.split(example)
    again = arguments if "--state" in arguments else [*arguments, "--force"]

    assert run(*arguments).status == 0
    assert run(*again).status == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a.doc"], "a.doc has no suffix of a format; use one of .csv, .jsonl"),
        (["-", "--format", "xlsx"], "xlsx needs a file"),
        (["-", "--json"], "- excludes it"),
        (["-", "--state", "s"], "--state needs a file"),
        (["a.csv", "--state", "s", "--status", "transit"], "--state excludes filters"),
        (["a.csv", "--state", "none/s"], "there is no folder none"),
        (["a.csv", "--state", "./a.csv"], "--state is the file of the export"),
        (["a.sqlite3", "--state", "s", "--force"], "--state excludes --force for SQLite"),
        (["a.csv", "--fields", "state"], "unknown field 'state'"),
        (["a.xlsx", "--bom"], "--bom is for CSV"),
        (["none/a.csv"], "there is no folder none; create it first"),
        ([".", "--format", "csv"], ". is not a file"),
        ([os.devnull, "--format", "csv", "--force"], "is not a file; pass another name, or -"),
    ],
)
def test_usage(run: Run, arguments: list[str], message: str) -> None:
    """Nothing is sent or written."""
    finished = run("export", *arguments, "--verbose")

    assert finished.status == 2
    assert message in finished.messages
    assert len(finished.messages.splitlines()) == 1
    assert not [*Path().iterdir()]


def test_invalid_key_leaves_no_file(run: Run, environment: dict[str, str]) -> None:
    """Its status is that of the key."""
    environment["TRACKINGMORE_API_KEY"] = "invalid"

    assert run("export", "a.csv").status == 5
    assert not [*Path().iterdir()]


@pytest.mark.parametrize(
    ("file", "package", "extra"),
    [("a.xlsx", "openpyxl", "excel"), ("a.parquet", "pyarrow", "parquet")],
)
def test_missing_package(
    run: Run, monkeypatch: pytest.MonkeyPatch, file: str, package: str, extra: str
) -> None:
    """The error names the extra that installs it."""
    monkeypatch.setitem(sys.modules, package, None)

    finished = run("export", file, "--verbose")

    assert finished.status == 2
    assert f"'trackingmore-v2[{extra}]'" in finished.messages
    assert len(finished.messages.splitlines()) == 1


@pytest.mark.usefixtures("seeded")
def test_state(run: Run, client: TrackingMore) -> None:
    """The first run exports everything, and the others what has changed since."""
    arguments = ("export", "a.csv", "--state", "state", "--force", "--fields", "order_id")

    def exported() -> list[str]:
        finished = run(*arguments)
        assert finished.status == 0
        return sorted(Path("a.csv").read_text().split()[1:])

    first, second = exported(), exported()
    client.trackings.update("ups", trackings(3)[1]["tracking_number"], title="new")
    third, fourth = exported(), exported()

    assert first == ["000", "001", "002"]
    assert second == []
    assert third == ["001"]
    assert fourth == []


@pytest.mark.usefixtures("seeded")
def test_state_without_its_database(run: Run) -> None:
    """A new one would lack the earlier rows."""
    assert run("export", "a.sqlite3", "--state", "s").status == 0
    Path("a.sqlite3").unlink()

    finished = run("export", "a.sqlite3", "--state", "s")

    assert finished.status == 2
    assert "a.sqlite3 is missing, to which s belongs; restore it, or delete s" in finished.messages
    assert not Path("a.sqlite3").exists()


@pytest.mark.usefixtures("seeded")
def test_crash_before_the_state_is_written(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes are exported again, and never lost."""
    arguments = ("export", "a.sqlite3", "--state", "state", "--json")
    with monkeypatch.context() as crash:
        crash.setattr(_export_state, "save_cursor", interrupt)
        crashed = run(*arguments)
    (again,) = run(*arguments).records
    (nothing,) = run(*arguments).records

    assert crashed.status == 130
    assert len(read_table(Path("a.sqlite3"))) == again["rows"] == 3
    assert nothing["rows"] == 0


def interrupt(*_arguments: object) -> None:
    """Stand for a function, and be interrupted in it."""
    raise KeyboardInterrupt


@pytest.mark.usefixtures("seeded")
def test_failed_export_keeps_the_state(run: Run, sandbox: Sandbox, api_key: str) -> None:
    """The next run exports the changes."""
    arguments = ("export", "a.csv", "--state", "state", "--force")
    run(*arguments)
    before = Path("state").read_bytes()
    sandbox.faults.plan({"listTrackings": ["code=4001"]}, api_key=api_key)

    assert run(*arguments).status == 5
    assert Path("state").read_bytes() == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "state is not the state of an export"),
        (b'{"account":"****0000","cursor":"x"}', "state is the state of account ****0000, not of"),
    ],
)
def test_state_of_something_else(run: Run, content: bytes, message: str) -> None:
    """It is neither used nor replaced."""
    Path("state").write_bytes(content)

    finished = run("export", "a.csv", "--state", "state")

    assert finished.status == 2
    assert message in finished.messages
    assert Path("state").read_bytes() == content


def test_state_of_another_server(run: Run, sandbox: Sandbox, environment: dict[str, str]) -> None:
    """Its account may have the same key, and changes at other times."""
    assert run("export", "a.csv", "--state", "state").status == 0
    environment["TRACKINGMORE_BASE_URL"] = sandbox.base_url.replace("127.0.0.1", "localhost")

    finished = run("export", "b.csv", "--state", "state")

    assert finished.status == 2
    assert "at http://127.0.0.1" in finished.messages
    assert not Path("b.csv").exists()


def test_csv_on_a_terminal(run: Run, client: TrackingMore) -> None:
    """Text of customers controls no terminal; a pipe gets it as it is."""
    client.trackings.create("ups", "SANDBOX-TRANSIT_1", title="a\x1b[2J\x9b2J\u202eb\tc")

    terminal = run("export", "-", "--raw", "--fields", "title", terminal=True)
    pipe = run("export", "-", "--raw", "--fields", "title")

    assert "a\ufffd[2J\ufffd2J\ufffdb\tc" in terminal.output.decode()
    assert "that a terminal cannot hold were replaced" in terminal.messages
    assert "a\x1b[2J\x9b2J\u202eb\tc" in pipe.output.decode()


@pytest.mark.usefixtures("seeded")
def test_processes(environment: dict[str, str]) -> None:
    """A closed pipe is quiet, and a closed standard input is no permission."""
    path = os.pathsep.join(filter(None, sys.path))
    command = f"{sys.executable} -m trackingmore_v2_cli export"
    script = f"""
        {command} - --raw | true; echo "${{PIPESTATUS[0]}}"
        echo mine > a.csv; {command} a.csv <&- 2>/dev/null; echo $?; cat a.csv
    """
    finished = subprocess.run(  # noqa: S603 - our own script
        ["bash", "-c", script],  # noqa: S607 - any bash
        env={**environment, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )

    assert finished.stdout.split() == ["141", "2", "mine"]
    assert finished.stderr == ""
