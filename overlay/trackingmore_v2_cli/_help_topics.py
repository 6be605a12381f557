"""The topics of `trackingmore-v2 help` that are not commands."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import click

from trackingmore_v2_cli._statuses import MEANINGS

Writer: TypeAlias = Callable[[click.Context, click.HelpFormatter], None]


class Topic(NamedTuple):
    """A topic, and a function that writes its page."""

    summary: str
    write: Writer


def _write_exit_codes(_context: click.Context, formatter: click.HelpFormatter) -> None:
    formatter.write_text("Every command ends with one of these statuses.")
    with formatter.section("Exit statuses"):
        formatter.write_dl([(str(int(status)), text) for status, text in MEANINGS.items()])


def _write_json(_context: click.Context, formatter: click.HelpFormatter) -> None:
    schema = Path(__file__).parent / "schemas" / "output.json"
    formatter.write_text(
        "With --json, a command prints one JSON object for each record, one a line; with "
        "--json=array, one array of them. --fields NAME,... selects fields and their order."
    )
    formatter.write_paragraph()
    formatter.write_text(
        'The field "schema" names the shape of a record and its version. A new field does not '
        "change the version; a removed or changed one does. The JSON Schema of all records is in "
        "this file:"
    )
    formatter.write_paragraph()
    formatter.write(f"  {schema}\n")
    for shape, definition in _shapes(schema):
        with formatter.section(shape):
            formatter.write_text(definition["description"])
            fields = [name for name in definition["properties"] if name != "schema"]
            formatter.write_text(f"Fields: {', '.join(fields)}")


def _shapes(file: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the name and the schema of each shape of records."""
    import json  # noqa: PLC0415 - for this page only

    definitions = json.loads(file.read_text(encoding="utf-8"))["$defs"]
    for definition in definitions.values():
        for name in definition.get("properties", {}).get("schema", {}).get("enum", ()):
            yield name, definition


_VARIABLES: Final = {
    "TRACKINGMORE_API_KEY": "The API key.",
    "TRACKINGMORE_BASE_URL": "The server, such as a running sandbox. Default: the live API.",
    "TRACKINGMORE_PROFILE": "Name of the profile whose key and server are used.",
    "TRACKINGMORE_KEYRING_TIMEOUT": "Seconds to wait for the keyring of the system. Default: 3.",
    "TRACKINGMORE_CONFIG_DIR": "Folder of profiles and keys, instead of that of the platform.",
    "TRACKINGMORE_STATE_DIR": "Folder of journals and other state, likewise.",
    "TRACKINGMORE_CACHE_DIR": "Folder of the stored carriers and the rate limit, likewise.",
    "TRACKINGMORE_SANDBOX_URL": "The running sandbox that is controlled.",
    "TRACKINGMORE_SANDBOX_ADMIN_TOKEN": "The token of the running sandbox.",
    "NO_COLOR": "Any value turns colours off.",
    "COLUMNS": "Width of tables and help, instead of that of the terminal.",
}
"""A test compares them with the sources."""

_WIDEST: Final = 40
"""Maximum number of columns for the name of a variable."""


def _write_environment(context: click.Context, formatter: click.HelpFormatter) -> None:
    formatter.write_text(
        "Options have precedence over these variables. The key is that of --profile, of "
        "TRACKINGMORE_API_KEY, of TRACKINGMORE_PROFILE, or of the profile in use, in this order. "
        "A file .env is not read."
    )
    with formatter.section("Variables"):
        formatter.write_dl([*_VARIABLES.items()], col_max=_WIDEST)
    with formatter.section("Variables that set options"):
        formatter.write_dl([*_variables_of_options(context.find_root())], col_max=_WIDEST)


def _variables_of_options(context: click.Context) -> Iterator[tuple[str, str]]:
    """Yield the variable of each option that has one, of a command and of all below it."""
    for option in context.command.params:
        if isinstance(option, click.Option) and isinstance(option.envvar, str):
            _, _, command = context.command_path.partition(" ")
            yield option.envvar, f"{command} {option.opts[0]}"
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            if child := context.command.get_command(context, name):
                below = click.Context(child, info_name=name, parent=context)
                yield from _variables_of_options(below)


TOPICS: Final[Mapping[str, Topic]] = {
    "exit-codes": Topic("What the exit statuses mean.", _write_exit_codes),
    "json": Topic("The records of --json, and their fields.", _write_json),
    "environment": Topic("The environment variables.", _write_environment),
}
"""The topics by name."""
