"""The command `trackingmore-v2 logout`."""

import os
from typing import TYPE_CHECKING, Final

import click

from trackingmore_v2_cli import _variables
from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._session import Session

if TYPE_CHECKING:
    from trackingmore_v2_cli._profiles.settings import Settings

_EXAMPLES: Final = ("trackingmore-v2 logout", "trackingmore-v2 logout --profile work")


@command(records=False, api=False, examples=_EXAMPLES, name="logout")
@click.option(
    "--profile", "name", metavar="NAME", help="Name of the profile. Default: that in use."
)
def logout(session: Session, *, name: str | None) -> None:
    """
    Remove a stored API key.

    The profile is removed as well. The account and its trackings stay as they are.
    """
    from trackingmore_v2_cli._profiles.changes import remove_profile  # noqa: PLC0415 - slow to import
    from trackingmore_v2_cli._profiles.key_stores import STORES  # noqa: PLC0415
    from trackingmore_v2_cli._profiles.settings import read_settings  # noqa: PLC0415

    name, profile = remove_profile(name)
    place = STORES[profile.store].place
    session.out.note(f"Removed the key {profile.account} of profile {name} from {place}.")
    if os.environ.get(_variables.KEY):
        session.out.note(f"The variable {_variables.KEY} is still set, and in force.")
    elif text := _remaining(read_settings()):
        session.out.note(text)


def _remaining(settings: "Settings") -> str:
    """Return what later commands use; empty if no profile is left."""
    name = settings.current_profile
    if profile := settings.profiles.get(name):
        return f"Profile {name} is in use: key {profile.account}, for {profile.server}."
    names = ", ".join(sorted(settings.profiles))
    return names and f"No profile is in use; run: trackingmore-v2 config use NAME, one of: {names}"
