"""Every recipe runs as it stands, and does what it says."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from starlette.testclient import TestClient

from tests.docs.pages import examples, page
from trackingmore_v2_sandbox import API_KEY, Sandbox, SettableClock

PAGE = page("recipes.md")
RECIPES = examples(PAGE)
TEAPOT = {"carrier_code": "china-ems", "tracking_number": "LK664578623CN"}


@pytest.fixture
def clock() -> SettableClock:
    """Return the time of the sandbox."""
    return SettableClock(datetime(2026, 1, 15, 12, tzinfo=UTC))


@pytest.fixture
def sandbox(clock: SettableClock) -> Iterator[Sandbox]:
    """Yield the sandbox of the recipes."""
    with Sandbox(clock=clock) as sandbox:
        yield sandbox


@pytest.fixture
def recipe(
    clock: SettableClock, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[str], dict[str, Any]]:
    """Run a recipe in an empty folder against a sandbox, whose time passes when it sleeps."""
    monkeypatch.setattr(time, "sleep", lambda seconds: clock.advance(timedelta(seconds=seconds)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKINGMORE_API_KEY", API_KEY)
    monkeypatch.setenv("TRACKINGMORE_BASE_URL", sandbox.base_url)

    def run(name: str) -> dict[str, Any]:
        names: dict[str, Any] = {"__name__": "recipe"}
        exec(compile(RECIPES[name], name, "exec"), names)  # noqa: S102 - our own words
        return names

    return run


Run = Callable[[str], dict[str, Any]]


def test_follow_a_tracking(recipe: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Each event is printed once, oldest first, until the delivery."""
    recipe("Follow a tracking until delivery")
    lines = capsys.readouterr().out.splitlines()

    assert len(lines) == len(set(lines)) > 5
    assert "Accepted by carrier" in lines[0]
    assert re.fullmatch(r"delivered \d+ days", lines[-1])


def test_see_what_happens(recipe: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """The call has OpenTelemetry's attribute names."""
    recipe("Hooks")

    assert "'trackingmore.operation': 'getAccount'" in capsys.readouterr().out


class SpanRecorder:
    """A stand-in for a tracer and its span, which records what a span gets."""

    def __init__(self) -> None:
        self.spans: list[dict[str, Any]] = []

    def start_span(self, name: str, **given: Any) -> "SpanRecorder":
        """Start a span; the tracer stands for it as well."""
        self.spans.append({"name": name, **given})
        return self

    def set_status(self, status: StatusCode) -> None:
        """Record the status of the latest span."""
        self.spans[-1]["status"] = status

    def end(self, end_time: int) -> None:
        """Record the end of the latest span."""
        self.spans[-1]["end_time"] = end_time


def test_traces(recipe: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each attempt is a span; an empty list is an error of the API, with its code."""
    recorder = SpanRecorder()
    monkeypatch.setattr(trace, "get_tracer", lambda _name: recorder)
    recipe("Traces with OpenTelemetry")
    account, listing = recorder.spans

    assert account["name"] == "GET /v2/trackings/getuserinfo"
    assert account["kind"] is SpanKind.CLIENT
    assert account["attributes"]["http.response.status_code"] == 200
    assert account["start_time"] <= account["end_time"]
    assert "status" not in account
    assert listing["attributes"]["trackingmore.meta.code"] == 4031
    assert listing["attributes"]["error.type"] == "NoResult"
    assert listing["status"] is StatusCode.ERROR


def test_a_proxy(recipe: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """The client is built, and shows no key."""
    recipe("Behind a company's proxy")

    assert capsys.readouterr().out.startswith("TrackingMore(api_key=***")


def test_a_fastapi_app(recipe: Run, sandbox: Sandbox) -> None:
    """The app responds with the tracking, with 404, or with 422."""
    sandbox.seed([{**TEAPOT, "title": "Teapot"}])
    with TestClient(recipe("In a FastAPI app")["app"]) as browser:
        found = browser.get("/trackings/china-ems/LK664578623CN")
        missing = browser.get("/trackings/china-ems/LK894734223CN")
        wrong = browser.get("/trackings/china-ems/x")
        body = {"carrier_code": "ups", "tracking_number": "1Z97X17XYW06605211"}
        order = browser.post("/orders/7", json=body)
        invalid = browser.post("/orders/7", json={**body, "tracking_number": "x"})
        schemas = browser.get("/openapi.json").json()["components"]["schemas"]

    assert found.json()["title"] == "Teapot"
    assert (missing.status_code, wrong.status_code) == (404, 422)
    assert order.json()["tracking"]["order_id"] == order.json()["number"] == "7"
    assert (invalid.status_code, invalid.json()["detail"][0]["loc"]) == (
        422,
        ["body", "tracking_number"],
    )
    assert {"Tracking", "CreatedTracking", "TrackingKey", "Order"} <= schemas.keys()


def test_a_data_frame(recipe: Run, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    """The file has the same types with and without trackings."""
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    recipe("In a data frame, and in Parquet")
    empty = pandas.read_parquet("trackings.parquet")
    sandbox.seed([TEAPOT])
    capsys.readouterr()
    recipe("In a data frame, and in Parquet")
    full = pandas.read_parquet("trackings.parquet")

    assert list(full["tracking_number"]) == ["LK664578623CN"]
    assert dict(full.dtypes) == dict(empty.dtypes)
    assert "pending    1" in capsys.readouterr().out


def test_a_cron_job(recipe: Run, clock: SettableClock, capsys: pytest.CaptureFixture[str]) -> None:
    """What was delivered is archived once."""
    recipe("Follow a tracking until delivery")
    clock.set(max(clock.now(), datetime.now(UTC)))
    clock.advance(timedelta(days=100))
    capsys.readouterr()
    recipe("In a cron job")
    recipe("In a cron job")

    assert capsys.readouterr().out.splitlines() == ["1 item: 1 updated", "no items"]
