"""The command `trackingmore-v2 sandbox`."""

from datetime import datetime
from pathlib import Path

import click

from trackingmore_v2_cli._options import parse_time
from trackingmore_v2_cli._output import failure


@click.command(context_settings={"show_default": True})
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8642,
    help="Port to listen on; 0 selects a free port.",
)
@click.option(
    "--database",
    help="SQLite file or postgresql:// URL that stores the state. Default: memory only.",
)
@click.option("--memory", is_flag=True, help="Keep state in memory only (default).")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    help="Number of server processes; more than one requires a postgresql:// database.",
)
@click.option(
    "--seed",
    type=click.Path(path_type=Path),
    help="JSON file of initial trackings, in the format of POST /_sandbox/seed.",
)
@click.option(
    "--carriers",
    type=click.Path(path_type=Path),
    help="JSON file with a response of GET /carriers, whose carriers replace the built-in ones.",
)
@click.option(
    "--quota",
    type=click.IntRange(0, 2**31),
    default=1_000_000,
    help="Number of trackings that each account may create.",
)
@click.option(
    "--rate-limit", is_flag=True, help="Enforce the API's rate limits, with a two-minute lockout."
)
@click.option(
    "--speed",
    type=click.FloatRange(0, 1_000_000),
    default=1.0,
    help="Clock speed multiplier.",
)
@click.option(
    "--freeze-at",
    metavar="TIME",
    callback=parse_time,
    help="Freeze the clock at an ISO 8601 time, such as 2026-03-01T12:00Z.",
)
@click.option(
    "--strict", is_flag=True, help="Reject requests that violate the contract, with code 4012."
)
@click.option(
    "--webhook-targets",
    metavar="HOST",
    multiple=True,
    help="Additional host, address or network that webhooks may be sent to; * allows all public"
    " addresses. May be given multiple times.",
)
@click.option(
    "--allow-host",
    metavar="NAME",
    multiple=True,
    help="Additional host name that requests may use. May be given multiple times.",
)
@click.option("--admin-token", help="Token required for requests under /_sandbox. Default: random.")
@click.option(
    "--log-size",
    type=click.IntRange(1, 100_000),
    default=500,
    help="Number of requests kept in the log of each account.",
)
def sandbox(  # noqa: PLR0913 - each is an option
    *,
    host: str,
    port: int,
    database: str | None,
    memory: bool,
    workers: int,
    seed: Path | None,
    carriers: Path | None,
    quota: int,
    rate_limit: bool,
    speed: float,
    freeze_at: datetime | None,
    strict: bool,
    webhook_targets: tuple[str, ...],
    allow_host: tuple[str, ...],
    admin_token: str | None,
    log_size: int,
) -> None:
    """Run the sandbox in the foreground until interrupted."""
    if memory and database:
        raise click.UsageError("--memory and --database are mutually exclusive")
    try:
        from trackingmore_v2_sandbox import SandboxError, Settings, serve, start_clock  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as missing:
        raise failure(
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
            admin_token=admin_token,
            workers=workers,
            seed=seed,
            carriers=carriers,
        )
    except (SandboxError, ValueError) as error:
        raise failure(str(error)) from None
