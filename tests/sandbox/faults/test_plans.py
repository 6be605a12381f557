"""Which requests meet which faults, in a sandbox without a socket."""

from typing import Any, Final

import httpx2
import pytest

from tests.sandbox.databases import in_one_process
from tests.sandbox.harness import OTHER_KEY, PAIR, Api
from trackingmore_v2_api import API_KEY_HEADER, META_CODES
from trackingmore_v2_sandbox import API_KEY
from trackingmore_v2_sandbox.faults.injector import SocketNeeded
from trackingmore_v2_sandbox.faults.instructions import InstructionError, parse
from trackingmore_v2_sandbox.faults.plan import HEADER, Chance, make_plan
from trackingmore_v2_sandbox.faults.repository import FaultRepository
from trackingmore_v2_sandbox.http.api_keys import account_of
from trackingmore_v2_sandbox.scenarios.number_faults import failure_of

ACCOUNT: Final = account_of(API_KEY)
CARRIERS: Final = "/carriers"
TRACKING: Final = "/trackings/china-ems/LK664578623CN"


@pytest.fixture
def repository(api: Api) -> FaultRepository:
    """Return the plans of the sandbox."""
    return FaultRepository(api.store)


def plan(repository: FaultRepository, name: str | None = None, **instructions: Any) -> None:
    """Plan faults; the operation `every` stands for all."""
    listed = {
        "*" if each == "every" else each: listed_for for each, listed_for in instructions.items()
    }
    repository.save(ACCOUNT, make_plan(listed), name)


def get(api: Api, path: str, *, name: str | None = None, key: str = API_KEY) -> httpx2.Response:
    """Read something, maybe for a plan that has a name."""
    headers = {API_KEY_HEADER: key, **({} if name is None else {HEADER: name})}
    return api.http.get(f"/v2{path}", headers=headers)


def post(api: Api, path: str, body: object) -> httpx2.Response:
    """Send something."""
    return api.http.post(f"/v2{path}", json=body, headers={API_KEY_HEADER: API_KEY})


def code(response: httpx2.Response) -> int:
    """Return the meta code."""
    value: int = response.json()["meta"]["code"]
    return value


def has_tracking(api: Api) -> bool:
    """Return whether the tracking was created."""
    return code(get(api, TRACKING)) == 200


def test_a_planned_error_is_not_carried_out(api: Api, repository: FaultRepository) -> None:
    """The next request succeeds as if it were the first."""
    plan(repository, createTracking=["status=503", "code=429"])
    first, second, third = (post(api, "/trackings/post", PAIR) for _ in range(3))

    assert (first.status_code, code(first)) == (503, 503)
    assert (second.status_code, code(second)) == (200, 429)
    assert (third.status_code, code(third)) == (200, 200)


@pytest.mark.parametrize(
    "text", ["status=504/after", "code=500/after", "html=after", "empty", "truncated", "not-json"]
)
def test_a_request_with_a_lost_response_was_carried_out(
    api: Api, repository: FaultRepository, text: str
) -> None:
    """A retry is rejected, since the tracking exists."""
    plan(repository, createTracking=text)
    post(api, "/trackings/post", PAIR)

    assert has_tracking(api)
    assert code(post(api, "/trackings/post", PAIR)) == 4016


@pytest.mark.behaviour("response.header")
@pytest.mark.parametrize("text", ["status=503", "html", "empty", "pass", "not-json"])
def test_every_response_has_the_sandbox_header(
    api: Api, repository: FaultRepository, text: str
) -> None:
    """A client that insists on a sandbox is not scared away by a fault."""
    plan(repository, listCarriers=text)

    assert get(api, CARRIERS).headers["X-Sandbox"] == "1"


@pytest.mark.parametrize(
    ("text", "logged"), [("code=4021", 4021), ("html", None), ("truncated", None), ("pass", 200)]
)
def test_the_log_has_the_response_sent(
    api: Api, repository: FaultRepository, text: str, logged: int | None
) -> None:
    """Its code is that of the changed response, not of the real one."""
    plan(repository, listCarriers=[text])
    get(api, CARRIERS)

    assert api.log.since(ACCOUNT)[-1].code == logged


