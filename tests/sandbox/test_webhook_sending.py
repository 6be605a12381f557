import asyncio
import json
import queue
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from itertools import product
from typing import Any

import httpx2
import pytest

from trackingmore_v2_sandbox import API_KEY, SqliteStore
from trackingmore_v2_sandbox.core.time_engine import Settle, TimeEngine
from trackingmore_v2_sandbox.store.models import DeliveryRecord, WebhookTarget
from trackingmore_v2_sandbox.store.sql import Store
from trackingmore_v2_sandbox.webhooks import worker as webhook_worker
from trackingmore_v2_sandbox.webhooks.outbox import PATIENCE, DeliveryAttempt, Outbox, attempts
from trackingmore_v2_sandbox.webhooks.sender import HttpSender, SendResult, look_up
from trackingmore_v2_sandbox.webhooks.subscriptions import add_target, remove_target
from trackingmore_v2_sandbox.webhooks.url_policy import UnknownDelivery, UrlPolicy
from trackingmore_v2_sandbox.webhooks.worker import LONGEST, DueWork, WebhookWorker

from .harness import NOON, Api, schema_validator
from .stores import Database

ACCOUNT = sha256(API_KEY.encode()).hexdigest()
START = int(NOON.timestamp())
HOOK = "http://127.0.0.1:8080/hook"
NUMBER = "SANDBOX-TRANSIT-1H-PICKUP-1H-DELIVERED"
STANDING: dict[str, Any] = {"carrier_code": "china-ems", "tracking_number": "SANDBOX-TRANSIT"}
PATIENT = 10
"""Seconds until a test that hangs has failed."""

OK = SendResult(status=200)
BROKEN = SendResult(status=500)


class Receiver:
    """A receiver that is a function: it keeps what it gets, and answers as it was told."""

    def __init__(self, *answers: SendResult) -> None:
        self.answers = list(answers)
        self.received: list[tuple[str, str]] = []

    async def __call__(self, url: str, body: str) -> SendResult:
        """Receive something."""
        self.received.append((url, body))
        return self.answers.pop(0) if self.answers else OK

    @property
    def news(self) -> list[tuple[int, str]]:
        """When what was told, by the signed times."""
        contents = [json.loads(body) for _, body in self.received]
        return [(int(each["verifyInfo"]["timeStr"]), each["data"]["status"]) for each in contents]


class Mail:
    """A sandbox whose webhooks go to a function, and whose time the test lets pass."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.receiver = Receiver()
        self.api = Api(store=store, send_webhook=self.receiver)
        self.outbox = Outbox(self.store, self.receiver, "user@example.com")
        self.passage = TimeEngine(
            self.store, self.api.clock, self.outbox.on_change, self.outbox.deliver
        )
        self.passage.run(ACCOUNT, 0)

    def add(self, url: str = HOOK, **fields: Any) -> WebhookTarget:
        """Add a target."""
        with self.store.transaction(write=True, account=ACCOUNT):
            return add_target(self.store, ACCOUNT, {"url": url, **fields}, UrlPolicy())

    def follow(self, number: str = NUMBER) -> str:
        """Have the account follow a parcel; gives its id."""
        created = self.api.create(tracking_number=number, carrier_code="china-ems")
        return str(created["id"])

    async def advance(self, **time: float) -> None:
        """Advance the account's clock, and send what is due on the way."""
        await self.passage.advance(ACCOUNT, timedelta(**time))

    @property
    def deliveries(self) -> list[DeliveryRecord]:
        """All deliveries, the oldest first."""
        with self.store.transaction(write=False):
            return self.store.deliveries(ACCOUNT)[::-1]


@pytest.fixture
def mail(store: Store) -> Iterator[Mail]:
    """Yield a fresh sandbox."""
    mail = Mail(store)
    yield mail
    mail.api.http.close()


async def test_each_change_of_status_is_told(mail: Mail) -> None:
    """At its very moment, in order, signed then, and as the contract says."""
    mail.add()
    mail.follow()
    await mail.advance(days=1)

    assert [status for _, status in mail.receiver.news] == ["transit", "pickup", "delivered"]
    moments = [at for at, _ in mail.receiver.news]
    assert moments == [each.created_at for each in mail.deliveries]
    assert (moments[1] - moments[0], moments[2] - moments[1]) == (3600, 3600)
    for url, body in mail.receiver.received:
        schema_validator("components/schemas/TrackingEvent").validate(json.loads(body))
        assert url == HOOK
    assert {each.state for each in mail.deliveries} == {"delivered"}


