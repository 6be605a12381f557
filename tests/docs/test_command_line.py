"""
What the guide of the command shows is true: its console blocks, run in their order.

`GOLDEN=write pytest tests/docs/test_command_line.py` writes the outputs anew; look at them.
"""

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.cli.conftest import NOW
from tests.cli.examples import write_files
from tests.cli.processes import COMMAND, shell
from tests.cli.running import ESCAPES, Finished, run_command
from trackingmore_v2_cli._app import app
from trackingmore_v2_cli._statuses import MEANINGS
from trackingmore_v2_cli._variables import HELP
from trackingmore_v2_sandbox import API_KEY, Sandbox, Settings, start_clock

PROJECT = Path(__file__).parents[2]
GUIDE = PROJECT / "docs" / "command-line.md"
README = PROJECT / "README.md"
PAGES = [README, *sorted((PROJECT / "docs").glob("*.md"))]
SHOWN_ADDRESS = "http://127.0.0.1:8642"

BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
TYPED = re.compile(r"^\$ (.*(?:\n> .*)*)\n", re.MULTILINE)
"""What a user types: a line, and those that continue it."""

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


class Terminal:
    """
    A terminal of 80 columns, whose output is text.

    Args:
        sandbox: The sandbox that commands use; the page shows it on the default port.
        folder: The home of the user.
    """

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self._address = sandbox.base_url.removesuffix("/v2")
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TRACKINGMORE_SANDBOX_URL": sandbox.base_url,
            "TRACKINGMORE_SANDBOX_ADMIN_TOKEN": sandbox.admin_token,
        }

    def transcript(self, block: str) -> str:
        """Return a block with the outputs that its lines have now."""
        return "".join(f"$ {typed}\n{self._run(typed)}" for typed in TYPED.findall(block))

    def run(self, line: str) -> Finished:
        """Run a line, which is one command."""
        _, *words = shlex.split(line)
        return run_command(*words, environment=self._environment, terminal=80, joined=True)

    def _run(self, typed: str) -> str:
        line = re.sub(r"\n> ", "\n", typed).replace(SHOWN_ADDRESS, self._address)
        output = self._in_shell(line) if re.search(r"[|;<>&$]", line) else self._directly(line)
        shown = screen_of(output).replace(self._address, SHOWN_ADDRESS)
        return shown.replace(self._environment["HOME"], "/home/user")

    def _directly(self, line: str) -> str:
        program, *words = shlex.split(line)
        if program == "export":
            self._environment |= dict(word.split("=", 1) for word in words)
            return ""
        if program != "trackingmore-v2":
            return self._in_shell(line)
        return self.run(line).output.decode()

    def _in_shell(self, line: str) -> str:
        command = f'trackingmore-v2() {{ {shlex.join(COMMAND)} "$@"; }}'
        return shell(f"{command}\n{{ {line}\n}} 2>&1", self._environment).stdout.decode()


def screen_of(output: str) -> str:
    """Return what a terminal shows at the end: bars that were drawn and removed are gone."""
    lines = [""]
    for part in re.split(r"(\r?\n|\r|\x1b\[2K|\x1b\[1A)", output.replace("\ufeff", "")):
        if part.endswith("\n"):
            lines.append("")
        elif part == "\x1b[1A":
            lines.pop()
        elif part in {"\r", "\x1b[2K"}:
            lines[-1] = ""
        else:
            lines[-1] += ESCAPES.sub("", part)
    return "\n".join(line.rstrip() for line in lines)


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
def test_each_line_prints_what_is_shown(terminal: Terminal) -> None:
    """The page is a session: what one line does, the next one sees."""
    page = GUIDE.read_text(encoding="utf-8")

    run = BLOCK.sub(lambda block: terminal.transcript(block[0]), page)
    if os.environ.get("GOLDEN") == "write":
        GUIDE.write_text(run, encoding="utf-8")

    assert run == GUIDE.read_text(encoding="utf-8")


def test_lines_of_the_readme_run(terminal: Terminal) -> None:
    """Each one succeeds for an account without trackings."""
    _, _, text = README.read_text(encoding="utf-8").partition("## Command line\n")
    section, _, _ = text.partition("\n## ")
    lines = command_lines(section)

    assert lines
    terminal.transcript(ACCOUNT)
    for line in lines:
        assert terminal.run(line).status == 0, line


def command_lines(text: str) -> list[str]:
    """Return the indented lines of a page that run the command, without pipes and redirections."""
    lines = re.findall(r"^    (trackingmore-v2 .+)$", text, re.MULTILINE)
    return [re.split(r" [|<>&;#]", line)[0] for line in lines]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_command_lines_are_valid(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each one names a command that exists, with options and arguments that it takes."""
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path, API_KEY)
    for line in command_lines(page.read_text(encoding="utf-8")):
        parse(app, shlex.split(line))


def parse(command: click.Command, words: list[str], parent: click.Context | None = None) -> None:
    """
    Parse a command line without running it.

    Raises:
        click.UsageError: It is invalid.
    """
    with command.make_context(words[0], words[1:], parent=parent) as context:
        rest = [*context._protected_args, *context.args]  # noqa: SLF001 - click has no other way
        if isinstance(command, click.Group) and rest:
            name, below, arguments = command.resolve_command(context, rest)
            assert below
            parse(below, [name or "", *arguments], context)


def test_statuses_and_variables_are_those_of_the_help() -> None:
    """Their tables have each one, and no others."""
    page = GUIDE.read_text(encoding="utf-8")
    statuses = re.findall(r"^\| (\d+) \| (.+) \|$", page, re.MULTILINE)
    variables = re.findall(r"^\| `([A-Z_]+)` \| (.+) \|$", page, re.MULTILINE)

    assert dict(statuses) == {str(int(status)): text for status, text in MEANINGS.items()}
    assert dict(variables) == HELP
