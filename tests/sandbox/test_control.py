import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest

from trackingmore_v2_sandbox import API_KEY, Settings, SqliteStore, start_clock
from trackingmore_v2_sandbox.admin import schemas
from trackingmore_v2_sandbox.webhooks.sender import SendResult

from .desk import PAIR, TOKEN, Desk
from .harness import NOON, OTHER_KEY
from .stores import Database

NUMBER = PAIR["tracking_number"]
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
def desk(receiver: Receiver) -> Iterator[Desk]:
    """Yield a fresh sandbox."""
    desk = Desk(send_webhook=receiver)
    yield desk
    desk.close()


def state(desk: Desk, key: str = API_KEY) -> Any:
    """Return all that is kept of an account."""
    return desk.ask("GET", "/snapshot", key=key)


def test_it_is_closed_without_the_token(desk: Desk) -> None:
    """Neither no token nor a wrong one opens anything, whatever is asked for."""
    before = state(desk)
    for token in (None, "", "a toke", "a token ", "A TOKEN", "\x7f"):
        for method, path in (("GET", "/clock"), ("POST", "/reset"), ("PUT", "/nowhere")):
            told = desk.send(method, path, token=token)

            assert (told.status, told.data) == (401, [])
            assert "X-Sandbox-Token" in told.message
    assert state(desk) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_it_is_closed_to_other_origins(desk: Desk, headers: dict[str, str]) -> None:
    """A page of somebody else gets nothing, even if it knew the token."""
    told = desk.send("POST", "/reset", headers=headers)

    assert (told.status, told.data) == (403, [])
    assert "Access-Control-Allow-Origin" not in told.headers


def test_its_own_page_may_use_it(desk: Desk) -> None:
    """The inspector says where it comes from."""
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}

    assert desk.send("GET", "/clock", headers=headers).status == 200


def test_it_is_closed_under_other_names(desk: Desk) -> None:
    """Whoever makes a name of theirs lead to this machine does not reach the control."""
    headers = {"X-Sandbox-Token": TOKEN, "Host": "evil.example"}

    assert desk.http.get("/_sandbox/accounts", headers=headers).status_code == 403


def test_a_preflight_is_not_answered(desk: Desk) -> None:
    """No browser is told that another origin may ask."""
    told = desk.send("OPTIONS", "/clock", token=None, headers={"Origin": "http://evil.example"})

    assert told.status == 403


def test_unknown_routes_and_methods(desk: Desk) -> None:
    """They are told apart, and the methods that there are stand in the answer."""
    assert desk.send("GET", "/nowhere").status == 404
    assert desk.send("GET", "/clock/nowhere").status == 404
    assert desk.send("GET", "/clock/").status == 404
    told = desk.send("PUT", "/clock")
    assert (told.status, told.headers["Allow"]) == (405, "GET, PATCH")
    assert desk.send("POST", "/openapi.json").status == 405


def test_an_account_is_chosen_by_key_or_id(desk: Desk) -> None:
    """By exactly one of them; and an id must be one that was told."""
    desk.create()
    (account,) = desk.ask("GET", "/accounts", key=None)["items"]

    assert account["key"] == "****0001"
    assert account["parcels"] == 1
    by_id = desk.ask("GET", "/account", key=None, account=account["id"])
    assert by_id == desk.ask("GET", "/account", key=API_KEY.upper())
    assert desk.send("GET", "/account", key=None).status == 422
    assert desk.send("GET", "/account", account=account["id"]).status == 422
    assert desk.send("GET", "/account", key="no key").status == 422
    for stranger in ("", "0" * 12, account["id"][:-1], account["id"] + "0", "é"):
        assert desk.send("GET", "/account", key=None, account=stranger).status == 404


def test_an_account_that_only_reads_is_known_as_well(desk: Desk) -> None:
    """It has exchanges that can be looked at."""
    desk.call("GET", "/carriers", key=OTHER_KEY)
    (account,) = desk.ask("GET", "/accounts", key=None)["items"]

    assert desk.ask("GET", "/log", key=None, account=account["id"])["items"]


