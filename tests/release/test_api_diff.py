"""The comparison of Python APIs classes every change, and the committed description is current."""

import json
import os
import shutil
from pathlib import Path

import pytest

from release.api_diff.comparison import Api, compare
from release.api_diff.consumers import check_consumer
from release.api_diff.description import FILE, describe_api, dump
from release.api_diff.rules import RULES
from release.changes import Impact
from tests.release.api_changes import PLANTED
from tests.release.running import ROOT, run

PACKAGES = ("generated", "overlay", "sandbox")


@pytest.fixture(scope="module")
def today() -> Api:
    """Return the description of the package as it is."""
    api: Api = json.loads((ROOT / FILE).read_text(encoding="utf-8"))
    return api


def copy_project(folder: Path) -> None:
    """Copy the packages, and what describes them."""
    for name in (*PACKAGES, "release"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))


def describe_copy(folder: Path) -> Api:
    """Return the description of a copy, as a process of its own writes it."""
    paths = os.pathsep.join(str(folder / name) for name in PACKAGES)
    done = run("release.api_diff", "--write", root=folder, path=paths)
    assert (done.stderr, done.returncode) == ("", 0)
    api: Api = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return api


@pytest.fixture(scope="module")
def changes(today: Api, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the changes of a copy with all planted edits, compared in one process."""
    folder = tmp_path_factory.mktemp("copy")
    copy_project(folder)
    for edit in PLANTED.values():
        path = folder / edit.file
        code = path.read_text(encoding="utf-8")
        assert code.count(edit.old) == 1
        path.write_text(code.replace(edit.old, edit.new), encoding="utf-8")
    return list(map(str, compare(today, describe_copy(folder))))


@pytest.mark.parametrize("name", PLANTED)
def test_a_change_is_classed_and_named(name: str, changes: list[str]) -> None:
    """A change is reported with its impact and the public name that has it."""
    assert [line for line in PLANTED[name].lines if line not in changes] == []


def test_no_other_change_is_reported(changes: list[str]) -> None:
    """Every line is about one of the edits, and appears once."""
    assert sorted(changes) == sorted(line for edit in PLANTED.values() for line in edit.lines)


def test_the_committed_description_is_current() -> None:
    """`release/api.json` is what the code gives; `python -m release.api_diff --write` writes it."""
    committed = (ROOT / FILE).read_text(encoding="utf-8")

    assert committed.splitlines() == dump(describe_api()).splitlines(), (
        "run: python -m release.api_diff --write"
    )


def test_kinds_of_the_rules_exist(today: Api) -> None:
    """A rule is about a kind of entry, and a fact, that the description has."""
    facts = {(entry["kind"], fact) for entry in today.values() for fact in entry}

    assert RULES.keys() - facts == {("attribute", "writable"), ("class method", "returns")}


def test_a_consumer_that_no_longer_passes_is_a_breaking_change() -> None:
    """Each line of a checker that fails is reported, with the name of the file."""

    def compiler(file: Path, _root: Path) -> list[str]:
        return ["py_compile", str(file)]

    changes = check_consumer(b"def broken(:\n", checkers=[compiler])

    assert check_consumer(b"pass\n", checkers=[compiler]) == []
    assert [change.impact for change in changes] == [Impact.BREAKING]
    assert changes[0].text.startswith("py_compile rejects a consumer: ")
