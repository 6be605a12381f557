"""The commands."""

from datetime import UTC, datetime
from pathlib import Path

import click


def _read_moment(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> datetime | None:
    """Read a time, which is meant in UTC where it has no zone."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter("write a time like 2026-03-01T12:00:00Z") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@click.group()
@click.version_option(package_name="trackingmore-v2", message="%(version)s")
def app() -> None:
    """Tools for the TrackingMore API, version 2."""


@app.command(context_settings={"show_default": True})
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8642,
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--database",
    help="What keeps the state: an SQLite file, or a postgresql:// URL. Default: memory.",
)
@click.option("--memory", is_flag=True, help="Keep the state in memory, and nothing of it.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    help="Processes that answer; several need PostgreSQL.",
)
@click.option(
    "--seed",
    type=click.Path(path_type=Path),
    help="JSON file with parcels to begin with, as POST /_sandbox/seed takes them.",
)
@click.option(
    "--quota",
    type=click.IntRange(0, 2**31),
    default=1_000_000,
    help="Trackings that each account may create.",
)
@click.option(
    "--rate-limit", is_flag=True, help="Hold the API's rate limits, with a lock-out of two minutes."
)
@click.option(
    "--speed",
    type=click.FloatRange(0, 1_000_000),
    default=1.0,
    help="Let time pass so many times as fast.",
)
@click.option(
    "--freeze-at",
    metavar="TIME",
    callback=_read_moment,
    help="Let time stand still at 2026-03-01T12:00Z.",
)
@click.option("--strict", is_flag=True, help="Refuse what breaks the contract, with 4012.")
@click.option(
    "--webhook-targets",
    metavar="HOST",
    multiple=True,
    help="Send webhooks there too: a host, an address, a network, or * for all that is public."
    " May be given several times.",
)
@click.option(
    "--allow-host",
    metavar="NAME",
    multiple=True,
    help="A name of this machine by which the sandbox may be called. May be given several times.",
)
@click.option(
    "--control-token", help="What requests under /_sandbox must say. Default: a random one."
)
@click.option(
    "--log-size",
    type=click.IntRange(1, 100_000),
    default=500,
    help="Exchanges that are kept of each account.",
)
def sandbox(  # noqa: PLR0913 - all that can be said when a sandbox starts
    *,
    host: str,
    port: int,
    database: str | None,
    memory: bool,
    workers: int,
    seed: Path | None,
    quota: int,
    rate_limit: bool,
    speed: float,
    freeze_at: datetime | None,
    strict: bool,
    webhook_targets: tuple[str, ...],
    allow_host: tuple[str, ...],
    control_token: str | None,
    log_size: int,
) -> None:
    """Run the sandbox in the foreground until it is interrupted."""
    if memory and database:
        raise click.UsageError("--memory and --database exclude each other")
    try:
        from trackingmore_v2_sandbox import SandboxError, Settings, serve, start_clock  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as missing:
        raise _failure(
            f"{missing.name} is not installed; "
            "run: python3 -m pip install 'trackingmore-v2[sandbox]'"
        ) from None
    try:
        clock = start_clock(at=freeze_at, speed=0 if freeze_at else speed)
        settings = Settings(
            quota=quota,
            rate_limited=rate_limit,
            strict=strict,
            allowed_hosts=frozenset(allow_host),
            webhook_hosts=frozenset(webhook_targets),
            log_exchanges=log_size,
            default_clock=clock if freeze_at or speed != 1 else None,
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
        raise _failure(str(error)) from None


def _failure(message: str) -> click.exceptions.Exit:
    """Say in one line what keeps a command from running."""
    click.echo(f"trackingmore-v2: {message}", err=True)
    return click.exceptions.Exit(2)
