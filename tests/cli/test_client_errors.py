"""The sentences that report errors of the client."""

import re
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest

from tests.cli.test_statuses import error_classes
from trackingmore_v2 import (
    ApiError,
    BatchRejected,
    BatchReport,
    ConnectionFailed,
    ContractBroken,
    InvalidCertificate,
    InvalidInput,
    JournalInUse,
    JournalMismatch,
    PoolFull,
    RateLimited,
    ResponseTooLarge,
    TimedOut,
    TrackingExists,
    TrackingMismatch,
    TrackingMoreError,
    TrackingNotFound,
    TransportError,
)
from trackingmore_v2._errors import API_ERRORS
from trackingmore_v2_api import META_CODES, ApiRejected, ContractViolated
from trackingmore_v2_api.operations.account import get_account
from trackingmore_v2_api.operations.trackings import delete_tracking
from trackingmore_v2_api.salvage import ResponseMeta
from trackingmore_v2_cli._client_errors import SENTENCES, sentence_of
from trackingmore_v2_cli._failures import report
from trackingmore_v2_cli._statuses import by_class

READ = get_account.call()
CHANGE = delete_tracking.call("ups", "1Z97X17XYW06605211")
ADVICE_FOR_PROGRAMS = re.compile(r"\w\(\)|\w=|(^|\s)\.\w|[a-z][A-Z]\w+|\bitem \d|\w_\w")
"""A method, an argument, an attribute, an operation id, an index, or the name of a field."""

ErrorT = TypeVar("ErrorT", bound=TrackingMoreError)


def api_error(kind: type[ApiError], code: int | None, call: Any = READ, **headers: str) -> ApiError:
    """Return an error of the API for a tracking, with its documented message."""
    message = META_CODES[code].message if code else ""
    meta = ResponseMeta(code, "Bad Request" if code else "", message)
    error = kind(ApiRejected("getAccount", 200 if code else 502, headers, b"{}", meta), call)
    return about_tracking(error)


def about_tracking(error: ErrorT) -> ErrorT:
    """Return an error with the tracking that the call was about."""
    error.carrier_code, error.tracking_number = "ups", "1Z97X17XYW06605211"
    return error


def contract_broken(kind: type[ContractBroken]) -> ContractBroken:
    """Return an error of a response that cannot be parsed."""
    return kind(ContractViolated("getAccount", 200, {}, b"{}", "it is not JSON"), READ)


ERRORS = [
    *(api_error(kind, code) for code, kind in API_ERRORS.items()),
    *(kind(READ, "refused", in_doubt=False) for kind in (ConnectionFailed, InvalidCertificate)),
    *(kind(CHANGE, "no response") for kind in (TransportError, TimedOut, PoolFull)),
    *map(contract_broken, (ContractBroken, ResponseTooLarge, TrackingMismatch)),
    InvalidInput("title", "must be a string"),
    InvalidInput("tracking_postal_code", "must be a string", 0),
    JournalInUse("a.sqlite3", "host", 1, datetime.now(UTC), datetime.now(UTC)),
    JournalMismatch("a.sqlite3", "it is that of another file"),
]


AS_THEY_ARE = {
    # Their own messages are for users as well, or the command cannot meet them.
    *("BatchInterrupted", "BatchRejected", "BudgetExceeded"),
    *("EventLogUnavailable", "JournalError", "JournalLost", "JournalMismatch"),
    *("JournalUnavailable", "LimiterUnavailable", "SandboxError"),
    "TrackingMoreError",
}


def test_each_error_class_has_a_sentence() -> None:
    """A new class has to be listed here, or needs a sentence of its own."""
    own = {name for name, kind in error_classes().items() if by_class(SENTENCES, kind, None)}

    assert own == error_classes().keys() - AS_THEY_ARE


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_no_sentence_advises_programs(error: TrackingMoreError) -> None:
    """The user of the command has no methods, arguments or operations."""
    of_others = getattr(error, "message", "").rstrip(".") or "a.sqlite3"
    assert not ADVICE_FOR_PROGRAMS.search(sentence_of(error).replace(of_others, ""))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (InvalidInput("title", "is blank"), "--title is blank; nothing was sent"),
        (InvalidInput("order_id", "is blank", 0), "--order-id is blank; nothing was sent"),
        (
            about_tracking(InvalidInput("tracking_postal_code", "is blank")),
            "ups:1Z97X17XYW06605211: --postal-code is blank; nothing was sent",
        ),
        (
            api_error(TrackingNotFound, 4017),
            "create it, run: trackingmore-v2 create ups:1Z97X17XYW06605211",
        ),
        (
            api_error(TrackingExists, 4016, CHANGE),
            "To show it, run: trackingmore-v2 get ups:1Z97X17XYW06605211",
        ),
        (api_error(RateLimited, 429, **{"retry-after": "7"}), "code 429: "),
        (
            api_error(ApiError, None, CHANGE),
            "HTTP 502. It may have been carried out",
        ),
        (api_error(ApiError, None), "ups:1Z97X17XYW06605211: the API responded with HTTP 502"),
        (ConnectionFailed(READ, "refused", in_doubt=False), "refused; nothing was sent"),
        (TimedOut(READ, "30 s are over"), "30 s are over"),
        (TimedOut(CHANGE, "30 s are over"), "30 s are over; it may have been carried out"),
        (contract_broken(ContractBroken), "(HTTP 200, 2 bytes): it is not JSON"),
        (BatchRejected(BatchReport[Any]()), "0 of 0 items failed"),
    ],
)
def test_sentence(error: TrackingMoreError, expected: str) -> None:
    """It names what the user has named, and a command that helps."""
    assert expected in sentence_of(error)


def test_time_to_wait() -> None:
    """Instead of other advice."""
    error = api_error(RateLimited, 429)
    error.retry_after = 7

    assert sentence_of(error).endswith("Wait 7 s")


def test_hint_of_a_sandbox(capsys: pytest.CaptureFixture[str]) -> None:
    """It speaks of requests, which only `--verbose` shows."""
    error = api_error(TrackingExists, 4016)
    error.hint = "use createTracking"

    report(error, verbose=False)
    assert "createTracking" not in capsys.readouterr().err
    report(error, verbose=True)
    assert capsys.readouterr().err.startswith("Sandbox hint: use createTracking\n")
