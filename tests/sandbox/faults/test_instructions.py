import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from starlette.responses import Response
from starlette.types import Message

from tests.sandbox.harness import PAIR, Api
from trackingmore_v2_api import META_CODES, OPERATIONS, ContractViolated
from trackingmore_v2_sandbox.faults.injector import FaultInjector, SocketNeeded
from trackingmore_v2_sandbox.faults.instructions import (
    KINDS,
    Drip,
    InstructionError,
    ResponseFault,
    forms,
    parse,
    read,
    write,
)
from trackingmore_v2_sandbox.faults.plan import Chance, Plan, choose, make_plan, restore, unused
from trackingmore_v2_sandbox.faults.response_faults import NothingToAlter, ServedResponse, rewrite

EXAMPLES = {
    "pass": True,
    "delay=2": True,
    "delay=0.25": True,
    "status=503": False,
    "status=504/after": True,
    "status=503/bare": False,
    "status=503/bare/after": True,
    "code=4016": False,
    "code=500/after": True,
    "html": False,
    "html=404": False,
    "html=after": True,
    "html=404/after": True,
    "empty": True,
    "truncated": True,
    "not-json": True,
    "wrong-type": True,
    "wrong-type=": True,
    "wrong-type=/data/origin_info/weblink": True,
    "missing-item": True,
    "missing-item=2": True,
    "extra-field": True,
    "extra-field=a/b": True,
    "reset-before": False,
    "reset-after": True,
    "lose-response": True,
    "cut=120": True,
    "cut=0/reset": True,
    "drip=20/0.2": True,
    "stall": True,
    "stall=1.5": True,
    "garbage": False,
    "garbage=after": True,
}
"""Each kind in each form, and whether the request is carried out."""


def test_every_kind_has_an_example_here() -> None:
    """No kind of instruction is left out of these tests."""
    assert {type(parse(text)) for text in EXAMPLES} == set(KINDS.values())


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_instruction_survives_its_text_and_its_json(text: str) -> None:
    """What was written is read back, whatever form it has."""
    instruction = parse(text)
    fields = msgspec.to_builtins(instruction)

    assert write(instruction) == text
    assert read(instruction) == read(text) == read(fields) == instruction
    assert fields["fault"] == text.partition("=")[0]


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_instruction_says_whether_the_request_is_carried_out(text: str) -> None:
    """What stands in the place of a response prevents the request, unless it comes after."""
    assert parse(text).carries_out == EXAMPLES[text]


@pytest.mark.parametrize(
    "given",
    [
        "explode",
        "",
        "delay",
        "delay=soon",
        "delay=-1",
        "delay=301",
        "delay=nan",
        "drip=20",
        "drip=0/1",
        "drip=1/1/1",
        "pass=1",
        "status=200",
        "status=503/afterwards",
        "code=1234",
        "cut=-1",
        "missing-item=-1",
        "extra-field=",
        "extra-field=\ud800",
        "wrong-type=data",
        "wrong-type=\n",
        {"fault": "explode"},
        {"fault": "delay", "seconds": "2"},
        {"fault": "pass", "seconds": 2},
        {"seconds": 2},
        Drip(size=0, seconds=1),
        None,
        [],
        {"fault": {}},
        object(),
    ],
)
def test_a_bad_instruction_is_one_clear_line(given: Any) -> None:
    """The line quotes the instruction, and lists those that are known."""
    with pytest.raises(InstructionError) as error:
        read(given)

    message = str(error.value)
    assert repr(given) in message
    assert message.endswith(f"expected one of {', '.join(forms())}")
    assert "\n" not in message


def test_the_limits_are_those_of_the_named_fault() -> None:
    """Other faults have a field `status` as well, and so has that of a plain response."""
    with pytest.raises(InstructionError, match="status must be an integer from 300 to 599; "):
        read("status=abc")


def test_an_unknown_meta_code_is_an_error_with_the_known_ones() -> None:
    """The contract's codes are listed."""
    with pytest.raises(
        InstructionError, match=r"unknown meta code 1234; expected one of 200, .*, 4033"
    ):
        parse("code=1234")


def test_an_unknown_operation_is_an_error_with_the_known_ones() -> None:
    """The contract's operations are listed."""
    with pytest.raises(InstructionError, match=r"'getParcel'; expected one of \*, \w+(, \w+){18}$"):
        make_plan({"getParcel": "pass"})


def test_the_forms_show_values_and_switches() -> None:
    """What may be left out stands in brackets."""
    assert "delay=SECONDS" in forms()
    assert "status=STATUS[/bare][/after]" in forms()
    assert "html[=STATUS[/after]]" in forms()
    assert "drip=SIZE/SECONDS" in forms()