def test_a_page_has_its_content_type(api: Api, repository: FaultRepository) -> None:
    """Only the faulty response has it."""
    plan(repository, listCarriers="html")
    changed, whole = get(api, CARRIERS), get(api, CARRIERS)

    assert changed.headers["Content-Type"] == "text/html; charset=utf-8"
    assert whole.headers["Content-Type"] == "application/json"


@pytest.mark.behaviour("fault.plans")
def test_only_the_planned_operation_is_affected(api: Api, repository: FaultRepository) -> None:
    """Requests of others take no instruction."""
    plan(repository, getTracking="html")

    assert get(api, CARRIERS).status_code == 200
    assert get(api, TRACKING).status_code == 502


@pytest.mark.behaviour("fault.plans")
def test_only_the_planned_account_is_affected(api: Api, repository: FaultRepository) -> None:
    """Another key meets no fault."""
    plan(repository, every="html")

    assert get(api, CARRIERS, key=OTHER_KEY).status_code == 200
    assert get(api, CARRIERS).status_code == 502


def test_a_rejected_key_takes_no_instruction(api: Api, repository: FaultRepository) -> None:
    """Nor does a request to an unknown route."""
    plan(repository, every="html")

    assert code(get(api, CARRIERS, key="x")) == 4001
    assert code(get(api, "/nowhere")) == 404
    assert get(api, CARRIERS).status_code == 502


@pytest.mark.behaviour("fault.plans")
def test_plans_are_independent(api: Api, repository: FaultRepository) -> None:
    """A named plan is for requests with that name, and one without for those without."""
    plan(repository, "one", listCarriers=["status=501", "status=511"])
    plan(repository, "two", listCarriers=["status=502", "pass"])
    plan(repository, listCarriers="status=503")
    names = ["two", "one", None, "three", None, "two", "one", "one"]

    statuses = [get(api, CARRIERS, name=name).status_code for name in names]
    assert statuses == [502, 501, 503, 200, 200, 200, 511, 200]


def test_two_accounts_can_use_the_same_name(api: Api, repository: FaultRepository) -> None:
    """Names are not shared."""
    plan(repository, "mine", every="status=501")
    repository.save(account_of(OTHER_KEY), make_plan({"*": "status=502"}), "mine")

    assert get(api, CARRIERS, name="mine").status_code == 501
    assert get(api, CARRIERS, name="mine", key=OTHER_KEY).status_code == 502


@pytest.mark.behaviour("fault.unused")
def test_unused_instructions_are_reported(api: Api, repository: FaultRepository) -> None:
    """By name of the plan and by operation; plans that are used up are not named."""
    plan(repository, "one", listCarriers=["html", "empty"])
    plan(repository, "two", listCarriers="html")
    plan(repository, getTracking="truncated")
    for name in ("one", "two"):
        get(api, CARRIERS, name=name)

    assert repository.unused(ACCOUNT) == {
        "one": {"listCarriers": ["empty"]},
        "": {"getTracking": ["truncated"]},
    }
    assert repository.unused(account_of(OTHER_KEY)) == {}


def test_a_fault_that_does_not_apply_is_unused(api: Api, repository: FaultRepository) -> None:
    """The real response is sent, and the fault stays for the next request."""
    plan(repository, every=["missing-item"])
    response = get(api, "/trackings/getuserinfo")

    assert response.json()["data"]["track_number"] == 1_000_000
    assert repository.unused(ACCOUNT) == {"": {"getAccount": ["missing-item"]}}


@pytest.mark.parametrize("name", ["", "two words", "caf\u00e9", "x" * 101, "a\nb"])
def test_a_name_must_fit_into_a_header(repository: FaultRepository, name: str) -> None:
    """Otherwise no request could have it."""
    with pytest.raises(InstructionError, match=r"plan name .*; expected 1 to 100 visible") as error:
        plan(repository, name, every="html")

    assert repr(name) in str(error.value)
    assert repository.plans(ACCOUNT) == {}


def test_plans_can_be_listed(api: Api, repository: FaultRepository) -> None:
    """Also those that are used up or random, with what is left of them."""
    dice = make_plan({"*": "html"}, Chance(probability=0.5, seed=3))
    repository.save(ACCOUNT, dice, "dice")
    plan(repository, listCarriers="html")
    get(api, CARRIERS)

    assert repository.plans(ACCOUNT) == {"dice": dice, "": make_plan({"listCarriers": []})}


