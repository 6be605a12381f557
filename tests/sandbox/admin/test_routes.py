import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.sandbox.databases import Database
from tests.sandbox.harness import ADMIN_TOKEN, NOON, OTHER_KEY, PAIR, SCENARIO, AdminClient, Api
from trackingmore_v2_sandbox import API_KEY, Settings, SqliteStore, start_clock
from trackingmore_v2_sandbox.admin import schemas
from trackingmore_v2_sandbox.webhooks import SendResult

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
    """Return a receiver that answers 200."""
    return Receiver()


@pytest.fixture
def admin(receiver: Receiver) -> Iterator[AdminClient]:
    """Yield a fresh sandbox."""
    admin = AdminClient(Api(send_webhook=receiver))
    yield admin
    admin.api.close()


def create(admin: AdminClient, **fields: object) -> None:
    """Create a tracking of the same carrier."""
    admin.api.create(**{**SCENARIO, **fields})


def state(admin: AdminClient, key: str = API_KEY) -> Any:
    """Return all that is kept of an account."""
    return admin.call("GET", "/snapshot", key=key)


@pytest.mark.behaviour("safety.admin")
def test_it_is_closed_without_the_token(admin: AdminClient) -> None:
    """Neither no token nor a wrong one opens anything, whatever is asked for."""
    before = state(admin)
    for token in (None, "", "a toke", "a token ", "A TOKEN", "\x7f"):
        for method, path in (("GET", "/clock"), ("POST", "/reset"), ("PUT", "/nowhere")):
            told = admin.send(method, path, token=token)

            assert (told.code, told.data) == (401, [])
            assert "X-Sandbox-Token" in told.meta["message"]
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
def test_it_is_closed_to_other_origins(admin: AdminClient, headers: dict[str, str]) -> None:
    """A page of somebody else gets nothing, even if it knew the token."""
    told = admin.send("POST", "/reset", headers=headers)

    assert (told.code, told.data) == (403, [])
    assert "Access-Control-Allow-Origin" not in told.headers


def test_its_own_page_may_use_it(admin: AdminClient) -> None:
    """The inspector says where it comes from."""
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}

    assert admin.send("GET", "/clock", headers=headers).code == 200


def test_it_is_closed_under_other_names(admin: AdminClient) -> None:
    """Whoever makes a name of theirs lead to this machine does not reach the control."""
    headers = {"X-Sandbox-Token": ADMIN_TOKEN, "Host": "evil.example"}

    assert admin.api.http.get("/_sandbox/accounts", headers=headers).status_code == 403


def test_a_preflight_is_not_answered(admin: AdminClient) -> None:
    """No browser is told that another origin may ask."""
    told = admin.send("OPTIONS", "/clock", token=None, headers={"Origin": "http://evil.example"})

    assert told.code == 403


def test_unknown_routes_and_methods(admin: AdminClient) -> None:
    """They are told apart, and the methods that there are stand in the answer."""
    assert admin.send("GET", "/nowhere").code == 404
    assert admin.send("GET", "/clock/nowhere").code == 404
    assert admin.send("GET", "/clock/").code == 404
    told = admin.send("PUT", "/clock")
    assert (told.code, told.headers["Allow"]) == (405, "GET, PATCH")
    assert admin.send("POST", "/openapi.json").code == 405


def test_an_account_is_chosen_by_key_or_id(admin: AdminClient) -> None:
    """By exactly one of them; and an id must be one that was told."""
    admin.api.create(**SCENARIO)
    (account,) = admin.call("GET", "/accounts", key=None)["items"]

    assert account["key"] == "****0001"
    assert account["parcels"] == 1
    by_id = admin.call("GET", "/account", key=None, account=account["id"])
    assert by_id == admin.call("GET", "/account", key=API_KEY.upper())
    assert admin.send("GET", "/account", key=None).code == 422
    assert admin.send("GET", "/account", account=account["id"]).code == 422
    assert admin.send("GET", "/account", key="no key").code == 422
    for stranger in ("", "0" * 12, account["id"][:-1], account["id"] + "0", "é"):
        assert admin.send("GET", "/account", key=None, account=stranger).code == 404


