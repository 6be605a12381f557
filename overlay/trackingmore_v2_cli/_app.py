"""The command group, and the table of its commands."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NamedTuple

import click

from trackingmore_v2_cli._failures import PROGRAM, report
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._streams import discard_output, prepare_streams


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


@click.group(cls=App, context_settings={"max_content_width": 100})
@click.version_option(package_name=PROGRAM, message="%(version)s")
def app() -> None:
    """
    Track parcels and air waybills with the TrackingMore API, version 2.

    To begin, run: trackingmore-v2 login. To try it without an account, run: trackingmore-v2
    sandbox.

    Every command has --help with examples. Exit statuses: trackingmore-v2 help exit-codes.
    """


def run(arguments: Sequence[str]) -> int:
    """Run a command line, print an error in one line, and return the exit status."""
    try:
        prepare_streams()
        status = _invoke(arguments)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - each becomes a line and a status
        return report(error, verbose=not {"-v", "--verbose"}.isdisjoint(arguments))
    finally:
        discard_output()
    return status


def _invoke(arguments: Sequence[str]) -> int:
    # `app.main()` would handle interruptions and closed pipes in its own way.
    try:
        with app.make_context(PROGRAM, list(arguments)) as context:
            app.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    return ExitStatus.SUCCESS
