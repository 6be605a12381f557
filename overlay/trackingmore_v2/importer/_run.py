"""The functions that start an import, or go on with one."""

from collections.abc import Callable
from os import PathLike
from typing import TypeAlias, TypeVar

from trackingmore_v2._async.client import AsyncTrackingMore
from trackingmore_v2._batch.inputs import AsyncItems, AsyncSource, Items, Source
from trackingmore_v2._batch.items import CreateItem, Unknown
from trackingmore_v2._config import checked_function, checked_positive
from trackingmore_v2._errors import InvalidInput
from trackingmore_v2._scrubbing import scrubbed
from trackingmore_v2._sync.client import TrackingMore
from trackingmore_v2._validation import require_instance, require_unknown
from trackingmore_v2.importer._drivers import import_all, import_all_async
from trackingmore_v2.importer._flow import DEFAULT_MAX_OUTAGE, Settings
from trackingmore_v2.importer._journal import Journal
from trackingmore_v2.importer.report import ImportReport, Progress
from trackingmore_v2.importer.sqlite import SqliteJournal

AnyJournal: TypeAlias = Journal | str | PathLike[str]
"""A journal, or the path of an SQLite file."""

ClientT = TypeVar("ClientT")


@scrubbed
def run_import(  # noqa: PLR0913 - each but three is a setting
    client: TrackingMore,
    items: Items[CreateItem],
    *,
    journal: AnyJournal,
    on_progress: Callable[[Progress], object] | None = None,
    unknown: Unknown = "reject",
    max_outage: float = DEFAULT_MAX_OUTAGE,
) -> ImportReport:
    """
    Create trackings of any number, and go on where it was when the same call is made again.

    All rows are first written to the journal; then they are sent in batches, in their order. A
    batch whose response is missing is read before it is retried, so that no row is lost and none
    is created twice. If the journal has an import of the same rows, only the rest is sent.

    Args:
        client: The client. Its key and base URL have to be the same for each run of an import.
        items: The rows, as `trackings.create_many()` takes them. A further run has to pass the same
            rows in the same order.
        journal: The journal, or the path of an SQLite file.
        on_progress: Called after each batch. Default: none.
        unknown: What to do with unknown fields of rows, as in `create_many()`. Default: "reject".
        max_outage: Maximum time in seconds from the first of several failures in a row, such as
            connection errors and 5xx responses, to the next request. Then the error is raised.
            Default: 600.

    Returns:
        The report. Each row has a final state.

    Raises:
        ConfigurationError: `journal` is no path, such as the URL of a database; `on_progress` is no
            function; or `max_outage` is invalid.
        InvalidInput: Another argument is invalid, or the first row has an unknown field. An invalid
            row gets its state in the report instead.
        JournalInUse: Another process is importing with this journal.
        JournalLost: Another process has taken the journal over.
        JournalMismatch: The journal belongs to another key, base URL or input.
        JournalUnavailable: The journal cannot be read or written.
        ApiError: The API rejected the key, or the quota is exhausted.
        TransportError: No response was received for `max_outage`.
        ContractBroken: No response could be parsed for `max_outage`.

    Source: operations createTrackingBatch and, after a missing response, listTrackings.
    """
    settings = _settings(on_progress, max_outage, unknown)
    return import_all(_client(client, TrackingMore), _journal(journal), settings, Source(items))


@scrubbed
def resume(
    client: TrackingMore,
    *,
    journal: AnyJournal,
    on_progress: Callable[[Progress], object] | None = None,
    max_outage: float = DEFAULT_MAX_OUTAGE,
) -> ImportReport:
    """
    Go on with the import in a journal, without its input.

    Args:
        client: The client.
        journal: The journal, or the path of an SQLite file.
        on_progress: Called after each batch. Default: none.
        max_outage: Maximum time in seconds, as in `run_import()`. Default: 600.

    Returns:
        The report. Each row has a final state.

    Raises:
        InvalidInput: The journal has no import, or only a part of its input: pass the input to
            `run_import()`. The other errors are those of `run_import()`.

    Source: operations createTrackingBatch and, after a missing response, listTrackings.
    """
    settings = _settings(on_progress, max_outage)
    return import_all(_client(client, TrackingMore), _journal(journal), settings, None)


