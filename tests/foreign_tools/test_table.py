"""The table of other tools is complete, and the tools are pinned exactly."""

import os
import re
from pathlib import Path

import pytest

from tests.foreign_tools.__main__ import (
    DATA,
    HERE,
    MARKS,
    NOT_APPLICABLE,
    PACKAGES,
    PAGE,
    Tool,
    cells,
    execute,
    judge,
)

PRINTED = "".join(f"{name}: {result}\n" for name, result in DATA.steps.items())


def rows() -> dict[str, list[str]]:
    """Return the cells of the table, by the name of the tool."""
    page = PAGE.read_text(encoding="utf-8")
    table = page.partition(MARKS[0])[2].partition(MARKS[1])[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table]
    return {name: rest for name, *rest in cells}


def test_each_tool_has_a_row_with_its_version() -> None:
    """The table was written by a run with all tools, in their present versions."""
    found = rows()

    assert list(found) == [tool.name for tool in DATA.tools]
    for tool in DATA.tools:
        version, *outcomes, remark = found[tool.name]
        assert version == PACKAGES.get(tool.package, version)
        assert len(outcomes) == 3
        assert not any(outcome.startswith("not tried") for outcome in outcomes)
        assert remark == tool.remark


def test_a_tool_that_fails_has_options_or_a_reason() -> None:
    """No failure is without a remark, and the tool succeeds with other options."""
    for name, (_, *outcomes, remark) in rows().items():
        if set(outcomes) - {"yes", NOT_APPLICABLE}:
            assert remark
            assert set(rows()[f"{name} with options"][1:4]) == {"yes"}


def test_versions_are_exact() -> None:
    """A range would give another table on another day."""
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in PACKAGES.values())


def test_programs_and_packages_exist() -> None:
    """Each tool names a folder of programs, and a package of a registry or of Python."""
    for tool in DATA.tools:
        assert (HERE / "programs" / tool.programs).is_dir()
        assert tool.package in PACKAGES or not tool.package.startswith("@")


@pytest.mark.parametrize(
    ("output", "outcome", "expected"),
    [
        (PRINTED, "yes", "yes"),
        (PRINTED, "no: `exit`", "no: `exit`"),
        ("", "yes", "no"),
        (
            PRINTED.replace("rejected delete: error 4017", "rejected delete: deleted"),
            "yes",
            "rejected delete: `deleted`",
        ),
        (PRINTED.replace("list: 2\n", ""), "yes", "list: `not run`"),
    ],
)
def test_a_wrong_step_is_shown(output: str, outcome: str, expected: str) -> None:
    """The cell names each step that printed something else than expected."""
    tool = Tool(name="x", package="x", needs=[], run="x", programs="python")

    assert judge(tool, output, outcome) == expected


def test_a_tool_that_is_missing_is_named(tmp_path: Path) -> None:
    """Its row says so, and nothing is run."""
    tool = Tool(name="x", package="x", needs=["python", "no-such-command"], run="exit 1")

    assert (
        list(cells(tool, tmp_path, {"PATH": os.environ["PATH"]}))
        == ["not tried: `no-such-command` is missing"] * 3
    )
    assert not list(tmp_path.iterdir())


def test_the_reason_of_a_failure_is_its_first_error(tmp_path: Path) -> None:
    """It stands in one cell of the table."""
    command = "echo start; echo 'a.ts(1,2): error | x' >&2; echo another error; exit 2"

    assert execute("echo error", tmp_path, {}) == ("error\n", "yes")
    assert execute(command, tmp_path, {})[1] == "no: `another error`"
    assert execute("echo 'error | x' >&2; exit 2", tmp_path, {})[1] == "no: `error  x`"