def test_accounts_have_nothing_to_do_with_each_other(desk: Desk) -> None:
    """What is done to one leaves the other as it is."""
    desk.create()
    before = state(desk)
    desk.ask("PATCH", "/clock", {"now": "2030-01-01T00:00:00Z"}, key=OTHER_KEY)
    desk.ask("PATCH", "/account", {"quota": 1}, key=OTHER_KEY)
    desk.ask("PUT", "/faults", {"instructions": {"*": "html"}}, key=OTHER_KEY)
    desk.ask("POST", "/webhooks", {"url": "http://localhost:1/"}, key=OTHER_KEY)
    desk.ask("POST", "/reset", key=OTHER_KEY)
    desk.ask("DELETE", "/log", key=OTHER_KEY)

    assert state(desk) == before
    assert len(desk.ask("GET", "/log")["items"]) == 1


def test_a_clock_is_frozen_and_runs(desk: Desk) -> None:
    """It stands, it runs at a speed, and it runs like the machine's again."""
    clock = desk.ask("GET", "/clock")
    assert clock == {"now": "2026-03-01T12:00:00Z", "speed": 1, "frozen": False, "next_at": None}
    desk.ask("PATCH", "/clock", {"frozen": True})
    desk.clock.set(NOON.replace(hour=13))
    assert desk.ask("GET", "/clock")["now"] == "2026-03-01T12:00:00Z"
    assert desk.ask("PATCH", "/clock", {"speed": 60})["frozen"] is False
    desk.clock.set(NOON.replace(hour=14))
    assert desk.ask("GET", "/clock")["now"] == "2026-03-04T00:00:00Z"
    assert desk.ask("PATCH", "/clock", {"frozen": False})["speed"] == 1
    assert desk.ask("PATCH", "/clock", {"speed": 0})["frozen"] is True


def test_a_clock_is_set(desk: Desk) -> None:
    """To any moment, in any zone, and it stands there if that is asked for as well."""
    told = desk.ask("PATCH", "/clock", {"now": "2001-01-01T01:00:00+01:00", "frozen": True})

    assert (told["now"], told["speed"], told["frozen"]) == ("2001-01-01T00:00:00Z", 0, True)
    desk.ask("PATCH", "/clock", {"now": "2026-06-01T00:00:00Z", "speed": 2})
    desk.clock.set(NOON.replace(hour=13))
    assert desk.ask("GET", "/clock")["now"] == "2026-06-01T02:00:00Z"


