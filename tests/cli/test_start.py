"""What the start of the command imports. `tests/bench/cli_start.py` measures its time."""

import subprocess
import sys

import pytest

from tests.cli.test_commands import all_commands
from trackingmore_v2._version import __version__

HEAVY = ("trackingmore_v2", "trackingmore_v2_api", "httpx2", "rich", "msgspec", "openpyxl")
"""Packages that take long to import. A completion starts no Python at all: see its tests."""

PROBE = """
import sys
from trackingmore_v2_cli._app import run

for line in sys.argv[1:]:
    assert run(line.split()) == 0
    found = {each.partition(".")[0] for each in sys.modules} & {*HEAVY}
    if found:
        sys.exit(f"{line} imports {found}")
"""


def execute(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a new interpreter."""
    return subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", program, *arguments], capture_output=True, check=False, text=True
    )


def test_help_needs_no_client_and_no_tables() -> None:
    """Neither that of the program nor that of any command."""
    lines = ["--help", "help", *(f"{name} --help" for name in all_commands())]

    run = execute(PROBE.replace("{*HEAVY}", repr({*HEAVY})), *lines)

    assert run.stderr == ""
    assert run.returncode == 0
    assert run.stdout.count("Usage: ") == len(lines)


def test_version_needs_no_click() -> None:
    """It takes three times as long to import as Python to start."""
    run = execute(
        "import sys; from trackingmore_v2_cli import main\ntry: main()\nfinally: "
        f"print({{each.partition('.')[0] for each in sys.modules}} & {{'click', *{HEAVY}}})",
        "--version",
    )

    assert run.stdout == f"{__version__}\nset()\n"


@pytest.mark.parametrize("arguments", [["--version", "list"], ["--version", "--quiet"]])
def test_version_among_other_arguments(arguments: list[str]) -> None:
    """The parser of click reads them, and prints the version or an error."""
    run = execute("from trackingmore_v2_cli import main; main()", *arguments)

    assert (run.stdout, run.returncode) == (
        (f"{__version__}\n", 0) if "list" in arguments else ("", 2)
    )
