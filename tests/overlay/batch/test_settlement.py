"""What methods return after an attempt without a response, against the sandbox."""

import asyncio
import logging
import pickle
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import httpx2
import pytest

from tests.overlay.stubs import DATE, KEY, URL, Recorder, client_of, error_response
from trackingmore_v2 import (
    AdoptedTracking,
    AsyncTrackingMore,
    BatchReport,
    ChangeCarrierResult,
    DeleteResult,
    Hooks,
    ItemResult,
    QuotaGuard,
    ServerFailed,
    TrackingExists,
    TrackingMore,
    TrackingMoreError,
    TrackingNotFound,
    to_dict,
    to_json,
)
from trackingmore_v2.hooks import AdoptionEvent
from trackingmore_v2_sandbox import Sandbox

CARRIER = "china-ems"
NUMBERS = [f"LOST{index:06}" for index in range(40)]
NUMBER = NUMBERS[0]
OLD = "2026-01-01T00:00:00Z"
DETAILS: dict[str, Any] = {
    "title": " Teapot ",
    "order_id": "#1",
    "comment": "x\r\ny",
    "customer_name": "Ann",
    "customer_email": "ann@example.com",
    "customer_phone": "+1 2",
    "order_create_time": "2026/1/2 3:04",
    "logistics_channel": "DHL",
    "destination_code": "us",
}


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    """Yield the sandbox of all tests."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared: Sandbox) -> Iterator[Sandbox]:
    """Yield the sandbox without trackings and faults, of which each planned fault must occur."""
    shared.reset()
    yield shared
    assert shared.faults.unused() == {}
    shared.faults.clear()


class Adoptions(list[AdoptionEvent]):
    """A hook that keeps its events."""

    @property
    def hooks(self) -> Hooks:
        """The hook."""
        return Hooks(on_adoption=self.append)


@pytest.fixture
def adoptions() -> Adoptions:
    """Return a hook for adoptions."""
    return Adoptions()


@pytest.fixture(params=["sync", "async"])
def call(
    request: pytest.FixtureRequest, sandbox: Sandbox, adoptions: Adoptions
) -> Callable[..., Any]:
    """Return a function that calls a method of a client, blocking or awaited."""
    options: dict[str, Any] = {"base_url": sandbox.base_url, "hooks": adoptions.hooks}

    async def awaited(method: str, *args: Any, **fields: Any) -> Any:
        async with AsyncTrackingMore(sandbox.api_key, **options) as client:
            return await getattr(client.trackings, method)(*args, **fields)

    def blocking(method: str, *args: Any, **fields: Any) -> Any:
        with TrackingMore(sandbox.api_key, **options) as client:
            return getattr(client.trackings, method)(*args, **fields)

    def run(method: str, *args: Any, **fields: Any) -> Any:
        return asyncio.run(awaited(method, *args, **fields))

    return run if request.param == "async" else blocking


def item(number: str = NUMBER, **fields: Any) -> dict[str, Any]:
    """Return an item of a batch."""
    return {"carrier_code": CARRIER, "tracking_number": number, **fields}


def seed(sandbox: Sandbox, *items: dict[str, Any], created_at: str = OLD) -> None:
    """Create trackings in the sandbox that are older than any call of a test."""
    sandbox.seed({"created_at": created_at, **each} for each in items)


def numbers_of(sandbox: Sandbox) -> list[str]:
    """Return the number of each tracking in the sandbox."""
    return sorted(one.tracking_number for one in sandbox.trackings())


@pytest.mark.parametrize("fault", ["lose-response", "wrong-type"])
def test_a_create_that_was_carried_out_is_adopted(
    fault: str, sandbox: Sandbox, call: Callable[..., Any], adoptions: Adoptions
) -> None:
    """The result is an adopted tracking with all that was read, and the hook is called."""
    sandbox.faults.plan({"createTracking": [fault, "reset-before"]})
    made = call("create", CARRIER, NUMBER, **DETAILS)

    assert type(made) is AdoptedTracking
    read = to_dict(call("get", CARRIER, NUMBER))
    assert to_dict(made) == {
        **{name: read[name] for name in ("id", "status", "created_at")},
        **{name: DETAILS[name] for name in ("title", "order_id", "comment", "customer_name")},
        **{name: DETAILS[name] for name in ("customer_email", "customer_phone")},
        "order_create_time": "2026-01-02 03:04",
        "tracking_number": NUMBER,
        "carrier_code": CARRIER,
    }
    assert [(event.operation, event.trackings) for event in adoptions] == [("createTracking", 1)]
    assert numbers_of(sandbox) == [NUMBER]


@pytest.mark.parametrize("existing", [{}, {"customer_email": "other@example.com"}, {"title": "x"}])
def test_a_tracking_that_existed_before_is_in_doubt(
    existing: dict[str, Any],
    sandbox: Sandbox,
    call: Callable[..., Any],
    adoptions: Adoptions,
) -> None:
    """An older one, or one with another detail, is not adopted."""
    seed(
        sandbox,
        item(**existing),
        **({"created_at": sandbox.clock.now().isoformat()} if existing else {}),
    )
    sandbox.faults.plan({"createTracking": "reset-before", "createTrackingBatch": "reset-before"})
    with pytest.raises(TrackingExists) as caught:
        call("create", CARRIER, NUMBER)
    report = call("create_many", [item()])

    assert (caught.value.in_doubt, caught.value.__cause__) == (True, None)
    [outcome] = report.already_existed
    assert (outcome.ok, outcome.in_doubt, outcome.code) == (True, True, 4016)
    assert isinstance(outcome.error, TrackingExists)
    assert report.in_doubt == [outcome]
    assert str(report) == "1 item: 1 already existed (1 uncertain)"
    assert adoptions == []


@pytest.mark.parametrize("fault", ["status=503", "code=4031", "code=4001", "truncated"])
def test_a_tracking_that_cannot_be_read_is_in_doubt(
    fault: str, sandbox: Sandbox, call: Callable[..., Any], adoptions: Adoptions
) -> None:
    """The error of the read is the cause of the error; an empty list is no error."""
    sandbox.faults.plan(
        {
            "createTracking": "lose-response",
            "createTrackingBatch": "lose-response",
            "listTrackings": [fault] * (6 if fault == "status=503" else 2),
        }
    )
    with pytest.raises(TrackingExists) as caught:
        call("create", CARRIER, NUMBER)
    report = call("create_many", [item(NUMBERS[1])])

    assert caught.value.in_doubt
    [outcome] = report.already_existed
    for error in (caught.value, outcome.error):
        assert isinstance(error, TrackingExists)
        assert error.in_doubt
        assert (error.__cause__ is None) is (fault == "code=4031")
        assert isinstance(error.__cause__, ServerFailed | None) or fault != "status=503"
    assert report.in_doubt == [outcome]
    assert adoptions == []


def test_a_chunk_is_settled_by_one_list(
    sandbox: Sandbox, call: Callable[..., Any], adoptions: Adoptions
) -> None:
    """Each item is told as what it is: adopted, created, in doubt or rejected."""
    seed(sandbox, item(NUMBERS[1]), item(NUMBERS[2], title="Teapot"))
    operations: list[str] = []
    sandbox.faults.plan({"createTrackingBatch": "lose-response"})
    items = [item(number, title="Teapot") for number in NUMBERS]
    items += [item("SANDBOX-FAIL-4014-CREATETRACKINGBATCH"), item(NUMBERS[3], title="Teapot")]
    sandbox.clear_log()
    report: BatchReport[Any] = call("create_many", items[:39] + items[-1:])

    operations = [one.operation for one in sandbox.log() if one.operation]
    assert sorted(operations) == ["createTrackingBatch"] * 2 + ["listTrackings"]
    assert report.counts == {ItemResult.ADOPTED: 37, ItemResult.ALREADY_EXISTED: 2}
    assert [outcome.index for outcome in report.in_doubt] == [1, 2]
    assert type(report[3].tracking) is AdoptedTracking
    assert (report[39].duplicate_of, report[39].tracking) == (3, report[3].tracking)
    assert [(event.operation, event.trackings) for event in adoptions] == [
        ("createTrackingBatch", 37)
    ]


def test_a_duplicate_in_a_later_call_keeps_the_doubt(sandbox: Sandbox) -> None:
    """Also where outcomes are not kept."""
    seed(sandbox, item())
    sandbox.faults.plan({"createTrackingBatch": "reset-before"})
    items = [*map(item, NUMBERS), item(f"{NUMBER}X"), item()]
    with TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        outcomes = list(client.trackings.iter_create_many(items))

    assert [outcome.in_doubt for outcome in outcomes] == [True, *[False] * 40, True]
    assert outcomes[41].duplicate_of == 0


def test_get_or_create_tells_what_it_adopted(sandbox: Sandbox, call: Callable[..., Any]) -> None:
    """One that a lost attempt created is adopted, and neither created nor in doubt."""
    seed(sandbox, item(NUMBERS[1]))
    sandbox.faults.plan(
        {
            "createTracking": ["lose-response", "pass", "reset-before", "pass", "pass"],
            "createTrackingBatch": "lose-response",
        }
    )
    results = [call("get_or_create", CARRIER, number) for number in (*NUMBERS[:3], NUMBERS[1])]
    report = call("get_or_create_many", map(item, (NUMBERS[1], *NUMBERS[3:5])))

    assert [(each.created, each.adopted, each.in_doubt) for each in results] == [
        (False, True, False),
        (False, False, True),
        (True, False, False),
        (False, False, False),
    ]
    assert [each.tracking.tracking_number for each in results[:3]] == NUMBERS[:3]
    assert [(each.created, each.adopted, each.in_doubt, each.ok) for each in report] == [
        (False, False, True, True),
        *[(False, True, False, True)] * 2,
    ]
    assert [each.tracking.tracking_number for each in report] == [*(NUMBERS[1], *NUMBERS[3:5])]


@pytest.mark.parametrize(
    "faults",
    sorted(
        set(permutations(["lose-response", "reset-before", "status=503/after", "pass", "pass"]))
    ),
)
def test_of_several_creators_one_is_told_that_it_created(
    faults: tuple[str, ...], sandbox: Sandbox
) -> None:
    """The others, which sent other details, learn that the tracking exists."""
    sandbox.faults.plan({"createTracking": list(faults)})

    async def create(client: AsyncTrackingMore, name: str) -> str:
        try:
            made = await client.trackings.create(CARRIER, NUMBER, customer_name=name)
        except TrackingExists:
            return "exists"
        assert made.customer_name == name
        return "told"

    async def create_all() -> list[str]:
        # Three faults at most meet one call, so three retries always end in a response.
        async with AsyncTrackingMore(
            sandbox.api_key, base_url=sandbox.base_url, retries=3
        ) as client:
            return await asyncio.gather(*(create(client, name) for name in "ABCD"))

    assert Counter(asyncio.run(create_all())) == {"told": 1, "exists": 3}
    assert numbers_of(sandbox) == [NUMBER]


def test_an_adopted_tracking_costs_the_budget_once(sandbox: Sandbox) -> None:
    """It counts as spent, alone and in a batch."""
    sandbox.faults.plan({"createTracking": "lose-response", "createTrackingBatch": "lose-response"})
    guard = QuotaGuard(max_creates=3)
    with TrackingMore(sandbox.api_key, base_url=sandbox.base_url, quota_guard=guard) as client:
        client.trackings.create(CARRIER, NUMBER)
        client.trackings.create_many(map(item, NUMBERS[1:3]))
        assert client.account.get().track_number == 999_997

    assert guard.creates == 3


@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("at", [datetime(1999, 5, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)])
def test_adoption_follows_the_clock_of_the_account(
    at: datetime,
    frozen: bool,  # noqa: FBT001 - a parameter of the test
    sandbox: Sandbox,
    call: Callable[..., Any],
) -> None:
    """A tracking is adopted at any time that the account's clock is set to, and no older one."""
    sandbox.clock.freeze(at)
    seed(sandbox, item(NUMBERS[1]), created_at=at.isoformat())
    sandbox.clock.advance(timedelta(days=1))
    if not frozen:
        sandbox.clock.run()
    sandbox.faults.plan({"createTracking": ["lose-response", "pass", "lose-response"]})

    assert type(call("create", CARRIER, NUMBER)) is AdoptedTracking
    with pytest.raises(TrackingExists):
        call("create", CARRIER, NUMBERS[1])


