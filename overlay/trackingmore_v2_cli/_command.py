"""A command: its common options, its examples, and its help."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Final, TypeAlias

import click

from trackingmore_v2_cli._session import Session

Function: TypeAlias = Callable[..., None]
"""A function with the session and the values of the options."""

_JSON_MODES: Final = ("lines", "array")


class Command(click.Command):
    """
    A command with examples in its help.

    Args:
        *arguments: Those of `click.Command`.
        examples: Command lines that its help shows. Tests run each of them.
        **attributes: Those of `click.Command`.
    """

    def __init__(self, *arguments: Any, examples: Sequence[str] = (), **attributes: Any) -> None:  # noqa: ANN401 - click's
        super().__init__(*arguments, **attributes)
        self.examples: Final = tuple(examples)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments. `--json` has an optional value, which only `=` can give."""
        end = args.index("--") if "--" in args else len(args)
        args = ["--json=lines" if each == "--json" else each for each in args[:end]] + args[end:]
        return super().parse_args(ctx, args)

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the arguments that have a help text."""
        arguments = [each for each in self.get_params(ctx) if isinstance(each, click.Argument)]
        _write_section("Arguments", [each for each in arguments if each.help], ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of the command, then those that most commands have."""
        options = [each for each in self.get_params(ctx) if isinstance(each, click.Option)]
        common = [each for each in options if each.name in _COMMON or each.is_eager]
        own = [each for each in options if each not in common]
        _write_section("Options", own, ctx, formatter)
        _write_section("Common options", common, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        super().format_epilog(ctx, formatter)
        if self.examples:
            _write_examples(self.examples, formatter)


class Group(click.Group):
    """
    A group of commands that does something itself, with examples in its help.

    Args:
        *arguments: Those of `click.Group`.
        examples: Command lines that its help shows. Tests run each of them.
        **attributes: Those of `click.Group`.
    """

    def __init__(self, *arguments: Any, examples: Sequence[str], **attributes: Any) -> None:  # noqa: ANN401 - click's
        super().__init__(*arguments, **attributes)
        self.examples: Final = tuple(examples)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the examples."""
        _write_examples(self.examples, formatter)


def _write_examples(examples: Sequence[str], formatter: click.HelpFormatter) -> None:
    formatter.write_paragraph()
    formatter.write_heading("Examples")
    with formatter.indentation():
        # Never wrapped, so that a line can be copied.
        for example in examples:
            formatter.write(f"{'':>{formatter.current_indent}}$ {example}\n")


def _write_section(
    title: str,
    parameters: Sequence[click.Parameter],
    ctx: click.Context,
    formatter: click.HelpFormatter,
) -> None:
    rows = [row for each in parameters if (row := each.get_help_record(ctx))]
    if rows:
        with formatter.section(title):
            # No space before an optional value: only `=` can give it.
            formatter.write_dl([(names.replace(" [=", "[="), text) for names, text in rows])


def command(
    *,
    records: bool = True,
    shape: str = "",
    api: bool = True,
    examples: Sequence[str] = (),
    cls: type[Command] = Command,
    **attributes: Any,  # noqa: ANN401 - click's
) -> Callable[[Function], Command]:
    """
    Return a decorator for a command, whose function gets a `Session` as its first argument.

    Args:
        records: Whether it prints records, and has `--json` and `--fields`. Default: True.
        shape: Name of their shape, if `--fields` is to be checked before the command runs, since it
            changes something. Default: it is checked when the records are printed.
        api: Whether it uses the API, and has `--profile`, `--base-url` and `--sandbox`. Default:
            True.
        examples: Command lines that its help shows. Default: none.
        cls: The class of the command. Default: `Command`.
        **attributes: Those of `click.command`.
    """

    def decorate(function: Function) -> Command:
        @wraps(function)
        def run(**values: Any) -> None:  # noqa: ANN401 - values of options
            common = {name: values.pop(name) for name in _COMMON if name in values}
            with Session(**common) as session:
                if shape:
                    session.out.check_fields(shape)
                function(session, **values)

        shared = [
            *(_RECORD_OPTIONS if records else ()),
            *(_API_OPTIONS if api else ()),
            *_MESSAGE_OPTIONS,
        ]
        made: Command = click.command(cls=cls, examples=examples, params=shared, **attributes)(run)
        return made

    return decorate


yes_option: Final = click.option(
    "--yes", "-y", is_flag=True, help="Do not ask for confirmation. Needed without a terminal."
)


def _split(_context: click.Context, _option: click.Parameter, text: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, text.split(","))))


_RECORD_OPTIONS: Final = (
    click.Option(
        ["--json"],
        type=click.Choice(_JSON_MODES),
        metavar="[=array]",
        help="Print JSON, one object for each line; with --json=array, one array.",
    ),
    click.Option(
        ["--fields"], default="", metavar="NAME,...", callback=_split, help="Fields to print."
    ),
)
_API_OPTIONS: Final = (
    click.Option(["--profile"], metavar="NAME", help="Use the API key of this profile."),
    click.Option(["--base-url"], metavar="URL", help="Use this server, such as a running sandbox."),
    click.Option(
        ["--sandbox"],
        is_flag=True,
        help="Start a sandbox for this command and use it instead of the live API.",
    ),
)
_MESSAGE_OPTIONS: Final = (
    click.Option(["--quiet", "-q"], is_flag=True, help="Print only results and errors."),
    click.Option(["--verbose", "-v"], is_flag=True, help="Show each request, without secrets."),
)
_COMMON: Final = ("json", "fields", "profile", "base_url", "sandbox", "quiet", "verbose")
