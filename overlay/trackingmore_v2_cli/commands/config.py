"""The commands `trackingmore-v2 config …`."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import click

from trackingmore_v2_cli import _variables
from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._folders import CONFIG
from trackingmore_v2_cli._output.columns import Column
from trackingmore_v2_cli._session import Session

if TYPE_CHECKING:
    from trackingmore_v2_cli._output.records import ConfigRecord, ProfileRecord

_COLUMNS: Final = (
    Column("setting"),
    Column("value", is_whole=True),
    Column("source", "where from", is_whole=True),
)
_PROFILE_COLUMNS: Final = (
    Column("profile"),
    Column("in_use"),
    Column("account"),
    Column("store"),
    Column("base_url", "server"),
)


class _ConfigGroup(click.Group):
    """A group whose default command is `show`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; options alone are those of `show`."""
        is_bare = not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names)
        return super().parse_args(ctx, ["show", *args] if is_bare else args)


@click.group(cls=_ConfigGroup, name="config")
def config() -> None:
    """
    Show and change the settings in force.

    Without a command, it is "config show".
    """


@command(examples=("trackingmore-v2 config show", "trackingmore-v2 config --json"), name="show")
def show(session: Session) -> None:
    """Show what is in force, and where it comes from."""
    session.out.records("config/1", _settings(session), _COLUMNS, empty="")


def _settings(session: Session) -> "Iterator[ConfigRecord]":
    try:
        yield from _credentials(session)
    except CommandError as error:
        yield _record("key", None, error.message)
    is_given = os.environ.get(CONFIG.variable)
    source = f"the variable {CONFIG.variable}" if is_given else "the default"
    yield _record("folder", str(CONFIG.path()), source)


def _credentials(session: Session) -> "Iterator[ConfigRecord]":
    found = session.credentials
    yield _record("key", found.account, found.source)
    yield _record("server", found.base_url, found.url_source)
    if found.profile:
        yield _record("profile", found.profile.name, found.profile.source)


def _record(setting: str, value: str | None, source: str) -> "ConfigRecord":
    return {"schema": "config/1", "setting": setting, "value": value, "source": source}


@command(
    api=False,
    examples=("trackingmore-v2 config list", "trackingmore-v2 config list --json"),
    name="list",
)
def list_profiles(session: Session) -> None:
    """List the profiles, with masked keys."""
    from trackingmore_v2_api import BASE_URL  # noqa: PLC0415 - slow to import
    from trackingmore_v2_cli._profiles.settings import read_settings  # noqa: PLC0415

    settings = read_settings()
    rows: list[ProfileRecord] = [
        {
            "schema": "profile/1",
            "profile": name,
            "in_use": name == settings.current_profile,
            "account": profile.account,
            "store": profile.store,
            "base_url": profile.base_url or BASE_URL,
        }
        for name, profile in sorted(settings.profiles.items())
    ]
    session.out.records(
        "profile/1", rows, _PROFILE_COLUMNS, empty="No profiles. Run: trackingmore-v2 login"
    )


@command(records=False, api=False, examples=("trackingmore-v2 config use work",), name="use")
@click.argument("name")
def use(session: Session, *, name: str) -> None:
    """Use a profile in all commands without --profile."""
    from trackingmore_v2_cli._profiles.changes import use_profile  # noqa: PLC0415 - slow to import

    found = use_profile(name)
    session.out.note(f"Profile {name} is in use: key {found.account}, for {found.server}.")
    for variable in (_variables.KEY, _variables.PROFILE):
        if os.environ.get(variable):
            session.out.note(f"The variable {variable} is set, and has precedence.")


for _each in (show, list_profiles, use):
    config.add_command(_each)