@pytest.mark.parametrize("fault", ["lose-response", "reset-before"])
def test_a_delete_of_an_absent_tracking_is_told_as_such(
    fault: str, sandbox: Sandbox, call: Callable[..., Any]
) -> None:
    """After an attempt without a response it is absent; without one it is an error."""
    sandbox.faults.plan({"deleteTracking": fault, "deleteTrackingBatch": fault})
    # A request that found no tracking has its error as its response, and no list to break.
    assert call("delete", CARRIER, NUMBER) is DeleteResult.ABSENT
    report = call("delete_many", [item()])

    assert report.counts == {ItemResult.ABSENT: 1}
    assert (report[0].ok, report.absent) == (True, [report[0]])
    assert str(report) == "1 item: 1 absent"
    with pytest.raises(TrackingNotFound):
        call("delete", CARRIER, NUMBER)
    assert call("delete_many", [item()]).counts == {ItemResult.NOT_FOUND: 1}


@pytest.mark.parametrize("fault", ["lose-response", "reset-before"])
def test_a_change_of_carrier(fault: str, sandbox: Sandbox, call: Callable[..., Any]) -> None:
    """It is changed, found at the new carrier, or an error in doubt if it is at neither."""
    seed(sandbox, item(), {**item(NUMBERS[1]), "carrier_code": "ups"})
    sandbox.faults.plan({"changeCarrier": [fault, "pass"] * 3})
    moved = call("change_carrier", CARRIER, NUMBER, to="ups")
    found = call("change_carrier", CARRIER, NUMBERS[1], to="ups")
    with pytest.raises(TrackingNotFound) as caught:
        call("change_carrier", CARRIER, NUMBERS[2], to="ups")

    is_told = fault == "reset-before"
    assert moved is (ChangeCarrierResult.CHANGED if is_told else ChangeCarrierResult.FOUND)
    assert found is ChangeCarrierResult.FOUND
    assert caught.value.in_doubt
    assert caught.value.operation == "changeCarrier"


