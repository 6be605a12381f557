"""What the page about receiving webhooks shows is true."""

import inspect
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from tests.docs.pages import examples, page
from trackingmore_v2 import TrackingMore, models, webhooks
from trackingmore_v2.webhooks import asgi, wsgi
from trackingmore_v2.webhooks._parsing import STALE_AFTER
from trackingmore_v2.webhooks._receiver import MIN_TOKEN_LENGTH, response_of_error
from trackingmore_v2_sandbox import API_KEY, Sandbox

PAGE = page("webhooks.md")
GUIDE, RECIPES = PAGE.split("\n## Recipes\n")
EXAMPLES = examples(GUIDE)
PAIR = ("china-ems", "LK664578623CN")
"""The tracking of `webhooks.example`."""


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Sandbox]:
    """Yield the sandbox of the examples, which run in an empty folder."""
    with Sandbox() as sandbox:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("TRACKINGMORE_API_KEY", API_KEY)
        monkeypatch.setenv("TRACKINGMORE_BASE_URL", sandbox.base_url)
        yield sandbox


def run(name: str) -> ModuleType:
    """Run an example."""
    module = ModuleType("example")
    exec(compile(EXAMPLES[name], name, "exec"), vars(module))  # noqa: S102 - our own words
    return module


def test_three_lines_confirm_what_a_webhook_says(sandbox: Sandbox) -> None:
    """The tracking is that of the API, whatever the status in the webhook is."""
    receive = run("Three lines").receive
    with TrackingMore(API_KEY, base_url=sandbox.base_url) as client:
        client.trackings.create(*PAIR, title="Teapot")
        tracking = receive(webhooks.example("expired"), client)

    assert (tracking.title, tracking.status) == ("Teapot", models.TrackingStatus.PENDING)


def test_each_event_is_handled_once(sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    """A repeat is not handled, nor what is not signed or not known."""
    sandbox.seed([{"carrier_code": PAIR[0], "tracking_number": PAIR[1]}])
    module = run("Order and duplicates")
    event = webhooks.example("transit")
    forged = webhooks.example("transit", account_email="someone@example.com")
    unknown = event.replace(PAIR[1].encode(), b"LK894734223CN")
    carrier = event.replace(b'"china-ems"', b'"no-carrier"')
    statuses = [module.receive(body) for body in (event, event, forged, unknown, carrier)]
    module.client.close()
    module.log.close()

    assert statuses == [200, 200, 400, 200, 200]
    printed, rejected = capsys.readouterr().out.splitlines()
    assert printed == f"{PAIR[1]} pending"
    assert "signature mismatch" in rejected


def test_an_event_of_a_killed_process_is_resumed(
    sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is in hand, then pending, then done."""
    sandbox.seed([{"carrier_code": PAIR[0], "tracking_number": PAIR[1]}])
    module = run("Order and duplicates")
    body = webhooks.example("transit")
    claim = module.log.claim(webhooks.parse(body))
    statuses = [module.receive(body)]
    module.log.release(claim)  # as when the claim expires
    module.resume()
    module.resume()
    statuses.append(module.receive(body))
    module.client.close()
    module.log.close()

    assert statuses == [500, 200]
    assert capsys.readouterr().out == f"{PAIR[1]} pending\n"


def test_the_filter_removes_the_token() -> None:
    """The access log of uvicorn shows no token."""
    logger = logging.getLogger("uvicorn.access")
    before = list(logger.filters)
    run("The apps")
    (added,) = set(logger.filters) - set(before)
    logger.removeFilter(added)
    (token,) = re.findall(r'TokenFilter\("(.+)"\)', GUIDE)
    record = logging.LogRecord("", 20, "", 0, "%s", (f"POST /{token}",), None)
    logging.Filterer.filter(logger, record)
    assert token in record.getMessage()
    assert isinstance(added, logging.Filter)
    added.filter(record)

    assert record.getMessage() == "POST /***"


def test_the_tests_of_a_receiver_pass() -> None:
    """Each function of the example is a test."""
    tests = [each for name, each in vars(run("Testing a receiver")).items() if "test_" in name]

    assert len(tests) == EXAMPLES["Testing a receiver"].count("def test_")
    for test in tests:
        test()


def test_the_reasons_and_their_statuses() -> None:
    """The table has each reason, and the status that the apps respond with."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| .+ \| (\d+) \|$", GUIDE, re.MULTILINE)

    assert [name for name, _ in rows] == [reason.name for reason in webhooks.WebhookErrorReason]
    for name, status in rows:
        error = webhooks.WebhookError(webhooks.WebhookErrorReason[name], "")
        assert response_of_error(error).status == int(status)


@pytest.mark.parametrize("app", [asgi.WebhookApp, wsgi.WebhookApp])
def test_the_settings_of_the_apps(app: type) -> None:
    """The table has each setting, and its default if it is a number or a text."""
    (table,) = re.findall(r"^\| setting \|.+?\n\n", GUIDE, re.DOTALL | re.MULTILINE)
    described = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.+?) \|", table, re.MULTILINE)))
    parameters = inspect.signature(app).parameters

    assert sorted(described) == sorted(parameters)
    assert f"Default: {parameters['timeout'].default:g}." in table
    assert f'Default: `"{parameters["after_timeout"].default}"`.' in table
    assert f"Default: {parameters['respond_to_get'].default}." in table


def test_the_attributes_of_an_event() -> None:
    """The table has each attribute."""
    described = re.findall(r"^\| `(\w+)` \| [^|]+ \|$", GUIDE.split("## Stale")[0], re.MULTILINE)
    properties = inspect.getmembers(webhooks.WebhookEvent, lambda each: isinstance(each, property))

    assert sorted(described) == sorted(
        [*webhooks.WebhookEvent.__struct_fields__, *(name for name, _ in properties)]
    )


def test_the_logs() -> None:
    """Each log of the table can be imported, and has the defaults that the page names."""
    names = re.findall(r"^\| `([\w.]+)\.(\w+EventLog)` \|", GUIDE, re.MULTILINE)
    assert len(names) == 4
    for module, name in names:
        parameters = inspect.signature(getattr(import_module(module), name)).parameters
        assert f"`lease` seconds, {parameters['lease'].default:g} by default" in GUIDE
        days = timedelta(seconds=parameters["retention"].default).days
        assert f"`retention` seconds, {days} days by default" in GUIDE


def test_figures() -> None:
    """The age of a stale webhook, the largest body, and the shortest token."""
    assert f"more than {STALE_AFTER} seconds before or after now" in GUIDE
    assert GUIDE.count(f"exceeds {webhooks.MAX_BODY_SIZE >> 20} MiB") == 2
    assert f"of at least {MIN_TOKEN_LENGTH} characters" in GUIDE
