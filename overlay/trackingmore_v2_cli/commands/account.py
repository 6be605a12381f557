"""The command `trackingmore-v2 account`."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._session import Session

_LABELS: Final = {
    "account": "API key",
    "key_source": "key from",
    "server": "server",
    "email": "e-mail",
    "registered_at": "registered",
    "balance": "balance",
    "quota_left": "trackings left",
}

_DIGITS: Final = 18
"""Maximum length of an integer."""

_EXAMPLES: Final = (
    "trackingmore-v2 account",
    "trackingmore-v2 account --json --fields quota_left",
)


@command(examples=_EXAMPLES, name="account")
def account(session: Session) -> None:
    """
    Show the account and the quota that is left.

    The key is masked, and so is the e-mail address, which is also the secret of the signature of
    webhooks. The API reports no more of the plan than the number of trackings that are left.
    """
    credentials = session.credentials
    found = session.client.account.get()
    record = {
        "account": credentials.account,
        "key_source": credentials.source,
        "server": credentials.base_url,
        "email": mask_address(found.email),
        "registered_at": time_of(found.regtime),
        "balance": found.money,
        "quota_left": _integer(found.track_number),
    }
    session.out.record("account/1", record, _LABELS)


def mask_address(email: str) -> str:
    """Return an address with its first character and its domain only."""
    name, at, domain = email.partition("@")
    return f"{name[:1]}***{at}{domain}"


def time_of(seconds: str | int | None) -> datetime | None:
    """Return the time of a timestamp, also of one in a string; None for another value."""
    number = _integer(seconds)
    with suppress(OverflowError, ValueError, OSError):  # no year of the calendar
        return datetime.fromtimestamp(number, UTC) if number else None
    return None


def _integer(value: str | int | None) -> int | None:
    """Return an integer, which the API may write as a string."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None
