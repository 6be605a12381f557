"""The commands."""

from typing import Annotated

import typer

from trackingmore_v2._version import __version__

app = typer.Typer(
    name="trackingmore-v2",
    help="Tools for the TrackingMore API, version 2.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer passes the flag by position
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Tools for the TrackingMore API, version 2."""


@app.command()
def sandbox(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)
    ] = 8642,
    database: Annotated[
        str | None,
        typer.Option(
            help="What keeps the state: an SQLite file, or a postgresql:// URL. Default: memory."
        ),
    ] = None,
) -> None:
    """Run the sandbox in the foreground until it is interrupted."""
    try:
        from trackingmore_v2_sandbox import SandboxError, serve  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as missing:
        typer.echo(
            f"trackingmore-v2: {missing.name} is not installed; "
            "run: python3 -m pip install 'trackingmore-v2[sandbox]'",
            err=True,
        )
        raise typer.Exit(2) from None
    try:
        serve(host=host, port=port, database=database)
    except SandboxError as error:
        typer.echo(f"trackingmore-v2: {error}", err=True)
        raise typer.Exit(2) from None