async def test_what_is_told_is_what_the_api_tells(mail: Mail) -> None:
    """The last delivery shows the parcel as a call shows it then."""
    mail.add()
    mail.follow()
    await mail.advance(days=1)
    told = json.loads(mail.receiver.received[-1][1])["data"]
    read = mail.api.get(tracking_number=NUMBER, carrier_code="china-ems")
    read["origin_info"].pop("ReferenceNumber")

    assert {name: read[name] for name in told} == told


async def test_nobody_is_told_without_a_target(mail: Mail) -> None:
    """Nothing is written down for nobody."""
    mail.follow()
    await mail.advance(days=1)

    assert mail.deliveries == []


async def test_targets_choose_statuses(mail: Mail) -> None:
    """Each one gets what it asked for; no choice means all."""
    mail.add(HOOK + "/all")
    mail.add(HOOK + "/end", statuses=["delivered", "exception"])
    mail.follow()
    await mail.advance(days=1)
    told = [(url[-3:], json.loads(body)["data"]["status"]) for url, body in mail.receiver.received]

    assert told == [
        ("all", "transit"),
        ("all", "pickup"),
        ("all", "delivered"),
        ("end", "delivered"),
    ]


async def test_a_change_of_the_detail_is_not_told(mail: Mail) -> None:
    """The substatus alone is no news, and so is a new checkpoint."""
    mail.add()
    mail.follow("SANDBOX-TRANSIT001-1H-TRANSIT002-1H-TRANSIT003-1H-DELIVERED")
    await mail.advance(days=1)

    assert [status for _, status in mail.receiver.news] == ["transit", "delivered"]


async def test_a_status_set_by_hand_is_told(mail: Mail) -> None:
    """And given back to the carrier, too; other changes of a parcel are nobody's news."""
    mail.add()
    mail.follow("SANDBOX-TRANSIT")
    await mail.advance(hours=1)
    for changes in ({"status": 7}, {"title": "Teapot"}, {"status": 7}, {"status": 8}):
        assert mail.api.call("updateTracking", changes, **STANDING).code == 200
    await mail.advance()

    statuses = [status for _, status in mail.receiver.news]
    assert statuses == ["transit", "exception", "transit"]


