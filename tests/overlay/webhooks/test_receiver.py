"""Requests and their responses, the same for the ASGI and the WSGI app."""

import asyncio
import gzip
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any, cast

import pytest

from tests.overlay.webhooks.app_drivers import (
    BODY,
    EMAIL,
    SHORT,
    TIMEOUT,
    TOKEN,
    AsgiDriver,
    Driver,
    Request,
    WatchedLog,
    WsgiDriver,
    call_asgi,
    changed,
    scope_of,
)
from trackingmore_v2 import ConfigurationError
from trackingmore_v2.webhooks import (
    MAX_BODY_SIZE,
    Claim,
    EventLogUnavailable,
    Outcome,
    WebhookEvent,
    asgi,
    example,
    parse,
    process,
    process_async,
    wsgi,
)

OLD = example(sent_at=datetime.now(UTC) - timedelta(days=2))
LONG = BODY + b" " * (MAX_BODY_SIZE + 1 - len(BODY))
PASSWORD = "naïve: password"  # noqa: S105 - of a test
BASIC = {"basic_auth": ("me", PASSWORD)}
BY_TOKEN = {"token": TOKEN}


def basic(user: str, password: str) -> dict[str, str]:
    """Return a header with credentials."""
    return {"authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()}


@pytest.fixture(params=[AsgiDriver(), WsgiDriver()], ids=["asgi", "wsgi"])
def driver(request: pytest.FixtureRequest) -> Driver:
    """Parametrize tests by the app."""
    driver: Driver = request.param
    return driver


@pytest.mark.parametrize(
    ("settings", "sent", "status"),
    [
        pytest.param({}, Request(body=BODY), 200, id="webhook"),
        pytest.param({}, Request(body=BODY, path="/"), 200, id="slash"),
        pytest.param({}, Request(body=BODY, root="/hooks"), 200, id="mounted"),
        pytest.param({"account_email": EMAIL}, Request(body=BODY), 200, id="signed"),
        pytest.param({}, Request(body=OLD), 200, id="stale"),
        pytest.param({"max_age": 300}, Request(body=OLD), 400, id="stale with max_age"),
        pytest.param({}, Request(body=b""), 400, id="empty"),
        pytest.param({}, Request(body=b'{"data":[]}'), 400, id="malformed"),
        pytest.param(
            {"account_email": EMAIL},
            Request(body=BODY.replace(b"verifyInfo", b"other")),
            401,
            id="unsigned",
        ),
        pytest.param({"account_email": ("a@example.com",)}, Request(body=BODY), 401, id="mismatch"),
        pytest.param({}, Request(body=LONG), 413, id="too large"),
        pytest.param(
            {},
            Request(body=LONG[:-1], headers={"content-length": f" 00{MAX_BODY_SIZE} "}),
            200,
            id="largest",
        ),
        pytest.param({}, Request(headers={"content-length": "9" * 5000}), 413, id="announced"),
        pytest.param(
            {},
            Request(body=gzip.compress(BODY), headers={"content-encoding": "gzip"}),
            200,
            id="gzip",
        ),
        pytest.param(
            {},
            Request(body=gzip.compress(BODY)[:-9], headers={"content-encoding": "gzip"}),
            400,
            id="damaged gzip",
        ),
        pytest.param({}, Request(body=gzip.compress(BODY)), 400, id="gzip, not announced"),
        pytest.param({}, Request(body=BODY, path="/other"), 404, id="other path"),
        pytest.param({}, Request(body=BODY, path="//"), 404, id="two slashes"),
        pytest.param(BY_TOKEN, Request(body=BODY), 404, id="no token"),
        pytest.param(BY_TOKEN, Request(body=BODY, path=f"/{TOKEN}"), 200, id="token"),
        pytest.param(
            BY_TOKEN,
            Request(body=BODY, path=f"/{TOKEN}", root=f"/{TOKEN}"),
            200,
            id="token mounted",
        ),
        pytest.param(BY_TOKEN, Request(body=BODY, root=f"/{TOKEN}"), 404, id="token as root"),
        pytest.param(BY_TOKEN, Request(path=f"/{TOKEN}/"), 404, id="token/"),
        pytest.param(BY_TOKEN, Request(path=f"/x/{TOKEN}"), 404, id="x/token"),
        pytest.param(BY_TOKEN, Request(path=f"/{TOKEN[:-1]}"), 404, id="shorter"),
        pytest.param(BY_TOKEN, Request(path="/\udcff"), 404, id="surrogate"),
        pytest.param(BASIC, Request(body=BODY), 401, id="auth"),
        pytest.param(
            BASIC, Request(body=BODY, headers=basic("me", "other")), 401, id="other password"
        ),
        pytest.param(BASIC, Request(body=BODY, headers=basic("me", PASSWORD)), 200, id="password"),
        pytest.param(
            BASIC,
            Request(headers={"authorization": basic("me", PASSWORD)["authorization"][6:]}),
            401,
            id="no scheme",
        ),
        pytest.param(
            BASIC,
            Request(
                headers={"authorization": f"Bearer {basic('me', PASSWORD)['authorization'][6:]}"}
            ),
            401,
            id="other scheme",
        ),
        pytest.param(
            BASIC,
            Request(path="/other", headers=basic("me", PASSWORD)),
            404,
            id="password and other path",
        ),
        pytest.param({}, Request(method="GET"), 405, id="GET"),
        pytest.param({}, Request(method="PUT", body=BODY), 405, id="PUT"),
        pytest.param({"respond_to_get": True}, Request(method="GET"), 200, id="probe"),
        pytest.param(
            {"respond_to_get": True, "token": TOKEN}, Request(method="GET"), 404, id="probe /"
        ),
        pytest.param({"now": datetime.now}, Request(body=BODY), 500, id="naive now"),
    ],
)
def test_responses(driver: Driver, settings: dict[str, Any], sent: Request, status: int) -> None:
    """Both apps respond with the same status, and only events that are accepted are handled."""
    handled: list[WebhookEvent] = []
    app = driver.app(handled.append, **settings)

    response = driver.call(app, sent)

    assert response.status == status
    assert len(handled) == (status == 200 and sent.method == "POST")
    assert (response.body == b"200") == (status == 200)
    assert response.headers["content-length"] == str(len(response.body))


def test_a_wrong_token_is_an_unknown_path(driver: Driver) -> None:
    """The response says nothing about what the path should be, whatever the method."""
    app = driver.app(print, token=TOKEN)
    paths = ("/", f"/{TOKEN[:-1]}x", "/favicon.ico")

    responses = [
        driver.call(app, Request(method=method, path=path))
        for method in ("POST", "GET", "PUT")
        for path in paths
    ]

    assert {each.status for each in responses} == {404}
    assert all(each == responses[0] for each in responses)


def test_credentials_are_asked_for_on_every_path(driver: Driver) -> None:
    """Without them, the response is the same for the path with the token and any other one."""
    app = driver.app(print, token=TOKEN, basic_auth=("me", PASSWORD))

    known, unknown = (driver.call(app, Request(path=path)) for path in (f"/{TOKEN}", "/other"))

    assert known == unknown
    assert known.headers["www-authenticate"].startswith("Basic ")


def test_other_methods_are_told_the_allowed_ones(driver: Driver) -> None:
    """`Allow` is sent with 405, and has GET only if that is responded to."""
    allowed = [
        driver.call(driver.app(print, respond_to_get=flag), Request(method="PUT")).headers["allow"]
        for flag in (False, True)
    ]

    assert allowed == ["POST", "GET, HEAD, POST"]


def test_responses_to_head_have_no_body(driver: Driver) -> None:
    """HEAD has the status that GET has."""
    app = driver.app(print, respond_to_get=True)

    here, elsewhere = (driver.call(app, Request(method="HEAD", path=path)) for path in "/x")

    assert (here.status, here.body, elsewhere.body) == (200, b"", b"")


def test_a_failed_event_is_retried(driver: Driver) -> None:
    """After an exception of the handler, the next delivery is handled."""
    handled: list[WebhookEvent] = []

    def handle(event: WebhookEvent) -> None:
        handled.append(event)
        if len(handled) == 1:
            raise ValueError

    app = driver.app(handle)
    statuses = [driver.call(app, Request(body=BODY)).status for _ in range(3)]

    assert (statuses, len(handled)) == ([500, 200, 200], 2)


def test_an_exit_in_the_handler_is_a_failure(driver: Driver) -> None:
    """`sys.exit()` releases the event; each retry of it would end a server of ASGI otherwise."""
    log = WatchedLog()

    def handle(_event: WebhookEvent) -> None:
        raise SystemExit

    app = driver.app(handle, log=log)

    assert driver.call(app, Request(body=BODY)).status == 500
    assert log.calls == ["claim", "release"]
    assert driver.handle_pending(app) == 0
    assert log.calls == ["claim", "release", "release"]


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_an_exit_in_an_awaited_handler_is_a_failure() -> None:
    """It does not end the event loop."""
    log = WatchedLog()

    async def handle(_event: WebhookEvent) -> None:
        raise SystemExit

    app = asgi.WebhookApp(handle, log=log)
    parts = [{"type": "http.request", "body": BODY}]

    assert (await call_asgi(app, scope_of(Request(body=BODY)), parts)).status == 500
    assert log.calls == ["claim", "release"]


def test_an_event_in_hand_is_retried_later(driver: Driver) -> None:
    """While another process has the event, the response is 500, and it is not handled."""
    log, handled = WatchedLog(), list[WebhookEvent]()
    log.claim(parse(BODY))

    response = driver.call(driver.app(handled.append, log=log), Request(body=BODY))

    assert (response.status, handled) == (500, [])


def test_an_outdated_event_is_not_handled(driver: Driver) -> None:
    """An event that is older than one that was handled is accepted."""
    now = datetime.now(UTC)
    handled: list[WebhookEvent] = []
    app = driver.app(handled.append)
    bodies = (
        changed(BODY, updated_at=f"{now - timedelta(hours=age):%Y-%m-%dT%H:%M:%S+00:00}")
        for age in (1, 2)
    )

    statuses = [driver.call(app, Request(body=body)).status for body in bodies]

    assert (statuses, len(handled)) == ([200, 200], 1)


@pytest.mark.parametrize("method", ["claim", "done"])
def test_a_log_that_is_away_is_an_error(driver: Driver, method: str) -> None:
    """Without a record of the event, the sender has to retry it."""
    log = WatchedLog()
    log.away = {method}

    assert driver.call(driver.app(print, log=log), Request(body=BODY)).status == 500


def test_a_failure_is_not_hidden_by_a_log_that_is_away(driver: Driver) -> None:
    """If an event cannot be released, its claim expires."""
    log = WatchedLog()
    log.away = {"release"}

    def handle(_event: WebhookEvent) -> None:
        raise ValueError

    assert driver.call(driver.app(handle, log=log), Request(body=BODY)).status == 500
    assert log.calls == ["claim", "release"]


@pytest.mark.parametrize(
    ("after_timeout", "statuses"), [("continue", [200, 200]), ("cancel", [500, 200])]
)
def test_a_plain_function_ends_after_the_time_limit(
    driver: Driver, after_timeout: str, statuses: list[int], time_is_over: Event
) -> None:
    """A function in a thread runs to its end, and what it did is recorded."""
    log, ended = WatchedLog(), list[WebhookEvent]()
    found: list[int] = []

    def handle(event: WebhookEvent) -> None:
        assert time_is_over.wait(TIMEOUT)
        ended.append(event)

    app = driver.app(handle, log=log, timeout=SHORT, after_timeout=after_timeout)
    for _ in range(2):
        found.append(driver.call(app, Request(body=BODY)).status)
        assert log.has_ended.wait(TIMEOUT)

    assert (found, len(ended), log.calls) == (statuses, 1, ["claim", "done", "claim"])


def test_the_time_limit_is_the_handlers(driver: Driver, time_is_over: Event) -> None:
    """A claim that takes long does not count; logs have a timeout of their own."""
    exceeded: list[bool] = []

    class SlowLog(WatchedLog):
        def claim(self, event: WebhookEvent) -> Claim:
            exceeded.append(time_is_over.wait(4 * SHORT))
            return super().claim(event)

    driver.call(driver.app(print, log=SlowLog(), timeout=SHORT), Request(body=BODY))

    assert exceeded == [False]


@pytest.mark.parametrize(
    "settings",
    [
        {"token": "fifteen-letters"},
        {"token": "a token with spaces in it"},
        {"token": TOKEN + "\n"},
        {"token": 5},
        {"basic_auth": "me:password"},
        {"basic_auth": ("me", "")},
        {"basic_auth": ("a:b", "password")},
        {"timeout": 0},
        {"timeout": None},
        {"after_timeout": "stop"},
        {"respond_to_get": 1},
        {"max_age": -1},
        {"account_email": ""},
        {"account_email": []},
        {"now": datetime(2026, 1, 1)},  # noqa: DTZ001 - the mistake
        {"log": object()},
        {"log": WatchedLog},
        {"handler": None},
    ],
    ids="-".join,  # the names of the settings
)
def test_invalid_settings(driver: Driver, settings: dict[str, Any]) -> None:
    """A mistake is found when the app is built, and a secret is not quoted."""
    with pytest.raises(ConfigurationError) as caught:
        driver.app(**({"handler": print} | settings))

    assert str(settings.get("token", "-" * 9)).strip() not in str(caught.value)


def test_addresses_may_come_from_a_generator(driver: Driver) -> None:
    """Addresses are read once."""
    app = driver.app(print, account_email=(each for each in (EMAIL,)))

    statuses = [driver.call(app, Request(body=BODY)).status for _ in range(2)]

    assert statuses == [200, 200]


def test_process_handles_an_event_once() -> None:
    """Without the apps, an event is claimed, handled and done as well."""
    log, handled = WatchedLog(), list[WebhookEvent]()

    outcomes = [process(parse(BODY), handled.append, log) for _ in range(2)]

    assert (outcomes, len(handled)) == ([Outcome.CLAIMED, Outcome.REPEATED], 1)
    assert log.calls == ["claim", "done", "claim"]


@pytest.mark.parametrize("away", [set[str](), {"release"}])
def test_process_raises_what_the_handler_raises(away: set[str]) -> None:
    """The event is released before; if the log is away, its claim expires."""
    log = WatchedLog()
    log.away = away

    def handle(_event: WebhookEvent) -> None:
        raise KeyError

    with pytest.raises(KeyError):
        process(parse(BODY), handle, log)

    assert log.calls == ["claim", "release"]


def test_process_needs_a_plain_function() -> None:
    """A coroutine that is not awaited has handled nothing, so the event is not done."""
    log = WatchedLog()

    async def handle(_event: WebhookEvent) -> None:
        """Handle an event."""

    def coroutine(event: WebhookEvent) -> object:
        return handle(event)

    for handler in (handle, coroutine):
        with pytest.raises(ConfigurationError, match="process_async"):
            process(parse(BODY), handler, log)

    assert log.calls == ["claim", "release"] * 2


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_process_async_needs_a_coroutine_function() -> None:
    """The message names the function for a plain one."""
    log, handler = WatchedLog(), cast("Any", list[WebhookEvent]().append)

    with pytest.raises(ConfigurationError, match=r"process\(\)"):
        await process_async(parse(BODY), handler, log)

    assert log.calls == ["claim", "release"]


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_process_async_handles_an_event_once() -> None:
    """The awaited twin does the same."""
    log, handled = WatchedLog(), list[WebhookEvent]()

    async def handle(event: WebhookEvent) -> None:
        handled.append(event)

    outcomes = [await process_async(parse(BODY), handle, log) for _ in range(2)]

    assert (outcomes, len(handled)) == ([Outcome.CLAIMED, Outcome.REPEATED], 1)
    assert log.calls == ["claim", "done", "claim"]


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_process_async_raises_what_the_handler_raises() -> None:
    """The exception itself is raised, no group."""
    log = WatchedLog()

    async def handle(_event: WebhookEvent) -> None:
        raise KeyError

    with pytest.raises(KeyError):
        await process_async(parse(BODY), handle, log)

    assert log.calls == ["claim", "release"]


async def test_process_async_raises_a_cancellation_from_inside_the_handler() -> None:
    """A handler may raise `CancelledError` of a task that it waited for."""
    log = WatchedLog()

    async def handle(_event: WebhookEvent) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await process_async(parse(BODY), handle, log)

    assert log.calls == ["claim", "release"]


async def test_a_task_that_asyncio_cancels_releases_its_event() -> None:
    """A shield does not stop a cancellation by asyncio itself, as in `asyncio.timeout()`."""
    loop, handled = asyncio.get_running_loop(), list[WebhookEvent]()
    has_cancelled = asyncio.Event()

    class CancellingLog(WatchedLog):
        def claim(self, event: WebhookEvent) -> Claim:
            asyncio.run_coroutine_threadsafe(cancel(), loop).result(TIMEOUT)
            return super().claim(event)

    async def cancel() -> None:
        task.cancel()
        await asyncio.sleep(0)
        has_cancelled.set()

    async def handle(event: WebhookEvent) -> None:
        handled.append(event)

    log = CancellingLog()
    task = asyncio.create_task(process_async(parse(BODY), handle, log))
    await has_cancelled.wait()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert (log.calls, handled) == (["claim", "release"], [])


def test_the_wsgi_app_needs_a_plain_function() -> None:
    """A coroutine function would never run."""

    class Awaited:
        async def __call__(self, event: WebhookEvent) -> None:
            """Handle an event."""

    for handler in (Awaited(), Awaited().__call__):
        with pytest.raises(ConfigurationError, match="asgi"):
            wsgi.WebhookApp(handler)
        asgi.WebhookApp(handler)


def test_a_plain_function_that_returns_a_coroutine() -> None:
    """The WSGI app, which cannot await it, does not count the event as handled."""
    log, handled = WatchedLog(), list[WebhookEvent]()

    async def handle(event: WebhookEvent) -> None:
        handled.append(event)

    def coroutine(event: WebhookEvent) -> object:
        return handle(event)

    drivers: list[Driver] = [WsgiDriver(), AsgiDriver()]
    statuses = [
        each.call(each.app(coroutine, log=log), Request(body=BODY)).status for each in drivers
    ]

    assert (statuses, len(handled)) == ([500, 200], 1)
    assert log.calls == ["claim", "release", "claim", "done"]


def test_pending_events_are_handled(driver: Driver) -> None:
    """Events that were released are handled again, and one that fails does not stop the others."""
    log, handled = WatchedLog(), list[str]()
    for number in ("AB1", "AB2", "AB3"):
        log.release(log.claim(parse(changed(BODY, tracking_number=number))))

    def handle(event: WebhookEvent) -> None:
        if event.tracking.tracking_number == "AB2":
            raise ValueError
        handled.append(event.tracking.tracking_number)

    app = driver.app(handle, log=log)
    counts = [driver.handle_pending(app) for _ in range(2)]

    assert (counts, handled) == ([2, 0], ["AB1", "AB3"])
    assert [claim.event.tracking.tracking_number for claim in log.pending()] == ["AB2"]


def test_pending_events_need_the_log(driver: Driver) -> None:
    """The caller learns that the log is away."""
    log = WatchedLog()
    log.release(log.claim(parse(BODY)))
    log.away = {"done"}

    with pytest.raises(EventLogUnavailable):
        driver.handle_pending(driver.app(print, log=log))