def test_a_jump_ahead_lands_where_it_should_stand(
    desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is due on the way happens, though the machine's time goes on meanwhile."""
    readings = count()
    monkeypatch.setattr(desk.clock, "now", lambda: NOON + timedelta(milliseconds=next(readings)))
    desk.ask("POST", "/webhooks", {"url": "http://localhost:1/"})
    desk.create()
    desk.ask("PATCH", "/clock", {"speed": 1000})
    told = desk.ask("PATCH", "/clock", {"now": "2026-03-01T20:00:00Z", "frozen": True})

    assert told["now"] == desk.ask("GET", "/clock")["now"] == "2026-03-01T20:00:00Z"
    assert [body["data"]["status"] for body in receiver.bodies] == ["transit", "delivered"]


def test_a_clock_tells_what_happens_next(desk: Desk) -> None:
    """The next news of a parcel or try of a delivery that is still to come."""
    desk.create()
    assert desk.ask("GET", "/clock")["next_at"] == "2026-03-01T13:00:00Z"
    desk.clock.set(NOON.replace(hour=14))
    assert desk.ask("GET", "/clock")["next_at"] is None


def test_time_goes_back_only_without_trackings(desk: Desk) -> None:
    """Else it is refused, and nothing is changed, neither the time nor the speed."""
    desk.create()
    before = state(desk)
    told = desk.send("PATCH", "/clock", {"now": "2001-01-01T00:00:00Z", "frozen": True})

    assert told.status == 422
    assert "reset" in told.message
    assert state(desk) == before


def test_time_passes(desk: Desk, receiver: Receiver) -> None:
    """So many seconds, or to a moment; all that was due has happened when the answer comes."""
    desk.ask("POST", "/webhooks", {"url": "http://localhost:1/", "statuses": ["delivered"]})
    desk.create()
    assert desk.ask("POST", "/clock/advance", {"seconds": 3599.5})["now"].startswith(
        "2026-03-01T12"
    )
    assert receiver.bodies == []
    assert desk.ask("POST", "/clock/advance", {"seconds": 0.5})["now"] == "2026-03-01T13:00:00Z"
    assert [body["data"]["status"] for body in receiver.bodies] == ["delivered"]
    told = desk.ask("POST", "/clock/advance", {"to": "2026-03-02T00:00:00+08:00"})
    assert told["now"] == "2026-03-01T16:00:00Z"
    for key in (API_KEY, OTHER_KEY):
        past = desk.send("POST", "/clock/advance", {"to": "2026-03-01T11:59:59Z"}, key=key)
        assert past.status == 422


def test_the_usual_clock_is_that_of_the_settings() -> None:
    """An account keeps it from its first use on, also when the sandbox starts anew."""
    store = SqliteStore()
    desk = Desk(store)
    usual = start_clock(at=NOON.replace(year=2030), speed=0, machine=desk.clock)
    desk = Desk(store, Settings(default_clock=usual))
    assert desk.ask("GET", "/clock")["now"] == "2030-03-01T12:00:00Z"
    assert desk.create()["created_at"] == "2030-03-01T12:00:00+00:00"
    other = start_clock(at=NOON.replace(year=2040), speed=0, machine=desk.clock)
    desk = Desk(store, Settings(default_clock=other))

    assert desk.ask("GET", "/clock")["now"] == "2030-03-01T12:00:00Z"
    assert desk.ask("GET", "/clock", key=OTHER_KEY)["now"] == "2040-03-01T12:00:00Z"
    desk.close()


def test_faults_are_planned_met_and_cleared(desk: Desk) -> None:
    """As text, as object, one or several; what nobody met is told."""
    instructions = {"getAccount": ["code=429", {"fault": "html", "status": 503}], "*": "empty"}
    told = desk.ask("PUT", "/faults", {"instructions": instructions})
    assert told["instructions"] == {"getAccount": ["code=429", "html=503"], "*": ["empty"]}
    assert told["unused"] == 3

    assert desk.call("GET", "/trackings/getuserinfo")["meta"]["code"] == 429
    (plan,) = desk.ask("GET", "/faults")["items"]
    assert plan["instructions"] == {"getAccount": ["html=503"], "*": ["empty"]}
    assert desk.ask("DELETE", "/faults")["items"] == []
    assert desk.call("GET", "/trackings/getuserinfo")["meta"]["code"] == 200


def test_faults_have_names_and_dice(desk: Desk) -> None:
    """A plan with a name is another one; a random plan tells its dice, and has nothing unused."""
    desk.ask("PUT", "/faults", {"name": "t-1", "instructions": {"*": "html"}})
    desk.ask("PUT", "/faults", {"instructions": {"*": "code=429"}, "probability": 0.5, "seed": 7})
    desk.call("GET", "/trackings/getuserinfo")
    told = desk.ask("GET", "/faults")
    by_name = {plan["name"]: plan for plan in told["items"]}

    assert by_name["t-1"]["unused"] == 1
    dice = by_name[None]
    assert (dice["probability"], dice["seed"], dice["decided"], dice["unused"]) == (0.5, 7, 1, 0)
    assert "lose-response" in told["forms"]
    assert "createTracking" in told["operations"]


def test_an_account_is_changed(desk: Desk) -> None:
    """What is given changes, everything else stays, and null stands for the usual."""
    desk.create()
    before = desk.ask("GET", "/account")
    assert desk.ask("PATCH", "/account", {"quota": 5, "used": 4, "detections": 1})["left"] == 0
    assert desk.call("POST", "/trackings/post", SEEDED)["meta"]["code"] == 4021
    assert desk.ask("PATCH", "/account", {"balance": -1})["balance"] == -1
    assert desk.call("POST", "/trackings/post", SEEDED)["meta"]["code"] == 4019
    assert desk.ask("PATCH", "/account", {"key_deleted": True})["quota"] == 5
    assert desk.call("GET", "/trackings/get")["meta"]["code"] == 4002
    usual = {"quota": None, "balance": None, "used": 1, "detections": 0, "key_deleted": False}

    assert desk.ask("PATCH", "/account", usual) == before


def test_an_account_is_locked_out(desk: Desk) -> None:
    """By hand or by its own haste, until the time is over or it is let in."""
    told = desk.ask("PATCH", "/account", {"locked": True})
    assert (told["rate_limited"], told["locked_until"]) == (True, "2026-03-01T12:02:00Z")
    assert desk.call("GET", "/trackings/getuserinfo")["meta"]["code"] == 429
    assert desk.ask("PATCH", "/account", {"locked": False})["locked_until"] is None
    codes = [desk.call("GET", "/trackings/getuserinfo")["meta"]["code"] for _ in range(2)]
    assert codes == [200, 429]
    assert desk.ask("GET", "/account")["locked_until"] == "2026-03-01T12:02:00Z"
    desk.clock.set(NOON.replace(minute=2))
    assert desk.ask("GET", "/account")["locked_until"] is None
    assert desk.ask("PATCH", "/account", {"rate_limited": False})["rate_limited"] is False
    codes = [desk.call("GET", "/trackings/getuserinfo")["meta"]["code"] for _ in range(2)]
    assert codes == [200, 200]


def test_the_settings_limit_the_rate_of_all() -> None:
    """Also of accounts that were never seen, unless something else is said of one."""
    desk = Desk(settings=Settings(rate_limited=True))
    codes = [desk.call("GET", "/trackings/getuserinfo")["meta"]["code"] for _ in range(2)]
    assert codes == [200, 429]
    assert desk.ask("GET", "/account", key=OTHER_KEY)["rate_limited"] is True
    desk.ask("PATCH", "/account", {"rate_limited": False}, key=OTHER_KEY)
    codes = [desk.call("GET", "/carriers", key=OTHER_KEY)["meta"]["code"] for _ in range(2)]
    assert codes == [200, 200]
    desk.close()


def test_the_log_tells_what_was_asked(desk: Desk) -> None:
    """Oldest first, with hints and faults, and never with the key."""
    desk.ask("PUT", "/faults", {"instructions": {"getAccount": "html"}})
    desk.call("POST", f"/trackings/post?key={API_KEY}", {"tracking_number": "é", "ups": API_KEY})
    desk.call("GET", "/carriers")
    desk.http.get("/v2/trackings/getuserinfo", headers={"Trackingmore-Api-Key": API_KEY})
    page = desk.ask("GET", "/log")
    first, second, third = page["items"]

    assert (first["method"], first["path"], first["code"]) == ("POST", "/v2/trackings/post", 4014)
    assert json.loads(first["request"])["tracking_number"] == "é"
    assert first["hints"]
    assert second["operation"] == "listCarriers"
    assert second["answer_size"] >= len(second["answer"].encode())
    assert (third["status"], third["fault"]) == (502, "html")
    assert API_KEY not in json.dumps(page)
    assert desk.ask("GET", "/log", after=first["sequence"])["items"] == [second, third]
    newest = desk.ask("GET", "/log", limit=1)
    assert newest["items"] == [third]
    assert newest["last"] == page["last"] == third["sequence"]
    assert desk.ask("GET", "/log", before=third["sequence"])["items"] == [first, second]


def test_the_log_shows_bytes_that_are_no_text(desk: Desk) -> None:
    """What is not UTF-8 is replaced, and all of it is counted."""
    headers = {"Trackingmore-Api-Key": API_KEY}
    desk.http.post("/v2/trackings/post", content=b"\xff\x00", headers=headers)
    (exchange,) = desk.ask("GET", "/log")["items"]

    assert (exchange["request"], exchange["request_size"]) == ("\ufffd\x00", 2)


def test_the_log_is_cleared(desk: Desk) -> None:
    """And goes on with the next number, so that whoever waits misses nothing."""
    desk.call("GET", "/carriers")
    last = desk.ask("DELETE", "/log")["last"]
    desk.call("GET", "/carriers")

    assert [each["sequence"] for each in desk.ask("GET", "/log", after=last)["items"]] == [last + 1]


def test_the_log_begins_anew_with_the_sandbox(desk: Desk) -> None:
    """Whoever asks for what came after a number that is still to come gets all there is."""
    desk.call("GET", "/carriers")

    assert len(desk.ask("GET", "/log", after=1000)["items"]) == 1


async def test_the_log_is_waited_for(desk: Desk) -> None:
    """Whoever waits is told at once when something comes, and of nothing else."""
    account = desk.control.account_of_key(API_KEY)
    waiting = asyncio.ensure_future(
        desk.control.list_exchanges(account, schemas.LogQuery(wait=60.0))
    )
    await asyncio.sleep(0)
    desk.call("GET", "/carriers", key=OTHER_KEY)
    await asyncio.sleep(0)
    assert not waiting.done()
    desk.call("GET", "/carriers")

    assert [each.operation for each in (await waiting).items] == ["listCarriers"]
    nothing = await desk.control.list_exchanges(account, schemas.LogQuery(after=2, wait=1e-9))
    assert (nothing.items, nothing.last) == ([], 2)


def test_webhooks_are_added_and_removed(desk: Desk, receiver: Receiver) -> None:
    """One is known by its URL, and has its options."""
    url = "http://127.0.0.1:9999/news"
    options = {"statuses": ["delivered"], "callback": False, "duplicate": True, "delay_seconds": 5}
    desk.ask("POST", "/webhooks", {"url": url})
    told = desk.ask("POST", "/webhooks", {"url": url, **options})

    assert {name: told[name] for name in options} == options
    assert desk.ask("GET", "/webhooks")["items"] == [told]
    assert desk.ask("DELETE", f"/webhooks/{told['id']}")["items"] == []
    assert desk.send("DELETE", f"/webhooks/{told['id']}").status == 404
    desk.create()
    desk.ask("POST", "/clock/advance", {"seconds": 7200})
    assert receiver.bodies == []


def test_deliveries_are_told_and_sent_again(desk: Desk, receiver: Receiver) -> None:
    """Each with its attempts, the newest first; sent again, it was tried when the answer comes."""
    receiver.status = 500
    target = desk.ask("POST", "/webhooks", {"url": "http://localhost:1/"})
    desk.ask("PATCH", "/clock", {"frozen": True})
    created = desk.create()
    desk.ask("POST", "/clock/advance", {"seconds": 40})
    (delivery,) = desk.ask("GET", "/webhooks/deliveries")["items"]

    assert delivery["webhook_id"] == target["id"]
    assert delivery["tracking_id"] == created["id"]
    assert [each["status"] for each in delivery["attempts"]] == [500, 500]
    assert delivery["attempts"][1]["at"] == "2026-03-01T12:00:30Z"
    assert (delivery["state"], delivery["due_at"]) == ("waiting", "2026-03-01T12:01:30Z")
    receiver.status = 200
    again = desk.ask("POST", f"/webhooks/deliveries/{delivery['id']}/resend")
    assert (again["state"], again["due_at"], len(again["attempts"])) == ("delivered", None, 3)
    assert json.loads(again["body"])["data"]["tracking_number"] == NUMBER
    desk.ask("POST", "/clock/advance", {"seconds": 7200})
    assert len(desk.ask("GET", "/webhooks/deliveries", limit=1)["items"]) == 1
    assert desk.send("POST", "/webhooks/deliveries/99/resend").status == 404


def test_parcels_are_found(anywhere: Database) -> None:
    """By a part of number, title or order, in any case; wildcards stand for themselves."""
    with anywhere.open() as store:
        desk = Desk(store)
        desk.create(title="50% Teapot_")
        desk.create(tracking_number="SANDBOX-PICKUP", order_id="Order!7")
        desk.create(tracking_number="1234567890")

        def found(query: str, **options: int) -> list[str]:
            page = desk.ask("GET", "/parcels", query=query, **options)
            return [each["tracking_number"] for each in page["items"]]

        assert found("") == ["1234567890", "SANDBOX-PICKUP", NUMBER]
        assert found("", limit=1, offset=1) == ["SANDBOX-PICKUP"]
        assert found("sandbox-p") == found("order!7") == ["SANDBOX-PICKUP"]
        assert found("0% teapot_") == found("%") == found("t_") == [NUMBER]
        assert found("_") == [NUMBER]
        assert found("7_") == found("' OR 1=1 --") == []
        assert desk.ask("GET", "/parcels", query="sandbox", limit=1)["total"] == 2
        desk.http.close()


def test_parcels_are_told_as_they_are_seen_now(desk: Desk) -> None:
    """The status is that of the clock, though nobody has asked the API since."""
    desk.create()
    (parcel,) = desk.ask("GET", "/parcels")["items"]
    assert (parcel["status"], parcel["changes_at"]) == ("transit", "2026-03-01T13:00:00Z")
    desk.clock.set(NOON.replace(hour=13))
    before = state(desk)
    (parcel,) = desk.ask("GET", "/parcels")["items"]

    assert (parcel["status"], parcel["changes_at"]) == ("delivered", None)
    assert state(desk) == before


def test_a_life_is_told_past_and_to_come(desk: Desk) -> None:
    """What happens, and when the API shows it, in order; the same from every moment."""
    desk.create(tracking_number="SANDBOX-SINCE-1D-TRANSIT-2D-TO-US-PICKUP-1H-DELIVERED")
    path = "/parcels/china-ems/SANDBOX-SINCE-1D-TRANSIT-2D-TO-US-PICKUP-1H-DELIVERED"
    life = desk.ask("GET", path)
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
        desk.ask("POST", "/clock/advance", {"seconds": seconds})
        assert desk.ask("GET", path)["timeline"] == life["timeline"]
    assert desk.send("GET", "/parcels/ups/nowhere").status == 404


def test_an_ordinary_life_is_told_as_the_api_shows_it(desk: Desk) -> None:
    """At each moment at which it shows another status, the API really does."""
    pair = {"carrier_code": "china-ems", "tracking_number": "LK664578623CN"}
    desk.create(**pair)
    life = desk.ask("GET", "/parcels/china-ems/LK664578623CN")
    shown = [each for each in life["timeline"] if each["kind"] == "shown"]

    assert len(shown) > 2
    for each in shown:
        desk.ask("POST", "/clock/advance", {"to": each["at"]})
        data = desk.call("GET", "/trackings/china-ems/LK664578623CN")["data"]
        assert (data["status"], data["substatus"]) == (each["status"], each["substatus"])


def shown_of(desk: Desk, number: str) -> list[tuple[str, str]]:
    """Return when the API shows which status of a parcel."""
    timeline = desk.ask("GET", f"/parcels/china-ems/{number}")["timeline"]
    return [(each["at"], each["status"]) for each in timeline if each["kind"] == "shown"]


def test_a_look_on_demand_is_part_of_a_life(desk: Desk) -> None:
    """What the API shows since then, it shows earlier than it would have by itself."""
    pair = {"carrier_code": "china-ems", "tracking_number": "LK664578623CN"}
    desk.create(**pair)
    before = shown_of(desk, "LK664578623CN")
    assert before[:2] == [("2026-03-01T12:00:00Z", "pending"), ("2026-03-01T12:01:00Z", "transit")]
    desk.clock.set(NOON.replace(second=5))
    desk.call("POST", "/trackings/realtime", pair)

    after = [before[0], ("2026-03-01T12:00:05Z", "transit"), *before[2:]]
    assert shown_of(desk, "LK664578623CN") == after
    desk.ask("POST", "/clock/advance", {"seconds": 10**7})
    assert shown_of(desk, "LK664578623CN") == after


def test_a_status_set_by_hand_is_told_as_of_now(desk: Desk) -> None:
    """What came before stays as it was, and nothing comes after."""
    number = "SANDBOX-TRANSIT-1H-PICKUP-1D-EXCEPTION"
    desk.create(tracking_number=number)
    desk.ask("POST", "/clock/advance", {"seconds": 7200})
    answer = desk.call("PUT", f"/trackings/china-ems/{number}", {"status": 4})

    assert answer["data"]["status"] == "delivered"
    assert shown_of(desk, number) == [
        ("2026-03-01T12:00:00Z", "transit"),
        ("2026-03-01T13:00:00Z", "pickup"),
        ("2026-03-01T14:00:00Z", "delivered"),
    ]


def test_rounds_before_a_status_set_by_hand_stay_as_they_were(desk: Desk) -> None:
    """An ordinary parcel was seen by the provider's rounds until then."""
    desk.create(tracking_number="LK664578623CN")
    before = shown_of(desk, "LK664578623CN")
    desk.ask("POST", "/clock/advance", {"seconds": 3600})
    desk.call("PUT", "/trackings/china-ems/LK664578623CN", {"status": 7})

    assert shown_of(desk, "LK664578623CN") == [*before[:2], ("2026-03-01T13:00:00Z", "exception")]


def test_an_account_is_filled_and_emptied(desk: Desk) -> None:
    """It is charged for what it gets, and after the reset it is as new, its log included."""
    new = desk.ask("GET", "/account")
    other = {**SEEDED, "tracking_number": NUMBER, "created_at": "2026-02-01T00:00:00+01:00"}
    told = desk.ask("POST", "/seed", {"parcels": [SEEDED, other]})
    assert (told["parcels"], told["used"]) == (2, 2)
    read = desk.call("GET", f"/trackings/china-ems/{NUMBER}")["data"]
    assert (read["created_at"], read["status"]) == ("2026-01-31T23:00:00+00:00", "delivered")
    desk.ask("PUT", "/faults", {"instructions": {"getAccount": "html"}})
    desk.ask("POST", "/webhooks", {"url": "http://localhost:1/"})
    desk.ask("PATCH", "/clock", {"now": "2050-01-01T00:00:00Z"})
    desk.ask("PATCH", "/account", {"quota": 3, "locked": True})

    assert desk.ask("POST", "/reset") == new
    assert desk.ask("GET", "/clock")["now"] == "2026-03-01T12:00:00Z"
    assert desk.ask("GET", "/log")["items"] == []
    assert desk.ask("GET", "/faults")["items"] == desk.ask("GET", "/webhooks")["items"] == []
    assert desk.call("GET", "/trackings/get")["meta"]["code"] == 4031


def test_a_snapshot_is_put_back(desk: Desk) -> None:
    """Into its own account, or into another one."""
    desk.create()
    desk.ask("POST", "/webhooks", {"url": "http://localhost:1/"})
    desk.ask("PUT", "/faults", {"name": "mine", "instructions": {"*": "html"}})
    kept = state(desk)
    desk.ask("POST", "/clock/advance", {"seconds": 7200})
    desk.call("DELETE", f"/trackings/china-ems/{NUMBER}")
    assert desk.ask("PUT", "/snapshot", kept)["parcels"] == 1
    assert state(desk) == kept

    assert desk.ask("PUT", "/snapshot", kept, key=OTHER_KEY)["key"] == "****0002"
    assert len(desk.ask("GET", "/webhooks", key=OTHER_KEY)["items"]) == 1
    assert desk.ask("GET", "/faults", key=OTHER_KEY) == desk.ask("GET", "/faults")


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
    ("POST", "/seed", {"parcels": [SEEDED, PAIR]}),
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
def test_what_is_wrong_changes_nothing(desk: Desk, method: str, path: str, body: object) -> None:
    """Each gets one line that says what is wrong, and the state is as before."""
    desk.create()
    desk.ask("POST", "/webhooks", {"url": "http://localhost:2/"})
    before = state(desk)
    told = desk.send(method, path, body)

    assert (told.status, told.data) == (422, [])
    assert told.message
    assert "\n" not in told.message
    assert state(desk) == before


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
    desk: Desk, method: str, path: str, raw: bytes
) -> None:
    """Whatever they are, the answer is 422."""
    desk.create()
    before = state(desk)

    assert desk.send(method, path, raw=raw).status == 422
    assert state(desk) == before


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
def test_a_query_that_is_wrong_is_refused(desk: Desk, path: str, query: dict[str, str]) -> None:
    """A value out of range, or a parameter that is none."""
    assert desk.send("GET", f"{path}?{urlencode(query)}").status == 422