def test_a_new_plan_replaces_the_old_one(api: Api, repository: FaultRepository) -> None:
    """The rest of the old one is dropped."""
    plan(repository, listCarriers=["status=501", "status=502"])
    get(api, CARRIERS)
    plan(repository, listCarriers="status=503")

    assert [get(api, CARRIERS).status_code for _ in range(2)] == [503, 200]


def test_plans_can_be_removed(api: Api, repository: FaultRepository) -> None:
    """All of an account, and of no other one."""
    plan(repository, every="html")
    plan(repository, "one", every="html")
    repository.save(account_of(OTHER_KEY), make_plan({"*": "html"}))
    repository.delete(ACCOUNT)

    assert repository.unused(ACCOUNT) == {}
    assert get(api, CARRIERS).status_code == 200
    assert get(api, CARRIERS, name="one").status_code == 200
    assert get(api, CARRIERS, key=OTHER_KEY).status_code == 502


def test_an_account_without_faults_left_is_marked_so(api: Api, repository: FaultRepository) -> None:
    """Its requests search for no plan any more."""

    def is_marked() -> bool:
        with api.store.transaction(write=False):
            account = api.store.find_account(ACCOUNT)
        return account is not None and account.has_faults

    plan(repository, "one", every="html")
    assert not is_marked()
    for use_up in (lambda: get(api, CARRIERS), lambda: repository.delete(ACCOUNT)):
        plan(repository, every="html")
        assert is_marked()
        use_up()
        assert not is_marked()


@pytest.mark.behaviour("fault.seed")
def test_a_random_plan_replays(api: Api, repository: FaultRepository) -> None:
    """The same seed, kept in the store from request to request, gives the same faults again."""
    runs = []
    for _ in range(2):
        dice = Chance(probability=0.4, seed=11)
        repository.save(ACCOUNT, make_plan({"*": ["status=503", "status=429"]}, dice))
        runs.append([get(api, CARRIERS).status_code for _ in range(30)])

    assert runs[0] == runs[1]
    assert {*runs[0]} == {200, 429, 503}
    assert repository.unused(ACCOUNT) == {}


def test_faults_of_the_connection_need_a_socket(api: Api, repository: FaultRepository) -> None:
    """In process that is a clear error, and the request is not carried out."""
    plan(repository, createTracking="reset-after")
    with pytest.raises(SocketNeeded, match="'reset-after' needs a socket: use a running `Sandbox`"):
        post(api, "/trackings/post", PAIR)

    assert not has_tracking(api)


