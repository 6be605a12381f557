"""The command `trackingmore-v2 webhook listen`."""

import os
import signal
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final, cast

import click

from trackingmore_v2_cli import _variables
from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._failures import print_error
from trackingmore_v2_cli._output.columns import Column
from trackingmore_v2_cli._sandbox.control import open_admin
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._webhook.options import checked_url, setting

if TYPE_CHECKING:
    from trackingmore_v2_cli._sandbox.admin import Admin
    from trackingmore_v2_cli._webhook.receiver import Arrival, Receiver
    from trackingmore_v2_cli._webhook.sending import Forwarder
    from trackingmore_v2_cli._webhook.server import WebhookServer

SHAPE: Final = "webhook_event/1"
COLUMNS: Final = (
    *(Column("received_at"), Column("status"), Column("carrier_code"), Column("tracking_number")),
    *(Column("signed_with"), Column("repetition"), Column("last_event_text"), Column("error")),
)
_EXAMPLES: Final = (
    "trackingmore-v2 webhook listen",
    "trackingmore-v2 webhook listen --register",
    "trackingmore-v2 webhook listen --email user@example.com --keep received",
    "trackingmore-v2 webhook listen --forward http://localhost:8000/webhooks",
    "trackingmore-v2 webhook listen --json --count 1",
)


@command(api=False, examples=_EXAMPLES)
@setting("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@setting(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    default=8643,
    show_default=True,
    help="Port to listen on; 0 selects a free port.",
)
@setting(
    "--email",
    metavar="ADDRESS",
    multiple=True,
    help="Reject webhooks whose time is not signed with this address of the account, in the same"
    " case. May be given multiple times. Default: signatures are not checked.",
)
@click.option(
    "--forward",
    metavar="URL",
    callback=checked_url,
    help="Send each request to this URL as well, unchanged. The sender does not wait for it.",
)
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep each request in a file of this folder, for `replay`. They have personal data.",
)
@click.option(
    "--register",
    is_flag=True,
    help="Receive the webhooks of the sandbox that runs, and check its signatures.",
)
@click.option(
    "--count", type=click.IntRange(1), metavar="COUNT", help="End after this many requests."
)
def listen(  # noqa: PLR0913 - each is an option
    session: Session,
    *,
    host: str,
    port: int,
    email: tuple[str, ...],
    forward: str | None,
    keep: Path | None,
    register: bool,
    count: int | None,
) -> None:
    """
    Receive webhooks, and print them as they arrive.

    Each request is printed: valid, rejected or a duplicate. The response is 200, or 400 or 401 for
    a body that is malformed or has an invalid signature. Ctrl-C ends it.

    By default it can be reached from this machine only, by a sandbox for example. The live API
    needs a public https:// URL that leads here, such as that of a tunnel.
    """
    if session.out.is_terminal and session.out.fields:
        raise click.UsageError("--fields needs --json or a pipe; a terminal shows whole events")
    from trackingmore_v2_cli._webhook.addresses import url_of  # noqa: PLC0415 - slow to import
    from trackingmore_v2_cli._webhook.receiver import Receiver  # noqa: PLC0415
    from trackingmore_v2_cli._webhook.server import WebhookServer  # noqa: PLC0415

    with ExitStack() as closing:
        admin = closing.enter_context(_sandbox(session)) if register else None
        emails = email or ((admin.get("/account")["email"],) if admin else ())
        forwarder = _forwarder(session, forward, closing) if forward else None
        receiver = Receiver(emails, keep, forwarder.put if forwarder else None)
        interrupted = closing.enter_context(_stopped_by_ctrl_c(receiver))
        server = closing.enter_context(WebhookServer(host, port, receiver.receive))
        if admin:
            closing.enter_context(_registered(admin, url_of(*server.address)))
        _introduce(session, server.address, emails, admin)
        arrivals = islice(_arrivals(receiver, server), count)
        _print(session, arrivals, is_checked=bool(emails))
        if interrupted.is_set():
            raise click.exceptions.Exit(ExitStatus.INTERRUPTED)


def _sandbox(session: Session) -> "Admin":

    return open_admin(session, os.environ.get(_variables.SANDBOX_URL), None)


def _forwarder(session: Session, url: str, closing: ExitStack) -> "Forwarder":
    from trackingmore_v2_cli._webhook.sending import Forwarder, Sender  # noqa: PLC0415 - slow to import

    send = closing.enter_context(Sender(url))
    # `--quiet` does not hide what the receiver did not get.
    return closing.enter_context(Forwarder(send, session.out.note, print_error))


@contextmanager
def _stopped_by_ctrl_c(receiver: "Receiver") -> Generator[Event]:
    """Stop the receiver at Ctrl-C, and yield an event that is set by it."""
    interrupted = Event()

    def stop(*_signal: object) -> None:
        signal.signal(signal.SIGINT, before)  # A second Ctrl-C waits for nothing.
        interrupted.set()
        receiver.stop()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _registered(admin: "Admin", url: str) -> Generator[None]:
    """Send the webhooks of a sandbox to a URL."""
    target = admin.send("POST", "/webhooks", {"url": url})
    try:
        yield
    finally:
        with suppress(CommandError):  # The sandbox has ended.
            admin.send("DELETE", f"/webhooks/{target['id']}")


def _arrivals(receiver: "Receiver", server: "WebhookServer") -> Iterator["Arrival"]:
    """Yield what is received until the receiver is stopped, with the requests that had begun."""
    yield from receiver.arrivals()
    server.close()
    receiver.stop()
    yield from receiver.arrivals()


def _introduce(
    session: Session, address: tuple[str, int], emails: Sequence[str], admin: "Admin | None"
) -> None:
    """Print where the server can be reached, and what a signature is worth."""
    from trackingmore_v2_cli._webhook.addresses import own_addresses, reach_of, url_of  # noqa: PLC0415 - slow to import

    url, note = url_of(*address), session.out.note
    reach = reach_of(*address, own_addresses())
    note(f"Receiving webhooks on {url}, {reach}.")
    if admin:
        note(f"Sandbox: {admin.sandbox.base_url} sends its webhooks here.")
    else:
        note("Sandbox: add --register to receive the webhooks of one that runs.")
        note("Live API: set a public https:// URL that leads here, such as that of a tunnel:")
        note(f"          cloudflared tunnel --url {url.rstrip('/')}")
    checked = f"checked with {', '.join(emails)}" if emails else "not checked (no --email)"
    note(f"Signature: {checked}; covers time and address, not the body.")
    note("Ctrl-C ends this.")


def _print(session: Session, arrivals: Iterable["Arrival"], *, is_checked: bool) -> None:
    """Print arrivals as they come."""
    from trackingmore_v2_cli._webhook.receiver import Recorder  # noqa: PLC0415 - slow to import

    records = map(Recorder().record, arrivals)
    if not session.out.is_terminal:
        # A reader gets each event at once.
        cast("TextIOWrapper", sys.stdout).reconfigure(line_buffering=True)
        session.out.records(SHAPE, records, COLUMNS, empty="No webhooks were received.")
        return
    from trackingmore_v2_cli._webhook.live import Printer  # noqa: PLC0415 - imports rich

    printer = Printer(session.out, is_checked=is_checked)
    for record in records:
        printer.print(record)