def choose_all(plan: Plan, *operation_ids: str) -> tuple[list[str | None], Plan]:
    """Choose the fault of each of several requests."""
    fates: list[str | None] = []
    for operation_id in operation_ids:
        instruction, plan = choose(plan, operation_id)
        fates.append(write(instruction) if instruction else None)
    return fates, plan


def test_each_request_takes_the_next_instruction_of_its_operation() -> None:
    """An operation's own list comes first, then that of all operations."""
    plan = make_plan({"getTracking": ["pass", "status=503"], "*": "code=429"})
    fates, left = choose_all(plan, "getTracking", "getTracking", "getTracking", "getTracking")

    assert fates == ["pass", "status=503", "code=429", None]
    assert unused(left) == {}
    assert choose_all(plan, "listCarriers", "listCarriers")[0] == ["code=429", None]


def test_instructions_that_no_request_took_are_reported() -> None:
    """They are reported as text, by operation, in their order."""
    plan = make_plan({"getTracking": ["pass", "drip=1/0"], "createTracking": "html", "*": []})

    assert unused(plan) == {"getTracking": ["pass", "drip=1/0"], "createTracking": ["html"]}
    assert unused(choose_all(plan, "getTracking", "createTracking")[1]) == {
        "getTracking": ["drip=1/0"]
    }


def test_a_random_plan_can_be_replayed() -> None:
    """The same seed gives the same fates, another seed others, and nothing is used up."""
    listed = {"createTracking": ["status=503", "lose-response"], "*": "code=429"}
    requests = ["createTracking", "getTracking"] * 200
    plan = make_plan(listed, Chance(probability=0.25, seed=1))
    fates, left = choose_all(plan, *requests)

    assert choose_all(plan, *requests)[0] == fates
    other = make_plan(listed, Chance(probability=0.25, seed=2))
    assert choose_all(other, *requests)[0] != fates
    assert 60 < sum(fate is not None for fate in fates) < 140
    assert {*fates[::2]} == {None, "status=503", "lose-response"}
    assert {*fates[1::2]} == {None, "code=429"}
    assert unused(left) == {}


def test_a_random_plan_goes_on_where_it_was() -> None:
    """The n-th fate follows from the seed and n, however many requests came at a time."""
    plan = make_plan({"*": ["html", "empty"]}, Chance(probability=0.5))
    fates, _ = choose_all(plan, *["getTracking"] * 20)
    head, left = choose_all(plan, *["getTracking"] * 7)
    tail, _ = choose_all(left, *["listCarriers"] * 13)

    assert head + tail == fates


def test_requests_that_a_random_plan_does_not_concern_are_not_counted() -> None:
    """Other requests in between change nothing about the fates."""
    plan = make_plan({"getTracking": ["html", "empty"]}, Chance(probability=0.5))
    alone, _ = choose_all(plan, *["getTracking"] * 10)
    mixed, _ = choose_all(plan, *["getTracking", "listCarriers"] * 10)

    assert mixed[::2] == alone
    assert {*mixed[1::2]} == {None}


def test_a_returned_instruction_is_the_next_one() -> None:
    """It counts as unused again; a random plan has lost nothing."""
    plan = make_plan({"getTracking": ["missing-item", "html"]})
    _, left = choose(plan, "getTracking")
    random = make_plan({"*": "missing-item"}, Chance(probability=1))

    assert restore(left, "getTracking", parse("missing-item")) == plan
    assert restore(random, "getTracking", parse("missing-item")) == random


@pytest.mark.parametrize("bad", [{"probability": 1.1}, {"probability": -0.1}, {"seed": 2**63}])
def test_an_invalid_probability_or_seed_is_rejected(bad: dict[str, Any]) -> None:
    """With a message of one line."""
    with pytest.raises(InstructionError, match=re.escape(repr(*bad.values()))):
        Chance(**{"probability": 0.5, **bad})


@pytest.mark.parametrize(("probability", "hit"), [(0, 0), (1, 50)])
def test_a_probability_can_be_none_or_all(probability: float, hit: int) -> None:
    """At 0 no request meets a fault, and at 1 each one does."""
    plan = make_plan({"*": "html"}, Chance(probability=probability))
    fates, _ = choose_all(plan, *["getTracking"] * 50)

    assert fates.count("html") == hit


@pytest.fixture
def response(api: Api) -> ServedResponse:
    """Return a real response: two trackings of a batch, one of them rejected."""
    batch = [PAIR, {**PAIR, "tracking_number": "EE123456785CN"}, {**PAIR, "carrier_code": "upss"}]
    return ServedResponse(api.call("createTrackingBatch", batch).raw)


def texts(code: int) -> tuple[str, str]:
    """Return the type and message of a meta code."""
    return META_CODES[code].type, META_CODES[code].message


def apply(text: str, response: ServedResponse) -> ServedResponse:
    """Apply a response fault."""
    fault = parse(text)
    assert isinstance(fault, ResponseFault)
    return rewrite(fault, response)


