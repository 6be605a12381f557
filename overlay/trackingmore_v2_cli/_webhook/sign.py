"""The command `trackingmore-v2 webhook sign`."""

from datetime import UTC, datetime
from typing import BinaryIO, Final

import click

from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._options import STATUS
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._times import Time
from trackingmore_v2_cli._webhook.options import setting

_EXAMPLES: Final = (
    "trackingmore-v2 webhook sign --email user@example.com",
    "trackingmore-v2 webhook sign --email user@example.com --example delivered",
    "trackingmore-v2 webhook sign --email user@example.com webhook.json",
)


@command(api=False, examples=_EXAMPLES)
@click.argument("file", type=click.File("rb"), required=False)
@setting("--email", metavar="ADDRESS", required=True, help="Address of the account, to sign with.")
@click.option(
    "--time",
    type=Time(),
    help="When the webhook is sent, such as 2026-03-01T12:00Z. Default: now.",
)
@click.option("--example", metavar="STATUS", type=STATUS, help="Print a whole body of this status.")
def sign(
    session: Session,
    *,
    file: BinaryIO | None,
    email: str,
    time: datetime | None,
    example: str | None,
) -> None:
    """
    Sign a webhook, to test a receiver.

    Version 2 has no header with a signature: it is in the field `verifyInfo` of the body, and
    covers the time only. Without FILE and --example, that field's values are printed. With FILE, a
    JSON body, or - for standard input, a copy of it is printed with the new signature.

    To send an example to a receiver, pipe it into: curl -d @- http://localhost:8000/webhooks
    """
    if file and example:
        raise click.UsageError("--example excludes FILE")
    from trackingmore_v2 import webhooks  # noqa: PLC0415 - slow to import
    from trackingmore_v2_cli._webhook.signing import resign  # noqa: PLC0415

    moment = time or datetime.now(UTC)
    seconds = int(moment.timestamp())
    if example:
        session.out.document(webhooks.example(example, account_email=email, sent_at=moment))
    elif file:
        try:
            session.out.document(resign(file.read(), email, seconds))
        except ValueError as error:
            raise CommandError(f"cannot sign FILE: {error}", ExitStatus.USAGE) from error
    else:
        record = {"timeStr": seconds, "signature": webhooks.sign(email, seconds)}
        session.out.record("webhook_signature/1", record, {"timeStr": "timeStr", "signature": ""})
