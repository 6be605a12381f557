"""The command `trackingmore-v2 help`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, cast

import click

from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._help_topics import TOPICS
from trackingmore_v2_cli._session import Session

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_EXAMPLES: Final = (
    "trackingmore-v2 help",
    "trackingmore-v2 help list",
    "trackingmore-v2 help webhook listen",
    "trackingmore-v2 help exit-codes",
)


def _complete(
    context: click.Context, _parameter: click.Parameter, _incomplete: str
) -> "list[CompletionItem]":
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - for completion only

    return [CompletionItem(name) for name in _names(context)]


@command(records=False, api=False, examples=_EXAMPLES, name="help")
@click.argument("words", metavar="[TOPIC|COMMAND...]", nargs=-1, shell_complete=_complete)
def help(_session: Session, *, words: tuple[str, ...]) -> None:  # noqa: A001 - the command's name
    """
    Show help on a command or a topic.

    The topics are exit-codes, json and environment. Without any, list the commands and the topics.
    """
    context = click.get_current_context()
    if not words:
        text = f"{context.find_root().get_help()}\n\n{_topics(context)}"
    elif len(words) == 1 and words[0] in TOPICS:
        text = _page(words[0], context)
    else:
        text = _context_of(words, context).get_help()
    click.echo(text)


def _topics(context: click.Context) -> str:
    formatter = context.make_formatter()
    with formatter.section("Topics of trackingmore-v2 help"):
        formatter.write_dl([(name, topic.summary) for name, topic in TOPICS.items()])
    return formatter.getvalue().rstrip("\n")


def _page(topic: str, context: click.Context) -> str:
    formatter = context.make_formatter()
    TOPICS[topic].write(context, formatter)
    return formatter.getvalue().rstrip("\n")


def _context_of(words: Sequence[str], context: click.Context) -> click.Context:
    """Return the context of a command or subcommand."""
    found = context.find_root()
    for word in words:
        if not isinstance(found.command, click.Group):
            raise click.UsageError(f"{found.command_path} has no subcommands.", found)
        command = found.command.get_command(found, word)
        if command is None:
            names = found.command.list_commands(found) if found.parent else _names(context)
            raise click.exceptions.NoSuchCommand(word, possibilities=names, ctx=found)
        found = click.Context(command, info_name=word, parent=found)
    return found


def _names(context: click.Context) -> list[str]:
    """Return the names of the commands and of the topics."""
    root = context.find_root()
    return [*cast("click.Group", root.command).list_commands(root), *TOPICS]
