import logging

import pytest

from tests.sandbox.databases import in_one_process
from tests.sandbox.harness import PAIR, Api
from trackingmore_v2_sandbox.faults.repository import FaultRepository


@pytest.mark.behaviour("response.failure")
@in_one_process("a store on PostgreSQL that was closed connects anew")
def test_an_internal_error_is_sent_in_the_envelope(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    """The response has no details; the log has all of them, without the key."""
    api.store.close()
    with caplog.at_level(logging.ERROR):
        response = api.call("createTracking", PAIR)

    assert response.raw == (
        b'{"meta":{"code":500,"type":"Server error","message":"Server error"},"data":[]}'
    )
    (record,) = caplog.records
    assert record.name == "trackingmore_v2_sandbox"
    assert record.getMessage() == "POST /v2/trackings/post failed"
    assert "ProgrammingError" in caplog.text
    assert "00000000-0000" not in caplog.text


@pytest.mark.behaviour("response.failure")
def test_the_sandbox_continues_after_an_internal_error(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The failed request has no effect, and the next one succeeds."""
    with monkeypatch.context() as fault:
        fault.setattr(type(api.store), "insert", lambda *_: 1 / 0)
        assert api.call("createTracking", PAIR).code == 500

    assert api.call("getAccount").data["track_number"] == 1_000_000
    assert api.call("createTracking", PAIR).code == 200


@pytest.mark.behaviour("response.failure")
def test_an_error_of_the_fault_plan_is_sent_in_the_envelope(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As that of any other stage."""
    with monkeypatch.context() as fault:
        fault.setattr(FaultRepository, "take", lambda *_: 1 / 0)
        headers = {"X-Sandbox-Fault-Plan": "plan"}
        assert api.call("createTracking", PAIR, headers=headers).code == 500

    assert api.call("createTracking", PAIR).code == 200
