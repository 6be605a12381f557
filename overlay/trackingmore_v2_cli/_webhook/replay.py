"""The command `trackingmore-v2 webhook replay`."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._output.columns import Column
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._webhook.options import checked_url, setting

if TYPE_CHECKING:
    from trackingmore_v2_cli._webhook.requests import WebhookRequest
    from trackingmore_v2_cli._webhook.sending import Sender, Sent

_COLUMNS: Final = (
    *(Column("status", is_number=True), Column("seconds", is_number=True)),
    *(Column("error"), Column("file")),
)
_EXAMPLES: Final = (
    "trackingmore-v2 webhook replay received --to http://localhost:8000/webhooks",
    (
        "trackingmore-v2 webhook replay received --to http://localhost:8000/webhooks"
        " --resign --email user@example.com"
    ),
)


@command(api=False, examples=_EXAMPLES)
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
)
@click.option(
    "--to", metavar="URL", required=True, callback=checked_url, help="URL of the receiver."
)
@click.option("--resign", is_flag=True, help="Sign each body for the present time, with --email.")
@setting("--email", metavar="ADDRESS", help="Address of the account, to sign with.")
def replay(
    session: Session, *, files: tuple[Path, ...], to: str, resign: bool, email: str | None
) -> None:
    """
    Send webhooks that `listen --keep` has kept.

    FILE is a file, or a folder of them. They are sent one after the other, oldest first, with the
    headers and the body as they came; a receiver may reject them as too old without --resign.
    """
    if resign and not email:
        raise click.UsageError("--resign needs --email")
    from trackingmore_v2_cli._webhook.sending import Sender  # noqa: PLC0415 - slow to import

    results: list[int | None] = []
    with Sender(to) as send:
        sent = _replay(_kept(files), send, email if resign else None, results)
        session.out.records("webhook_replay/1", sent, _COLUMNS, empty="No webhooks are kept there.")
    if (status := _status(results)) is not ExitStatus.SUCCESS:
        raise click.exceptions.Exit(status)


def _kept(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield files, and those in folders; their names begin with the time."""
    from trackingmore_v2_cli._webhook.requests import SUFFIX  # noqa: PLC0415 - slow to import

    for path in paths:
        if path.is_dir():
            yield from sorted(path.glob(f"*{SUFFIX}"))
        else:
            yield path


def _replay(
    files: Iterable[Path], send: "Sender", email: str | None, results: list[int | None]
) -> Iterator[dict[str, object]]:
    """Send the requests of files, yield their records, and collect the statuses of responses."""
    for file in files:
        sent = _send(file, send, email)
        results.append(sent.status)
        yield {"file": str(file), **sent._asdict(), "seconds": round(sent.seconds, 3)}


def _send(file: Path, send: "Sender", email: str | None) -> "Sent":
    from trackingmore_v2_cli._webhook.sending import Sent  # noqa: PLC0415 - slow to import

    try:
        return send(_read(file, email))
    except (OSError, ValueError) as error:
        return Sent(None, f"not sent: {error}", 0.0)


def _read(file: Path, email: str | None) -> "WebhookRequest":
    """Return the request of a file, signed anew if an address is given."""
    from msgspec.structs import replace  # noqa: PLC0415 - slow to import

    from trackingmore_v2_cli._webhook.requests import from_message  # noqa: PLC0415
    from trackingmore_v2_cli._webhook.signing import resign  # noqa: PLC0415

    request = from_message(file.read_bytes())
    if email is None:
        return request
    return replace(request, body=resign(request.body, email, int(time.time())))


def _status(results: Iterable[int | None]) -> ExitStatus:
    """Return the exit status for the statuses of responses; None stands for no response."""
    results = list(results)
    accepted = [status for status in results if status and status // 100 == 2]  # noqa: PLR2004 - HTTP's class of success
    if len(accepted) == len(results):
        return ExitStatus.SUCCESS
    if accepted:
        return ExitStatus.PARTIAL
    return ExitStatus.REJECTED if any(results) else ExitStatus.TRANSPORT