def test_a_change_of_carrier_needs_to_read_the_new_one(
    sandbox: Sandbox, call: Callable[..., Any]
) -> None:
    """If that fails, the error of the retry is raised, in doubt."""
    seed(sandbox, item())
    sandbox.faults.plan({"changeCarrier": "lose-response", "getTracking": "code=4001"})
    with pytest.raises(TrackingNotFound) as caught:
        call("change_carrier", CARRIER, NUMBER, to="ups")

    assert caught.value.in_doubt
    assert isinstance(caught.value.__cause__, TrackingMoreError)


@pytest.mark.parametrize("fault", ["lose-response", "reset-before"])
def test_an_update_needs_no_confirmation(
    fault: str, sandbox: Sandbox, call: Callable[..., Any]
) -> None:
    """The response to the retry has the details; one that is not there is an error in doubt."""
    seed(sandbox, item())
    sandbox.faults.plan(
        dict.fromkeys(["updateTrackingBatch", "stopTrackingUpdates"], fault)
        | {"updateTracking": [fault, "pass"] * 2}
    )
    updated = call("update", CARRIER, NUMBER, title="Teapot", archived=True)
    with pytest.raises(TrackingNotFound) as caught:
        call("update", CARRIER, NUMBERS[1], title="Teapot")

    assert (updated.title, updated.archived) == ("Teapot", True)
    assert caught.value.in_doubt
    items = [item(), item(NUMBERS[1])]
    updates = call("update_many", [{**each, "title": "Pot"} for each in items])
    assert updates.counts == {ItemResult.UPDATED: 1, ItemResult.NOT_FOUND: 1}
    stops = call("stop_updates", items)
    assert stops.counts == {ItemResult.STOPPED: 1, ItemResult.NOT_FOUND: 1}