def test_an_account_that_only_reads_is_known_as_well(admin: AdminClient) -> None:
    """It has exchanges that can be looked at."""
    admin.api.call("listCarriers", key=OTHER_KEY)
    (account,) = admin.call("GET", "/accounts", key=None)["items"]

    assert admin.call("GET", "/log", key=None, account=account["id"])["items"]


def test_accounts_have_nothing_to_do_with_each_other(admin: AdminClient) -> None:
    """What is done to one leaves the other as it is."""
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
    """It stands, it runs at a speed, and it runs like the machine's again."""
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
    """To any moment, in any zone, and it stands there if that is asked for as well."""
    told = admin.call("PATCH", "/clock", {"now": "2001-01-01T01:00:00+01:00", "frozen": True})

    assert (told["now"], told["speed"], told["frozen"]) == ("2001-01-01T00:00:00Z", 0, True)
    admin.call("PATCH", "/clock", {"now": "2026-06-01T00:00:00Z", "speed": 2})
    admin.api.clock.set(NOON.replace(hour=13))
    assert admin.call("GET", "/clock")["now"] == "2026-06-01T02:00:00Z"


def test_a_jump_ahead_lands_where_it_should_stand(
    admin: AdminClient, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is due on the way happens, though the machine's time goes on meanwhile."""
    readings = count()
    monkeypatch.setattr(
        admin.api.clock, "now", lambda: NOON + timedelta(milliseconds=next(readings))
    )
    admin.call("POST", "/webhooks", {"url": "http://localhost:1/"})
    admin.api.create(**SCENARIO)
    admin.call("PATCH", "/clock", {"speed": 1000})
    told = admin.call("PATCH", "/clock", {"now": "2026-03-01T20:00:00Z", "frozen": True})

    assert told["now"] == admin.call("GET", "/clock")["now"] == "2026-03-01T20:00:00Z"
    assert [body["data"]["status"] for body in receiver.bodies] == ["transit", "delivered"]


def test_a_clock_tells_what_happens_next(admin: AdminClient) -> None:
    """The next news of a parcel or try of a delivery that is still to come."""
    admin.api.create(**SCENARIO)
    assert admin.call("GET", "/clock")["next_at"] == "2026-03-01T13:00:00Z"
    admin.api.clock.set(NOON.replace(hour=14))
    assert admin.call("GET", "/clock")["next_at"] is None


def test_time_goes_back_only_without_trackings(admin: AdminClient) -> None:
    """Else it is refused, and nothing is changed, neither the time nor the speed."""
    admin.api.create(**SCENARIO)
    before = state(admin)
    told = admin.send("PATCH", "/clock", {"now": "2001-01-01T00:00:00Z", "frozen": True})

    assert told.code == 422
    assert "reset" in told.meta["message"]
    assert state(admin) == before


def test_time_passes(admin: AdminClient, receiver: Receiver) -> None:
    """So many seconds, or to a moment; all that was due has happened when the answer comes."""
    admin.call("POST", "/webhooks", {"url": "http://localhost:1/", "statuses": ["delivered"]})
    admin.api.create(**SCENARIO)
    assert admin.call("POST", "/clock/advance", {"seconds": 3599.5})["now"].startswith(
        "2026-03-01T12"
    )
    assert receiver.bodies == []
    assert admin.call("POST", "/clock/advance", {"seconds": 0.5})["now"] == "2026-03-01T13:00:00Z"
    assert [body["data"]["status"] for body in receiver.bodies] == ["delivered"]
    told = admin.call("POST", "/clock/advance", {"to": "2026-03-02T00:00:00+08:00"})
    assert told["now"] == "2026-03-01T16:00:00Z"
    for key in (API_KEY, OTHER_KEY):
        past = admin.send("POST", "/clock/advance", {"to": "2026-03-01T11:59:59Z"}, key=key)
        assert past.code == 422


def test_the_usual_clock_is_that_of_the_settings() -> None:
    """An account keeps it from its first use on, also when the sandbox starts anew."""
    store = SqliteStore()
    admin = AdminClient(Api(store=store))
    usual = start_clock(at=NOON.replace(year=2030), speed=0, machine=admin.api.clock)
    admin = AdminClient(Api(Settings(default_clock=usual), store))
    assert admin.call("GET", "/clock")["now"] == "2030-03-01T12:00:00Z"
    assert admin.api.create(**SCENARIO)["created_at"] == "2030-03-01T12:00:00+00:00"
    other = start_clock(at=NOON.replace(year=2040), speed=0, machine=admin.api.clock)
    admin = AdminClient(Api(Settings(default_clock=other), store))

    assert admin.call("GET", "/clock")["now"] == "2030-03-01T12:00:00Z"
    assert admin.call("GET", "/clock", key=OTHER_KEY)["now"] == "2040-03-01T12:00:00Z"
    admin.api.close()


def test_faults_are_planned_met_and_cleared(admin: AdminClient) -> None:
    """As text, as object, one or several; what nobody met is told."""
    instructions = {"getAccount": ["code=429", {"fault": "html", "status": 503}], "*": "empty"}
    told = admin.call("PUT", "/faults", {"instructions": instructions})
    assert told["instructions"] == {"getAccount": ["code=429", "html=503"], "*": ["empty"]}
    assert told["unused"] == 3

    assert admin.api.call("getAccount").code == 429
    (plan,) = admin.call("GET", "/faults")["items"]
    assert plan["instructions"] == {"getAccount": ["html=503"], "*": ["empty"]}
    assert admin.call("DELETE", "/faults")["items"] == []
    assert admin.api.call("getAccount").code == 200


def test_faults_have_names_and_dice(admin: AdminClient) -> None:
    """A plan with a name is another one; a random plan tells its dice, and has nothing unused."""
    admin.call("PUT", "/faults", {"name": "t-1", "instructions": {"*": "html"}})
    admin.call("PUT", "/faults", {"instructions": {"*": "code=429"}, "probability": 0.5, "seed": 7})
    admin.api.call("getAccount")
    told = admin.call("GET", "/faults")
    by_name = {plan["name"]: plan for plan in told["items"]}

    assert by_name["t-1"]["unused"] == 1
    dice = by_name[None]
    assert (dice["probability"], dice["seed"], dice["decided"], dice["unused"]) == (0.5, 7, 1, 0)
    assert "lose-response" in told["forms"]
    assert "createTracking" in told["operations"]


def test_an_account_is_changed(admin: AdminClient) -> None:
    """What is given changes, everything else stays, and null stands for the usual."""
    admin.api.create(**SCENARIO)
    before = admin.call("GET", "/account")
    assert admin.call("PATCH", "/account", {"quota": 5, "used": 4, "detections": 1})["left"] == 0
    assert admin.api.call("createTracking", SEEDED).code == 4021
    assert admin.call("PATCH", "/account", {"balance": -1})["balance"] == -1
    assert admin.api.call("createTracking", SEEDED).code == 4019
    assert admin.call("PATCH", "/account", {"key_deleted": True})["quota"] == 5
    assert admin.api.call("listTrackings").code == 4002
    usual = {"quota": None, "balance": None, "used": 1, "detections": 0, "key_deleted": False}

    assert admin.call("PATCH", "/account", usual) == before


def test_an_account_is_locked_out(admin: AdminClient) -> None:
    """By hand or by its own haste, until the time is over or it is let in."""
    told = admin.call("PATCH", "/account", {"locked": True})
    assert (told["rate_limited"], told["locked_until"]) == (True, "2026-03-01T12:02:00Z")
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


def test_the_settings_limit_the_rate_of_all() -> None:
    """Also of accounts that were never seen, unless something else is said of one."""
    admin = AdminClient(Api(settings=Settings(rate_limited=True)))
    codes = [admin.api.call("getAccount").code for _ in range(2)]
    assert codes == [200, 429]
    assert admin.call("GET", "/account", key=OTHER_KEY)["rate_limited"] is True
    admin.call("PATCH", "/account", {"rate_limited": False}, key=OTHER_KEY)
    codes = [admin.api.call("listCarriers", key=OTHER_KEY).code for _ in range(2)]
    assert codes == [200, 200]
    admin.api.close()


def test_the_log_tells_what_was_asked(admin: AdminClient) -> None:
    """Oldest first, with hints and faults, and never with the key."""
    admin.call("PUT", "/faults", {"instructions": {"getAccount": "html"}})
    body = json.dumps({"tracking_number": "é", "ups": API_KEY}).encode()
    admin.api.send("POST", f"/trackings/post?key={API_KEY}", content=body)
    admin.api.call("listCarriers")
    admin.api.http.get("/v2/trackings/getuserinfo", headers={"Trackingmore-Api-Key": API_KEY})
    page = admin.call("GET", "/log")
    first, second, third = page["items"]

    assert (first["method"], first["path"], first["code"]) == ("POST", "/v2/trackings/post", 4014)
    assert json.loads(first["request"])["tracking_number"] == "é"
    assert first["hints"]
    assert second["operation"] == "listCarriers"
    assert second["answer_size"] >= len(second["answer"].encode())
    assert (third["status"], third["fault"]) == (502, "html")
    assert API_KEY not in json.dumps(page)
    assert admin.call("GET", "/log", after=first["sequence"])["items"] == [second, third]
    newest = admin.call("GET", "/log", limit=1)
    assert newest["items"] == [third]
    assert newest["last"] == page["last"] == third["sequence"]
    assert admin.call("GET", "/log", before=third["sequence"])["items"] == [first, second]


def test_the_log_shows_bytes_that_are_no_text(admin: AdminClient) -> None:
    """What is not UTF-8 is replaced, and all of it is counted."""
    headers = {"Trackingmore-Api-Key": API_KEY}
    admin.api.http.post("/v2/trackings/post", content=b"\xff\x00", headers=headers)
    (exchange,) = admin.call("GET", "/log")["items"]

    assert (exchange["request"], exchange["request_size"]) == ("\ufffd\x00", 2)


def test_the_log_is_cleared(admin: AdminClient) -> None:
    """And goes on with the next number, so that whoever waits misses nothing."""
    admin.api.call("listCarriers")
    last = admin.call("DELETE", "/log")["last"]
    admin.api.call("listCarriers")

    assert [each["sequence"] for each in admin.call("GET", "/log", after=last)["items"]] == [
        last + 1
    ]


def test_the_log_begins_anew_with_the_sandbox(admin: AdminClient) -> None:
    """Whoever asks for what came after a number that is still to come gets all there is."""
    admin.api.call("listCarriers")

    assert len(admin.call("GET", "/log", after=1000)["items"]) == 1


async def test_the_log_is_waited_for(admin: AdminClient) -> None:
    """Whoever waits is told at once when something comes, and of nothing else."""
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
    """One is known by its URL, and has its options."""
    url = "http://127.0.0.1:9999/news"
    options = {"statuses": ["delivered"], "callback": False, "duplicate": True, "delay_seconds": 5}
    admin.call("POST", "/webhooks", {"url": url})
    told = admin.call("POST", "/webhooks", {"url": url, **options})

    assert {name: told[name] for name in options} == options
    assert admin.call("GET", "/webhooks")["items"] == [told]
    assert admin.call("DELETE", f"/webhooks/{told['id']}")["items"] == []
    assert admin.send("DELETE", f"/webhooks/{told['id']}").code == 404
    admin.api.create(**SCENARIO)
    admin.call("POST", "/clock/advance", {"seconds": 7200})
    assert receiver.bodies == []


def test_deliveries_are_told_and_sent_again(admin: AdminClient, receiver: Receiver) -> None:
    """Each with its attempts, the newest first; sent again, it was tried when the answer comes."""
    receiver.status = 500
    target = admin.call("POST", "/webhooks", {"url": "http://localhost:1/"})
    admin.call("PATCH", "/clock", {"frozen": True})
    created = admin.api.create(**SCENARIO)
    admin.call("POST", "/clock/advance", {"seconds": 40})
    (delivery,) = admin.call("GET", "/webhooks/deliveries")["items"]

    assert delivery["webhook_id"] == target["id"]
    assert delivery["tracking_id"] == created["id"]
    assert [each["status"] for each in delivery["attempts"]] == [500, 500]
    assert delivery["attempts"][1]["at"] == "2026-03-01T12:00:30Z"
    assert (delivery["state"], delivery["due_at"]) == ("waiting", "2026-03-01T12:01:30Z")
    receiver.status = 200
    again = admin.call("POST", f"/webhooks/deliveries/{delivery['id']}/resend")
    assert (again["state"], again["due_at"], len(again["attempts"])) == ("delivered", None, 3)
    assert json.loads(again["body"])["data"]["tracking_number"] == NUMBER
    admin.call("POST", "/clock/advance", {"seconds": 7200})
    assert len(admin.call("GET", "/webhooks/deliveries", limit=1)["items"]) == 1
    assert admin.send("POST", "/webhooks/deliveries/99/resend").code == 404


def test_parcels_are_found(database: Database) -> None:
    """By a part of number, title or order, in any case; wildcards stand for themselves."""
    with database.open() as store:
        admin = AdminClient(Api(store=store))
        create(admin, title="50% Teapot_")
        create(admin, tracking_number="SANDBOX-PICKUP", order_id="Order!7")
        create(admin, tracking_number="1234567890")

        def found(query: str, **options: int) -> list[str]:
            page = admin.call("GET", "/parcels", query=query, **options)
            return [each["tracking_number"] for each in page["items"]]

        assert found("") == ["1234567890", "SANDBOX-PICKUP", NUMBER]
        assert found("", limit=1, offset=1) == ["SANDBOX-PICKUP"]
        assert found("sandbox-p") == found("order!7") == ["SANDBOX-PICKUP"]
        assert found("0% teapot_") == found("%") == found("t_") == [NUMBER]
        assert found("_") == [NUMBER]
        assert found("7_") == found("' OR 1=1 --") == []
        assert admin.call("GET", "/parcels", query="sandbox", limit=1)["total"] == 2
        admin.api.http.close()


def test_parcels_are_told_as_they_are_seen_now(admin: AdminClient) -> None:
    """The status is that of the clock, though nobody has asked the API since."""
    admin.api.create(**SCENARIO)
    (parcel,) = admin.call("GET", "/parcels")["items"]
    assert (parcel["status"], parcel["changes_at"]) == ("transit", "2026-03-01T13:00:00Z")
    admin.api.clock.set(NOON.replace(hour=13))
    before = state(admin)
    (parcel,) = admin.call("GET", "/parcels")["items"]

    assert (parcel["status"], parcel["changes_at"]) == ("delivered", None)
    assert state(admin) == before


def test_a_life_is_told_past_and_to_come(admin: AdminClient) -> None:
    """What happens, and when the API shows it, in order; the same from every moment."""
    create(admin, tracking_number="SANDBOX-SINCE-1D-TRANSIT-2D-TO-US-PICKUP-1H-DELIVERED")
    path = "/parcels/china-ems/SANDBOX-SINCE-1D-TRANSIT-2D-TO-US-PICKUP-1H-DELIVERED"
    life = admin.call("GET", path)
    told = [(each["at"][5:16], each["kind"], each["status"]) for each in life["timeline"]]

    assert told == [
        ("02-28T12:00", "carrier", "transit"),
        ("03-01T12:00", "registered", None),
        ("03-01T12:00", "shown", "transit"),
        ("03-02T12:00", "carrier", "pickup"),
        ("03-02T12:00", "shown", "pickup"),
        ("03-02T13:00", "carrier", "delivered"),
        ("03-02T13:00", "shown", "delivered"),
    ]
    assert (life["origin"], life["destination"]) == ("CN", "US")
    assert life["destination_carrier"] == "usps"
    assert life["timeline"][0]["place"].endswith(", CN")
    for seconds in (1, 24 * 3600, 3600, 10**7):
        admin.call("POST", "/clock/advance", {"seconds": seconds})
        assert admin.call("GET", path)["timeline"] == life["timeline"]
    assert admin.send("GET", "/parcels/ups/nowhere").code == 404


def test_an_ordinary_life_is_told_as_the_api_shows_it(admin: AdminClient) -> None:
    """At each moment at which it shows another status, the API really does."""
    admin.api.create()
    life = admin.call("GET", "/parcels/china-ems/LK664578623CN")
    shown = [each for each in life["timeline"] if each["kind"] == "shown"]

    assert len(shown) > 2
    for each in shown:
        admin.call("POST", "/clock/advance", {"to": each["at"]})
        data = admin.api.get()
        assert (data["status"], data["substatus"]) == (each["status"], each["substatus"])


def shown_of(admin: AdminClient, number: str) -> list[tuple[str, str]]:
    """Return when the API shows which status of a parcel."""
    timeline = admin.call("GET", f"/parcels/china-ems/{number}")["timeline"]
    return [(each["at"], each["status"]) for each in timeline if each["kind"] == "shown"]


def test_a_look_on_demand_is_part_of_a_life(admin: AdminClient) -> None:
    """What the API shows since then, it shows earlier than it would have by itself."""
    admin.api.create()
    before = shown_of(admin, "LK664578623CN")
    assert before[:2] == [("2026-03-01T12:00:00Z", "pending"), ("2026-03-01T12:01:00Z", "transit")]
    admin.api.clock.set(NOON.replace(second=5))
    admin.api.call("trackInRealtime", PAIR)

    after = [before[0], ("2026-03-01T12:00:05Z", "transit"), *before[2:]]
    assert shown_of(admin, "LK664578623CN") == after
    admin.call("POST", "/clock/advance", {"seconds": 10**7})
    assert shown_of(admin, "LK664578623CN") == after


def test_a_status_set_by_hand_is_told_as_of_now(admin: AdminClient) -> None:
    """What came before stays as it was, and nothing comes after."""
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


def test_rounds_before_a_status_set_by_hand_stay_as_they_were(admin: AdminClient) -> None:
    """An ordinary parcel was seen by the provider's rounds until then."""
    admin.api.create()
    before = shown_of(admin, "LK664578623CN")
    admin.call("POST", "/clock/advance", {"seconds": 3600})
    admin.api.call("updateTracking", {"status": 7}, **PAIR)

    assert shown_of(admin, "LK664578623CN") == [*before[:2], ("2026-03-01T13:00:00Z", "exception")]


def test_an_account_is_filled_and_emptied(admin: AdminClient) -> None:
    """It is charged for what it gets, and after the reset it is as new, its log included."""
    new = admin.call("GET", "/account")
    other = {**SEEDED, "tracking_number": NUMBER, "created_at": "2026-02-01T00:00:00+01:00"}
    told = admin.call("POST", "/seed", {"parcels": [SEEDED, other]})
    assert (told["parcels"], told["used"]) == (2, 2)
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


def test_a_snapshot_is_put_back(admin: AdminClient) -> None:
    """Into its own account, or into another one."""
    admin.api.create(**SCENARIO)
    admin.call("POST", "/webhooks", {"url": "http://localhost:1/"})
    admin.call("PUT", "/faults", {"name": "mine", "instructions": {"*": "html"}})
    kept = state(admin)
    admin.call("POST", "/clock/advance", {"seconds": 7200})
    admin.api.call("deleteTracking", **SCENARIO)
    assert admin.call("PUT", "/snapshot", kept)["parcels"] == 1
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
    ("POST", "/seed", {"parcels": []}),
    ("POST", "/seed", {"parcels": [SEEDED, SEEDED]}),
    ("POST", "/seed", {"parcels": [SEEDED, SCENARIO]}),
    ("POST", "/seed", {"parcels": [{**SEEDED, "carrier_code": "pigeon"}]}),
    ("POST", "/seed", {"parcels": [{**SEEDED, "tracking_number": "x"}]}),
    ("POST", "/seed", {"parcels": [{**SEEDED, "created_at": "2050-01-01T00:00:00Z"}]}),
    ("POST", "/seed", {"parcels": [{**SEEDED, "created_at": "1960-01-01T00:00:00Z"}]}),
    ("POST", "/seed", {"parcels": [{**SEEDED, "colour": "red"}]}),
    ("PUT", "/snapshot", {}),
    ("PUT", "/snapshot", {"format": "trackingmore-sandbox 1"}),
    ("PUT", "/snapshot", {"format": "trackingmore-sandbox 2"}),
]


