"""The file that holds how far an incremental export has come."""

from pathlib import Path

from msgspec import MsgspecError, Struct, json

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._files import replacing
from trackingmore_v2_cli._statuses import ExitStatus


class State(Struct, frozen=True, forbid_unknown_fields=True):
    """How far an export of an account has come."""

    account: str
    """The masked key and the server. Changes of another account before would be missed."""

    cursor: str
    """The cursor of `trackings.changes()`."""


def load_cursor(path: Path, account: str) -> str | None:
    """
    Return the cursor of the last export; None before the first one.

    Raises:
        CommandError: The file is not the state of an export, or belongs to another account.
    """
    try:
        state = json.decode(path.read_bytes(), type=State)
    except FileNotFoundError:
        return None
    except MsgspecError:
        raise CommandError(
            f"{path} is not the state of an export; pass another file, or delete it to export "
            "everything again",
            ExitStatus.USAGE,
        ) from None
    if state.account != account:
        raise CommandError(
            f"{path} is the state of account {state.account}, not of {account}; pass another "
            "file, or delete it to export everything again",
            ExitStatus.USAGE,
        )
    return state.cursor


def save_cursor(path: Path, account: str, cursor: str) -> None:
    """Replace the file."""
    with replacing(path) as partial:
        partial.write_bytes(json.encode(State(account, cursor)))
