"""Logs without the token and without personal data, whatever becomes of a webhook."""

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from threading import Event
from typing import Any, NamedTuple

import pytest

from tests.overlay.webhooks.app_drivers import (
    BODY,
    EMAIL,
    SHORT,
    TIMEOUT,
    TOKEN,
    WatchedLog,
    changed,
)
from tests.overlay.webhooks.servers import exchange, head, serve_asgi, serve_wsgi
from trackingmore_v2.webhooks import TokenFilter, WebhookEvent, asgi, parse, wsgi

CANARIES = {
    "tracking_number": "CANARY578623CN",
    "customer_email": "canary@example.com",
    "customer_name": "Canary Surname",
    "customer_phone": "+420600700800",
    "lastEvent": "Delivered to Canary Street 5",
    "title": "a canary in a cage",
}
WEBHOOK = changed(BODY, **CANARIES)
NEWER = changed(WEBHOOK, updated_at="2036-01-01T00:00:00+00:00")
UNSIGNED = WEBHOOK.replace(b"verifyInfo", b"other")
SECRETS = [TOKEN, EMAIL, *CANARIES.values()]


@pytest.fixture(autouse=True)
def _all_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    access, token_filter = logging.getLogger("uvicorn.access"), TokenFilter(TOKEN)
    access.addFilter(token_filter)
    yield
    access.removeFilter(token_filter)


def accept(_event: WebhookEvent) -> None:
    """Handle an event."""


def fail(event: WebhookEvent) -> None:
    """Raise an error with personal data."""
    raise ValueError(event.tracking.customer_email, event)


def away(*methods: str) -> WatchedLog:
    """Return a log of which these methods fail."""
    log = WatchedLog()
    log.away = set(methods)
    return log


def in_hand() -> WatchedLog:
    """Return a log with the event in the hands of another process."""
    log = WatchedLog()
    log.claim(parse(WEBHOOK))
    return log


def done(body: bytes) -> WatchedLog:
    """Return a log with an event that was handled."""
    log = WatchedLog()
    log.done(log.claim(parse(body)))
    return log


class SlowHandler:
    """A handler that exceeds the time limit, and then fails."""

    def __init__(self, over: Event) -> None:
        self._over = over

    def __call__(self, event: WebhookEvent) -> None:
        """Fail after the response."""
        assert self._over.wait(TIMEOUT)
        fail(event)


class Case(NamedTuple):
    """A webhook, and what becomes of it."""

    status: int
    handler: Any = accept
    settings: Mapping[str, Any] = {}
    body: bytes = WEBHOOK
    log: Callable[[], WatchedLog] = WatchedLog


CASES = {
    "handled": Case(200),
    "failed": Case(500, fail),
    "mismatch": Case(401, settings={"account_email": "other@example.com"}),
    "unsigned": Case(401, settings={"account_email": EMAIL}, body=UNSIGNED),
    "malformed": Case(400, body=WEBHOOK[:-200]),
    "repaired": Case(200, body=changed(WEBHOOK, itemTimeLength="canary@example.com")),
    "in hand": Case(500, log=in_hand),
    "repeat": Case(200, log=partial(done, WEBHOOK)),
    "outdated": Case(200, log=partial(done, NEWER)),
    "log away": Case(500, log=partial(away, "claim")),
    "log away at the end": Case(500, fail, log=partial(away, "release")),
    "continued": Case(200, SlowHandler, {"timeout": SHORT}),
    "cancelled": Case(500, SlowHandler, {"timeout": SHORT, "after_timeout": "cancel"}),
}


@pytest.mark.parametrize("module", [asgi, wsgi], ids=["asgi", "wsgi"])
@pytest.mark.parametrize("case", CASES)
def test_logs(
    case: str, module: Any, time_is_over: Event, caplog: pytest.LogCaptureFixture
) -> None:
    """Each request is logged by us or by the server, with nothing that identifies a person."""
    status, handler, settings, body, log = CASES[case]
    if handler is SlowHandler:
        handler = SlowHandler(time_is_over)
    app = module.WebhookApp(handler, log=log(), token=TOKEN, **settings)
    request = [head(f"Content-Length: {len(body)}", path=f"/{TOKEN}"), body]

    with serve_asgi(app) if module is asgi else serve_wsgi(app) as port:
        assert exchange(port, *request).split()[1] == str(status).encode()

    assert [each for each in caplog.records if each.name == "trackingmore_v2.webhooks"]
    assert module is wsgi or [each for each in caplog.records if each.name == "uvicorn.access"]
    assert not [each for each in SECRETS if each in text_of(caplog)]


def text_of(caplog: pytest.LogCaptureFixture) -> str:
    """Return all that the records contain, tracebacks too."""
    return caplog.text + "".join(repr(vars(record)) for record in caplog.records)
