"""The key is in no repr, message or log, whatever happens."""

import logging
import traceback
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from tests.overlay.method_calls import METHOD_CALLS, raise_for_rejected
from tests.overlay.stubs import KEY, Recorder, client_of, error_response
from trackingmore_v2 import TrackingMore, TrackingMoreError
from trackingmore_v2_sandbox import Sandbox

ECHO = error_response(4001, f"Invalid API key {KEY}.")


def fail(request: httpx2.Request) -> httpx2.Response:
    """Break the connection."""
    raise httpx2.ReadError("connection reset", request=request)


FAULTS: dict[str, Callable[[httpx2.Request], httpx2.Response]] = {
    "rejected": Recorder(error_response(4001)),
    "rejected, and the key echoed": Recorder(ECHO),
    "html": Recorder(b"<html>"),
    "broken": fail,
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("operation", METHOD_CALLS)
def test_no_error_and_no_log_shows_the_key(
    operation: str, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    """With all loggers at DEBUG, no record and no error has the key, for any method and fault."""
    caplog.set_level(logging.DEBUG)
    with client_of(FAULTS[fault]) as client, pytest.raises(TrackingMoreError) as caught:
        raise_for_rejected(METHOD_CALLS[operation](client))
    error = caught.value
    shown = [
        repr(error),
        str(error),
        repr(error.args),
        "".join(traceback.format_exception(error)),
        repr(client),
        *(repr(outcome) for outcome in getattr(error, "report", ())),
        *(record.getMessage() + repr(record.args) for record in caplog.records),
    ]

    assert not [text for text in shown if KEY in text]


def test_a_live_connection_logs_no_key(caplog: pytest.LogCaptureFixture) -> None:
    """The HTTP library's own loggers show no key either."""
    caplog.set_level(logging.DEBUG)
    with Sandbox() as sandbox, TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        client.account.get()

    assert any(record.name.startswith("httpcore2") for record in caplog.records)
    assert not [record for record in caplog.records if sandbox.api_key in shown_by(record)]


def shown_by(record: logging.LogRecord) -> str:
    """Return all that a record may show."""
    args: Any = record.args
    return record.getMessage() + repr(args)
