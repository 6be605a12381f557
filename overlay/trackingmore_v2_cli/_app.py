"""The command group."""

import click

from trackingmore_v2_cli.commands.sandbox import sandbox


@click.group()
@click.version_option(package_name="trackingmore-v2", message="%(version)s")
def app() -> None:
    """Tools for the TrackingMore API, version 2."""


app.add_command(sandbox)