@pytest.mark.behaviour("fault.responses")
@pytest.mark.parametrize(
    ("text", "status", "meta"),
    [
        ("code=4016", 200, (4016, *texts(4016))),
        ("code=429", 200, (429, *texts(429))),
        ("status=503", 503, (503, *texts(503))),
        ("status=504", 504, (504, "Gateway Timeout", "Gateway Timeout")),
        ("status=599", 599, (599, "Unknown", "Unknown")),
    ],
)
def test_an_error_has_the_envelope_of_its_code(
    response: ServedResponse, text: str, status: int, meta: tuple[int, str, str]
) -> None:
    """Type and text are the contract's, or else HTTP's; the data are the empty array."""
    changed = apply(text, response)
    document = json.loads(changed.content)

    assert (changed.status, changed.media_type) == (status, "application/json")
    assert list(document) == ["meta", "data"]
    assert document["data"] == []
    assert tuple(document["meta"].values()) == meta


@pytest.mark.parametrize("text", ["status=503/bare", "status=304", "empty"])
def test_a_response_can_have_no_body(response: ServedResponse, text: str) -> None:
    """For an error or a success."""
    changed = apply(text, response)

    assert changed.content == b""
    assert changed.status == (parse(text).status if text.startswith("status") else 200)  # type: ignore[union-attr]  # it has one


@pytest.mark.behaviour("fault.responses")
@pytest.mark.parametrize(("text", "status"), [("html", 502), ("html=200", 200)])
def test_an_html_page_can_replace_the_response(
    response: ServedResponse, text: str, status: int
) -> None:
    """As from a proxy, with its content type."""
    changed = apply(text, response)

    assert (changed.status, changed.media_type) == (status, "text/html")
    assert changed.content.startswith(b"<html>")
    assert str(status).encode() in changed.content


@pytest.mark.parametrize("text", ["truncated", "not-json", "empty", "html=200"])
def test_a_response_can_be_invalid_json(response: ServedResponse, text: str) -> None:
    """The client's parser raises an error for it."""
    changed = apply(text, response)
    with pytest.raises(ContractViolated):
        OPERATIONS["createTrackingBatch"].parse(changed.status, {}, changed.content)
    assert not changed.content.startswith(response.content)


@pytest.mark.behaviour("fault.responses")
@pytest.mark.parametrize(
    ("pointer", "before", "after"),
    [
        ("/data/trackings/0/tracking_number", "LK664578623CN", 13),
        ("/data/submitted", 3, "3"),
        ("/data/trackings", None, {}),
        ("/data/trackings/1", None, []),
        ("/data", None, []),
        ("/meta/code", 201, "201"),
        ("/data/trackings/0/comment", None, 0),
    ],
)
def test_one_value_has_another_type(
    response: ServedResponse, pointer: str, before: object, after: object
) -> None:
    """Everything else stays as it was, down to the bytes."""
    changed = apply(f"wrong-type={pointer}", response)
    expected = json.loads(response.content)
    holder: Any = expected
    *path, last = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
    for step in path:
        holder = holder[step]
    assert before is None or holder[last] == before
    holder[last] = after

    assert json.dumps(json.loads(changed.content)) == json.dumps(expected)
    assert changed.content.count(b"\\/") > 0 or b"/" not in changed.content


def test_every_type_becomes_another() -> None:
    """Also the ones that no response has yet, and names that a pointer must escape."""
    document = {"a/b": True, "c~d": 1.5, "": None, "data": False}
    response = ServedResponse(json.dumps(document).encode())
    changed = [
        json.loads(apply(f"wrong-type=/{name}", response).content)[key]
        for name, key in [("a~1b", "a/b"), ("c~0d", "c~d"), ("", ""), ("data", "data")]
    ]

    assert changed == ["true", "1.5", 0, "false"]
    assert apply("wrong-type=", response).content == b"[]"


@pytest.mark.parametrize(
    "text",
    [
        "wrong-type=/data/nothing",
        "wrong-type=/data/trackings/9",
        "wrong-type=/data/trackings/x",
        "wrong-type=/data/submitted/x",
        "missing-item=2",
    ],
)
def test_a_fault_may_not_apply_to_a_response(response: ServedResponse, text: str) -> None:
    """This is reported, since a test that plans the fault would prove nothing."""
    with pytest.raises(NothingToAlter, match="the response has no"):
        apply(text, response)


@pytest.mark.behaviour("fault.responses")
def test_an_item_can_be_missing(response: ServedResponse) -> None:
    """The batch still counts it."""
    whole, changed = (
        json.loads(a.content)["data"] for a in (response, apply("missing-item=1", response))
    )

    assert changed["trackings"] == whole["trackings"][:1]
    assert {**changed, "trackings": whole["trackings"]} == whole


