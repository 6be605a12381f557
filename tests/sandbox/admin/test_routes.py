import asyncio
import json
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.sandbox.databases import Database
from tests.sandbox.harness import (
    ADMIN_TOKEN,
    NOON,
    OTHER_KEY,
    PAIR,
    SCENARIO,
    AdminClient,
    Api,
    NewApi,
)
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY, Settings, SqliteStore, start_clock
from trackingmore_v2_sandbox.admin import schemas
from trackingmore_v2_sandbox.webhooks.sender import SendResult

NUMBER = SCENARIO["tracking_number"]
SEEDED = {"carrier_code": "china-ems", "tracking_number": "SANDBOX-EXCEPTION", "title": "Teapot"}


class Receiver:
    """A receiver of webhooks that needs no socket."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.status = 200

    async def __call__(self, _url: str, body: str) -> SendResult:
        """Receive one."""
        self.bodies.append(json.loads(body))
        return SendResult(self.status)


@pytest.fixture
def receiver() -> Receiver:
    """Return a receiver that responses 200."""
    return Receiver()


@pytest.fixture
def admin(new_api: NewApi, receiver: Receiver) -> AdminClient:
    """Return the admin API of a new sandbox."""
    return AdminClient(new_api(send_webhook=receiver))


def create(admin: AdminClient, **fields: object) -> None:
    """Create a tracking of the same carrier."""
    admin.api.create(**{**SCENARIO, **fields})


def state(admin: AdminClient, key: str = API_KEY) -> Any:
    """Return the whole state of an account."""
    return admin.call("GET", "/snapshot", key=key)


@pytest.mark.behaviour("safety.admin")
def test_the_token_is_required(admin: AdminClient) -> None:
    """A missing or wrong token is rejected for every route."""
    before = state(admin)
    for token in (None, "", "a toke", "a token ", "A TOKEN", "\x7f"):
        for method, path in (("GET", "/clock"), ("POST", "/reset"), ("PUT", "/nowhere")):
            response = admin.send(method, path, token=token)

            assert (response.code, response.data) == (401, [])
            assert "X-Sandbox-Token" in response.meta["message"]
    assert state(admin) == before


@pytest.mark.behaviour("safety.admin")
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_other_origins_are_rejected(admin: AdminClient, headers: dict[str, str]) -> None:
    """Even with the token."""
    response = admin.send("POST", "/reset", headers=headers)

    assert (response.code, response.data) == (403, [])
    assert "Access-Control-Allow-Origin" not in response.headers


def test_the_inspector_is_allowed(admin: AdminClient) -> None:
    """Its origin is the sandbox's own."""
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}

    assert admin.send("GET", "/clock", headers=headers).code == 200


def test_other_hosts_are_rejected(admin: AdminClient) -> None:
    """A foreign name that resolves to this machine gives no access (DNS rebinding)."""
    headers = {"X-Sandbox-Token": ADMIN_TOKEN, "Host": "evil.example"}

    assert admin.api.http.get("/_sandbox/accounts", headers=headers).status_code == 403


def test_a_preflight_request_is_rejected(admin: AdminClient) -> None:
    """Browsers are not allowed to send cross-origin requests."""
    response = admin.send(
        "OPTIONS", "/clock", token=None, headers={"Origin": "http://evil.example"}
    )

    assert response.code == 403


def test_unknown_routes_and_methods(admin: AdminClient) -> None:
    """404 and 405, with the allowed methods."""
    assert admin.send("GET", "/nowhere").code == 404
    assert admin.send("GET", "/clock/nowhere").code == 404
    assert admin.send("GET", "/clock/").code == 404
    response = admin.send("PUT", "/clock")
    assert (response.code, response.headers["Allow"]) == (405, "GET, PATCH")
    assert admin.send("POST", "/openapi.json").code == 405


def test_an_account_is_chosen_by_key_or_id(admin: AdminClient) -> None:
    """By exactly one of them; an unknown id is 404."""
    admin.api.create(**SCENARIO)
    (account,) = admin.call("GET", "/accounts", key=None)["items"]

    assert account["key"] == "****0001"
    assert account["trackings"] == 1
    by_id = admin.call("GET", "/account", key=None, account=account["id"])
    assert by_id == admin.call("GET", "/account", key=API_KEY.upper())
    assert admin.send("GET", "/account", key=None).code == 422
    assert admin.send("GET", "/account", account=account["id"]).code == 422
    assert admin.send("GET", "/account", key="no key").code == 422
    for stranger in ("", "0" * 12, account["id"][:-1], account["id"] + "0", "é"):
        assert admin.send("GET", "/account", key=None, account=stranger).code == 404


def test_an_account_that_only_reads_is_listed(admin: AdminClient) -> None:
    """Its log can be read."""
    admin.api.call("listCarriers", key=OTHER_KEY)
    (account,) = admin.call("GET", "/accounts", key=None)["items"]

    assert admin.call("GET", "/log", key=None, account=account["id"])["items"]


