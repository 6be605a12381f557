"""What the page about the sandbox shows is true."""

import re
import threading
from pathlib import Path

import pytest

from trackingmore_v2_cli.commands.sandbox import sandbox

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(
    r"^## ([^\n]+)\n(?:(?!## ).)*?```python\n(.*?)```\n\n```text\n(.*?)```",
    PAGE,
    re.DOTALL | re.MULTILINE,
)


def test_no_block_is_left_out() -> None:
    """Each block of code has its output below, and is run here."""
    assert len(EXAMPLES) == PAGE.count("```python") == PAGE.count("```text")


@pytest.mark.parametrize(
    ("code", "output"),
    [example[1:] for example in EXAMPLES],
    ids=[example[0] for example in EXAMPLES],
)
def test_an_example_writes_what_is_shown(
    code: str, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It runs as it stands, and leaves no thread behind."""
    before = set(threading.enumerate())
    exec(compile(code, "docs/sandbox.md", "exec"), {"__name__": "example"})  # noqa: S102 - our own words
    for thread in set(threading.enumerate()) - before:
        thread.join(10)

    assert capsys.readouterr().out == output
    assert set(threading.enumerate()) <= before


def test_every_option_is_described() -> None:
    """The table has the options of the command, and no others."""
    (section,) = re.findall(r"^## Command-line options\n(.*?)^## ", PAGE, re.DOTALL | re.MULTILINE)
    described = set(re.findall(r"`(--[a-z-]+)`", section))
    known = {name for option in sandbox.params for name in option.opts}

    assert described == known


def test_the_pages_it_names_are_there() -> None:
    """Each link leads to a page beside it."""
    links = re.findall(r"\]\(([\w.]+)\)", PAGE)

    assert links
    assert all((Path(__file__).parents[2] / "docs" / link).exists() for link in links)