def exists(*pairs: tuple[str, str]) -> bytes:
    """Return a response to a batch whose items all exist."""
    errors = ",".join(
        f'{{"carrier_code":"{carrier}","tracking_number":"{number}","code":4016,"message":"x"}}'
        for carrier, number in pairs
    )
    data = f'{{"submitted":{len(pairs)},"added":0,"trackings":[],"errors":[{errors}]}}'
    return f'{{"meta":{{"code":201}},"data":{data}}}'.encode()


def page(*pairs: tuple[str, str]) -> bytes:
    """Return a page of trackings that were created just now."""
    items = ",".join(
        f'{{"id":"1","carrier_code":"{carrier}","tracking_number":"{number}","status":"pending",'
        '"created_at":"2026-03-01T06:14:55+00:00"}'
        for carrier, number in pairs
    )
    return f'{{"meta":{{"code":200}},"data":{{"items":[{items}]}}}}'.encode()


def losing(*responses: bytes, headers: dict[str, str] = DATE) -> Recorder:
    """Return a server that loses its first response."""
    rest = iter(responses)
    first = iter([0])

    def handle(request: httpx2.Request) -> httpx2.Response:
        for _ in first:
            raise httpx2.ReadError("reset", request=request)
        return httpx2.Response(200, headers=headers, content=next(rest))

    return Recorder(handle)