def test_requests_without_account_are_counted(admin: AdminClient) -> None:
    """The list of accounts says how many there are in the log, and when the newest arrived."""
    nothing = {"requests": 0, "last_request_arrived_at": None}
    assert admin.call("GET", "/accounts", key=None)["without_account"] == nothing
    for key in ("wrong", ""):
        admin.api.http.get("/v2/carriers", headers={API_KEY_HEADER: key})
    admin.api.call("listCarriers")
    (newest,) = admin.call("GET", "/log", key=None, scope="without_account", limit=1)["items"]

    assert admin.call("GET", "/accounts", key=None)["without_account"] == {
        "requests": 2,
        "last_request_arrived_at": newest["arrived_at"],
    }


def test_accounts_are_isolated(admin: AdminClient) -> None:
    """Changes of one account leave the others unchanged."""
    admin.api.create(**SCENARIO)
    before = state(admin)
    admin.call("PATCH", "/clock", {"now": "2030-01-01T00:00:00Z"}, key=OTHER_KEY)
    admin.call("PATCH", "/account", {"quota": 1}, key=OTHER_KEY)
    admin.call("PUT", "/faults", {"instructions": {"*": "html"}}, key=OTHER_KEY)
    admin.call("POST", "/webhooks", {"url": "http://localhost:1/"}, key=OTHER_KEY)
    admin.call("POST", "/reset", key=OTHER_KEY)
    admin.call("DELETE", "/log", key=OTHER_KEY)

    assert state(admin) == before
    assert len(admin.call("GET", "/log")["items"]) == 1


@pytest.mark.behaviour("time.clock")
def test_a_clock_is_frozen_and_runs(admin: AdminClient) -> None:
    """It freezes, runs at a speed, and returns to normal speed."""
    clock = admin.call("GET", "/clock")
    assert clock == {"now": "2026-03-01T12:00:00Z", "speed": 1, "frozen": False, "next_at": None}
    admin.call("PATCH", "/clock", {"frozen": True})
    admin.api.clock.set(NOON.replace(hour=13))
    assert admin.call("GET", "/clock")["now"] == "2026-03-01T12:00:00Z"
    assert admin.call("PATCH", "/clock", {"speed": 60})["frozen"] is False
    admin.api.clock.set(NOON.replace(hour=14))
    assert admin.call("GET", "/clock")["now"] == "2026-03-04T00:00:00Z"
    assert admin.call("PATCH", "/clock", {"frozen": False})["speed"] == 1
    assert admin.call("PATCH", "/clock", {"speed": 0})["frozen"] is True


@pytest.mark.behaviour("time.clock")
def test_a_clock_is_set(admin: AdminClient) -> None:
    """To any time in any zone, frozen if requested."""
    data = admin.call("PATCH", "/clock", {"now": "2001-01-01T01:00:00+01:00", "frozen": True})

    assert (data["now"], data["speed"], data["frozen"]) == ("2001-01-01T00:00:00Z", 0, True)
    admin.call("PATCH", "/clock", {"now": "2026-06-01T00:00:00Z", "speed": 2})
    admin.api.clock.set(NOON.replace(hour=13))
    assert admin.call("GET", "/clock")["now"] == "2026-06-01T02:00:00Z"


