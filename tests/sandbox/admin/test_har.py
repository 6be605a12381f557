"""The request log in the HTTP Archive format."""

import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # has no types of its own

from tests.sandbox.harness import ADMIN_TOKEN, OTHER_KEY, PAIR, AdminClient, Api
from tests.sandbox.pipeline.exchanges import exchange
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY, Sandbox
from trackingmore_v2_sandbox.admin.har import har_document
from trackingmore_v2_sandbox.hints.hint import Hint
from trackingmore_v2_sandbox.http.api_keys import account_of
from trackingmore_v2_sandbox.pipeline.request_log import BODY_BYTES, ExchangeRecord, MemoryLog

FORMAT = Draft202012Validator(json.loads(Path(__file__).with_name("har-1.2.json").read_bytes()))
ORIGIN = "http://127.0.0.1:8642"


def entries_of(document: bytes) -> list[dict[str, Any]]:
    """Check a document against the format, and return its entries."""
    content = json.loads(document)
    FORMAT.validate(content)
    assert API_KEY not in document.decode()
    entries: list[dict[str, Any]] = content["log"]["entries"]
    return entries


def entry_of(record: ExchangeRecord, account: str = "") -> dict[str, Any]:
    """Log one exchange, and return its entry."""
    log = MemoryLog()
    log.append(account, record, API_KEY)
    (entry,) = entries_of(har_document(log.since(None), ORIGIN))
    return entry


def test_an_entry_has_all_that_is_logged() -> None:
    """Request and response, with times in UTC."""
    record = exchange(
        method="POST",
        path="/v2/trackings/post",
        query="lang=en&lang=&x=%C3%A9",
        headers=(("content-type", "application/json"),),
        request=b'{"tracking_number":"1"}',
        response=b'{"meta":{}}',
        status=404,
        milliseconds=1.5,
        arrived_at=1_800_000_000.25,
        hints=(Hint("body", "an object", "null", "#/x"),),
        fault="status=404",
    )
    entry = entry_of(record, account_of(API_KEY))
    request, response = entry["request"], entry["response"]

    assert entry["startedDateTime"] == "2027-01-15T08:00:00.250000Z"
    assert entry["time"] == entry["timings"]["wait"] == 1.5
    assert request["url"] == f"{ORIGIN}/v2/trackings/post?lang=en&lang=&x=%C3%A9"
    assert [(each["name"], each["value"]) for each in request["queryString"]] == [
        *(("lang", "en"), ("lang", ""), ("x", "é"))
    ]
    assert {each["name"]: each["value"] for each in request["headers"]} == {
        "content-type": "application/json",
        API_KEY_HEADER: "****0001",
    }
    assert request["postData"] == {
        "mimeType": "application/json",
        "text": '{"tracking_number":"1"}',
    }
    assert request["bodySize"] == len(record.request)
    assert (response["status"], response["statusText"]) == (404, "Not Found")
    assert response["content"] == {
        "size": 11,
        "mimeType": "application/json",
        "text": '{"meta":{}}',
    }
    assert entry["_sequence"] == 1
    assert entry["_account"] == account_of(API_KEY)[:12]
    assert entry["_at"] == "2026-03-01T12:00:00Z"
    assert entry["_fault"] == "status=404"
    assert entry["_hints"][0]["expected"] == "an object"


@pytest.mark.parametrize(
    ("path", "query", "url"),
    [
        ("/v2/a b/\u00e9\ud800", "", f"{ORIGIN}/v2/a%20b/%C3%A9%3F"),
        ("/v2/%", "\xe9=[&#\n", f"{ORIGIN}/v2/%25?%E9=%5B&%23%0A"),
        ("http://x/v2", "?", f"{ORIGIN}/http://x/v2??"),
        ("", "", f"{ORIGIN}/"),
    ],
)
def test_any_request_has_a_valid_url(path: str, query: str, url: str) -> None:
    """Whatever was sent."""
    assert entry_of(exchange(path=path, query=query))["request"]["url"] == url


