"""Lines for a shell that cannot run in a test are valid, in README and pages."""

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from tests.cli.examples import write_files
from tests.docs.pages import DOCS, PAGES, blocks, page
from trackingmore_v2_cli._app import app
from trackingmore_v2_cli._variables import HELP
from trackingmore_v2_sandbox import API_KEY

PROJECT = tomllib.loads((DOCS.parent / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"].keys()
TEXTS = {
    "README.md": (DOCS.parent / "README.md").read_text("utf-8"),
    **{name: page(name) for name in PAGES},
}
INSTALL = re.compile(r"python3 -m pip install (?:--upgrade )?'([\w-]+)(?:\[([\w,]+)\])?'$")
RUN = re.compile(r"(?:(?:[\d*]+ ){5})?(?:[A-Z_]+=\S+ )*(trackingmore-v2 .+)$")
"""A run of the command, perhaps as a line for cron, and with variables."""


@pytest.mark.parametrize("name", TEXTS)
def test_runs_of_the_command_are_valid(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each one names a command that exists, with options and arguments that it takes."""
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path, API_KEY)
    for line in shell_lines(name):
        if found := RUN.match(line):
            parse(app, shlex.split(re.split(r" [|<>&;#]", found[1])[0]))


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_installed_exists(name: str) -> None:
    """Each line installs this package, with extras that it has."""
    for line in shell_lines(name):
        if (found := INSTALL.match(line)) and found[1] == PROJECT["name"]:
            assert set((found[2] or "cli").split(",")) <= EXTRAS, line


@pytest.mark.parametrize("name", PAGES)
def test_each_line_of_a_block_is_checked(name: str) -> None:
    """It installs the package, runs the command, or sets a variable of a client."""
    lines = [
        line for block in blocks(name) if block.language == "sh" for line in block.text.splitlines()
    ]

    assert [line for line in lines if not is_known(line)] == []


def is_known(line: str) -> bool:
    """Return whether a line is of a kind that these tests check."""
    variable = re.match(r"export (\w+)=", line)
    return bool(RUN.match(line) or INSTALL.match(line) or (variable and variable[1] in HELP))


def shell_lines(name: str) -> list[str]:
    """Return the lines of a page for a shell: in blocks, and indented."""
    fenced = re.findall(r"^```sh\n(.*?)^```$", TEXTS[name], re.DOTALL | re.MULTILINE)
    indented = re.findall(r"^    (\S.*)$", TEXTS[name], re.MULTILINE)
    return [*"".join(fenced).splitlines(), *indented]


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