def test_a_corrected_carrier_is_adopted_with_the_tracking() -> None:
    """The API may correct the carrier, and the case of a number."""
    server = losing(error_response(4016), page(("ups", NUMBER.lower())))
    made = client_of(server, 1).trackings.create(CARRIER, NUMBER)

    assert (made.carrier_code, type(made)) == ("ups", AdoptedTracking)


def test_a_carrier_that_must_be_kept_is_not_another_one() -> None:
    """With `auto_correct=1`, a tracking of another carrier is not adopted."""
    server = losing(error_response(4016), page(("ups", NUMBER)))
    with pytest.raises(TrackingExists):
        client_of(server, 1).trackings.create(CARRIER, NUMBER, auto_correct=1)


def test_one_tracking_is_adopted_for_one_item() -> None:
    """Two carriers of one number, of which one was corrected to a third, are told apart."""
    sent = [(CARRIER, NUMBER), ("ups", NUMBER), ("usps", NUMBER)]
    items: list[Any] = [item(NUMBER, carrier_code=carrier) for carrier, _ in sent]
    server = losing(exists(*sent), page(("ups", NUMBER), ("dhl", NUMBER)))
    report = client_of(server, 1).trackings.create_many(items)

    assert [outcome.result for outcome in report] == ["adopted", "adopted", "already_existed"]
    assert [outcome.tracking and outcome.tracking.carrier_code for outcome in report] == [
        *("dhl", "ups", None)
    ]
    assert report[2].in_doubt
    assert [outcome.item for outcome in report] == items


@pytest.mark.parametrize(
    "headers", [{}, {"Date": "now"}, {"Date": "Sun, 01 Mar 2026 06:14:59 GMT"}]
)
def test_without_a_date_that_fits_nothing_is_adopted(headers: dict[str, str]) -> None:
    """Without the server's clock, or after the creation by it, the tracking is in doubt."""
    for server, method in (
        (losing(error_response(4016), page((CARRIER, NUMBER)), headers=headers), "create"),
        (
            losing(exists((CARRIER, NUMBER)), page((CARRIER, NUMBER)), headers=headers),
            "create_many",
        ),
    ):
        trackings = client_of(server, 1).trackings
        if method == "create":
            with pytest.raises(TrackingExists):
                trackings.create(CARRIER, NUMBER)
        else:
            assert trackings.create_many([item()])[0].in_doubt
        assert len(server.requests) == 3


def test_an_adopted_tracking_is_a_model(sandbox: Sandbox) -> None:
    """It can be pickled, printed and converted, and its text says that it was adopted."""
    sandbox.faults.plan({"createTracking": "lose-response"})
    with TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        made = client.trackings.create(CARRIER, NUMBER, title="Teapot")

    assert repr(made).startswith("AdoptedTracking(id=")
    copy: Any = pickle.loads(pickle.dumps(made))  # noqa: S301 - the test's own
    assert (copy, type(copy)) == (made, AdoptedTracking)
    assert to_dict(made)["title"] == "Teapot"
    assert '"title":"Teapot"' in to_json(made)


def test_an_adoption_is_reported_without_personal_data(caplog: pytest.LogCaptureFixture) -> None:
    """The event and the log have the operation and the number of trackings."""
    events = Adoptions()
    server = losing(error_response(4016), page((CARRIER, NUMBER)))
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = TrackingMore(KEY, base_url=URL, http_client=http, hooks=events.hooks)
    with caplog.at_level(logging.INFO, "trackingmore_v2"):
        client.trackings.create(CARRIER, NUMBER)

    assert [event.attributes for event in events] == [
        {"trackingmore.operation": "createTracking", "trackingmore.adoption.trackings": 1}
    ]
    assert [record.getMessage() for record in caplog.records] == [
        "createTracking: adopted trackings that an attempt without a response created: 1"
    ]