@pytest.mark.parametrize(("method", "path", "body"), BAD)
def test_what_is_wrong_changes_nothing(
    admin: AdminClient, method: str, path: str, body: object
) -> None:
    """Each gets one line that says what is wrong, and the state is as before."""
    admin.api.create(**SCENARIO)
    admin.call("POST", "/webhooks", {"url": "http://localhost:2/"})
    before = state(admin)
    told = admin.send(method, path, body)

    assert (told.code, told.data) == (422, [])
    assert told.meta["message"]
    assert "\n" not in told.meta["message"]
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
    b'{"parcels":' * 10_000,
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
def test_bytes_that_are_no_such_object_change_nothing(
    admin: AdminClient, method: str, path: str, raw: bytes
) -> None:
    """Whatever they are, the answer is 422."""
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
        ("/parcels", {"query": "x" * 101}),
        ("/parcels", {"limit": "501"}),
        ("/parcels", {"offset": "-1"}),
        ("/webhooks/deliveries", {"limit": "1001"}),
        ("/clock", {"limit": "1"}),
    ],
)
def test_a_query_that_is_wrong_is_refused(
    admin: AdminClient, path: str, query: dict[str, str]
) -> None:
    """A value out of range, or a parameter that is none."""
    assert admin.send("GET", f"{path}?{urlencode(query)}").code == 422


