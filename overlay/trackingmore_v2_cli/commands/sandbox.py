"""The command `trackingmore-v2 sandbox`, whose subcommands control a running sandbox."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from pathlib import Path
from types import ModuleType

import click
from click.core import ParameterSource

from trackingmore_v2_cli import _variables, read_version
from trackingmore_v2_cli._command import Group
from trackingmore_v2_cli._errors import CommandError, MissingExtra
from trackingmore_v2_cli._options import from_environment, option_of, overridden
from trackingmore_v2_cli._sandbox.control import SUBCOMMANDS
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._times import Time

_EXAMPLES = (
    "trackingmore-v2 sandbox",
    "trackingmore-v2 sandbox --freeze-at 2026-03-01T12:00Z --quiet",
)

setting = partial(option_of(_variables.SANDBOX_PREFIX), show_default=True)


@click.group(
    cls=Group,
    invoke_without_command=True,
    commands=SUBCOMMANDS,
    subcommand_metavar="[COMMAND [ARGS]...]",
    examples=_EXAMPLES,
)
@setting("--host", default="127.0.0.1", help="Address to listen on.")
@setting(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    default=8642,
    help="Port to listen on; 0 selects a free port.",
)
@setting(
    "--database",
    help="SQLite file or postgresql:// URL that stores the state. Default: memory only.",
)
@setting("--memory", is_flag=True, help="Keep state in memory only (default).")
@setting(
    "--workers",
    type=click.IntRange(1, 64),
    metavar="COUNT",
    default=1,
    help="Number of server processes; more than one requires a postgresql:// database.",
)
@setting(
    "--seed",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="JSON file of initial trackings, in the format of POST /_sandbox/seed.",
)
@setting(
    "--carriers",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="JSON file with a response of GET /carriers, whose carriers replace the built-in ones.",
)
@setting(
    "--quota",
    type=click.IntRange(0, 2**31),
    metavar="COUNT",
    default=1_000_000,
    help="Number of trackings that each account may create.",
)
@setting(
    "--rate-limit", is_flag=True, help="Enforce the API's rate limits, with a two-minute lockout."
)
@setting(
    "--speed",
    type=click.FloatRange(0, 1_000_000),
    metavar="FACTOR",
    default=1.0,
    help="Clock speed multiplier.",
)
@setting(
    "--freeze-at",
    type=Time(),
    help="Freeze the clock at this time, such as 2026-03-01T12:00Z.",
)
@setting("--strict", is_flag=True, help="Reject requests that violate the contract.")
@setting(
    "--webhook-targets",
    metavar="HOST",
    multiple=True,
    help="Additional host, address or network that webhooks may be sent to; * allows all public"
    " addresses. May be given multiple times.",
)
@setting(
    "--allow-host",
    metavar="NAME",
    multiple=True,
    help="Additional host name that requests may use. May be given multiple times.",
)
@setting(
    "--cors-origin",
    metavar="ORIGIN",
    multiple=True,
    help="Origin of web pages that may call the API from a browser, such as http://localhost:5173."
    " May be given multiple times. Default: none.",
)
@setting("--admin-token", help="Token required for requests under /_sandbox. Default: random.")
@setting(
    "--log-size",
    type=click.IntRange(1, 100_000),
    metavar="COUNT",
    default=500,
    help="Number of requests kept in the log of each account.",
)
@setting("--quiet", is_flag=True, help="Do not print a line for each request.")
@click.pass_context
def sandbox(  # noqa: PLR0913 - each is an option
    context: click.Context,
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
    cors_origin: tuple[str, ...],
    admin_token: str | None,
    log_size: int,
    quiet: bool,
) -> None:
    """
    Run and control the sandbox, an offline copy of the API.

    Without a command, it runs the sandbox in the foreground until interrupted. Paste the lines
    with "export" that it prints into another terminal, whose commands then use it. The commands
    below control a sandbox that runs, which they find by themselves if it is one of the same user.

    A tracking has a made-up course, unless its number names one: ups:SANDBOX-DELIVERED is
    delivered, ups:SANDBOX-TRANSIT-2D-DELIVERED two days later, by the clock that "advance" moves.
    A label at the end makes further ones, such as ups:SANDBOX-DELIVERED_2.

    Each option can also be set by its environment variable; the command line has precedence.
    Variables of options that may be given multiple times separate values by spaces.
    """
    if context.invoked_subcommand:
        _reject_options(context)
        return
    package = _import_sandbox()
    try:
        at, rate = _time(context, freeze_at, speed)
        settings = package.Settings(
            quota=quota,
            rate_limited=rate_limit,
            strict=strict,
            allowed_hosts=frozenset(allow_host),
            cors_origins=frozenset(cors_origin),
            webhook_hosts=frozenset(webhook_targets),
            log_exchanges=log_size,
            default_clock=package.start_clock(at=at, speed=rate) if at or rate != 1 else None,
        )
        with _registered() as on_ready:
            package.serve(
                on_ready=on_ready,
                host=host,
                port=port,
                database=_database(context, database, memory=memory),
                settings=settings,
                admin_token=admin_token,
                workers=workers,
                seed=seed,
                carriers=carriers,
                log_requests=not quiet,
            )
    except (package.SandboxError, ValueError) as error:
        raise CommandError(str(error) + from_environment(context), ExitStatus.USAGE) from None


def _reject_options(context: click.Context) -> None:
    """Raise an error if options of the sandbox's start precede a command."""
    for option in context.command.params:
        if context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE:
            raise click.UsageError(
                f"{option.opts[0]} starts a sandbox, and {context.invoked_subcommand} controls one "
                "that runs; leave one of them out",
                context,
            )


def _import_sandbox() -> ModuleType:
    try:
        import trackingmore_v2_sandbox  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as missing:
        raise MissingExtra(missing, "sandbox") from None
    return trackingmore_v2_sandbox


def _registered() -> AbstractContextManager[Callable[[str, str], None]]:
    from trackingmore_v2_cli._sandbox.registry import registered  # noqa: PLC0415 - slow to import

    return registered(read_version())


def _database(context: click.Context, database: str | None, *, memory: bool) -> str | None:
    """Return the database to open; of options that contradict, the command line's holds."""
    if not (memory and database):
        return database
    return None if overridden(context, "memory", "database") == "database" else database


def _time(
    context: click.Context, freeze_at: datetime | None, speed: float
) -> tuple[datetime | None, float]:
    """Return when the clock begins, or None for now, and its speed."""
    if freeze_at is None:
        return None, speed
    if context.get_parameter_source("speed") is ParameterSource.DEFAULT:
        return freeze_at, 0
    is_running = overridden(context, "freeze_at", "speed") == "freeze_at"
    return (None, speed) if is_running else (freeze_at, 0)
