"""The commands."""

from datetime import UTC, datetime
from pathlib import Path
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


def _read_moment(text: str) -> datetime:
    """Read a time, which is meant in UTC where it has no zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter("write a time like 2026-03-01T12:00:00Z") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@app.command()
def sandbox(  # noqa: PLR0913 - all that can be said when a sandbox starts
    *,
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
    memory: Annotated[
        bool, typer.Option("--memory", help="Keep the state in memory, and nothing of it.")
    ] = False,
    workers: Annotated[
        int, typer.Option(help="Processes that answer; several need PostgreSQL.", min=1, max=64)
    ] = 1,
    seed: Annotated[
        Path | None,
        typer.Option(
            help="JSON file with parcels to begin with, as POST /_sandbox/seed takes them."
        ),
    ] = None,
    quota: Annotated[
        int, typer.Option(help="Trackings that each account may create.", min=0, max=2**31)
    ] = 1_000_000,
    rate_limit: Annotated[
        bool, typer.Option(help="Hold the API's rate limits, with a lock-out of two minutes.")
    ] = False,
    speed: Annotated[
        float, typer.Option(help="Let time pass so many times as fast.", min=0, max=1_000_000)
    ] = 1.0,
    freeze_at: Annotated[
        datetime | None,
        typer.Option(
            parser=_read_moment, metavar="TIME", help="Let time stand still at 2026-03-01T12:00Z."
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse what breaks the contract, with 4012.")
    ] = False,
    webhook_targets: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HOST",
            help="Send webhooks there too: a host, an address, a network, or * for all that is"
            " public. May be given several times.",
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A name of this machine by which the sandbox may be called. May be given several"
            " times.",
        ),
    ] = None,
    control_token: Annotated[
        str | None,
        typer.Option(help="What requests under /_sandbox must say. Default: a random one."),
    ] = None,
    log_size: Annotated[
        int, typer.Option(help="Exchanges that are kept of each account.", min=1, max=100_000)
    ] = 500,
) -> None:
    """Run the sandbox in the foreground until it is interrupted."""
    if memory and database:
        raise typer.BadParameter("--memory and --database exclude each other")
    try:
        from trackingmore_v2_sandbox import (  # noqa: PLC0415 - an extra
            SandboxError,
            Settings,
            serve,
            start_clock,
        )
    except ModuleNotFoundError as missing:
        typer.echo(
            f"trackingmore-v2: {missing.name} is not installed; "
            "run: python3 -m pip install 'trackingmore-v2[sandbox]'",
            err=True,
        )
        raise typer.Exit(2) from None
    try:
        clock = start_clock(at=freeze_at, speed=0 if freeze_at else speed)
        settings = Settings(
            quota=quota,
            rate_limited=rate_limit,
            strict=strict,
            allowed_hosts=frozenset(allow_host or ()),
            webhook_hosts=frozenset(webhook_targets or ()),
            log_exchanges=log_size,
            usual_clock=clock if freeze_at or speed != 1 else None,
        )
        serve(
            host=host,
            port=port,
            database=database,
            settings=settings,
            control_token=control_token,
            workers=workers,
            seed=seed,
        )
    except (SandboxError, ValueError) as error:
        typer.echo(f"trackingmore-v2: {error}", err=True)
        raise typer.Exit(2) from None
