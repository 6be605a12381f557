"""The commands with their options and arguments, as the scripts need them."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias, cast

import click

Kind: TypeAlias = Literal["words", "file", "dir", "carrier", "nothing"]


class Values(NamedTuple):
    """What can be completed as the value of an option or argument."""

    kind: Kind
    words: tuple[str, ...] = ()
    """The values, if they are words."""


class Option(NamedTuple):
    """An option of a command."""

    names: tuple[str, ...]
    summary: str
    values: Values | None
    """None for a flag."""

    is_optional: bool
    """Whether the value can be left out, and is given by `=` only."""

    is_multiple: bool


class Argument(NamedTuple):
    """An argument of a command."""

    name: str
    values: Values
    is_multiple: bool


class Node(NamedTuple):
    """A command, a subcommand, or the program."""

    path: str
    """The words after the name of the program, such as "webhook listen"; empty for the program."""

    summary: str
    options: tuple[Option, ...]
    arguments: tuple[Argument, ...]
    children: tuple["Node", ...]

    @property
    def name(self) -> str:
        """The last word of the path."""
        return self.path.rpartition(" ")[2]

    def walk(self) -> Iterator["Node"]:
        """Yield the node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def tree_of(context: click.Context, path: str = "") -> Node:
    """
    Return the tree of commands.

    Args:
        context: The context of the group or command.
        path: The words after the name of the program. Default: none.
    """
    command = context.command
    parameters = command.get_params(context)
    options = [each for each in parameters if isinstance(each, click.Option) and not each.hidden]
    arguments = [each for each in parameters if isinstance(each, click.Argument)]
    return Node(
        path=path,
        summary=_first_sentence(command.help),
        options=tuple(_option(each, context) for each in options),
        arguments=tuple(_argument(each, context) for each in arguments),
        children=tuple(_children(context, path)),
    )


def _children(context: click.Context, path: str) -> Iterator[Node]:
    if not isinstance(context.command, click.Group):
        return
    for name in context.command.list_commands(context):
        command = context.command.get_command(context, name)
        if command and not command.hidden:
            below = click.Context(command, info_name=name, parent=context)
            yield tree_of(below, f"{path} {name}".strip())


def _option(option: click.Option, context: click.Context) -> Option:
    is_flag = option.is_flag or option.count
    return Option(
        names=(*option.opts, *option.secondary_opts),
        summary=_first_sentence(option.help),
        values=None if is_flag else _values(option, context),
        is_optional=str(option.metavar).startswith("[="),
        is_multiple=option.multiple or bool(option.count),
    )


def _argument(argument: click.Argument, context: click.Context) -> Argument:
    return Argument(
        name=argument.name or "",
        values=_values(argument, context),
        is_multiple=argument.nargs != 1,
    )


def _values(parameter: click.Parameter, context: click.Context) -> Values:
    items = parameter.shell_complete(context, "")
    for item in items:
        if item.type in {"file", "dir"}:
            return Values(cast("Kind", item.type))
    if items:
        return Values("words", tuple(str(item.value) for item in items))
    # Of text of any form, only a name says what it is.
    if "carrier" in (parameter.name or ""):
        return Values("carrier")
    names = re.split("[^A-Z]", parameter.metavar or parameter.human_readable_name)
    return Values("file" if "FILE" in names else "nothing")


def _first_sentence(text: str | None) -> str:
    """Return the first sentence of a help text, without its full stop."""
    paragraph = " ".join((text or "").partition("\n\n")[0].split())
    return paragraph.partition(". ")[0].rstrip(".")