def test_a_cut_body_says_so() -> None:
    """With the size of the whole."""
    record = exchange(request=b"x" * (BODY_BYTES + 1), response=b"y" * (BODY_BYTES + 2))
    entry = entry_of(record)
    request, content = entry["request"], entry["response"]["content"]

    assert request["bodySize"] == BODY_BYTES + 1
    assert request["postData"]["comment"] == "cut: the log keeps the first 65536 of 65537 bytes"
    assert content["size"] == entry["response"]["bodySize"] == BODY_BYTES + 2
    assert content["comment"] == "cut: the log keeps the first 65536 of 65538 bytes"
    assert len(content["text"]) == BODY_BYTES


def test_bodies_that_are_no_text() -> None:
    """A response in base64; those of a request are replaced, as the format demands."""
    entry = entry_of(exchange(request=b"\xff", response=b"\xfe", status=0))
    content = entry["response"]["content"]

    assert entry["request"]["postData"]["text"] == "\ufffd"
    assert (b64decode(content["text"]), content["encoding"]) == (b"\xfe", "base64")
    assert "postData" not in entry_of(exchange())["request"]
    assert entry_of(exchange(response=b"<html>"))["response"]["content"]["mimeType"] == "text/html"


def test_the_log_is_exported(api: Api) -> None:
    """By account or as a whole, in parts, as a file; with the real time of each arrival."""
    admin, before = AdminClient(api), datetime.now(UTC)
    api.create()
    api.call("getTracking", **PAIR, key=OTHER_KEY)
    api.send("GET", "/carriers", key="wrong")
    api.http.get(
        "http://localhost/v2/trackings/usps/SANDBOX-HTTP-503", headers={API_KEY_HEADER: API_KEY}
    )

    def export(headers: dict[str, str], query: str = "") -> list[int]:
        headers = {"X-Sandbox-Token": ADMIN_TOKEN, **headers}
        response = api.http.get(f"/_sandbox/log/har{query}", headers=headers)
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["Content-Disposition"] == 'attachment; filename="sandbox.har"'
        entries = entries_of(response.content)
        for entry in entries:
            started = datetime.fromisoformat(entry["startedDateTime"])
            assert before - timedelta(seconds=1) < started < datetime.now(UTC)
            assert entry["request"]["url"].startswith("http://localhost/v2/")
        return [entry["_sequence"] for entry in entries]

    mine = {API_KEY_HEADER: API_KEY}
    assert export(mine) == [1, 4]
    assert export(mine, "?after=1") == [4]
    assert export({}, "?scope=without_account") == [3]
    assert export(mine, "?scope=all&before=4&limit=2") == [2, 3]
    assert admin.send("GET", "/log/har?limit=10001").code == 422
    assert admin.send("GET", "/log/har?wait=1").code == 422
    assert admin.send("GET", "/log/har", token=None).code == 401


def test_the_log_is_exported_in_python() -> None:
    """With the same content as over HTTP."""
    with Sandbox() as sandbox:
        headers = {API_KEY_HEADER: API_KEY}
        httpx2.get(f"{sandbox.base_url}/carriers?lang=en", headers=headers, trust_env=False)
        (entry,) = entries_of(sandbox.log_har())
        assert entry["request"]["url"] == f"{sandbox.base_url}/carriers?lang=en"
        assert entries_of(sandbox.log_har(scope="all", before=2)) == [entry]
        assert entries_of(sandbox.log_har(scope="without_account")) == []
        assert entries_of(sandbox.log_har(api_key=OTHER_KEY)) == []
        with pytest.raises(ValueError, match="api_key contradicts scope"):
            sandbox.log_har(scope="all", api_key=API_KEY)
        with pytest.raises(ValueError, match="limit"):
            sandbox.log_har(limit=0)
