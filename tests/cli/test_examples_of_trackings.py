"""Examples in the help of the commands for trackings: each runs."""

import shlex
from pathlib import Path

import click
import pytest

from tests.cli.running import Run
from trackingmore_v2 import TrackingMore
from trackingmore_v2_cli._app import app
from trackingmore_v2_cli._command import Command

NUMBER = "1Z97X17XYW06605211"


def examples() -> list[str]:
    """Return the examples of the commands."""
    context = click.Context(app)
    names = ("list", "get", "create", "update", "archive", "stop", "delete", "carrier")
    commands = [app.get_command(context, name) for name in names]
    found = [each for each in commands if isinstance(each, Command)]
    for each in commands:
        if isinstance(each, click.Group):
            found += [one for one in each.commands.values() if isinstance(one, Command)]
    return [example for each in found for example in each.examples]


@pytest.mark.parametrize("example", examples())
def test_example_runs(
    run: Run, client: TrackingMore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, example: str
) -> None:
    """In a folder with its files, for an account with its tracking."""
    monkeypatch.chdir(tmp_path)
    Path("numbers.txt").write_text(f"ups:{NUMBER}\n", encoding="utf-8")
    Path("changes.csv").write_text(f"tracking_number,title\n{NUMBER},Cup\n", encoding="utf-8")
    client.trackings.create("ups", NUMBER, order_id="#1001")
    program, *arguments = shlex.split(example)

    finished = run(*arguments)

    assert program == "trackingmore-v2"
    assert finished.status == 0, finished.messages
