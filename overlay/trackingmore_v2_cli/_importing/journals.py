"""Where the state of an import is stored, so that the same command finds it again."""

from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._folders import STATE
from trackingmore_v2_cli._secrets import fingerprint
from trackingmore_v2_cli._statuses import ExitStatus

if TYPE_CHECKING:
    from trackingmore_v2.importer import ImportReport
    from trackingmore_v2_cli._credentials import Credentials
    from trackingmore_v2_cli._tables.reading import Table

_SENT: Final = ("created", "adopted", "already_existed", "rejected", "unknown")
"""States of rows that were sent."""


def default_journal(source: str, table: "Table", credentials: "Credentials") -> Path:
    """
    Return the path of the journal for a file and an account; it may be missing.

    It is in the user's folder for states, so that the folder of the file may be read-only, and
    another account or server has a journal of its own.

    Args:
        source: The file. Standard input and pipes have the journal of their content.
        table: The table in it.
        credentials: The key and the server.

    Raises:
        CommandError: The folder cannot be created.
    """
    place = _digest_of(table.path) if table.is_copy else str(Path(source).resolve())
    folder = STATE.path() / "imports"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(
            f"cannot create {folder}: {error.strerror}; pass --journal FILE", ExitStatus.USAGE
        ) from error
    return folder / f"{fingerprint(place, credentials.fingerprint)}.sqlite3"


def begun(journal: Path) -> "ImportReport | None":
    """Return the report of an import of which rows were sent, or none had to be; None otherwise."""
    from trackingmore_v2 import InvalidInput  # noqa: PLC0415 - slow to import
    from trackingmore_v2.importer import read_report  # noqa: PLC0415 - likewise

    if not journal.exists():
        return None
    try:
        report = read_report(journal)
    except InvalidInput:  # it was killed before the first rows were loaded
        return None
    has_sent = any(report.counts[state] for state in report.counts if state in _SENT)
    return report if has_sent or report.is_complete else None


def forget(journal: Path) -> None:
    """
    Remove a journal and the files that SQLite keeps beside it.

    Raises:
        JournalInUse: Another process is importing with it.
    """
    if not journal.exists():
        return
    _acquire(journal)
    for suffix in ("", "-wal", "-shm"):
        journal.with_name(journal.name + suffix).unlink(missing_ok=True)


def _acquire(journal: Path) -> None:
    """Take a journal over, so that from now on no other process does."""
    from trackingmore_v2.importer import SqliteJournal  # noqa: PLC0415 - slow to import
    from trackingmore_v2.importer._owner import this_process  # noqa: PLC0415 - likewise

    with closing(SqliteJournal(journal).open(create=False)) as session:
        session.acquire(this_process())


def _digest_of(path: Path) -> str:
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(2**16):
            digest.update(block)
    return digest.hexdigest()
