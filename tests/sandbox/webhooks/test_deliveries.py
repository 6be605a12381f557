import asyncio
import json
import queue
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from itertools import product
from typing import Any

import httpx2
import pytest

from tests.sandbox.databases import Database
from tests.sandbox.harness import Api, schema_validator
from tests.sandbox.webhooks.harness import (
    ACCOUNT,
    BROKEN,
    HOOK,
    NUMBER,
    OK,
    PATIENT,
    START,
    DeliveryHarness,
)
from trackingmore_v2_sandbox import SqliteStore
from trackingmore_v2_sandbox.core.time_engine import Settle, TimeEngine
from trackingmore_v2_sandbox.store.models import DeliveryRecord
from trackingmore_v2_sandbox.store.sql import Store
from trackingmore_v2_sandbox.webhooks import worker as webhook_worker
from trackingmore_v2_sandbox.webhooks.outbox import (
    REORDER_TIMEOUT,
    DeliveryAttempt,
    Outbox,
    attempts,
)
from trackingmore_v2_sandbox.webhooks.sender import HttpSender, SendResult, look_up
from trackingmore_v2_sandbox.webhooks.subscriptions import add_target, remove_target
from trackingmore_v2_sandbox.webhooks.url_policy import UnknownDelivery, UrlPolicy
from trackingmore_v2_sandbox.webhooks.worker import LONGEST, DueWork, StepResult, WebhookWorker

STANDING: dict[str, Any] = {"carrier_code": "china-ems", "tracking_number": "SANDBOX-TRANSIT"}


@pytest.mark.behaviour("webhook.sent")
async def test_each_change_of_status_is_sent(harness: DeliveryHarness) -> None:
    """At its time, in order, signed then, and as in the contract."""
    harness.add()
    harness.follow()
    await harness.advance(days=1)

    assert [status for _, status in harness.receiver.events] == ["transit", "pickup", "delivered"]
    moments = [at for at, _ in harness.receiver.events]
    assert moments == [each.created_at for each in harness.deliveries]
    assert (moments[1] - moments[0], moments[2] - moments[1]) == (3600, 3600)
    for url, body in harness.receiver.received:
        schema_validator("#/components/schemas/TrackingEvent").validate(json.loads(body))
        assert url == HOOK
    assert {each.state for each in harness.deliveries} == {"delivered"}


async def test_a_delivery_has_the_data_of_the_api(harness: DeliveryHarness) -> None:
    """The last delivery has the tracking as a read returns it then."""
    harness.add()
    harness.follow()
    await harness.advance(days=1)
    sent_statuses = json.loads(harness.receiver.received[-1][1])["data"]
    read = harness.api.get(tracking_number=NUMBER, carrier_code="china-ems")
    read["origin_info"].pop("ReferenceNumber")

    assert {name: read[name] for name in sent_statuses} == sent_statuses


async def test_without_a_target_there_are_no_deliveries(harness: DeliveryHarness) -> None:
    """None is stored."""
    harness.follow()
    await harness.advance(days=1)

    assert harness.deliveries == []


@pytest.mark.behaviour("webhook.sent")
async def test_targets_choose_statuses(harness: DeliveryHarness) -> None:
    """No choice means all."""
    harness.add(HOOK + "/all")
    harness.add(HOOK + "/end", statuses=["delivered", "exception"])
    harness.follow()
    await harness.advance(days=1)
    sent_statuses = [
        (url[-3:], json.loads(body)["data"]["status"]) for url, body in harness.receiver.received
    ]

    assert sent_statuses == [
        ("all", "transit"),
        ("all", "pickup"),
        ("all", "delivered"),
        ("end", "delivered"),
    ]


@pytest.mark.behaviour("webhook.manual-status")
async def test_a_change_of_substatus_is_not_sent(harness: DeliveryHarness) -> None:
    """Nor is a new checkpoint."""
    harness.add()
    harness.follow("SANDBOX-TRANSIT001-1H-TRANSIT002-1H-TRANSIT003-1H-DELIVERED")
    await harness.advance(days=1)

    assert [status for _, status in harness.receiver.events] == ["transit", "delivered"]