def test_an_item_is_missing_from_a_bare_list(api: Api) -> None:
    """Data that are themselves a list are a list too."""
    response = ServedResponse(api.call("listCarriers").raw)
    whole, changed = (
        json.loads(a.content)["data"] for a in (response, apply("missing-item", response))
    )

    assert changed == whole[1:]


def test_every_object_has_a_field_more(response: ServedResponse) -> None:
    """The client's reader takes the response as before."""
    changed = apply("extra-field=colour", response)
    document = json.loads(changed.content)
    parse_batch = OPERATIONS["createTrackingBatch"].parse

    for each in (document, document["meta"], document["data"], document["data"]["trackings"][1]):
        assert "colour" in each
    assert parse_batch(200, {}, changed.content) == parse_batch(200, {}, response.content)


def test_a_replaced_response_is_not_read() -> None:
    """Instructions that replace the response do not depend on it."""
    for text, carries_out in EXAMPLES.items():
        fault = parse(text)
        if not carries_out and isinstance(fault, ResponseFault):
            assert rewrite(fault, ServedResponse(b"")).status == (
                fault.status if hasattr(fault, "status") else 200
            )


class Caller:
    """A client without a socket: an exchange, and what comes of it."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]] | None = None) -> None:
        self.carried_out = 0
        self.slept: list[float] = []
        self.gone = asyncio.Event()
        self.messages: list[Message] = []
        self.restored: list[ResponseFault] = []
        self.injector = FaultInjector(
            scope={"type": "http"},
            receive=self.receive,
            send=self.send,
            execute=self.execute,
            skip=lambda: ServedResponse(b""),
            build=self.build,
            record=lambda _response, _fault: None,
            restore=self.restored.append,
            sleep=sleep or self.sleep,
        )

    async def receive(self) -> Message:
        """Wait until the client is gone."""
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Take a part of the response."""
        self.messages.append(message)

    async def sleep(self, seconds: float) -> None:
        """Note how long the wait would be."""
        self.slept.append(seconds)

    def execute(self) -> ServedResponse:
        """Count."""
        self.carried_out += 1
        return ServedResponse(b'{"data":[]}')

    @staticmethod
    def build(response: ServedResponse) -> Response:
        """Build a message."""
        return Response(response.content, response.status, media_type=response.media_type)

    @property
    def received(self) -> list[object]:
        """Return the status and the body, or nothing."""
        return [message.get("status", message.get("body")) for message in self.messages]


async def test_a_delay_sends_the_real_response_later() -> None:
    """The request is carried out first, so for a client that times out its outcome is unknown."""
    caller = Caller()
    await caller.injector.inject(parse("delay=2.5"))

    assert caller.slept == [2.5]
    assert caller.received == [200, b'{"data":[]}']


async def test_a_client_that_goes_away_ends_a_delay() -> None:
    """Nothing is sent, and the wait ends."""
    waits = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        waits.set()
        await asyncio.Event().wait()

    caller = Caller(sleep)
    delayed = asyncio.create_task(caller.injector.inject(parse("delay=300")))
    await waits.wait()
    caller.gone.set()
    await asyncio.wait_for(delayed, 10)

    assert (caller.carried_out, caller.received) == (1, [])


async def test_a_request_can_be_let_through() -> None:
    """It is executed and gets a response."""
    caller = Caller()
    await caller.injector.inject(parse("pass"))

    assert (caller.carried_out, caller.received) == (1, [200, b'{"data":[]}'])


@pytest.mark.parametrize(
    "text", [text for text in EXAMPLES if isinstance(parse(text), ResponseFault)]
)
async def test_a_request_is_carried_out_as_its_instruction_says(text: str) -> None:
    """At most once, and whatever comes of the response."""
    caller = Caller()
    await caller.injector.inject(parse(text))

    assert caller.carried_out == EXAMPLES[text]
    assert len(caller.messages) == 2


@pytest.mark.parametrize("text", ["missing-item", "wrong-type=/data/id"])
async def test_a_fault_that_does_not_apply_stays_planned(text: str) -> None:
    """The real response is sent, and the fault is reported as unused."""
    caller = Caller()
    await caller.injector.inject(parse(text))

    assert caller.received == [200, b'{"data":[]}']
    assert caller.restored == [parse(text)]


@pytest.mark.parametrize(
    "text", [text for text in EXAMPLES if not isinstance(parse(text), ResponseFault)][3:]
)
async def test_a_fault_of_the_connection_needs_a_socket(text: str) -> None:
    """In process that is a clear error, and the request is not carried out."""
    caller = Caller()
    with pytest.raises(SocketNeeded, match=f"the fault '{text}' needs a socket"):
        await caller.injector.inject(parse(text))

    assert (caller.carried_out, caller.received) == (0, [])