def test_a_clock_set_ahead_shows_exactly_that_time(
    admin: AdminClient, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changes in between are applied, even while the machine's clock runs on."""
    readings = count()
    monkeypatch.setattr(
        admin.api.clock, "now", lambda: NOON + timedelta(milliseconds=next(readings))
    )
    admin.call("POST", "/webhooks", {"url": "http://localhost:1/"})
    admin.api.create(**SCENARIO)
    admin.call("PATCH", "/clock", {"speed": 1000})
    data = admin.call("PATCH", "/clock", {"now": "2026-03-01T20:00:00Z", "frozen": True})

    assert data["now"] == admin.call("GET", "/clock")["now"] == "2026-03-01T20:00:00Z"
    assert [body["data"]["status"] for body in receiver.bodies] == ["transit", "delivered"]


def test_a_clock_has_the_time_of_the_next_change(admin: AdminClient) -> None:
    """`next_at` is the next change of a tracking or attempt of a delivery."""
    admin.api.create(**SCENARIO)
    assert admin.call("GET", "/clock")["next_at"] == "2026-03-01T13:00:00Z"
    admin.api.clock.set(NOON.replace(hour=14))
    assert admin.call("GET", "/clock")["next_at"] is None


def test_a_clock_is_set_back_only_without_trackings(admin: AdminClient) -> None:
    """Otherwise the request is rejected, and neither time nor speed is changed."""
    admin.api.create(**SCENARIO)
    before = state(admin)
    response = admin.send("PATCH", "/clock", {"now": "2001-01-01T00:00:00Z", "frozen": True})

    assert response.code == 422
    assert "reset" in response.meta["message"]
    assert state(admin) == before


def test_time_is_advanced(admin: AdminClient, receiver: Receiver) -> None:
    """By seconds or to a time; all due changes are applied before the response."""
    admin.call("POST", "/webhooks", {"url": "http://localhost:1/", "statuses": ["delivered"]})
    admin.api.create(**SCENARIO)
    assert admin.call("POST", "/clock/advance", {"seconds": 3599.5})["now"].startswith(
        "2026-03-01T12"
    )
    assert receiver.bodies == []
    assert admin.call("POST", "/clock/advance", {"seconds": 0.5})["now"] == "2026-03-01T13:00:00Z"
    assert [body["data"]["status"] for body in receiver.bodies] == ["delivered"]
    data = admin.call("POST", "/clock/advance", {"to": "2026-03-02T00:00:00+08:00"})
    assert data["now"] == "2026-03-01T16:00:00Z"
    for key in (API_KEY, OTHER_KEY):
        past = admin.send("POST", "/clock/advance", {"to": "2026-03-01T11:59:59Z"}, key=key)
        assert past.code == 422


def test_the_default_clock_is_that_of_the_settings() -> None:
    """An account keeps it from its first use on, also after a restart."""
    store = SqliteStore()
    admin = AdminClient(Api(store=store))
    default = start_clock(at=NOON.replace(year=2030), speed=0, machine=admin.api.clock)
    admin = AdminClient(Api(Settings(default_clock=default), store))
    assert admin.call("GET", "/clock")["now"] == "2030-03-01T12:00:00Z"
    assert admin.api.create(**SCENARIO)["created_at"] == "2030-03-01T12:00:00+00:00"
    other = start_clock(at=NOON.replace(year=2040), speed=0, machine=admin.api.clock)
    admin = AdminClient(Api(Settings(default_clock=other), store))

    assert admin.call("GET", "/clock")["now"] == "2030-03-01T12:00:00Z"
    assert admin.call("GET", "/clock", key=OTHER_KEY)["now"] == "2040-03-01T12:00:00Z"
    admin.api.close()


def test_faults_are_planned_applied_and_cleared(admin: AdminClient) -> None:
    """As text, as object, one or several; unused instructions are counted."""
    instructions = {"getAccount": ["code=429", {"fault": "html", "status": 503}], "*": "empty"}
    data = admin.call("PUT", "/faults", {"instructions": instructions})
    assert data["instructions"] == {"getAccount": ["code=429", "html=503"], "*": ["empty"]}
    assert data["unused"] == 3

    assert admin.api.call("getAccount").code == 429
    (plan,) = admin.call("GET", "/faults")["items"]
    assert plan["instructions"] == {"getAccount": ["html=503"], "*": ["empty"]}
    assert admin.call("DELETE", "/faults")["items"] == []
    assert admin.api.call("getAccount").code == 200


def test_fault_plans_are_named_or_random(admin: AdminClient) -> None:
    """A named plan is separate; a random one shows its probability and seed."""
    admin.call("PUT", "/faults", {"name": "t-1", "instructions": {"*": "html"}})
    admin.call("PUT", "/faults", {"instructions": {"*": "code=429"}, "probability": 0.5, "seed": 7})
    admin.api.call("getAccount")
    data = admin.call("GET", "/faults")
    by_name = {plan["name"]: plan for plan in data["items"]}

    assert by_name["t-1"]["unused"] == 1
    dice = by_name[None]
    assert (dice["probability"], dice["seed"], dice["decided"], dice["unused"]) == (0.5, 7, 1, 0)
    assert "lose-response" in data["forms"]
    assert "createTracking" in data["operations"]


def test_an_account_is_changed(admin: AdminClient) -> None:
    """Given fields change, others stay, and null restores the default."""
    admin.api.create(**SCENARIO)
    before = admin.call("GET", "/account")
    assert admin.call("PATCH", "/account", {"quota": 5, "used": 4, "detections": 1})["left"] == 0
    assert admin.api.call("createTracking", SEEDED).code == 4021
    assert admin.call("PATCH", "/account", {"balance": -1})["balance"] == -1
    assert admin.api.call("createTracking", SEEDED).code == 4019
    assert admin.call("PATCH", "/account", {"key_deleted": True})["quota"] == 5
    assert admin.call("PATCH", "/account", {"reads_need_quota": True})["reads_need_quota"]
    assert admin.api.call("listTrackings").code == 4002
    default = {"quota": None, "balance": None, "used": 1, "detections": 0, "key_deleted": False}
    default["reads_need_quota"] = False

    assert admin.call("PATCH", "/account", default) == before


def test_an_account_is_locked_out(admin: AdminClient) -> None:
    """Manually or by exceeding the rate limit, until the lock-out ends or is lifted."""
    data = admin.call("PATCH", "/account", {"locked": True})
    assert (data["rate_limited"], data["locked_until"]) == (True, "2026-03-01T12:02:00Z")
    assert admin.api.call("getAccount").code == 429
    assert admin.call("PATCH", "/account", {"locked": False})["locked_until"] is None
    codes = [admin.api.call("getAccount").code for _ in range(2)]
    assert codes == [200, 429]
    assert admin.call("GET", "/account")["locked_until"] == "2026-03-01T12:02:00Z"
    admin.api.clock.set(NOON.replace(minute=2))
    assert admin.call("GET", "/account")["locked_until"] is None
    assert admin.call("PATCH", "/account", {"rate_limited": False})["rate_limited"] is False
    codes = [admin.api.call("getAccount").code for _ in range(2)]
    assert codes == [200, 200]


def test_rate_limits_are_enabled_by_the_settings(new_api: NewApi) -> None:
    """For new accounts too, unless an account has its own setting."""
    admin = AdminClient(new_api(settings=Settings(rate_limited=True)))
    codes = [admin.api.call("getAccount").code for _ in range(2)]
    assert codes == [200, 429]
    assert admin.call("GET", "/account", key=OTHER_KEY)["rate_limited"] is True
    admin.call("PATCH", "/account", {"rate_limited": False}, key=OTHER_KEY)
    codes = [admin.api.call("listCarriers", key=OTHER_KEY).code for _ in range(2)]
    assert codes == [200, 200]


def test_the_log_lists_exchanges(admin: AdminClient) -> None:
    """Oldest first, with hints and faults, and without the key."""
    admin.call("PUT", "/faults", {"instructions": {"getAccount": "html"}})
    body = json.dumps({"tracking_number": "é", "carrier_code": "ups", "ups": API_KEY}).encode()
    admin.api.send("POST", f"/trackings/post?key={API_KEY}", content=body)
    admin.api.call("listCarriers")
    admin.api.http.get("/v2/trackings/getuserinfo", headers={"Trackingmore-Api-Key": API_KEY})
    page = admin.call("GET", "/log")
    first, second, third = page["items"]

    assert (first["method"], first["path"], first["code"]) == ("POST", "/v2/trackings/post", 4014)
    assert json.loads(first["request"])["tracking_number"] == "é"
    assert first["hints"]
    assert second["operation"] == "listCarriers"
    assert second["response_size"] >= len(second["response"].encode())
    assert (third["status"], third["fault"]) == (502, "html")
    assert API_KEY not in json.dumps(page)
    assert admin.call("GET", "/log", after=first["sequence"])["items"] == [second, third]
    newest = admin.call("GET", "/log", limit=1)
    assert newest["items"] == [third]
    assert newest["last"] == page["last"] == third["sequence"]
    assert admin.call("GET", "/log", before=third["sequence"])["items"] == [first, second]


def test_the_log_shows_invalid_utf8(admin: AdminClient) -> None:
    """Invalid bytes are replaced, and counted in the size."""
    headers = {"Trackingmore-Api-Key": API_KEY}
    admin.api.http.post("/v2/trackings/post", content=b"\xff\x00", headers=headers)
    (exchange,) = admin.call("GET", "/log")["items"]

    assert (exchange["request"], exchange["request_size"]) == ("\ufffd\x00", 2)


def test_the_log_is_cleared(admin: AdminClient) -> None:
    """The numbering continues, so a waiting client misses nothing."""
    admin.api.call("listCarriers")
    last = admin.call("DELETE", "/log")["last"]
    admin.api.call("listCarriers")

    assert [each["sequence"] for each in admin.call("GET", "/log", after=last)["items"]] == [
        last + 1
    ]


def test_a_number_beyond_the_log_returns_the_whole_log(admin: AdminClient) -> None:
    """As after a restart of the sandbox."""
    admin.api.call("listCarriers")

    assert len(admin.call("GET", "/log", after=1000)["items"]) == 1


async def test_the_log_can_be_waited_for(admin: AdminClient) -> None:
    """The response comes with the next exchange of the account."""
    service = admin.api.admin_service
    account = service.account_of_key(API_KEY)
    waiting = asyncio.ensure_future(service.list_exchanges(account, schemas.LogQuery(wait=60.0)))
    await asyncio.sleep(0)
    admin.api.call("listCarriers", key=OTHER_KEY)
    await asyncio.sleep(0)
    assert not waiting.done()
    admin.api.call("listCarriers")

    assert [each.operation for each in (await waiting).items] == ["listCarriers"]
    nothing = await service.list_exchanges(account, schemas.LogQuery(after=2, wait=1e-9))
    assert (nothing.items, nothing.last) == ([], 2)


@pytest.mark.behaviour("delivery.targets")
def test_webhooks_are_added_and_removed(admin: AdminClient, receiver: Receiver) -> None:
    """A target is identified by its URL, and has options."""
    url = "http://127.0.0.1:9999/news"
    options = {"statuses": ["delivered"], "callback": False, "duplicate": True, "delay_seconds": 5}
    options |= {"form": "2017", "re_sign": False}
    admin.call("POST", "/webhooks", {"url": url})
    data = admin.call("POST", "/webhooks", {"url": url, **options})

    assert {name: data[name] for name in options} == options
    assert admin.call("GET", "/webhooks")["items"] == [data]
    assert admin.call("DELETE", f"/webhooks/{data['id']}")["items"] == []
    assert admin.send("DELETE", f"/webhooks/{data['id']}").code == 404
    admin.api.create(**SCENARIO)
    admin.call("POST", "/clock/advance", {"seconds": 7200})
    assert receiver.bodies == []


def test_deliveries_are_listed_and_resent(admin: AdminClient, receiver: Receiver) -> None:
    """Newest first, with their attempts; a resend has been attempted before the response."""
    receiver.status = 500
    target = admin.call("POST", "/webhooks", {"url": "http://localhost:1/"})
    admin.call("PATCH", "/clock", {"frozen": True})
    created = admin.api.create(**SCENARIO)
    admin.call("POST", "/clock/advance", {"seconds": 40})
    (delivery,) = admin.call("GET", "/webhooks/deliveries")["items"]

    assert delivery["webhook_id"] == target["id"]
    assert (delivery["url"], delivery["failure"]) == ("http://localhost:1/", "HTTP 500")
    assert {name: delivery[name] for name in SCENARIO} == SCENARIO
    assert delivery["tracking_id"] == created["id"]
    assert [each["status"] for each in delivery["attempts"]] == [500, 500]
    assert delivery["attempts"][1]["at"] == "2026-03-01T12:00:30Z"
    assert (delivery["state"], delivery["due_at"]) == ("waiting", "2026-03-01T12:01:30Z")
    receiver.status = 200
    again = admin.call("POST", f"/webhooks/deliveries/{delivery['id']}/resend")
    assert (again["state"], again["due_at"], len(again["attempts"])) == ("delivered", None, 3)
    assert (again["url"], again["failure"]) == ("http://localhost:1/", None)
    assert json.loads(again["body"])["data"]["tracking_number"] == NUMBER
    admin.call("POST", "/clock/advance", {"seconds": 7200})
    assert len(admin.call("GET", "/webhooks/deliveries", limit=1)["items"]) == 1
    assert admin.send("POST", "/webhooks/deliveries/99/resend").code == 404


def test_a_delivery_names_its_last_failure(admin: AdminClient, receiver: Receiver) -> None:
    """Whatever it was; none before the first attempt, and none of a 204 if that counts."""

    def failure() -> Any:
        (delivery,) = admin.call("GET", "/webhooks/deliveries")["items"]
        return delivery["failure"], delivery["url"]

    url, receiver.status = "http://localhost:1/", 204
    target = admin.call("POST", "/webhooks", {"url": url, "delay_seconds": 60})
    admin.call("PATCH", "/clock", {"frozen": True})
    admin.api.create(**SCENARIO)
    admin.call("POST", "/clock/advance", {"seconds": 30})
    assert failure() == (None, url)
    admin.call("POST", "/clock/advance", {"seconds": 30})
    assert failure() == ("HTTP 204", url)
    admin.call("POST", "/webhooks", {"url": url, "callback": False})
    assert failure() == (None, url)
    admin.call("DELETE", f"/webhooks/{target['id']}")
    admin.call("POST", "/clock/advance", {"seconds": 3600})
    assert failure() == ("the target was removed", None)


def test_trackings_are_searched(database: Database) -> None:
    """By a part of number, title or order id, case-insensitively; wildcards are literal."""
    with database.open() as store:
        admin = AdminClient(Api(store=store))
        create(admin, title="50% Teapot_")
        create(admin, tracking_number="SANDBOX-PICKUP", order_id="Order!7")
        create(admin, tracking_number="1234567890")

        def found(query: str, **options: int) -> list[str]:
            page = admin.call("GET", "/trackings", query=query, **options)
            return [each["tracking_number"] for each in page["items"]]

        assert found("") == ["1234567890", "SANDBOX-PICKUP", NUMBER]
        assert found("", limit=1, offset=1) == ["SANDBOX-PICKUP"]
        assert found("sandbox-p") == found("order!7") == ["SANDBOX-PICKUP"]
        assert found("0% teapot_") == found("%") == found("t_") == [NUMBER]
        assert found("_") == [NUMBER]
        assert found("7_") == found("' OR 1=1 --") == []
        assert admin.call("GET", "/trackings", query="sandbox", limit=1)["total"] == 2
        admin.api.http.close()


def test_listed_trackings_have_their_current_status(admin: AdminClient) -> None:
    """The status at the clock's time, even without an API request since."""
    admin.api.create(**SCENARIO)
    (tracking,) = admin.call("GET", "/trackings")["items"]
    assert (tracking["status"], tracking["changes_at"]) == ("transit", "2026-03-01T13:00:00Z")
    admin.api.clock.set(NOON.replace(hour=13))
    before = state(admin)
    (tracking,) = admin.call("GET", "/trackings")["items"]

    assert (tracking["status"], tracking["changes_at"]) == ("delivered", None)
    assert state(admin) == before


def test_a_timeline_has_past_and_future_events(admin: AdminClient) -> None:
    """In order, with the times at which the API shows them; the same at any time."""
    create(admin, tracking_number="SANDBOX-SINCE-1D-TRANSIT-2D-TO-US-PICKUP-1H-DELIVERED")
    path = "/trackings/china-ems/SANDBOX-SINCE-1D-TRANSIT-2D-TO-US-PICKUP-1H-DELIVERED"
    details = admin.call("GET", path)
    data = [(each["at"][5:16], each["kind"], each["status"]) for each in details["timeline"]]

    assert data == [
        ("02-28T12:00", "carrier", "transit"),
        ("03-01T12:00", "registered", None),
        ("03-01T12:00", "shown", "transit"),
        ("03-02T12:00", "carrier", "pickup"),
        ("03-02T12:00", "shown", "pickup"),
        ("03-02T13:00", "carrier", "delivered"),
        ("03-02T13:00", "shown", "delivered"),
    ]
    assert (details["origin"], details["destination"]) == ("CN", "US")
    assert details["destination_carrier"] == "usps"
    assert details["timeline"][0]["place"].endswith(", CN")
    for seconds in (1, 24 * 3600, 3600, 10**7):
        admin.call("POST", "/clock/advance", {"seconds": seconds})
        assert admin.call("GET", path)["timeline"] == details["timeline"]
    assert admin.send("GET", "/trackings/ups/nowhere").code == 404


def test_the_timeline_matches_the_api(admin: AdminClient) -> None:
    """The API has each status at the time that the timeline says."""
    admin.api.create()
    details = admin.call("GET", "/trackings/china-ems/LK664578623CN")
    shown = [each for each in details["timeline"] if each["kind"] == "shown"]

    assert len(shown) > 2
    for each in shown:
        admin.call("POST", "/clock/advance", {"to": each["at"]})
        data = admin.api.get()
        assert (data["status"], data["substatus"]) == (each["status"], each["substatus"])


def shown_of(admin: AdminClient, number: str) -> list[tuple[str, str]]:
    """Return when the API shows which status of a tracking."""
    timeline = admin.call("GET", f"/trackings/china-ems/{number}")["timeline"]
    return [(each["at"], each["status"]) for each in timeline if each["kind"] == "shown"]


def test_a_realtime_query_is_part_of_the_timeline(admin: AdminClient) -> None:
    """Its result is shown earlier than without it."""
    admin.api.create()
    before = shown_of(admin, "LK664578623CN")
    assert before[:2] == [("2026-03-01T12:00:00Z", "pending"), ("2026-03-01T12:01:00Z", "transit")]
    admin.api.clock.set(NOON.replace(second=5))
    admin.api.call("trackInRealtime", PAIR)

    after = [before[0], ("2026-03-01T12:00:05Z", "transit"), *before[2:]]
    assert shown_of(admin, "LK664578623CN") == after
    admin.call("POST", "/clock/advance", {"seconds": 10**7})
    assert shown_of(admin, "LK664578623CN") == after


def test_a_manual_status_ends_the_timeline(admin: AdminClient) -> None:
    """Earlier events stay, and later ones are gone."""
    number = "SANDBOX-TRANSIT-1H-PICKUP-1D-EXCEPTION"
    create(admin, tracking_number=number)
    admin.call("POST", "/clock/advance", {"seconds": 7200})
    pair = {**PAIR, "tracking_number": number}
    updated = admin.api.call("updateTracking", {"status": 4}, **pair)

    assert updated.data["status"] == "delivered"
    assert shown_of(admin, number) == [
        ("2026-03-01T12:00:00Z", "transit"),
        ("2026-03-01T13:00:00Z", "pickup"),
        ("2026-03-01T14:00:00Z", "delivered"),
    ]


def test_polls_before_a_manual_status_stay(admin: AdminClient) -> None:
    """Up to then, the provider's polls are shown."""
    admin.api.create()
    before = shown_of(admin, "LK664578623CN")
    admin.call("POST", "/clock/advance", {"seconds": 3600})
    admin.api.call("updateTracking", {"status": 7}, **PAIR)

    assert shown_of(admin, "LK664578623CN") == [*before[:2], ("2026-03-01T13:00:00Z", "exception")]


def test_an_account_is_seeded_and_reset(admin: AdminClient) -> None:
    """Seeds are charged; the reset restores a new account, with an empty log."""
    new = admin.call("GET", "/account")
    other = {**SEEDED, "tracking_number": NUMBER, "created_at": "2026-02-01T00:00:00+01:00"}
    data = admin.call("POST", "/seed", {"trackings": [SEEDED, other]})
    assert (data["trackings"], data["used"]) == (2, 2)
    read = admin.api.get(**SCENARIO)
    assert (read["created_at"], read["status"]) == ("2026-01-31T23:00:00+00:00", "delivered")
    admin.call("PUT", "/faults", {"instructions": {"getAccount": "html"}})
    admin.call("POST", "/webhooks", {"url": "http://localhost:1/"})
    admin.call("PATCH", "/clock", {"now": "2050-01-01T00:00:00Z"})
    admin.call("PATCH", "/account", {"quota": 3, "locked": True})

    assert admin.call("POST", "/reset") == new
    assert admin.call("GET", "/clock")["now"] == "2026-03-01T12:00:00Z"
    assert admin.call("GET", "/log")["items"] == []
    assert admin.call("GET", "/faults")["items"] == admin.call("GET", "/webhooks")["items"] == []
    assert admin.api.call("listTrackings").code == 4031


def test_a_snapshot_is_restored(admin: AdminClient) -> None:
    """Into its own account, or into another one."""
    admin.api.create(**SCENARIO)
    admin.call("POST", "/webhooks", {"url": "http://localhost:1/"})
    admin.call("PUT", "/faults", {"name": "mine", "instructions": {"*": "html"}})
    kept = state(admin)
    admin.call("POST", "/clock/advance", {"seconds": 7200})
    admin.api.call("deleteTracking", **SCENARIO)
    assert admin.call("PUT", "/snapshot", kept)["trackings"] == 1
    assert state(admin) == kept

    assert admin.call("PUT", "/snapshot", kept, key=OTHER_KEY)["key"] == "****0002"
    assert len(admin.call("GET", "/webhooks", key=OTHER_KEY)["items"]) == 1
    assert admin.call("GET", "/faults", key=OTHER_KEY) == admin.call("GET", "/faults")


BAD: list[tuple[str, str, object]] = [
    ("PATCH", "/clock", {}),
    ("PATCH", "/clock", {"nwo": "2030-01-01T00:00:00Z"}),
    ("PATCH", "/clock", {"now": "2030-01-01T00:00:00"}),
    ("PATCH", "/clock", {"now": "2030-01-01"}),
    ("PATCH", "/clock", {"now": 5}),
    ("PATCH", "/clock", {"now": None}),
    ("PATCH", "/clock", {"now": "2101-01-01T00:00:00Z"}),
    ("PATCH", "/clock", {"now": "1969-12-31T23:59:59Z", "speed": 3}),
    ("PATCH", "/clock", {"now": "9999-12-31T23:59:59-23:59"}),
    ("PATCH", "/clock", {"now": "0001-01-01T00:00:00+23:59"}),
    ("PATCH", "/clock", {"speed": -1}),
    ("PATCH", "/clock", {"speed": 1_000_001}),
    ("PATCH", "/clock", {"speed": "fast"}),
    ("PATCH", "/clock", {"frozen": True, "speed": 1}),
    ("PATCH", "/clock", {"frozen": False, "speed": 0}),
    ("POST", "/clock/advance", {}),
    ("POST", "/clock/advance", {"seconds": -1}),
    ("POST", "/clock/advance", {"seconds": 1e300}),
    ("POST", "/clock/advance", {"seconds": 4_102_444_800}),
    ("POST", "/clock/advance", {"seconds": 1, "to": "2030-01-01T00:00:00Z"}),
    ("POST", "/clock/advance", {"to": "2020-01-01T00:00:00Z"}),
    ("PUT", "/faults", {"instructions": {"*": "explode"}}),
    ("PUT", "/faults", {"instructions": {"fly": "html"}}),
    ("PUT", "/faults", {"instructions": {"*": {"status": 3}}}),
    ("PUT", "/faults", {"instructions": {"*": [["html"]]}}),
    ("PUT", "/faults", {"instructions": []}),
    ("PUT", "/faults", {"name": "x"}),
    ("PUT", "/faults", {"name": "", "instructions": {}}),
    ("PUT", "/faults", {"name": "a b", "instructions": {}}),
    ("PUT", "/faults", {"name": "x" * 101, "instructions": {}}),
    ("PUT", "/faults", {"instructions": {}, "probability": 1.1}),
    ("PUT", "/faults", {"instructions": {}, "probability": 0.5, "seed": 2**63}),
    ("PATCH", "/account", {}),
    ("PATCH", "/account", {"quota": -1}),
    ("PATCH", "/account", {"quota": 2**63}),
    ("PATCH", "/account", {"quota": 1.5}),
    ("PATCH", "/account", {"used": None}),
    ("PATCH", "/account", {"used": True}),
    ("PATCH", "/account", {"locked": True, "rate_limited": False}),
    ("PATCH", "/account", {"trackings": 1}),
    ("POST", "/webhooks", {}),
    ("POST", "/webhooks", {"url": "ftp://localhost/"}),
    ("POST", "/webhooks", {"url": "http://169.254.169.254/"}),
    ("POST", "/webhooks", {"url": "http://example.com/"}),
    ("POST", "/webhooks", {"url": "http://localhost:1/", "statuses": ["gone"]}),
    ("POST", "/webhooks", {"url": "http://localhost:1/", "delay_seconds": -1}),
    ("POST", "/webhooks", {"url": "http://localhost:1/", "secret": "x"}),
    ("POST", "/seed", {}),
    ("POST", "/seed", {"trackings": []}),
    ("POST", "/seed", {"trackings": [SEEDED, SEEDED]}),
    ("POST", "/seed", {"trackings": [SEEDED, SCENARIO]}),
    ("POST", "/seed", {"trackings": [{**SEEDED, "carrier_code": "upss"}]}),
    ("POST", "/seed", {"trackings": [{**SEEDED, "tracking_number": "x"}]}),
    ("POST", "/seed", {"trackings": [{**SEEDED, "created_at": "2050-01-01T00:00:00Z"}]}),
    ("POST", "/seed", {"trackings": [{**SEEDED, "created_at": "1960-01-01T00:00:00Z"}]}),
    ("POST", "/seed", {"trackings": [{**SEEDED, "colour": "red"}]}),
    ("PUT", "/snapshot", {}),
    ("PUT", "/snapshot", {"format": "trackingmore-sandbox 1"}),
    ("PUT", "/snapshot", {"format": "trackingmore-sandbox 2"}),
]


@pytest.mark.parametrize(("method", "path", "body"), BAD)
def test_an_invalid_body_changes_nothing(
    admin: AdminClient, method: str, path: str, body: object
) -> None:
    """It is rejected with a message of one line."""
    admin.api.create(**SCENARIO)
    admin.call("POST", "/webhooks", {"url": "http://localhost:2/"})
    before = state(admin)
    response = admin.send(method, path, body)

    assert (response.code, response.data) == (422, [])
    assert response.meta["message"]
    assert "\n" not in response.meta["message"]
    assert state(admin) == before


RAW = [
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"1",
    b"{",
    b"\xff\xfe",
    b'{"now":"\\ud800"}',
    b'{"quota":' + b"9" * 5000 + b"}",
    b"[" * 100_000,
    b'{"trackings":' * 10_000,
    b'{"instructions":' + b'{"*":' * 5_000,
    b"now=2030-01-01",
]


@pytest.mark.parametrize("raw", RAW, ids=range(len(RAW)))
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "/clock"),
        ("POST", "/clock/advance"),
        ("PUT", "/faults"),
        ("PATCH", "/account"),
        ("POST", "/webhooks"),
        ("POST", "/seed"),
        ("PUT", "/snapshot"),
    ],
)
def test_a_malformed_body_changes_nothing(
    admin: AdminClient, method: str, path: str, raw: bytes
) -> None:
    """It is rejected with 422."""
    admin.api.create(**SCENARIO)
    before = state(admin)

    assert admin.send(method, path, raw=raw).code == 422
    assert state(admin) == before


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/log", {"after": "-1"}),
        ("/log", {"after": "x"}),
        ("/log", {"after": "9" * 40}),
        ("/log", {"wait": "61"}),
        ("/log", {"wait": "nan"}),
        ("/log", {"limit": "0"}),
        ("/log", {"since": "1"}),
        ("/trackings", {"query": "x" * 101}),
        ("/trackings", {"limit": "501"}),
        ("/trackings", {"offset": "-1"}),
        ("/webhooks/deliveries", {"limit": "1001"}),
        ("/clock", {"limit": "1"}),
    ],
)
def test_an_invalid_query_is_rejected(admin: AdminClient, path: str, query: dict[str, str]) -> None:
    """A value out of range, or an unknown parameter."""
    assert admin.send("GET", f"{path}?{urlencode(query)}").code == 422


