"""`trackingmore-v2 carriers`."""

from pathlib import Path

import msgspec
import pytest

from tests.cli.golden import check_golden
from tests.cli.output_schema import check_record
from tests.cli.running import Run
from trackingmore_v2_cli import _carrier_cache
from trackingmore_v2_sandbox import Sandbox


def test_a_search_matches_codes_and_names(run: Run) -> None:
    """All words must match, in any case and order."""
    for words in (["china-post"], ["POST", "china"]):
        finished = run("carriers", *words)

        assert finished.status == 0
        assert "china-post\tChina post\t" in finished.text
        assert "swiss-post" not in finished.text


def test_json_is_that_of_the_schema(run: Run) -> None:
    """All carriers are listed, the empty values of the API as null."""
    records = run("carriers", "--json").records

    for record in records:
        check_record(record)
    by_code = {record["code"]: record for record in records}
    assert len(records) == len(by_code) > 50
    assert by_code["ups"]["name"] == "UPS"
    assert not any(record["phone"] == "" for record in records)


@pytest.mark.parametrize("columns", [80, 120])
def test_table(run: Run, columns: int) -> None:
    """It fits the terminal."""
    finished = run("carriers", "dhl", terminal=columns)

    check_golden(f"carriers.{columns}.txt", finished.text)


def test_code_page_1252(run: Run) -> None:
    """Characters that it lacks are replaced."""
    finished = run("carriers", "dhl", terminal=True, encoding="cp1252")

    assert finished.status == 0
    assert b"dhl-germany" in finished.output


def test_no_match_suggests_a_code(run: Run) -> None:
    """It is no error: the list is empty."""
    finished = run("carriers", "dhl-germny")

    assert finished.status == 0
    assert finished.output == b""
    assert finished.messages == "No carrier matches 'dhl-germny'. Did you mean 'dhl-germany'?\n"


def test_the_saved_response_starts_a_sandbox(run: Run, tmp_path: Path, api_key: str) -> None:
    """It lists the same carriers as the one that they come from."""
    file = tmp_path / "carriers.json"
    saved = run("carriers", "--save", str(file))
    with Sandbox(carriers=file) as other:
        before, after = (run("carriers", "--json", *more).output for more in ([], _server(other)))

    assert saved.status == 0
    assert saved.messages == f"Saved {before.count(b'{')} carriers to {file}.\n"
    assert saved.output == b""
    assert before == after
    assert api_key.encode() not in file.read_bytes()
    assert msgspec.json.decode(file.read_bytes())["meta"]["code"] == 200


def _server(sandbox: Sandbox) -> list[str]:
    return ["--base-url", sandbox.base_url]


def test_a_file_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    """The error names it."""
    finished = run("carriers", "--save", str(tmp_path / "missing" / "carriers.json"))

    assert finished.status == 1
    assert "missing/carriers.json: No such file" in finished.messages


def test_save_excludes_a_search(run: Run) -> None:
    """A file of some carriers would make others unknown to the sandbox."""
    assert run("carriers", "dhl", "--save", "x.json").status == 2


def test_a_language_that_has_no_names(run: Run) -> None:
    """The error lists those that have."""
    finished = run("carriers", "--lang", "fr")

    assert finished.status == 2
    assert "en, cn, tw" in finished.messages


def test_each_run_refreshes_the_stored_carriers(
    run: Run, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged file is replaced, also by a search."""
    monkeypatch.setenv("TRACKINGMORE_CACHE_DIR", environment["TRACKINGMORE_CACHE_DIR"])
    _carrier_cache.cache_file().parent.mkdir()
    _carrier_cache.cache_file().write_bytes(b"\xff\x00")

    run("carriers", "dhl")

    assert _carrier_cache.read_carriers()["ups"] == "UPS"


def test_a_cache_folder_that_cannot_be_written(run: Run, environment: dict[str, str]) -> None:
    """The list is printed all the same."""
    Path(environment["TRACKINGMORE_CACHE_DIR"]).write_bytes(b"")

    finished = run("carriers", "dhl")

    assert finished.status == 0
    assert "dhl\t" in finished.text
    assert "could not be stored" in finished.messages
