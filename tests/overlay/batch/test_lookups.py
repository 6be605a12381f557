"""Many trackings by their keys, and trackings that are created unless they exist."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

import httpx2
import pytest

from tests.overlay.stubs import DATE, Handler, async_client_of, client_of, error_response
from trackingmore_v2 import (
    ApiError,
    AsyncTrackingMore,
    BatchInterrupted,
    ContractBroken,
    Hooks,
    InvalidCarrier,
    InvalidInput,
    InvalidKey,
    ItemResult,
    QuotaExhausted,
    ServerFailed,
    TrackingMore,
    TransportError,
    models,
)
from trackingmore_v2._batch.lookups import lookup
from trackingmore_v2.hooks import AttemptEvent
from trackingmore_v2.types import KeyItem
from trackingmore_v2_sandbox import Sandbox

NUMBERS: Final = [f"1Z97X17XYW066{index:05}" for index in range(90)]
NUMBER: Final = NUMBERS[0]
TRACKING: Final = {
    "id": "",
    "tracking_number": NUMBER,
    "carrier_code": "ups",
    "status": "transit",
    "created_at": "2026-03-01T14:14:55+08:00",
}


class Events:
    """A hook that keeps the operations of all attempts."""

    def __init__(self) -> None:
        self.operations: list[str] = []

    def __call__(self, event: AttemptEvent) -> None:
        """Keep the operation of an attempt."""
        self.operations.append(event.operation)

    def take(self) -> list[str]:
        """Return the operations since the last call."""
        taken, self.operations = self.operations, []
        return taken


@pytest.fixture
def events() -> Events:
    """Return a hook that keeps the operations of the client."""
    return Events()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Yield a sandbox."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox: Sandbox, events: Events) -> Iterator[TrackingMore]:
    """Yield a client of the sandbox."""
    hooks = Hooks(on_attempt=events)
    with TrackingMore(sandbox.api_key, base_url=sandbox.base_url, hooks=hooks) as client:
        yield client


def success(data: object, code: int = 200) -> bytes:
    """Return a response with data."""
    meta = {"code": code, "type": "Success", "message": ""}
    return json.dumps({"meta": meta, "data": data}).encode()


def server_of(*responses: bytes | None) -> Handler:
    """Build a server with these responses; None loses one."""
    pending = iter(responses)

    def handle(request: httpx2.Request) -> httpx2.Response:
        response = next(pending)
        if response is None:
            raise httpx2.ReadError("reset", request=request)
        return httpx2.Response(200, headers=DATE, content=response)

    return handle


def seed(sandbox: Sandbox, *pairs: tuple[str, str]) -> None:
    """Create trackings in the sandbox."""
    sandbox.seed({"carrier_code": carrier, "tracking_number": number} for carrier, number in pairs)


def test_every_key_has_its_outcome(client: TrackingMore, sandbox: Sandbox, events: Events) -> None:
    """Found or not, in input order; 85 numbers take three requests, and duplicates none."""
    seed(sandbox, *(("ups", number) for number in NUMBERS[::2]))
    keys = [("ups", number) for number in NUMBERS[:85]]
    report = client.trackings.get_many(key for key in [*keys, keys[0], keys[1]])

    assert events.take() == ["listTrackings"] * 3
    assert [outcome.item for outcome in report] == [*keys, keys[0], keys[1]]
    for outcome, (_, number) in zip(report, [*keys, *keys[:2]], strict=True):
        wanted = ItemResult.NOT_FOUND if NUMBERS.index(number) % 2 else ItemResult.FOUND
        assert outcome.result is wanted
        assert outcome.ok is (wanted is ItemResult.FOUND)
        assert outcome.tracking is None or outcome.tracking.tracking_number == number
        assert outcome.error is None
    assert [outcome.duplicate_of for outcome in report[-2:]] == [0, 1]
    assert [one.tracking_number for one in report.trackings] == NUMBERS[:85:2]
    assert [outcome.index for outcome in report.failed] == [*range(1, 85, 2), 86]
    assert report.error is None
    assert repr(report) == "<TrackingReport of 87 items, 43 without tracking>"


def test_a_tracking_that_is_found_is_the_one_that_get_returns(client: TrackingMore) -> None:
    """With all its fields, in the language given."""
    client.trackings.create("china-ems", "LK664578623CN", title="Teapot")
    (outcome,) = client.trackings.get_many([("china-ems", "LK664578623CN")], lang="en")

    assert outcome.tracking == client.trackings.get("china-ems", "LK664578623CN", lang="en")


def test_carriers_of_a_number_are_told_apart(client: TrackingMore, sandbox: Sandbox) -> None:
    """A number that two carriers have is not found at the third one; case makes no difference."""
    seed(sandbox, ("ups", NUMBER), ("dhl", NUMBER))
    keys: list[KeyItem] = [("usps", NUMBER), ("dhl", NUMBER), ("ups", NUMBER), ("UPS", NUMBER)]
    report = client.trackings.get_many(keys)

    assert [one.tracking and one.tracking.carrier_code for one in report] == [
        *(None, "dhl", "ups", "ups")
    ]


async def test_any_iterable_of_any_keys_is_taken(sandbox: Sandbox) -> None:
    """Pairs, dicts, models and invalid keys, from an async iterable too; or a list."""
    seed(sandbox, *(("ups", number) for number in NUMBERS[:3]))

    async def keys() -> AsyncIterator[Any]:
        yield ("ups", NUMBERS[0])
        yield {"carrier_code": "ups", "tracking_number": NUMBERS[1]}
        yield models.TrackingKey(carrier_code="ups", tracking_number=NUMBERS[2])
        yield ("ups", "?")

    async with AsyncTrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        report = await client.trackings.get_many(keys())
        listed = await client.trackings.get_many(client.trackings.list())

    assert [outcome.result for outcome in report] == ["found", "found", "found", "invalid"]
    assert isinstance(report[3].error, InvalidInput)
    assert report[3].summary.startswith("invalid: tracking_number must be ")
    assert {one.tracking_number for one in listed.trackings} == set(NUMBERS[:3])
    assert len(listed) == 3


def test_unknown_columns_can_be_dropped(client: TrackingMore, sandbox: Sandbox) -> None:
    """As in the other methods of many items: rejected in the first row, unless they are ignored."""
    seed(sandbox, ("ups", NUMBER))
    row = {"carrier_code": "ups", "tracking_number": f" {NUMBER} ", "warehouse": "Berlin"}
    for method in (client.trackings.get_many, client.trackings.get_or_create_many):
        with pytest.raises(InvalidInput, match='unknown="ignore"'):
            method([row])
        (outcome,) = method([row], unknown="ignore")

        assert outcome.item == row
        assert outcome.tracking == client.trackings.get("ups", NUMBER)


def test_invalid_input_is_not_sent(client: TrackingMore, events: Events) -> None:
    """What is no iterable, or no language, is an error; an iterable that raises interrupts."""
    with pytest.raises(InvalidInput):
        client.trackings.get_many("ups")  # type: ignore[arg-type]  # that is the point
    with pytest.raises(InvalidInput):
        client.trackings.get_many([("ups", NUMBER)], lang="english")
    with pytest.raises(BatchInterrupted) as interrupted:
        client.trackings.get_many(("ups", number[int(number)]) for number in NUMBERS)

    assert interrupted.value.index == 0
    assert client.trackings.get_many([]).trackings == []
    assert events.take() == []


def test_a_failed_request_is_in_the_report() -> None:
    """The keys of one that was rejected are rejected; after a fatal error, nothing is sent."""
    found = success({"items": [TRACKING], "total": "1", "count": 1})
    keys = [("ups", number) for number in NUMBERS]
    report = client_of(
        server_of(error_response(4014), found, error_response(4001))
    ).trackings.get_many(keys)
    fatal = client_of(server_of(error_response(4001))).trackings.get_many(keys)

    assert [outcome.result for outcome in report[:80:40]] == ["rejected", "not_found"]
    assert report[0].code == 4014
    assert isinstance(report[89].error, InvalidKey)
    assert report.error is report[89].error
    assert {outcome.result for outcome in fatal[40:]} == {ItemResult.NOT_SENT}
    assert all(outcome.error is fatal.error for outcome in fatal)


@pytest.mark.parametrize(
    ("page", "result"),
    [
        ({"items": [], "count": 0}, "not_found"),
        ({"items": [TRACKING], "count": 2}, "unknown"),
        ({"items": [{**TRACKING, "carrier_code": None}], "count": 1}, "unknown"),
        ({"items": [TRACKING], "count": 1, "limit": 1}, "unknown"),
        ({"items": [TRACKING], "count": 1, "limit": 2}, "not_found"),
    ],
)
def test_what_an_incomplete_page_lacks_is_unknown(page: dict[str, Any], result: str) -> None:
    """An item that could not be read, or that the page had no room for, may be the one."""
    (outcome,) = client_of(server_of(success(page))).trackings.get_many([("dhl", NUMBER)])

    assert outcome.result == result
    assert not outcome.ok


def test_the_request_names_each_number_once() -> None:
    """Forty numbers at most, on the largest page."""
    keys = [models.TrackingKey(carrier_code=it, tracking_number=NUMBER) for it in ("ups", "dhl")]
    call = lookup("en").prepare([*keys]).call

    assert dict(call.query) == {"numbers": NUMBER, "page": "1", "limit": "2000", "lang": "en"}
    assert lookup(None).max_items == 40


def test_a_missing_tracking_is_created_and_read(client: TrackingMore, events: Events) -> None:
    """One that exists is read and not changed; the type is the same."""
    new = client.trackings.get_or_create("ups", NUMBER, title="Teapot")
    old = client.trackings.get_or_create("ups", NUMBER, title="Kettle")

    assert (new.created, old.created) == (True, False)
    assert type(new.tracking) is type(old.tracking) is models.Tracking
    assert new.tracking == old.tracking == client.trackings.get("ups", NUMBER)
    assert old.tracking.title == "Teapot"
    assert events.take() == [*["createTracking", "getTracking"] * 2, "getTracking"]


def test_a_corrected_carrier_is_read() -> None:
    """The API may create the tracking at another carrier, and says so."""
    created: dict[str, Any] = {**TRACKING, "carrier_code": "dhl"}
    found: list[str] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        found.append(request.url.path)
        return httpx2.Response(200, content=success(created))

    assert client_of(handle).trackings.get_or_create("ups", NUMBER).created
    assert found[1] == f"/v2/trackings/dhl/{NUMBER}"


@pytest.mark.parametrize(
    "responses",
    [
        (None, error_response(4016), success({"items": []}), success(TRACKING)),
        (None, error_response(4012), success(TRACKING)),
        (None, None, success(TRACKING)),
        (b"<html>", error_response(4016), error_response(4031), success(TRACKING)),
        (b"<html>", b"<html>", success(TRACKING)),
    ],
    ids=["exists", "rejected", "lost", "unreadable", "unreadable twice"],
)
async def test_what_a_lost_response_may_have_created_is_not_new(
    responses: tuple[bytes | None, ...],
) -> None:
    """It is read, `created` is False, and `in_doubt` is True."""
    client = client_of(server_of(*responses), 1)
    awaiting = async_client_of(server_of(*responses), 1)
    found = client.trackings.get_or_create("ups", NUMBER)
    awaited = await awaiting.trackings.get_or_create("ups", NUMBER)

    assert (found.created, found.adopted, found.in_doubt) == (False, False, True)
    assert found == awaited
    assert found.tracking.tracking_number == NUMBER


@pytest.mark.parametrize(
    ("responses", "error", "in_doubt"),
    [
        ((error_response(4021),), QuotaExhausted, False),
        ((error_response(4015),), InvalidCarrier, False),
        ((None, error_response(4017)), TransportError, True),
        ((b"<html>", b"<html>", error_response(4017)), ContractBroken, True),
        ((success(TRACKING), error_response(4001)), InvalidKey, True),
        ((error_response(4016), error_response(4001)), InvalidKey, False),
        ((error_response(4016), error_response(500)), ServerFailed, False),
    ],
)
def test_an_error_says_whether_a_tracking_may_have_been_created(
    responses: tuple[bytes | None, ...],
    error: type[ApiError],
    in_doubt: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """The error of the create, unless only the read failed."""
    with pytest.raises(error) as raised:
        client_of(server_of(*responses)).trackings.get_or_create("ups", NUMBER)

    assert raised.value.in_doubt is in_doubt


def test_missing_trackings_are_created_and_the_others_read(
    client: TrackingMore, sandbox: Sandbox, events: Events
) -> None:
    """One outcome for each item; 50 that existed take two requests, and the new ones none."""
    seed(sandbox, *(("ups", number) for number in NUMBERS[:50]))
    items: list[Any] = [
        {"carrier_code": "ups", "tracking_number": f" {number} ", "title": "Teapot"}
        for number in [*NUMBERS, NUMBERS[0], NUMBERS[89], "?"]
    ]
    report = client.trackings.get_or_create_many(iter(items))

    assert events.take() == ["createTrackingBatch"] * 3 + ["listTrackings"] * 2
    assert [outcome.item for outcome in report] == items
    assert [outcome.created for outcome in report] == [
        *[False] * 50, *[True] * 40, False, True, False
    ]  # fmt: skip
    assert [outcome.tracking and outcome.tracking.tracking_number for outcome in report] == [
        *NUMBERS, NUMBERS[0], NUMBERS[89], None
    ]  # fmt: skip
    assert [outcome.result for outcome in report.failed] == [ItemResult.INVALID]
    assert report[0].tracking == client.trackings.get("ups", NUMBERS[0])
    created, read = report[50].tracking, client.trackings.get("ups", NUMBERS[50])
    assert created
    assert (created.id, created.status, created.title) == (read.id, "pending", "Teapot")
    assert {created.title, read.title} == {"Teapot"}
    assert len(report.trackings) == 90


async def test_all_new_trackings_take_no_more_requests_than_their_creation(
    sandbox: Sandbox,
) -> None:
    """Awaited, and from an async iterable."""
    events = Events()

    async def items() -> AsyncIterator[Any]:
        for number in NUMBERS[:3]:
            yield {"carrier_code": "ups", "tracking_number": number}

    async with AsyncTrackingMore(
        sandbox.api_key, base_url=sandbox.base_url, hooks=Hooks(on_attempt=events)
    ) as client:
        report = await client.trackings.get_or_create_many(items())

        assert events.take() == ["createTrackingBatch"]
        assert all(outcome.created and outcome.ok for outcome in report)
        again = await client.trackings.get_or_create_many(items())
    assert [outcome.result for outcome in again] == [ItemResult.ALREADY_EXISTED] * 3
    assert all(outcome.ok and not outcome.created for outcome in again)


def test_what_a_lost_batch_may_have_created_is_read() -> None:
    """Its result stays unknown, with the error, and it has the tracking if the account has it."""
    page = success({"items": [TRACKING], "total": "1", "count": 1})
    items: list[Any] = [
        {"carrier_code": "ups", "tracking_number": number} for number in NUMBERS[:2]
    ]
    found, missing = client_of(server_of(None, page)).trackings.get_or_create_many(items)

    assert (found.result, found.ok, found.in_doubt) == ("unknown", True, True)
    assert (found.adopted, found.in_doubt) == (False, True)
    assert found.error is missing.error
    assert (missing.result, missing.ok) == ("unknown", False)
    assert isinstance(missing.error, TransportError)


def test_a_tracking_that_cannot_be_read_keeps_its_result() -> None:
    """The error of the read says why the tracking is missing."""
    errors = [{"carrier_code": "ups", "tracking_number": NUMBER, "code": 4016, "message": "exists"}]
    response = success({"submitted": 1, "added": 0, "trackings": [], "errors": errors}, 201)
    items: list[Any] = [{"carrier_code": "ups", "tracking_number": NUMBER}]
    report = client_of(server_of(response, error_response(4001))).trackings.get_or_create_many(
        items
    )

    assert (report[0].result, report[0].ok) == ("already_existed", False)
    assert isinstance(report[0].error, InvalidKey)
    assert report.error is report[0].error


def test_an_error_of_a_hook_keeps_what_was_created(sandbox: Sandbox) -> None:
    """The report is that of the creation, complete."""

    def fail(event: AttemptEvent) -> None:
        if event.operation == "listTrackings":
            raise KeyError(event.operation)

    seed(sandbox, ("ups", NUMBER))
    items: list[Any] = [
        {"carrier_code": "ups", "tracking_number": number} for number in NUMBERS[:2]
    ]
    hooks = Hooks(on_attempt=fail)
    with (
        TrackingMore(sandbox.api_key, base_url=sandbox.base_url, hooks=hooks) as client,
        pytest.raises(BatchInterrupted) as interrupted,
    ):
        client.trackings.get_or_create_many(items)

    assert isinstance(interrupted.value.__cause__, KeyError)
    assert [it.result for it in interrupted.value.report] == ["already_existed", "created"]
