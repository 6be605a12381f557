"""The command `trackingmore-v2 logout`."""

import os
from typing import Final

import click

from trackingmore_v2_cli import _variables
from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._session import Session

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

    name, profile = remove_profile(name)
    place = STORES[profile.store].place
    session.out.note(f"Removed the key {profile.account} of profile {name} from {place}.")
    if os.environ.get(_variables.KEY):
        session.out.note(f"The variable {_variables.KEY} is still set, and in force.")
