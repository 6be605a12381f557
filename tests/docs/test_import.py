"""What the page about imports shows is true."""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.docs.pages import ORDERS, blocks, examples, page
from tests.sandbox.databases import new_schema, postgres_server
from trackingmore_v2.importer import RowState, SqliteJournal, _flow
from trackingmore_v2.importer._journal import DEFAULT_LEASE
from trackingmore_v2.importer._owner import this_process
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox import API_KEY, Sandbox

PAGE = page("import.md")
EXAMPLES = examples(PAGE)


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[[str], list[str]]]:
    """Yield a function that runs an example in a sandbox, and returns the lines that it prints."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "orders.csv").write_text(ORDERS)
    with Sandbox() as sandbox:
        monkeypatch.setenv("TRACKINGMORE_API_KEY", API_KEY)
        monkeypatch.setenv("TRACKINGMORE_BASE_URL", sandbox.base_url)

        def run_example(name: str) -> list[str]:
            exec(compile(EXAMPLES[name], name, "exec"), {"__name__": "example"})  # noqa: S102 - our own words
            return capsys.readouterr().out.splitlines()

        yield run_example


def test_every_block_is_an_example() -> None:
    """No block of the page is left out."""
    assert len(EXAMPLES) == PAGE.count("```python") == 7


def test_the_file_of_the_examples_is_shown() -> None:
    """A reader can make the file that the examples read."""
    first = next(blocks("import.md"))

    assert (first.section, first.text) == ("Bulk import", ORDERS)


def test_create_many(run: Callable[[str], list[str]]) -> None:
    """Two rows are created, and the third is named by its line in the file."""
    Path("orders.csv").write_text(ORDERS, encoding="utf-8-sig")  # as Excel does
    report, failure = run("`create_many`")

    assert report == "3 items: 2 created, 1 invalid"
    assert failure.startswith("row 4: invalid item 2: tracking_number")


def test_an_import_that_is_continued(run: Callable[[str], list[str]]) -> None:
    """The second run reports the same."""
    lines = run("Start an import, or continue it")

    assert lines[0] == "3 rows: 2 created, 1 invalid"
    assert lines[1].startswith("row 4: invalid tracking_number must be")
    assert run("Start an import, or continue it") == lines


def test_the_report(run: Callable[[str], list[str]], tmp_path: Path) -> None:
    """It becomes a CSV file."""
    run("Start an import, or continue it")

    assert run("States of rows") == ["2 of 3"]
    with (tmp_path / "report.csv").open(newline="") as file:
        assert [row["result"] for row in csv.DictReader(file)] == ["created", "created", "invalid"]


def test_progress(run: Callable[[str], list[str]]) -> None:
    """There is a line for each batch."""
    lines = run("Progress")

    assert lines[0].startswith("40 of 100, 0 failed, ")
    assert lines[-1] == "100 of 100, 0 failed, 0 minutes left"


def test_one_process_at_a_time(run: Callable[[str], list[str]]) -> None:
    """The example continues the import, or says who does."""
    run("Start an import, or continue it")
    session = SqliteJournal("import.sqlite3").open(create=False)
    owner = this_process()
    session.acquire(owner)
    lines = run("One process at a time")
    session.release()
    session.close()

    assert lines[0].startswith(f"process {owner.pid} on {owner.host} imports until 20")
    assert run("One process at a time") == ["3 rows: 2 created, 1 invalid"]


def test_a_database(run: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal is in the schema of the example."""
    with postgres_server() as url, new_schema(url) as schema:
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setitem(
            EXAMPLES,
            "Where the journal is",
            EXAMPLES["Where the journal is"].replace("import_2026_03", schema),
        )

        assert run("Where the journal is") == ["100 rows: 100 created"]


def test_async(run: Callable[[str], list[str]]) -> None:
    """The awaited form does the same."""
    assert run("Async") == ["100 rows: 100 created"]


def test_figures() -> None:
    """Each state and each figure on the page is that of the code."""
    batch: Any = OPERATIONS["createTrackingBatch"].batch
    states = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)

    assert states == [state.value for state in RowState if state is not RowState.PENDING]
    assert f"lease on its journal, of {DEFAULT_LEASE:g} seconds" in PAGE
    assert f"`max_outage` seconds, {_flow.DEFAULT_MAX_OUTAGE:g} by default" in PAGE
    assert f"Reading {_flow._BLOCK:,} rows of the input" in PAGE  # noqa: SLF001
    assert f"of {batch.max_items} rows a second" in PAGE
    assert f"send {batch.max_items} rows with a request" in PAGE
    assert "a million rows take seven hours" in PAGE
    assert round(1e6 / batch.max_items / 3600) == 7