@pytest.mark.behaviour("webhook.manual-status")
async def test_a_manual_status_is_sent(harness: DeliveryHarness) -> None:
    """Its reset too; other changes of a tracking are not."""
    harness.add()
    harness.follow("SANDBOX-TRANSIT")
    await harness.advance(hours=1)
    for changes in ({"status": 7}, {"title": "Teapot"}, {"status": 7}, {"status": 8}):
        assert harness.api.call("updateTracking", changes, **STANDING).code == 200
    await harness.advance()

    statuses = [status for _, status in harness.receiver.events]
    assert statuses == ["transit", "exception", "transit"]


async def test_a_rejected_change_is_not_sent(harness: DeliveryHarness) -> None:
    """A rollback leaves no delivery."""
    harness.add()
    harness.follow("SANDBOX-PENDING-1H-TRANSIT")

    def fail() -> None:
        with harness.store.transaction(write=True, account=ACCOUNT):
            harness.engine.catch_up(ACCOUNT, START + 3600)
            assert harness.store.deliveries(ACCOUNT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert harness.deliveries == []


@pytest.mark.behaviour("webhook.new-signature", "delivery.retries")
async def test_a_failed_delivery_is_retried_on_the_clock(harness: DeliveryHarness) -> None:
    """At the scheduled times, with a new signature each, until a 200."""
    harness.receiver.responses = [
        BROKEN,
        SendResult(error="no response"),
        SendResult(status=202),
        OK,
    ]
    harness.add()
    harness.follow("SANDBOX-DELIVERED")
    await harness.advance(days=3)
    (delivery,) = harness.deliveries
    first = delivery.created_at

    assert attempts(delivery) == (
        DeliveryAttempt(first, status=500),
        DeliveryAttempt(first + 30, error="no response"),
        DeliveryAttempt(first + 90, status=202),
        DeliveryAttempt(first + 210, status=200),
    )
    assert [at for at, _ in harness.receiver.events] == [first, first + 30, first + 90, first + 210]
    assert (delivery.state, delivery.due_at, delivery.attempt) == ("delivered", None, 5)
    assert json.loads(delivery.body)["verifyInfo"]["timeStr"] == first + 210


@pytest.mark.behaviour("webhook.new-signature")
async def test_retries_can_repeat_the_first_signature(harness: DeliveryHarness) -> None:
    """Each attempt sends the same body, signed at the first; what is resent is signed anew."""
    harness.receiver.responses = [BROKEN] * 3
    harness.add(re_sign=False, delay_seconds=5)
    harness.follow("SANDBOX-DELIVERED")
    await harness.advance(days=3)
    (delivery,) = harness.deliveries
    first = delivery.created_at + 5

    assert [each.at - first for each in attempts(delivery)] == [0, 30, 90, 210]
    assert {body for _, body in harness.receiver.received} == {delivery.body}
    assert [at for at, _ in harness.receiver.events] == [first] * 4
    harness.receiver.responses = [BROKEN]
    resent_at = START + 3 * 24 * 3600
    with harness.store.transaction(write=True, account=ACCOUNT):
        harness.outbox.resend(ACCOUNT, delivery.id, resent_at)
    await harness.advance(days=1)
    assert [at for at, _ in harness.receiver.events[4:]] == [resent_at] * 2


@pytest.mark.behaviour("webhook.forms", "webhook.new-signature")
async def test_a_target_chooses_the_form(harness: DeliveryHarness) -> None:
    """Every attempt has it; other targets get the current form."""
    harness.receiver.responses = [BROKEN] * 3
    for form in ("now", "2017", "2019"):
        harness.add(f"{HOOK}/{form}", form=form)
    harness.follow("SANDBOX-DELIVERED")
    await harness.advance(minutes=1)
    contents = [(url[-4:], json.loads(body)) for url, body in harness.receiver.received]
    found = [
        (form, type(content["verifyInfo"]["timeStr"]), "substatus" in content["data"])
        for form, content in contents
    ]

    assert found == [("/now", int, True), ("2017", int, False), ("2019", str, True)] * 2


@pytest.mark.behaviour("webhook.retries")
async def test_a_delivery_is_given_up(harness: DeliveryHarness) -> None:
    """After fourteen attempts, 245,730 seconds after the first, there is no further one."""
    harness.receiver.responses = [BROKEN] * 20
    harness.add()
    harness.follow("SANDBOX-DELIVERED")
    await harness.advance(days=30)
    (delivery,) = harness.deliveries
    log = attempts(delivery)

    assert (len(log), log[-1].at - log[0].at) == (14, 245_730)
    assert (delivery.state, delivery.due_at) == ("failed", None)


@pytest.mark.behaviour("webhook.one-attempt")
async def test_without_callback_there_is_one_attempt(harness: DeliveryHarness) -> None:
    """Its response is only logged."""
    harness.receiver.responses = [BROKEN, SendResult(status=204), SendResult(status=302)]
    harness.add(callback=False)
    harness.follow()
    await harness.advance(days=30)

    assert [each.state for each in harness.deliveries] == ["failed", "delivered", "failed"]
    assert len(harness.receiver.received) == 3


@pytest.mark.behaviour("time.additive")
async def test_two_advances_send_the_same_as_one(harness: DeliveryHarness) -> None:
    """advance(a) and advance(b) send the deliveries of advance(a + b)."""
    other = DeliveryHarness(SqliteStore())
    for each in (harness, other):
        each.receiver.responses = [BROKEN] * 4
        each.add(delay_seconds=7)
        each.add(HOOK + "/2", reorder=True, duplicate=True)
        each.follow()
    await harness.advance(hours=4)
    for _ in range(16):
        await other.advance(minutes=15)

    assert len(harness.deliveries) == 9
    assert other.deliveries == harness.deliveries
    assert other.receiver.received == harness.receiver.received
    other.api.close()


@pytest.mark.behaviour("delivery.faults")
async def test_deliveries_can_be_duplicated(harness: DeliveryHarness) -> None:
    """Each of the two has its own attempts."""
    harness.receiver.responses = [BROKEN]
    harness.add(duplicate=True)
    harness.follow("SANDBOX-DELIVERED")
    await harness.advance(days=1)

    first = harness.deliveries[0].created_at
    assert [at - first for at, _ in harness.receiver.events] == [0, 0, 30]
    assert [len(attempts(each)) for each in harness.deliveries] == [2, 1]


@pytest.mark.behaviour("delivery.faults")
async def test_deliveries_can_be_reordered(harness: DeliveryHarness) -> None:
    """Of two changes of a tracking the later comes first; one without a successor waits a week."""
    harness.add(reorder=True)
    harness.follow()
    harness.follow("SANDBOX-EXCEPTION")
    await harness.advance(days=8)
    events = [
        (json.loads(body)["data"]["tracking_number"], json.loads(body)["data"]["status"])
        for _, body in harness.receiver.received
    ]
    times = {each.status: each.created_at for each in harness.deliveries}
    sent = {status: at for at, status in harness.receiver.events}

    assert [status for number, status in events if number == NUMBER] == [
        "pickup",
        "transit",
        "delivered",
    ]
    assert sent["pickup"] == times["pickup"]
    assert sent["transit"] == times["pickup"] + 1
    for status in ("delivered", "exception"):
        assert sent[status] == times[status] + REORDER_TIMEOUT


async def test_retries_are_not_reordered(harness: DeliveryHarness) -> None:
    """A failed delivery keeps its schedule, and the next change begins a new pair."""
    harness.receiver.responses = [BROKEN]
    harness.add(reorder=True)
    harness.follow("SANDBOX-TRANSIT-1H-PICKUP-10S-DELIVERED")
    await harness.advance(days=8)

    assert [(at - START, status) for at, status in harness.receiver.events] == [
        (3600, "pickup"),
        (3601, "transit"),
        (3630, "pickup"),
        (3610 + REORDER_TIMEOUT, "delivered"),
    ]


@pytest.mark.behaviour("delivery.faults")
@pytest.mark.parametrize("corrupt", ["cut", "status", "signature"])
async def test_deliveries_can_be_corrupted(harness: DeliveryHarness, corrupt: str) -> None:
    """Only what is sent: the stored body is valid, and the log says how it was corrupted."""
    target = harness.add(corrupt=corrupt)
    harness.receiver.responses = [SendResult(status=400)]
    harness.follow("SANDBOX-DELIVERED")
    await harness.advance(seconds=10)
    (delivery,) = harness.deliveries
    ((_, body),) = harness.receiver.received
    first = delivery.created_at

    assert body != delivery.body
    assert json.loads(delivery.body)["data"]["status"] == "delivered"
    assert attempts(delivery)[0] == DeliveryAttempt(first, status=400, corrupt=target.corrupt)
    harness.add()
    await harness.advance(days=1)
    assert harness.receiver.received[1][1] == harness.deliveries[0].body
    assert attempts(harness.deliveries[0])[1] == DeliveryAttempt(first + 30, status=200)


@pytest.mark.behaviour("delivery.faults")
async def test_deliveries_can_be_delayed(harness: DeliveryHarness) -> None:
    """By seconds, and signed when they are sent."""
    harness.add(delay_seconds=600)
    harness.follow("SANDBOX-DELIVERED")
    await harness.advance(days=1)
    (delivery,) = harness.deliveries

    assert harness.receiver.events == [(delivery.created_at + 600, "delivered")]


@pytest.mark.behaviour("delivery.stored")
async def test_a_delivery_can_be_resent(harness: DeliveryHarness) -> None:
    """By its id, with new attempts; an unknown one is an error."""
    harness.receiver.responses = [BROKEN] * 14 + [BROKEN, OK]
    harness.add()
    harness.follow("SANDBOX-DELIVERED")
    await harness.advance(days=10)
    now = START + 10 * 24 * 3600
    with harness.store.transaction(write=True, account=ACCOUNT):
        harness.outbox.resend(ACCOUNT, "1", now)
        with pytest.raises(UnknownDelivery, match="'77'"):
            harness.outbox.resend(ACCOUNT, "77", now)
    await harness.advance(minutes=1)
    (delivery,) = harness.deliveries

    assert [each.at - now for each in attempts(delivery)[14:]] == [0, 30]
    assert delivery.state == "delivered"


@pytest.mark.behaviour("delivery.stored", "delivery.side-by-side")
@pytest.mark.parametrize(("first", "second"), [*product([OK, BROKEN], repeat=2)])
async def test_a_resend_during_an_attempt_is_kept(
    harness: DeliveryHarness, first: SendResult, second: SendResult
) -> None:
    """It is sent after that attempt, whose result does not change its schedule."""
    on_its_way, responded = asyncio.Event(), asyncio.Event()
    responses = iter([BROKEN, first, second])

    async def send(_url: str, _body: str) -> SendResult:
        response = next(responses)
        if harness.deliveries[0].attempt == 2:
            on_its_way.set()
            await responded.wait()
        return response

    outbox = Outbox(harness.store, send, "user@example.com")
    harness.engine = TimeEngine(harness.store, harness.api.clock, outbox.on_change, outbox.deliver)
    harness.add()
    harness.follow("SANDBOX-DELIVERED")
    advancing = asyncio.create_task(harness.advance(seconds=30))
    await asyncio.wait_for(on_its_way.wait(), PATIENT)
    with harness.store.transaction(write=True, account=ACCOUNT):
        outbox.resend(ACCOUNT, "1", START + 30)
    resending = asyncio.create_task(harness.engine.process_due(ACCOUNT))
    await asyncio.sleep(0)
    responded.set()
    await asyncio.wait_for(asyncio.gather(advancing, resending), PATIENT)
    (delivery,) = harness.deliveries

    # What was received is not sent again.
    expected = [BROKEN, first] if first == OK else [BROKEN, first, second]
    assert [each.status for each in attempts(delivery)] == [each.status for each in expected]
    if OK in expected:
        assert (delivery.state, delivery.due_at) == ("delivered", None)
    else:
        assert (delivery.state, delivery.attempt) == ("waiting", 2)


async def test_nothing_is_sent_to_a_target_that_was_removed(harness: DeliveryHarness) -> None:
    """What waits for it fails when it is due."""
    target = harness.add(delay_seconds=60)
    harness.follow("SANDBOX-DELIVERED")
    await harness.advance(seconds=30)
    with harness.store.transaction(write=True, account=ACCOUNT):
        remove_target(harness.store, ACCOUNT, target.id)
    await harness.advance(days=1)
    (delivery,) = harness.deliveries

    assert harness.receiver.received == []
    assert delivery.state == "failed"
    assert attempts(delivery)[0].error == "the target was removed"


async def test_an_internal_error_loses_no_delivery(harness: DeliveryHarness) -> None:
    """It is attempted the next time, without delay."""
    harness.add()
    harness.follow("SANDBOX-DELIVERED")

    async def fail(_delivery: DeliveryRecord, _now: int) -> Settle:
        raise RuntimeError

    broken = TimeEngine(harness.store, harness.api.clock, harness.outbox.on_change, fail)
    with pytest.raises(RuntimeError):
        await broken.advance(ACCOUNT, timedelta())
    await asyncio.wait_for(harness.advance(), PATIENT)

    assert [each.state for each in harness.deliveries] == ["delivered"]


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
async def test_each_delivery_is_sent_by_one_worker(database: Database) -> None:
    """Of two workers at the same time, only one sends a delivery."""
    with database.open() as mine, database.open() as others:
        harness = DeliveryHarness(mine)
        harness.add()
        for number in range(20):
            harness.follow(f"SANDBOX-DELIVERED_{number}")
        sent: tuple[list[str], list[str]] = [], []

        def worker(store: Store, done: list[str]) -> TimeEngine:
            async def send(_url: str, body: str) -> SendResult:
                done.append(json.loads(body)["data"]["tracking_number"])
                await asyncio.sleep(0)
                return OK

            outbox = Outbox(store, send, "user@example.com")
            return TimeEngine(store, harness.api.clock, outbox.on_change, outbox.deliver)

        workers = [worker(*each) for each in zip((mine, others), sent, strict=True)]
        day = timedelta(days=1)
        await asyncio.gather(*(each.advance(ACCOUNT, day) for each in workers))
        harness.api.http.close()

    numbers = [f"SANDBOX-DELIVERED_{number}" for number in range(20)]
    assert sorted(sent[0] + sent[1]) == sorted(numbers)


async def test_deliveries_have_numbers(harness: DeliveryHarness) -> None:
    """They count from one, in the order in which things happened."""
    harness.add(duplicate=True)
    harness.follow()
    await harness.advance(days=1)

    assert [each.id for each in harness.deliveries] == ["1", "2", "3", "4", "5", "6"]


def response(status: int, location: str = "") -> httpx2.Response:
    """Build a response that is still to be read."""
    return httpx2.Response(status, headers={"Location": location}, stream=httpx2.ByteStream(b"200"))


def sender(
    respond: Callable[[httpx2.Request], httpx2.Response], *allowed: str, **options: Any
) -> HttpSender:
    """Build a sender whose requests a function handles."""
    return HttpSender(UrlPolicy.read(allowed), transport=httpx2.MockTransport(respond), **options)


async def test_a_request_is_what_a_receiver_expects() -> None:
    """A POST of the bytes, as JSON, with the URL's host and a User-Agent."""
    requests: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return response(204)

    outcome = await sender(respond)("http://localhost:8080/a?b=%2F#c", "{}")
    (request,) = requests

    assert outcome == SendResult(status=204)
    assert (request.method, request.content) == ("POST", b"{}")
    assert str(request.url) == "http://127.0.0.1:8080/a?b=%2F#c"
    assert request.headers["Host"] == "localhost:8080"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["X-Sandbox"] == "1"
    assert not {"Trackingmore-Api-Key", "Authorization", "Cookie"} & set(request.headers)


@pytest.mark.behaviour("delivery.url-policy")
async def test_the_connection_goes_to_the_checked_address() -> None:
    """A name is resolved once, so its address cannot change in between (DNS rebinding)."""
    responses = [["93.184.215.14"], ["127.0.0.1"]]
    requests: list[httpx2.Request] = []

    async def rebind(_host: str, _port: int) -> list[str]:
        return responses.pop(0)

    def respond(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return response(200)

    send = sender(respond, "hooks.example.com", look_up=rebind)
    assert await send("https://hooks.example.com/x", "{}") == SendResult(status=200)
    (request,) = requests

    assert str(request.url) == "https://93.184.215.14/x"
    assert request.headers["Host"] == "hooks.example.com"
    assert request.extensions["sni_hostname"] == "hooks.example.com"
    assert len(responses) == 1


async def test_a_name_with_a_private_address_gets_no_request() -> None:
    """The rejection is the outcome."""

    async def look_up(_host: str, _port: int) -> list[str]:
        return ["169.254.169.254"]

    def respond(request: httpx2.Request) -> httpx2.Response:
        raise AssertionError(request)

    send = sender(respond, "*", look_up=look_up)
    outcome = await send("http://innocent.example/", "{}")

    assert outcome.status is None
    assert outcome.error
    assert "169.254.169.254" in outcome.error
    assert "metadata" in outcome.error


@pytest.mark.behaviour("webhook.no-callback")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    """It is a response like any other, wherever it points."""
    requests: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return response(status, "http://169.254.169.254/")

    assert await sender(respond)(HOOK, "{}") == SendResult(status=status)
    assert len(requests) == 1


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (httpx2.ReadError("connection reset"), "connection reset"),
        (httpx2.RemoteProtocolError(""), "RemoteProtocolError"),
        (httpx2.ConnectError("nobody there"), "nobody there"),
    ],
)
async def test_a_failure_is_an_outcome(error: Exception, reason: str) -> None:
    """Whatever the network does is a line in the log, and raises nothing."""

    def respond(_request: httpx2.Request) -> httpx2.Response:
        raise error

    assert await sender(respond)(HOOK, "{}") == SendResult(error=reason)


