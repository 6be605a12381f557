"""Parameter types and callbacks of options that several commands may share."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

import click
from click.core import ParameterSource

Decorator: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]
OptionDecorator: TypeAlias = Callable[..., Decorator]
"""A decorator with the arguments of `click.option`."""


LANG_HELP: Final = "Language of the events, two letters, such as en."
lang_option: Final = click.option("--lang", metavar="CODE", help=LANG_HELP)


class OwnFile(click.Path):
    """
    A file that the command replaces, and may read first.

    A device such as /dev/null would be replaced, too, by a user who may do that; others never end.
    """

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        """Return the path; it may be missing."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if path.exists() and not path.is_file():
            self.fail(f"{str(path)!r} is no regular file.", param, ctx)
        return path


def option_of(prefix: str) -> OptionDecorator:
    """Return a decorator for options that environment variables with a prefix can set as well."""

    def option(name: str, **attributes: Any) -> Decorator:  # noqa: ANN401 - those of any option
        variable = f"{prefix}_{name[2:].replace('-', '_').upper()}"
        return click.option(name, envvar=variable, show_envvar=True, **attributes)

    return option


def from_environment(context: click.Context) -> str:
    """Return which variables set options, as the end of an error message; empty if none did."""
    names = [
        str(option.envvar)
        for option in context.command.params
        if context.get_parameter_source(option.name or "") is ParameterSource.ENVIRONMENT
    ]
    return f" (set by the environment: {', '.join(names)})" if names else ""


def overridden(context: click.Context, one: str, other: str) -> str:
    """
    Return which of two options that exclude each other does not count.

    The command line has precedence over the environment.

    Raises:
        click.UsageError: Both are set there, or both here.
    """
    sources = {name: context.get_parameter_source(name) for name in (one, other)}
    if sources[one] is sources[other]:
        names = " and ".join(f"--{name.replace('_', '-')}" for name in sources)
        raise click.UsageError(f"{names} are mutually exclusive")
    return other if sources[one] is ParameterSource.COMMANDLINE else one


def not_blank(_context: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    """Return a text, and check that it is not blank."""
    if text is not None and not text.strip():
        raise click.BadParameter("it is blank, which the API takes for not given.")
    return text


class _Name(click.Choice[str]):
    """A choice of names that suggests the one that was meant."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name, in the case of the contract."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            from difflib import get_close_matches  # noqa: PLC0415 - for errors only

            names = [*map(str, self.choices)]
            near = get_close_matches(value.lower(), names, n=1)
            meant = f" Did you mean {near[0]!r}?" if near else ""
            self.fail(f"{value!r} is not one of {', '.join(names)}.{meant}", param, ctx)


STATUS: Final = _Name(
    [
        *("pending", "notfound", "transit", "pickup"),
        *("delivered", "undelivered", "exception", "expired"),
    ],
    case_sensitive=False,
)
"""A status of a tracking. A test compares the names with the contract."""