@in_one_process("it watches the store of one worker")
def test_without_plans_none_is_searched(
    api: Api, repository: FaultRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only requests with a name, or of an account that is marked, ask the store."""
    asked: list[str] = []
    find = api.store.find_plan
    monkeypatch.setattr(api.store, "find_plan", lambda name: asked.append(name) or find(name))  # type: ignore[func-returns-value]  # it notes and finds
    get(api, CARRIERS)
    assert asked == []

    plan(repository, getTracking="html")
    get(api, CARRIERS)
    get(api, CARRIERS, name="one")
    assert asked == [ACCOUNT, f"{ACCOUNT}/one"]


@pytest.mark.behaviour("scenario.failures")
@pytest.mark.parametrize(
    ("number", "status", "body"),
    [
        ("SANDBOX-FAIL-4021", 200, META_CODES[4021].message),
        ("SANDBOX-HTTP-503", 503, META_CODES[503].message),
        ("SANDBOX-HTTP-502", 502, "Bad Gateway"),
        ("SANDBOX-BROKEN-HTML", 200, "<html>"),
        ("SANDBOX-BROKEN-EMPTY", 200, ""),
        ("SANDBOX-BROKEN-GARBAGE", 200, "Warning"),
        ("SANDBOX-NONSENSE", 200, META_CODES[4014].message),
    ],
)
def test_a_number_can_make_each_call_fail(api: Api, number: str, status: int, body: str) -> None:
    """In the path as in the body, without any plan."""
    created = post(api, "/trackings/post", {**PAIR, "tracking_number": number})
    detected = post(api, "/carriers/detect", {"tracking_number": number})
    read = get(api, f"/trackings/china-ems/{number}")

    for response in (created, detected, read):
        assert response.status_code == status
        assert body in response.text


@pytest.mark.behaviour("scenario.failures")
@pytest.mark.parametrize(
    ("number", "is_carried_out"),
    [
        ("SANDBOX-FAIL-4021-ON-CREATE", False),
        ("SANDBOX-HTTP-500-ON-CREATE", False),
        ("SANDBOX-BROKEN-JSON-ON-CREATE", True),
        ("SANDBOX-BROKEN-GARBAGE-ON-CREATE", True),
    ],
)
def test_a_number_can_make_one_call_fail(api: Api, number: str, is_carried_out: bool) -> None:  # noqa: FBT001 - a case
    """A request with a broken response was carried out, one with an error was not."""
    post(api, "/trackings/post", {**PAIR, "tracking_number": number})

    assert code(get(api, f"/trackings/china-ems/{number}")) == (200 if is_carried_out else 4017)


@pytest.mark.behaviour("scenario.failures")
@pytest.mark.parametrize(
    ("path", "rejected"),
    [
        ("/trackings/batch", "errors"),
        ("/trackings/updatemore", "errors"),
        ("/trackings/notupdate", "errors"),
        ("/trackings/delete", "trackings"),
    ],
)
@pytest.mark.parametrize("meta_code", [4012, 4017, 500])
def test_a_number_can_make_one_item_fail(
    api: Api, path: str, rejected: str, meta_code: int
) -> None:
    """The rest of the batch is carried out, even if the code usually fails whole batches."""
    if path != "/trackings/batch":
        api.create()
    bad = {**PAIR, "tracking_number": f"SANDBOX-FAIL-{meta_code}"}
    data = post(api, path, [bad, PAIR]).json()["data"]
    item = data[rejected][0].get("meta", data[rejected][0])

    assert (item["tracking_number"], item["code"]) == (bad["tracking_number"], meta_code)
    assert data["submitted"] == 2
    assert 1 in (data.get("added"), data.get("updated"), data.get("change"), data.get("delete"))


def test_a_number_can_make_a_whole_batch_fail(api: Api) -> None:
    """Other failures than meta codes concern the whole call, and nothing is carried out."""
    bad = {**PAIR, "tracking_number": "SANDBOX-HTTP-503"}

    assert post(api, "/trackings/batch", [PAIR, bad]).status_code == 503
    assert not has_tracking(api)


@pytest.mark.behaviour("scenario.air-waybill-failures")
@pytest.mark.parametrize(
    ("numbers", "status"),
    [("000-0004016", 200), (["172-28891936", "000-1000503"], 503), (["172-28891936"], 200)],
)
def test_an_air_waybill_number_can_make_the_call_fail(
    api: Api, numbers: object, status: int
) -> None:
    """One number is enough, alone or among others."""
    response = post(api, "/trackings/aircargo", {"track_number": numbers})

    assert response.status_code == status
    expected = {200: 200, 503: 503}[status] if isinstance(numbers, list) else 4016
    assert code(response) == expected


@pytest.mark.parametrize("body", [{"tracking_number": 7}, [7, None], "SANDBOX-FAIL-500", 7, [[]]])
def test_bodies_without_a_number_are_handled_normally(api: Api, body: object) -> None:
    """Looking for scenario numbers fails for none of them."""
    for path in ("/trackings/post", "/trackings/batch", "/trackings/aircargo"):
        response = post(api, path, body)
        assert response.status_code == 200
        assert code(response) != 500


def test_a_plan_comes_before_a_number(api: Api, repository: FaultRepository) -> None:
    """A request that the plan lets through still does what its number says."""
    plan(repository, getTracking=["status=501", "pass"])
    path = "/trackings/china-ems/SANDBOX-HTTP-502"

    assert [get(api, path).status_code for _ in range(3)] == [501, 502, 502]


@pytest.mark.parametrize(("number", "text"), [("5S", "delay=5"), ("1D", "delay=300")])
def test_a_slow_number_delays_its_response(number: str, text: str) -> None:
    """By real seconds, though not longer than an instruction may."""
    failure = failure_of(f"SANDBOX-SLOW-{number}")

    assert failure
    assert failure.instruction == parse(text)