def test_a_parameter_comes_once(desk: Desk) -> None:
    """Of two it would not be clear which one is meant."""
    headers = {"X-Sandbox-Token": TOKEN, "Trackingmore-Api-Key": API_KEY}

    assert desk.http.get("/_sandbox/log?limit=1&limit=2", headers=headers).status_code == 422


def test_a_body_has_an_end(desk: Desk) -> None:
    """One that is too long is not read, and nothing is changed; a snapshot may be longer."""
    small = Desk(settings=Settings(max_body_bytes=100))
    told = small.send("PATCH", "/account", {"quota": 1, "x": "x" * 100})
    assert told.status == 413
    assert "100 bytes" in told.message
    kept = state(desk)
    assert small.ask("PUT", "/snapshot", kept)
    small.close()


def test_a_failure_of_its_own_is_told_without_details(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer is in the same form, and the traceback stands in the sandbox's own log."""

    def fail() -> None:
        raise LookupError("a secret")

    monkeypatch.setattr(desk.store, "accounts", fail)
    told = desk.send("GET", "/accounts", key=None)

    assert told.status == 500
    assert "secret" not in told.message
    assert "a secret" in caplog.text


@pytest.mark.parametrize("path", ["/..%2f..%2fetc", "/webhooks/%00", "/parcels/ups/%ff", "//clock"])
def test_odd_paths_are_told_apart_from_others(desk: Desk, path: str) -> None:
    """They lead nowhere."""
    assert desk.send("DELETE", path).status in {404, 405}