def test_a_repeated_parameter_is_rejected(admin: AdminClient) -> None:
    """It is ambiguous."""
    headers = {"X-Sandbox-Token": ADMIN_TOKEN, "Trackingmore-Api-Key": API_KEY}

    assert admin.api.http.get("/_sandbox/log?limit=1&limit=2", headers=headers).status_code == 422


def test_a_body_has_a_maximum_size(new_api: NewApi, admin: AdminClient) -> None:
    """A longer body is rejected and changes nothing; a snapshot may be longer."""
    small = AdminClient(new_api(settings=Settings(max_body_bytes=100)))
    response = small.send("PATCH", "/account", {"quota": 1, "x": "x" * 100})
    assert response.code == 413
    assert "100 bytes" in response.meta["message"]
    kept = state(admin)
    assert small.call("PUT", "/snapshot", kept)


def test_an_internal_error_has_no_details_in_the_response(
    admin: AdminClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The traceback is logged."""

    def fail() -> None:
        raise LookupError("a secret")

    monkeypatch.setattr(admin.api.store, "accounts", fail)
    response = admin.send("GET", "/accounts", key=None)

    assert response.code == 500
    assert "secret" not in response.meta["message"]
    assert "a secret" in caplog.text


@pytest.mark.parametrize(
    "path", ["/..%2f..%2fetc", "/webhooks/%00", "/trackings/ups/%ff", "//clock"]
)
def test_unusual_paths_are_rejected(admin: AdminClient, path: str) -> None:
    """They match no route."""
    assert admin.send("DELETE", path).code in {404, 405}
