"""The table of commands."""

from inspect import cleandoc

import click
import pytest

from trackingmore_v2_cli._app import COMMANDS, Entry, app
from trackingmore_v2_cli._command import Command


def all_commands() -> dict[str, click.Command]:
    """Return each command and subcommand by its full name."""
    found: dict[str, click.Command] = {}
    context = click.Context(app)
    for entry in COMMANDS:
        command = app.get_command(context, entry.name)
        assert command
        found[entry.name] = command
        if isinstance(command, click.Group):
            found |= {f"{entry.name} {name}": each for name, each in command.commands.items()}
    return found


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_summary_is_that_of_the_command(entry: Entry) -> None:
    """The help of the group needs no module of a command, so it has the sentences in a table."""
    help_text = cleandoc(all_commands()[entry.name].help or "")

    assert help_text.partition("\n\n")[0].replace("\n", " ") == entry.summary


@pytest.mark.parametrize("name", all_commands())
def test_each_command_has_examples(name: str) -> None:
    """Groups have those of their commands."""
    command = all_commands()[name]

    assert isinstance(command, click.Group) or (isinstance(command, Command) and command.examples)


@pytest.mark.parametrize("name", all_commands())
def test_each_option_is_described_in_sentences(name: str) -> None:
    """The help of a command has no option without a text, and no text without a full stop."""
    options = [each for each in all_commands()[name].params if isinstance(each, click.Option)]

    assert [each.name for each in options if not (each.help or "").endswith(".")] == []