async def test_a_refused_connection_is_named(free_tcp_port: int) -> None:
    """Instead of "All connection attempts failed"."""
    result = await HttpSender(UrlPolicy())(f"http://127.0.0.1:{free_tcp_port}/", "{}")

    assert result == SendResult(error="Connection refused")


async def test_the_next_address_is_tried_if_the_first_refuses_connections() -> None:
    """`localhost` may be ::1; after a connection there is no other try."""
    tried: list[str] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        tried.append(request.url.host)
        if request.url.host == "127.0.0.1":
            raise httpx2.ConnectError("refused")
        return response(200)

    assert await sender(respond)("http://localhost:8080/", "{}") == SendResult(status=200)
    assert tried == ["127.0.0.1", "::1"]


async def test_a_receiver_has_a_limited_time() -> None:
    """One that never responses is an outcome after the time that was set."""

    async def hang(_host: str, _port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    send = HttpSender(UrlPolicy.read(["*"]), timeout=0.01, look_up=hang)

    assert await send("http://slow.example/", "{}") == SendResult(
        error="no response within 0.01 seconds"
    )


async def test_a_long_response_is_not_read_to_its_end() -> None:
    """Reading stops at a maximum size."""
    chunks: list[int] = []

    class Endless(httpx2.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                chunks.append(1)
                yield b"x" * 1024

    def respond(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, stream=Endless())

    assert await sender(respond)(HOOK, "{}") == SendResult(status=200)
    assert len(chunks) == 65


async def test_an_unknown_name_is_an_outcome() -> None:
    """The resolver's error is the reason."""

    async def fail(_host: str, _port: int) -> list[str]:
        raise OSError("Name or service not known")

    send = HttpSender(UrlPolicy.read(["*"]), look_up=fail)

    assert await send("http://a.example/", "{}") == SendResult(error="Name or service not known")
    assert "127.0.0.1" in await look_up("127.0.0.1", 80)


async def test_a_real_receiver_gets_real_bytes() -> None:
    """Over a socket of the loopback interface: sent, received, responded to."""
    received: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        received.append(await reader.readexactly(length))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n200")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        send = HttpSender(UrlPolicy())
        outcomes = [
            await send(f"http://{host}:{port}/hook", "{}") for host in ("127.0.0.1", "localhost")
        ]

    assert outcomes == [OK, OK]
    assert received == [b"{}", b"{}"]
    assert (await send(f"http://127.0.0.1:{port}/hook", "{}")).error


async def test_the_worker_sends_at_the_due_time(harness: DeliveryHarness) -> None:
    """Without a request, at the time of a running clock."""
    harness.add()
    harness.follow()
    harness.engine.run(ACCOUNT, speed=1000)
    pauses: list[float] = []
    finished = asyncio.Event()

    async def wait(_woken: asyncio.Event, seconds: float) -> None:
        pauses.append(seconds)
        harness.api.advance(seconds=seconds)
        if len(harness.receiver.received) == 3:
            finished.set()
        await asyncio.sleep(0)

    clockwork = WebhookWorker(DueWork(harness.store, harness.engine), wait=wait)
    clockwork.start(ACCOUNT)
    await asyncio.wait_for(finished.wait(), PATIENT)
    await clockwork.stop()

    first = START
    assert [at - first for at, _ in harness.receiver.events] == [0, 3600, 7200]
    # An hour takes 3.6 seconds; the worker runs at least once a second.
    assert pauses[:4] == [LONGEST, LONGEST, LONGEST, pytest.approx(0.6)]


async def test_a_frozen_clock_sends_what_is_due_now(harness: DeliveryHarness) -> None:
    """Manual changes are sent at once; later deliveries wait for the clock."""
    harness.add()
    harness.add(HOOK + "/late", delay_seconds=1)
    look = DueWork(harness.store, harness.engine)
    harness.follow("SANDBOX-TRANSIT-1S-DELIVERED")

    (attempt,), delay = look(ACCOUNT)
    await asyncio.wait_for(attempt, PATIENT)

    assert delay == LONGEST
    assert harness.receiver.events == [(START, "transit")]
    assert len(harness.deliveries) == 2


async def test_the_worker_runs_when_it_is_woken() -> None:
    """At once, even if it was woken during a run; other accounts are left alone."""
    runs: list[str] = []
    waits: asyncio.Queue[asyncio.Event] = asyncio.Queue()

    def look(account: str) -> StepResult:
        runs.append(account)
        if len(runs) == 2:
            clockwork.wake("a")
        return StepResult(delay=LONGEST)

    async def wait(woken: asyncio.Event, _seconds: float) -> None:
        await waits.put(woken)
        await woken.wait()

    clockwork = WebhookWorker(look, wait=wait)
    clockwork.wake("a")
    clockwork.start("a")
    await asyncio.wait_for(waits.get(), PATIENT)
    clockwork.wake("b")
    clockwork.wake("a")
    await asyncio.wait_for(waits.get(), PATIENT)
    await asyncio.wait_for(waits.get(), PATIENT)
    await clockwork.stop()

    assert runs == ["a", "a", "a"]


async def test_the_worker_survives_an_error(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, and the worker runs again."""
    results: list[float | Exception | None] = [RuntimeError("disk full"), 0.0, None]
    finished = asyncio.Event()
    pauses: list[float] = []

    def look(_account: str) -> StepResult:
        result = results.pop(0)
        if not results:
            finished.set()
        if isinstance(result, Exception):
            raise result
        return StepResult(delay=result)

    async def wait(_woken: asyncio.Event, seconds: float) -> None:
        pauses.append(seconds)

    clockwork = WebhookWorker(look, wait=wait)
    clockwork.start("a")
    await asyncio.wait_for(finished.wait(), PATIENT)
    await clockwork.stop()

    assert pauses == [LONGEST, 0.02]
    assert "disk full" in caplog.text


async def test_the_worker_skips_accounts_without_targets(harness: DeliveryHarness) -> None:
    """It starts again with the next target."""
    look = DueWork(harness.store, harness.engine)
    target = harness.add()
    assert look(ACCOUNT).delay is not None
    with harness.store.transaction(write=True, account=ACCOUNT):
        remove_target(harness.store, ACCOUNT, target.id)

    assert look(ACCOUNT) == ([], None)


def test_the_app_runs_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """For targets that were stored before, and at once after each call."""
    monkeypatch.setattr(webhook_worker, "LONGEST", 3600.0)
    sent_statuses: queue.Queue[str] = queue.Queue()

    async def send(_url: str, body: str) -> SendResult:
        sent_statuses.put(json.loads(body)["data"]["status"])
        return OK

    api = Api(send_webhook=send)
    with api.store.transaction(write=True, account=ACCOUNT):
        add_target(api.store, ACCOUNT, {"url": HOOK}, UrlPolicy())
    with api.http:
        api.create(**STANDING)
        assert sent_statuses.get(timeout=10) == "transit"
        api.call("updateTracking", {"status": 4}, **STANDING)
        assert sent_statuses.get(timeout=10) == "delivered"
    api.close()
