"""The subcommands of `trackingmore-v2 sandbox`, which control a running sandbox."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import click

from trackingmore_v2_cli import _variables
from trackingmore_v2_cli._command import Command, Function, command, yes_option
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._options import option_of
from trackingmore_v2_cli._output.columns import Column
from trackingmore_v2_cli._questions import ask
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._times import Duration, Time

if TYPE_CHECKING:
    from trackingmore_v2_cli._sandbox.admin import Admin

_setting: Final = option_of(_variables.SANDBOX_PREFIX)
_FAULT_COLUMNS: Final = (
    Column("operation"),
    Column("instruction"),
    Column("plan"),
    Column("probability"),
)
_STATUS_LABELS: Final = {
    "url": "",
    "version": "",
    "process": "",
    "accounts": "",
    "account": "",
    "email": "signs webhooks as",
    "now": "clock",
    "speed": "",
    "frozen": "",
    "next_change_at": "next change",
    "trackings": "",
    "quota_left": "",
    "faults": "planned faults",
    "targets": "webhook targets",
}


def open_admin(session: Session, url: str | None, token_file: Path | None) -> "Admin":
    """Return the admin API of the sandbox that the options name, or of the one that runs."""
    from trackingmore_v2_cli._sandbox.admin import Admin  # noqa: PLC0415 - slow to import
    from trackingmore_v2_cli._sandbox.target import api_key, find_sandbox  # noqa: PLC0415

    return Admin(find_sandbox(url, token_file), api_key(), session.out)


def _control(**attributes: Any) -> Callable[[Function], Command]:  # noqa: ANN401 - those of a command
    """Return a decorator for a subcommand, whose function gets the session and an `Admin`."""

    def decorate(function: Function) -> Command:
        @wraps(function)
        def run(
            session: Session,
            *,
            url: str | None,
            admin_token_file: Path | None,
            **values: Any,  # noqa: ANN401 - values of options
        ) -> None:
            with open_admin(session, url, admin_token_file) as admin:
                function(session, admin, **values)

        return command(api=False, **attributes)(_url_option(_token_option(run)))

    return decorate


_url_option: Final = _setting(
    "--url",
    metavar="URL",
    help="URL or port of the sandbox. Default: the one that runs.",
)
_token_option: Final = _setting(
    "--admin-token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the token of a sandbox that another user or machine runs. The variable"
    f" {_variables.SANDBOX_TOKEN} can have the token itself.",
)


@_control(examples=("trackingmore-v2 sandbox status", "trackingmore-v2 sandbox status --json"))
def status(session: Session, admin: "Admin") -> None:
    """Show the sandbox, its clock and its account."""
    record = _status(admin)
    # A person is not shown what is unknown or missing; a script gets the same lines each time.
    labels = {
        name: label
        for name, label in _STATUS_LABELS.items()
        if not session.out.is_terminal or record[name] not in (None, [])
    }
    session.out.record("sandbox/1", record, labels)


@_control(
    examples=("trackingmore-v2 sandbox advance 3h", "trackingmore-v2 sandbox advance 1d12h -q")
)
@click.argument("duration", type=Duration())
def advance(session: Session, admin: "Admin", *, duration: timedelta) -> None:
    """
    Advance the clock, and send due webhooks.

    It returns when the webhooks have been sent.

    DURATION is a number with a unit, such as 90s, 30m, 3h, 2d or 1w, or several: 1d12h.
    """
    body = {"seconds": duration.total_seconds()}
    _print_clock(session, admin.send("POST", "/clock/advance", body))


@_control(
    examples=(
        "trackingmore-v2 sandbox freeze",
        "trackingmore-v2 sandbox freeze --at 2030-03-01T12:00Z",
    )
)
@click.option(
    "--at",
    type=Time(),
    help="Set the clock to this time first. Back only while there are no trackings.",
)
def freeze(session: Session, admin: "Admin", *, at: datetime | None) -> None:
    """Stop the clock. `advance` moves it all the same."""
    body = {"frozen": True} | ({"now": at.isoformat()} if at else {})
    _print_clock(session, admin.send("PATCH", "/clock", body))


@_control(
    examples=("trackingmore-v2 sandbox resume", "trackingmore-v2 sandbox resume --speed 3600")
)
@click.option(
    "--speed",
    type=click.FloatRange(0, 1_000_000, min_open=True),
    metavar="FACTOR",
    default=1.0,
    show_default=True,
    help="Clock speed multiplier.",
)
def resume(session: Session, admin: "Admin", *, speed: float) -> None:
    """Start the clock again."""
    _print_clock(session, admin.send("PATCH", "/clock", {"speed": speed}))


@_control(
    examples=(
        "trackingmore-v2 sandbox faults createTracking=status=503 createTracking=lose-response",
        "trackingmore-v2 sandbox faults '*=delay=2'",
        "trackingmore-v2 sandbox faults '*=reset-after' --probability 0.2 --seed 7",
        "trackingmore-v2 sandbox faults",
        "trackingmore-v2 sandbox faults --clear",
    )
)
@click.argument("faults", metavar="[OPERATION=FAULT]...", nargs=-1)
@click.option("--clear", is_flag=True, help="Remove all planned faults.")
@click.option(
    "--plan",
    metavar="NAME",
    help="Only for requests with this name in the header X-Sandbox-Fault-Plan.",
)
@click.option(
    "--probability",
    type=click.FloatRange(0, 1),
    metavar="PROBABILITY",
    help="Inject one of the faults with this probability, and never use them up.",
)
@click.option(
    "--seed",
    type=int,
    metavar="NUMBER",
    default=0,
    show_default=True,
    help="Seed of the probability.",
)
def faults(  # noqa: PLR0913 - each is an option
    session: Session,
    admin: "Admin",
    *,
    faults: tuple[str, ...],
    clear: bool,
    plan: str | None,
    probability: float | None,
    seed: int,
) -> None:
    """
    Plan faults, or list the planned ones.

    They replace those of the same plan. Each request takes the next fault of its operation,
    or else of *. Operations are those of the contract, such as createTracking or listTrackings.

    Faults are pass, delay=SECONDS, status=STATUS, code=CODE, html, empty, truncated, not-json,
    wrong-type, missing-item, extra-field, reset-before, reset-after, lose-response, cut=SIZE,
    drip=SIZE/SECONDS, stall=SECONDS and garbage; docs/faults.md describes them.
    """
    if clear and faults:
        raise click.UsageError("--clear excludes faults")
    if clear:
        admin.send("DELETE", "/faults")
    elif faults:
        body = {"instructions": instructions_of(faults), "name": plan}
        chance = {"probability": probability, "seed": seed} if probability is not None else {}
        admin.send("PUT", "/faults", body | chance)
    rows = _fault_rows(admin)
    session.out.records("sandbox_fault/1", rows, _FAULT_COLUMNS, empty="No faults are planned.")


@_control(records=False, examples=("trackingmore-v2 sandbox seed trackings.json",))
@click.argument("file", type=click.File("rb"))
def seed(session: Session, admin: "Admin", *, file: BinaryIO) -> None:
    """
    Add the trackings of a JSON file.

    FILE is in the format of `trackingmore-v2 sandbox --seed`, {"trackings": [{"carrier_code":
    "ups", "tracking_number": "SANDBOX-PICKUP"}]}; - stands for standard input. Either all trackings
    are added, or none.
    """
    account = admin.send("POST", "/seed", file.read())
    session.out.note(f"Trackings in the account: {account['trackings']}.")


@_control(records=False, examples=("trackingmore-v2 sandbox reset --yes",))
@yes_option
def reset(session: Session, admin: "Admin", *, yes: bool) -> None:
    """
    Delete everything of the account.

    That is its trackings, faults, webhook targets, log and clock.
    """
    count = admin.get("/account")["trackings"]
    if not yes:
        ask(f"delete everything of the account, trackings: {count}", admin.account)
    admin.send("POST", "/reset")
    session.out.note(f"Deleted everything of the account, trackings: {count}.")


SUBCOMMANDS: Final = (status, advance, freeze, resume, faults, seed, reset)


def instructions_of(faults: tuple[str, ...]) -> dict[str, list[str]]:
    """
    Return the instructions of a fault plan by operation.

    Args:
        faults: Each is `OPERATION=FAULT`.

    Raises:
        CommandError: One is of another form.
    """
    found: dict[str, list[str]] = {}
    for text in faults:
        operation, separator, instruction = text.partition("=")
        if not (operation and separator and instruction):
            raise CommandError(
                f"{text!r} is no fault; expected OPERATION=FAULT, such as createTracking=code=4016",
                ExitStatus.USAGE,
            )
        found.setdefault(operation, []).append(instruction)
    return found


def _fault_rows(admin: "Admin") -> Iterator[dict[str, object]]:
    for plan in admin.get("/faults")["items"]:
        for operation, instructions in plan["instructions"].items():
            for instruction in instructions:
                yield {
                    "operation": operation,
                    "instruction": instruction,
                    "plan": plan["name"],
                    "probability": plan["probability"],
                }


def _status(admin: "Admin") -> dict[str, object]:
    account, clock = admin.get("/account"), admin.get("/clock")
    return {
        "url": admin.sandbox.base_url,
        "version": admin.sandbox.version,
        "process": admin.sandbox.process,
        "accounts": len(admin.get("/accounts")["items"]),
        "account": account["key"],
        "email": account["email"],
        **_clock(clock),
        "trackings": account["trackings"],
        "quota_left": account["left"],
        "faults": sum(1 for _ in _fault_rows(admin)),
        "targets": [target["url"] for target in admin.get("/webhooks")["items"]],
    }


def _clock(clock: dict[str, Any]) -> dict[str, object]:
    return {
        "now": clock["now"],
        "speed": clock["speed"],
        "frozen": clock["frozen"],
        "next_change_at": clock["next_at"],
    }


def _print_clock(session: Session, clock: dict[str, Any]) -> None:
    labels = {"now": "clock", "speed": "", "frozen": "", "next_change_at": "next change"}
    session.out.record("sandbox_clock/1", _clock(clock), labels)
