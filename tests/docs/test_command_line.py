"""
What the pages show of the command is true: the console blocks of each run in their order.

`GOLDEN=write pytest tests/docs/test_command_line.py` writes the outputs anew; look at them.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import NOW
from tests.docs.pages import DOCS, PAGES, page
from tests.docs.terminal import SHOWN_ADDRESS, Terminal
from trackingmore_v2_cli._statuses import MEANINGS
from trackingmore_v2_cli._variables import HELP
from trackingmore_v2_sandbox import API_KEY, Sandbox, Settings, start_clock

README = DOCS.parent / "README.md"
SESSIONS = [name for name in PAGES if "```console\n" in page(name)]

BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)

ORDERS = """Tracking No,Courier,Order ID,Warehouse
SANDBOX-TRANSIT001,ups,0017,Berlin
1.23457E+11,ups,0018,Berlin
12,ups,0019,Berlin
SANDBOX-TRANSIT001,ups,0017,Berlin
"""
"""The file `orders.csv` of the page."""


ACCOUNT = f"""$ export TRACKINGMORE_API_KEY={API_KEY}
$ export TRACKINGMORE_BASE_URL={SHOWN_ADDRESS}/v2
"""


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """Yield a terminal whose sandbox has a clock that stands still."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "orders.csv").write_text(ORDERS)
    settings = Settings(default_clock=start_clock(at=NOW, speed=0))
    with Sandbox(settings=settings) as sandbox:
        assert sandbox.api_key == API_KEY
        yield Terminal(sandbox, tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="needs bash")
@pytest.mark.parametrize("name", SESSIONS)
def test_each_line_prints_what_is_shown(name: str, terminal: Terminal) -> None:
    """A page is a session: what one line does, the next one sees."""
    run = BLOCK.sub(lambda block: terminal.transcript(block[0]), page(name))
    if os.environ.get("GOLDEN") == "write":
        (DOCS / name).write_text(run, encoding="utf-8")

    assert run == page(name)


def test_lines_of_the_readme_run(terminal: Terminal) -> None:
    """Each one succeeds for an account without trackings."""
    _, _, text = README.read_text(encoding="utf-8").partition("## Command line\n")
    section, _, _ = text.partition("\n## ")
    lines = re.findall(r"^    (trackingmore-v2 .+)$", section, re.MULTILINE)

    assert lines
    terminal.transcript(ACCOUNT)
    for line in lines:
        assert terminal.run(line).status == 0, line


def test_statuses_and_variables_are_those_of_the_help() -> None:
    """Their tables have each one, and no others."""
    text = page("command-line.md")
    statuses = re.findall(r"^\| (\d+) \| (.+) \|$", text, re.MULTILINE)
    variables = re.findall(r"^\| `([A-Z_]+)` \| (.+) \|$", text, re.MULTILINE)

    assert dict(statuses) == {str(int(status)): text for status, text in MEANINGS.items()}
    assert dict(variables) == HELP