async def test_a_refused_change_is_not_told(mail: Mail) -> None:
    """What is undone leaves no delivery behind."""
    mail.add()
    mail.follow("SANDBOX-PENDING-1H-TRANSIT")

    def fail() -> None:
        with mail.store.transaction(write=True, account=ACCOUNT):
            mail.passage.catch_up(ACCOUNT, START + 3600)
            assert mail.store.deliveries(ACCOUNT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert mail.deliveries == []


async def test_a_failed_delivery_is_tried_again_on_the_clock(mail: Mail) -> None:
    """The log equals the schedule; each attempt is signed anew; 200 ends it."""
    mail.receiver.answers = [BROKEN, SendResult(error="no answer"), SendResult(status=202), OK]
    mail.add()
    mail.follow("SANDBOX-DELIVERED")
    await mail.advance(days=3)
    (delivery,) = mail.deliveries
    first = delivery.created_at

    assert attempts(delivery) == (
        DeliveryAttempt(first, status=500),
        DeliveryAttempt(first + 30, error="no answer"),
        DeliveryAttempt(first + 90, status=202),
        DeliveryAttempt(first + 210, status=200),
    )
    assert [at for at, _ in mail.receiver.news] == [first, first + 30, first + 90, first + 210]
    assert (delivery.state, delivery.due_at, delivery.attempt) == ("delivered", None, 5)
    assert json.loads(delivery.body)["verifyInfo"]["timeStr"] == str(first + 210)


async def test_a_delivery_is_given_up(mail: Mail) -> None:
    """After fourteen attempts, 245,730 seconds after the first, there is no further one."""
    mail.receiver.answers = [BROKEN] * 20
    mail.add()
    mail.follow("SANDBOX-DELIVERED")
    await mail.advance(days=30)
    (delivery,) = mail.deliveries
    log = attempts(delivery)

    assert (len(log), log[-1].at - log[0].at) == (14, 245_730)
    assert (delivery.state, delivery.due_at) == ("failed", None)


async def test_without_callback_there_is_one_attempt(mail: Mail) -> None:
    """Its answer only colours the log."""
    mail.receiver.answers = [BROKEN, SendResult(status=204), SendResult(status=302)]
    mail.add(callback=False)
    mail.follow()
    await mail.advance(days=30)

    assert [each.state for each in mail.deliveries] == ["failed", "delivered", "failed"]
    assert len(mail.receiver.received) == 3


async def test_time_in_pieces_gives_the_same_deliveries(mail: Mail) -> None:
    """advance(a) and advance(b) send what advance(a + b) sends."""
    other = Mail(SqliteStore())
    for each in (mail, other):
        each.receiver.answers = [BROKEN] * 4
        each.add(delay_seconds=7)
        each.add(HOOK + "/2", reorder=True, duplicate=True)
        each.follow()
    await mail.advance(hours=4)
    for _ in range(16):
        await other.advance(minutes=15)

    assert len(mail.deliveries) == 9
    assert other.deliveries == mail.deliveries
    assert other.receiver.received == mail.receiver.received
    other.api.close()


async def test_deliveries_can_be_doubled(mail: Mail) -> None:
    """Each comes twice, and each of the two has its own attempts."""
    mail.receiver.answers = [BROKEN]
    mail.add(duplicate=True)
    mail.follow("SANDBOX-DELIVERED")
    await mail.advance(days=1)

    first = mail.deliveries[0].created_at
    assert [at - first for at, _ in mail.receiver.news] == [0, 0, 30]
    assert [len(attempts(each)) for each in mail.deliveries] == [2, 1]


async def test_deliveries_can_be_swapped(mail: Mail) -> None:
    """Of two changes of a parcel the later comes first; one without a successor waits a week."""
    mail.add(reorder=True)
    mail.follow()
    mail.follow("SANDBOX-EXCEPTION")
    await mail.advance(days=8)
    news = [
        (json.loads(body)["data"]["tracking_number"], json.loads(body)["data"]["status"])
        for _, body in mail.receiver.received
    ]
    times = {each.status: each.created_at for each in mail.deliveries}
    sent = {status: at for at, status in mail.receiver.news}

    assert [status for number, status in news if number == NUMBER] == [
        "pickup",
        "transit",
        "delivered",
    ]
    assert sent["pickup"] == times["pickup"]
    assert sent["transit"] == times["pickup"] + 1
    for status in ("delivered", "exception"):
        assert sent[status] == times[status] + PATIENCE


async def test_what_is_tried_again_is_not_swapped(mail: Mail) -> None:
    """A delivery that failed keeps its schedule, and the next change begins a new pair."""
    mail.receiver.answers = [BROKEN]
    mail.add(reorder=True)
    mail.follow("SANDBOX-TRANSIT-1H-PICKUP-10S-DELIVERED")
    await mail.advance(days=8)

    assert [(at - START, status) for at, status in mail.receiver.news] == [
        (3600, "pickup"),
        (3601, "transit"),
        (3630, "pickup"),
        (3610 + PATIENCE, "delivered"),
    ]


@pytest.mark.parametrize("corrupt", ["cut", "status", "signature"])
async def test_deliveries_can_be_spoilt(mail: Mail, corrupt: str) -> None:
    """On the way only: what is kept is right, and the log says how it was spoilt."""
    target = mail.add(corrupt=corrupt)
    mail.receiver.answers = [SendResult(status=400)]
    mail.follow("SANDBOX-DELIVERED")
    await mail.advance(seconds=10)
    (delivery,) = mail.deliveries
    ((_, body),) = mail.receiver.received
    first = delivery.created_at

    assert body != delivery.body
    assert json.loads(delivery.body)["data"]["status"] == "delivered"
    assert attempts(delivery)[0] == DeliveryAttempt(first, status=400, corrupt=target.corrupt)
    mail.add()
    await mail.advance(days=1)
    assert mail.receiver.received[1][1] == mail.deliveries[0].body
    assert attempts(mail.deliveries[0])[1] == DeliveryAttempt(first + 30, status=200)


async def test_deliveries_can_be_late(mail: Mail) -> None:
    """So many seconds after the news, and signed when they are sent."""
    mail.add(delay_seconds=600)
    mail.follow("SANDBOX-DELIVERED")
    await mail.advance(days=1)
    (delivery,) = mail.deliveries

    assert mail.receiver.news == [(delivery.created_at + 600, "delivered")]


async def test_a_delivery_can_be_sent_again(mail: Mail) -> None:
    """By its id, now, with new attempts; the log goes on. An unknown one is refused."""
    mail.receiver.answers = [BROKEN] * 14 + [BROKEN, OK]
    mail.add()
    mail.follow("SANDBOX-DELIVERED")
    await mail.advance(days=10)
    now = START + 10 * 24 * 3600
    with mail.store.transaction(write=True, account=ACCOUNT):
        mail.outbox.resend(ACCOUNT, "1", now)
        with pytest.raises(UnknownDelivery, match="'77'"):
            mail.outbox.resend(ACCOUNT, "77", now)
    await mail.advance(minutes=1)
    (delivery,) = mail.deliveries

    assert [each.at - now for each in attempts(delivery)[14:]] == [0, 30]
    assert delivery.state == "delivered"


@pytest.mark.parametrize(("late", "early"), [*product([OK, BROKEN], repeat=2)])
async def test_what_is_sent_again_meanwhile_is_kept_beside(
    mail: Mail, late: SendResult, early: SendResult
) -> None:
    """Each attempt is noted, and one that was received is the end, whichever was answered first."""
    on_its_way, answered = asyncio.Event(), asyncio.Event()

    async def send(_url: str, _body: str) -> SendResult:
        if on_its_way.is_set():
            return early
        on_its_way.set()
        await answered.wait()
        return late

    outbox = Outbox(mail.store, send, "user@example.com")
    mail.passage = TimeEngine(mail.store, mail.api.clock, outbox.on_change, outbox.deliver)
    mail.add()
    mail.follow("SANDBOX-DELIVERED")
    first = asyncio.create_task(mail.advance())
    await asyncio.wait_for(on_its_way.wait(), PATIENT)
    with mail.store.transaction(write=True, account=ACCOUNT):
        outbox.resend(ACCOUNT, "1", START)
    await mail.passage.process_due(ACCOUNT)
    answered.set()
    await asyncio.wait_for(first, PATIENT)
    (delivery,) = mail.deliveries

    assert [each.status for each in attempts(delivery)] == [early.status, late.status]
    if OK in (late, early):
        assert (delivery.state, delivery.due_at) == ("delivered", None)
    else:
        assert (delivery.state, delivery.attempt) == ("waiting", 2)


async def test_nothing_is_sent_to_a_target_that_was_removed(mail: Mail) -> None:
    """What waits for it fails when it is due."""
    target = mail.add(delay_seconds=60)
    mail.follow("SANDBOX-DELIVERED")
    await mail.advance(seconds=30)
    with mail.store.transaction(write=True, account=ACCOUNT):
        remove_target(mail.store, ACCOUNT, target.id)
    await mail.advance(days=1)
    (delivery,) = mail.deliveries

    assert mail.receiver.received == []
    assert delivery.state == "failed"
    assert attempts(delivery)[0].error == "the target was removed"


async def test_a_failure_of_ours_loses_nothing(mail: Mail) -> None:
    """A delivery that could not even be tried is tried the next time, without waiting."""
    mail.add()
    mail.follow("SANDBOX-DELIVERED")

    async def fail(_delivery: DeliveryRecord, _now: int) -> Settle:
        raise RuntimeError

    broken = TimeEngine(mail.store, mail.api.clock, mail.outbox.on_change, fail)
    with pytest.raises(RuntimeError):
        await broken.advance(ACCOUNT, timedelta())
    await asyncio.wait_for(mail.advance(), PATIENT)

    assert [each.state for each in mail.deliveries] == ["delivered"]


async def test_each_delivery_is_sent_by_one_worker(anywhere: Database) -> None:
    """Two that look at the same time share the work, and nothing is sent twice."""
    with anywhere.open() as mine, anywhere.open() as others:
        mail = Mail(mine)
        mail.add()
        for number in range(20):
            mail.follow(f"SANDBOX-DELIVERED_{number}")
        sent: tuple[list[str], list[str]] = [], []

        def worker(store: Store, done: list[str]) -> TimeEngine:
            async def send(_url: str, body: str) -> SendResult:
                done.append(json.loads(body)["data"]["tracking_number"])
                await asyncio.sleep(0)
                return OK

            outbox = Outbox(store, send, "user@example.com")
            return TimeEngine(store, mail.api.clock, outbox.on_change, outbox.deliver)

        stores = (mine, mine if anywhere.kind == "memory" else others)
        workers = [worker(*each) for each in zip(stores, sent, strict=True)]
        day = timedelta(days=1)
        await asyncio.gather(*(each.advance(ACCOUNT, day) for each in workers))
        mail.api.http.close()

    numbers = [f"SANDBOX-DELIVERED_{number}" for number in range(20)]
    assert all(sent)
    assert sorted(sent[0] + sent[1]) == sorted(numbers)


async def test_deliveries_have_numbers(mail: Mail) -> None:
    """They count from one, in the order in which things happened."""
    mail.add(duplicate=True)
    mail.follow()
    await mail.advance(days=1)

    assert [each.id for each in mail.deliveries] == ["1", "2", "3", "4", "5", "6"]


def answer(status: int, location: str = "") -> httpx2.Response:
    """Build an answer that is still to be read."""
    return httpx2.Response(status, headers={"Location": location}, stream=httpx2.ByteStream(b"200"))


def sender(
    respond: Callable[[httpx2.Request], httpx2.Response], *allowed: str, **options: Any
) -> HttpSender:
    """Build a sender whose requests are answered by a function."""
    return HttpSender(UrlPolicy.read(allowed), transport=httpx2.MockTransport(respond), **options)


async def test_a_request_is_what_a_receiver_expects() -> None:
    """A POST of the bytes, as JSON, that names the host of the URL and says who sends it."""
    requests: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return answer(204)

    outcome = await sender(respond)("http://localhost:8080/a?b=%2F#c", "{}")
    (request,) = requests

    assert outcome == SendResult(status=204)
    assert (request.method, request.content) == ("POST", b"{}")
    assert str(request.url) == "http://127.0.0.1:8080/a?b=%2F#c"
    assert request.headers["Host"] == "localhost:8080"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["X-Sandbox"] == "1"
    assert not {"Trackingmore-Api-Key", "Authorization", "Cookie"} & set(request.headers)


async def test_the_connection_goes_to_the_address_that_was_judged() -> None:
    """A name is looked up once, so nobody can give another address in between."""
    answers = [["93.184.215.14"], ["127.0.0.1"]]
    requests: list[httpx2.Request] = []

    async def rebind(_host: str, _port: int) -> list[str]:
        return answers.pop(0)

    def respond(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return answer(200)

    send = sender(respond, "hooks.example.com", look_up=rebind)
    assert await send("https://hooks.example.com/x", "{}") == SendResult(status=200)
    (request,) = requests

    assert str(request.url) == "https://93.184.215.14/x"
    assert request.headers["Host"] == "hooks.example.com"
    assert request.extensions["sni_hostname"] == "hooks.example.com"
    assert len(answers) == 1


async def test_a_name_that_leads_inside_gets_nothing() -> None:
    """The refusal is the outcome; no request is made."""

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


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    """It is an answer like any other, wherever it points."""
    requests: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return answer(status, "http://169.254.169.254/")

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


async def test_the_next_address_is_tried_if_nobody_listens_at_the_first() -> None:
    """A receiver on ::1 is found under localhost, too; after a connection there is no other try."""
    tried: list[str] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        tried.append(request.url.host)
        if request.url.host == "127.0.0.1":
            raise httpx2.ConnectError("refused")
        return answer(200)

    assert await sender(respond)("http://localhost:8080/", "{}") == SendResult(status=200)
    assert tried == ["127.0.0.1", "::1"]


async def test_a_receiver_has_a_limited_time() -> None:
    """One that never answers is an outcome after the time that was set."""

    async def hang(_host: str, _port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    send = HttpSender(UrlPolicy.read(["*"]), timeout=0.01, look_up=hang)

    assert await send("http://slow.example/", "{}") == SendResult(
        error="no response within 0.01 seconds"
    )


async def test_a_long_answer_is_not_read_to_its_end() -> None:
    """An endless answer ends when we have had enough of it."""
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


async def test_a_name_that_nobody_knows_is_an_outcome() -> None:
    """The machine's resolver is asked, and its refusal is the reason."""

    async def fail(_host: str, _port: int) -> list[str]:
        raise OSError("Name or service not known")

    send = HttpSender(UrlPolicy.read(["*"]), look_up=fail)

    assert await send("http://a.example/", "{}") == SendResult(error="Name or service not known")
    assert "127.0.0.1" in await look_up("127.0.0.1", 80)


async def test_a_real_receiver_gets_real_bytes() -> None:
    """Over a socket of the loopback interface: sent, received, answered."""
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


async def test_the_ticker_sends_when_it_is_time(mail: Mail) -> None:
    """Nobody asks, and yet each delivery is sent at its moment of a clock that runs."""
    mail.add()
    mail.follow()
    mail.passage.run(ACCOUNT, speed=1000)
    pauses: list[float] = []
    finished = asyncio.Event()

    async def wait(_woken: asyncio.Event, seconds: float) -> None:
        pauses.append(seconds)
        mail.api.advance(seconds=seconds)
        if len(mail.receiver.received) == 3:
            finished.set()
        await asyncio.sleep(0)

    clockwork = WebhookWorker(DueWork(mail.store, mail.passage), wait)
    clockwork.start(ACCOUNT)
    await asyncio.wait_for(finished.wait(), PATIENT)
    await clockwork.stop()

    first = START
    assert [at - first for at, _ in mail.receiver.news] == [0, 3600, 7200]
    # An hour takes 3.6 seconds; it looks at least once a second.
    assert pauses[:4] == [LONGEST, LONGEST, LONGEST, pytest.approx(0.6)]


async def test_a_frozen_clock_sends_what_is_due_now(mail: Mail) -> None:
    """What happens by hand is told at once; what lies ahead waits for the clock."""
    mail.add()
    mail.add(HOOK + "/late", delay_seconds=1)
    look = DueWork(mail.store, mail.passage)
    mail.follow("SANDBOX-TRANSIT-1S-DELIVERED")

    assert await look(ACCOUNT) == LONGEST
    assert mail.receiver.news == [(START, "transit")]
    assert len(mail.deliveries) == 2


async def test_the_ticker_looks_when_it_is_woken() -> None:
    """At once, even if it was woken while it looked; other accounts are left alone."""
    looks: list[str] = []
    waits: asyncio.Queue[asyncio.Event] = asyncio.Queue()

    async def look(account: str) -> float:
        looks.append(account)
        if len(looks) == 2:
            clockwork.wake("a")
        return LONGEST

    async def wait(woken: asyncio.Event, _seconds: float) -> None:
        await waits.put(woken)
        await woken.wait()

    clockwork = WebhookWorker(look, wait)
    clockwork.wake("a")
    clockwork.start("a")
    await asyncio.wait_for(waits.get(), PATIENT)
    clockwork.wake("b")
    clockwork.wake("a")
    await asyncio.wait_for(waits.get(), PATIENT)
    await asyncio.wait_for(waits.get(), PATIENT)
    await clockwork.stop()

    assert looks == ["a", "a", "a"]


async def test_the_ticker_survives_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    """It says so in the log, and looks again."""
    results: list[float | Exception | None] = [RuntimeError("disk full"), 0.0, None]
    finished = asyncio.Event()
    pauses: list[float] = []

    async def look(_account: str) -> float | None:
        result = results.pop(0)
        if not results:
            finished.set()
        if isinstance(result, Exception):
            raise result
        return result

    async def wait(_woken: asyncio.Event, seconds: float) -> None:
        pauses.append(seconds)

    clockwork = WebhookWorker(look, wait)
    clockwork.start("a")
    await asyncio.wait_for(finished.wait(), PATIENT)
    await clockwork.stop()

    assert pauses == [LONGEST, 0.02]
    assert "disk full" in caplog.text


async def test_the_ticker_leaves_an_account_without_targets(mail: Mail) -> None:
    """There is nothing to look after; with the next target it begins anew."""
    look = DueWork(mail.store, mail.passage)
    target = mail.add()
    assert await look(ACCOUNT) is not None
    with mail.store.transaction(write=True, account=ACCOUNT):
        remove_target(mail.store, ACCOUNT, target.id)

    assert await look(ACCOUNT) is None


def test_the_app_looks_after_its_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as it runs: for those that were there before, and at once after each call."""
    monkeypatch.setattr(webhook_worker, "LONGEST", 3600.0)
    told: queue.Queue[str] = queue.Queue()

    async def send(_url: str, body: str) -> SendResult:
        told.put(json.loads(body)["data"]["status"])
        return OK

    api = Api(send_webhook=send)
    with api.store.transaction(write=True, account=ACCOUNT):
        add_target(api.store, ACCOUNT, {"url": HOOK}, UrlPolicy())
    with api.http:
        api.create(**STANDING)
        assert told.get(timeout=10) == "transit"
        api.call("updateTracking", {"status": 4}, **STANDING)
        assert told.get(timeout=10) == "delivered"
    api.close()
