"""The topics of `trackingmore-v2 help` that are not commands."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias, cast

import click

from trackingmore_v2_cli import _carrier_cache
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


def _write_environment(context: click.Context, formatter: click.HelpFormatter) -> None:
    formatter.write_text(
        "Options have precedence over these variables. A file .env is not read. The key is taken "
        "from --profile, the environment, or the profile in use, in this order."
    )
    with formatter.section("Variables"):
        formatter.write_dl([*_variables().items()])
    with formatter.section("Options of trackingmore-v2 sandbox"):
        formatter.write_dl([*_sandbox_variables(context)])


def _variables() -> dict[str, str]:
    from trackingmore_v2_cli import _credentials  # noqa: PLC0415 - slow to import

    return {
        _credentials.KEY_VARIABLE: "The API key.",
        _credentials.URL_VARIABLE: "The server, such as a running sandbox. Default: the live API.",
        "TRACKINGMORE_CONFIG_DIR": "Folder of the settings, instead of the one of the platform.",
        _carrier_cache.FOLDER_VARIABLE: "Folder of the stored carriers, likewise.",
        "NO_COLOR": "Any value turns colours off.",
        "COLUMNS": "Width of tables and help, instead of that of the terminal.",
    }


def _sandbox_variables(context: click.Context) -> Iterator[tuple[str, str]]:
    root = context.find_root()
    sandbox = cast("click.Group", root.command).get_command(root, "sandbox")
    for option in sandbox.params if sandbox else ():
        if isinstance(option, click.Option) and isinstance(option.envvar, str):
            yield option.envvar, f"{option.opts[0]}: {option.help}"


TOPICS: Final[Mapping[str, Topic]] = {
    "exit-codes": Topic("What the exit statuses mean.", _write_exit_codes),
    "json": Topic("The records of --json, and their fields.", _write_json),
    "environment": Topic("The environment variables.", _write_environment),
}
"""The topics by name."""