def test_a_parameter_comes_once(admin: AdminClient) -> None:
    """Of two it would not be clear which one is meant."""
    headers = {"X-Sandbox-Token": ADMIN_TOKEN, "Trackingmore-Api-Key": API_KEY}

    assert admin.api.http.get("/_sandbox/log?limit=1&limit=2", headers=headers).status_code == 422


def test_a_body_has_an_end(admin: AdminClient) -> None:
    """One that is too long is not read, and nothing is changed; a snapshot may be longer."""
    small = AdminClient(Api(settings=Settings(max_body_bytes=100)))
    told = small.send("PATCH", "/account", {"quota": 1, "x": "x" * 100})
    assert told.code == 413
    assert "100 bytes" in told.meta["message"]
    kept = state(admin)
    assert small.call("PUT", "/snapshot", kept)
    small.api.close()


def test_a_failure_of_its_own_is_told_without_details(
    admin: AdminClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer is in the same form, and the traceback stands in the sandbox's own log."""

    def fail() -> None:
        raise LookupError("a secret")

    monkeypatch.setattr(admin.api.store, "accounts", fail)
    told = admin.send("GET", "/accounts", key=None)

    assert told.code == 500
    assert "secret" not in told.meta["message"]
    assert "a secret" in caplog.text


@pytest.mark.parametrize("path", ["/..%2f..%2fetc", "/webhooks/%00", "/parcels/ups/%ff", "//clock"])
def test_odd_paths_are_told_apart_from_others(admin: AdminClient, path: str) -> None:
    """They lead nowhere."""
    assert admin.send("DELETE", path).code in {404, 405}
