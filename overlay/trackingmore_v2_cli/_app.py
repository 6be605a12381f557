"""The command group, and the table of its commands."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final, NamedTuple, TextIO

import click

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._statuses import ExitStatus, status_of

PROGRAM: Final = "trackingmore-v2"


class Entry(NamedTuple):
    """A command in the table."""

    name: str
    section: str
    summary: str

    @property
    def module(self) -> str:
        """The module of the command; a trailing underscore avoids a keyword."""
        name = self.name.replace("-", "_")
        return f"{name}_" if name == "import" else name


COMMANDS: Final = (
    Entry("track", "Follow", "Show where parcels and air waybills are."),
    Entry("watch", "Follow", "Report changes of parcels as they happen."),
    Entry("waybill", "Follow", "Show an air waybill with its flights."),
    Entry("list", "Trackings", "List the trackings of the account."),
    Entry("get", "Trackings", "Show trackings of the account with their events."),
    Entry("create", "Trackings", "Create trackings. Each costs one of the quota."),
    Entry("update", "Trackings", "Change details of trackings."),
    Entry("archive", "Trackings", "Archive trackings, or take them back."),
    Entry("stop", "Trackings", "Stop the updates of trackings."),
    Entry("delete", "Trackings", "Delete trackings."),
    Entry("counts", "Trackings", "Count the trackings by status."),
    Entry("import", "Files", "Create the trackings of a file."),
    Entry("export", "Files", "Write trackings to a file."),
    Entry("carriers", "Carriers", "List and search the carriers."),
    Entry("carrier", "Carriers", "Change the carrier of a tracking."),
    Entry("detect", "Carriers", "Find the carriers that a number may belong to."),
    Entry("remote", "Carriers", "Check whether addresses are remote for a carrier."),
    Entry("transit-times", "Carriers", "Show the transit times of routes."),
    Entry("webhook", "Webhooks", "Receive, sign and replay webhooks."),
    Entry("login", "Settings", "Store an API key."),
    Entry("logout", "Settings", "Remove a stored API key."),
    Entry("config", "Settings", "Show and change the settings in force."),
    Entry("account", "Settings", "Show the account and the quota that is left."),
    Entry("completion", "Settings", "Print a completion script for a shell."),
    Entry("sandbox", "Sandbox", "Run and control the sandbox, an offline copy of the API."),
    Entry("help", "Help", "Show help on a command or a topic."),
)
"""All commands, in the order of the help. Their modules are imported when they are needed."""


class App(click.Group):
    """The group of all commands, whose help needs none of their modules."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        """Return the names of the commands."""
        return [entry.name for entry in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Import a command; None if there is none of this name."""
        for entry in COMMANDS:
            if entry.name == cmd_name:
                module = import_module(f"trackingmore_v2_cli.commands.{entry.module}")
                command: click.Command = getattr(module, entry.module)
                return command
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or suggest one."""
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise click.exceptions.NoSuchCommand(
                args[0], possibilities=self.list_commands(ctx), ctx=ctx
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the commands by section."""
        for section in dict.fromkeys(entry.section for entry in COMMANDS):
            rows = [(each.name, each.summary) for each in COMMANDS if each.section == section]
            with formatter.section(section):
                formatter.write_dl(rows)


@click.group(cls=App)
@click.version_option(package_name=PROGRAM, message="%(version)s")
def app() -> None:
    """
    Track parcels and air waybills with the TrackingMore API, version 2.

    Every command has --help with examples. Exit statuses: trackingmore-v2 help exit-codes.
    """


def run(arguments: Sequence[str]) -> int:
    """Run a command line, print an error in one line, and return the exit status."""
    for stream in (sys.stdout, sys.stderr):
        _replace_unknown_characters(stream)
    try:
        status = _invoke(arguments)
        sys.stdout.flush()
    except Exception as error:  # noqa: BLE001 - each becomes a line and a status
        return _report(error)
    except KeyboardInterrupt:
        return _fail("interrupted", ExitStatus.INTERRUPTED)
    return status if isinstance(status, int) else ExitStatus.SUCCESS


def _invoke(arguments: Sequence[str]) -> Any:  # noqa: ANN401 - what the command returns
    """Run a command. Click's `main` would end the process after a broken pipe, with status 1."""
    try:
        with app.make_context(PROGRAM, list(arguments)) as context:
            return app.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code


def _report(error: Exception) -> int:
    if isinstance(error, BrokenPipeError):
        return _broken_pipe()
    if isinstance(error, click.Abort):  # from a question
        return _fail("interrupted", ExitStatus.INTERRUPTED)
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else PROGRAM
        return _fail(f"{error.format_message()} See: {command} --help", error.exit_code)
    if isinstance(error, CommandError):
        return _fail(error.message, error.status)
    if isinstance(error, click.ClickException):
        return _fail(error.format_message(), error.exit_code)
    client = sys.modules.get("trackingmore_v2")
    if client and isinstance(error, client.TrackingMoreError):
        return _fail(str(error), status_of(type(error)))
    if isinstance(error, OSError):
        return _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error), 1)
    raise error


def _fail(message: str, status: int) -> int:
    line = " ".join(message.split())
    click.echo(f"{PROGRAM}: {line}", err=True)
    return status


def _broken_pipe() -> int:
    """Return the status for a closed pipe, and keep Python from reporting it at exit."""
    import os  # noqa: PLC0415 - for this case only

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitStatus.BROKEN_PIPE


def _replace_unknown_characters(stream: TextIO) -> None:
    """Print a question mark for a character that the encoding lacks, instead of failing."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure and stream.errors == "strict":
        reconfigure(errors="replace")