@scrubbed
async def run_import_async(  # noqa: PLR0913 - as above
    client: AsyncTrackingMore,
    items: AsyncItems[CreateItem],
    *,
    journal: AnyJournal,
    on_progress: Callable[[Progress], object] | None = None,
    unknown: Unknown = "reject",
    max_outage: float = DEFAULT_MAX_OUTAGE,
) -> ImportReport:
    """
    Create trackings as `run_import()` does, with an async client.

    The journal is read and written in worker threads.

    Args:
        client: The client.
        items: The rows: an iterable or an async iterable.
        journal: The journal, or the path of an SQLite file.
        on_progress: Called after each batch; it is not awaited. Default: none.
        unknown: What to do with unknown fields of rows. Default: "reject".
        max_outage: Maximum time in seconds, as in `run_import()`. Default: 600.

    Returns:
        The report. Each row has a final state.

    Raises:
        InvalidInput: An argument is invalid. The other errors are those of `run_import()`.

    Source: operations createTrackingBatch and, after a missing response, listTrackings.
    """
    settings = _settings(on_progress, max_outage, unknown)
    source = AsyncSource(items)
    client = _client(client, AsyncTrackingMore)
    return await import_all_async(client, _journal(journal), settings, source)


@scrubbed
async def resume_async(
    client: AsyncTrackingMore,
    *,
    journal: AnyJournal,
    on_progress: Callable[[Progress], object] | None = None,
    max_outage: float = DEFAULT_MAX_OUTAGE,
) -> ImportReport:
    """
    Go on with the import in a journal as `resume()` does, with an async client.

    Args:
        client: The client.
        journal: The journal, or the path of an SQLite file.
        on_progress: Called after each batch; it is not awaited. Default: none.
        max_outage: Maximum time in seconds, as in `run_import()`. Default: 600.

    Returns:
        The report. Each row has a final state.

    Raises:
        InvalidInput: As in `resume()`.

    Source: operations createTrackingBatch and, after a missing response, listTrackings.
    """
    settings = _settings(on_progress, max_outage)
    client = _client(client, AsyncTrackingMore)
    return await import_all_async(client, _journal(journal), settings, None)


@scrubbed
def read_report(journal: AnyJournal) -> ImportReport:
    """
    Return the report of an import that runs in another process, or has stopped.

    Args:
        journal: The journal, or the path of an SQLite file.

    Returns:
        The report, whose rows may be pending. It has none while the first ones are loaded.

    Raises:
        ConfigurationError: `journal` is no path, such as the URL of a database.
        InvalidInput: The journal has no import.
        JournalUnavailable: The journal cannot be read.
    """
    chosen = _journal(journal)
    session = chosen.open(create=False)
    try:
        state = session.state()
    finally:
        session.close()
    if state is None:
        raise InvalidInput("journal", "has no import; start one with run_import()")
    return ImportReport(chosen, state)


def _settings(
    on_progress: Callable[[Progress], object] | None,
    max_outage: float,
    unknown: Unknown = "reject",
) -> Settings:
    require_unknown(unknown)
    checked_positive("max_outage", max_outage)
    if on_progress is not None:
        checked_function("on_progress", on_progress)
    return Settings(on_progress=on_progress, unknown=unknown, max_outage=max_outage)


def _journal(journal: AnyJournal) -> Journal:
    return journal if isinstance(journal, Journal) else SqliteJournal(journal)


def _client(client: ClientT, kind: type[ClientT]) -> ClientT:
    # An async client in the sync form would fail only after rows were loaded.
    require_instance("client", client, kind)
    return client
