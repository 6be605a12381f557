"""
Faults planted in a sandbox, each of which a test of this folder must find.

    python -m tests.fuzz.planted [PATH]

plants one after the other, and writes as JSON which tests found which. The tests are run as they
are, but for that they stop at the first failure.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx2
import pytest
from hypothesis import Phase
from msgspec.structs import replace
from schemathesis.core.failures import FailureGroup
from starlette.datastructures import Headers

from tests.fuzz import plan, test_live, test_model, test_server, test_stories
from tests.fuzz.contract import Tally, schema_of
from tests.fuzz.test_keys import check_bad_key
from tests.fuzz.world import World, live_world
from trackingmore_v2 import TrackingMoreError
from trackingmore_v2_api import API_KEY_HEADER, ApiCode
from trackingmore_v2_sandbox import API_KEY
from trackingmore_v2_sandbox.api import HANDLERS, Handler
from trackingmore_v2_sandbox.api.parsing import SandboxRequest, read_carrier, read_pair
from trackingmore_v2_sandbox.core.serializers import written_tracking
from trackingmore_v2_sandbox.core.time_engine import TimeEngine
from trackingmore_v2_sandbox.http.api_keys import account_of
from trackingmore_v2_sandbox.http.envelope import Data, Rejection
from trackingmore_v2_sandbox.http.request import Received
from trackingmore_v2_sandbox.http.routing import Operations
from trackingmore_v2_sandbox.pipeline import pipeline, responder
from trackingmore_v2_sandbox.pipeline.pipeline import Pipeline, PreparedRequest
from trackingmore_v2_sandbox.store.models import Standing, TrackingRecord
from trackingmore_v2_sandbox.store.sql import Store

HASTE: Final[dict[str, Any]] = {
    "phases": (Phase.explicit, Phase.generate),
    "report_multiple_bugs": False,
}
"""One failure is enough, of whatever size."""


FINDINGS: Final = (AssertionError, FailureGroup, TrackingMoreError, pytest.fail.Exception)
"""What a test raises that has found something. Anything else is a fault of the test."""


class Finder(NamedTuple):
    """A test."""

    name: str
    """As pytest names it."""

    run: Callable[[], object]

    def __str__(self) -> str:
        return self.name.replace("::", " ")


class Fault(NamedTuple):
    """A fault, and who is to find it."""

    name: str
    plant: Callable[[pytest.MonkeyPatch], None]
    finders: tuple[Finder, ...]


# ---- Who looks for faults -----------------------------------------------------------------------


def in_process(operation: str) -> Finder:
    """Find it with data made from the contract."""
    return Finder(
        f"test_server.py::test_the_answer_keeps_the_contract[{operation}]",
        lambda: test_server.fuzz(operation, plan.settings(test_server.QUICK, **HASTE)),
    )


def on_a_socket(operation: str) -> Finder:
    """Find it with data made from the contract, through a server."""

    def run() -> None:
        with live_world() as sandbox:
            test_live.fuzz(sandbox, operation, plan.settings(test_live.QUICK, **HASTE))

    return Finder(f"test_live.py::test_the_answer_keeps_the_contract[{operation}]", run)


def with_bad_key(operation: str, kind: str) -> Finder:
    """Find it with a key that is not good."""

    def run() -> None:
        with live_world() as sandbox, httpx2.Client() as http:
            check_bad_key(sandbox, http, operation, kind)

    return Finder(f"test_keys.py::test_a_bad_key_is_refused[{operation}-{kind}]", run)


def _beside_model() -> None:
    with live_world() as sandbox:
        test_model.compare(sandbox, test_model.QUICK, **HASTE)


def _in_stories() -> None:
    world = World()
    schema = schema_of(Tally("stories"), world, document=test_stories.without_order_ids())
    test_stories.tell_stories(schema, world.begin, test_stories.QUICK, **HASTE)


STORIES: Final = Finder("test_stories.py::test_stories_keep_the_contract", _in_stories)
MODEL: Final = Finder("test_model.py::test_the_sandbox_is_what_its_model_is", _beside_model)


# ---- How faults are planted ---------------------------------------------------------------------


def instead(operation: str, handler: Handler) -> Callable[[pytest.MonkeyPatch], None]:
    """Replace the handler of an operation."""
    return lambda patch: patch.setattr(pipeline, "HANDLERS", {**HANDLERS, operation: handler})


def before(
    operation: str, change: Callable[[SandboxRequest], SandboxRequest]
) -> Callable[[pytest.MonkeyPatch], None]:
    """Change the request before the handler of an operation sees it."""
    return instead(operation, lambda request: HANDLERS[operation](change(request)))


def after(
    operation: str, change: Callable[[SandboxRequest, Any], Data]
) -> Callable[[pytest.MonkeyPatch], None]:
    """Change what the handler of an operation tells."""
    return instead(operation, lambda request: change(request, HANDLERS[operation](request)))


def method(
    owner: type, name: str, fault: Callable[..., Any]
) -> Callable[[pytest.MonkeyPatch], None]:
    """Store a method in the place of another, which it is given first."""
    real = getattr(owner, name)

    def faulty(*given: Any, **named: Any) -> Any:
        return fault(real, *given, **named)

    return lambda patch: patch.setattr(owner, name, faulty)


# ---- What is planted ----------------------------------------------------------------------------


def crash(request: SandboxRequest) -> Data:
    """Take for granted that a language is a text."""
    if isinstance(request.body, dict):
        request.body.get("lang", "").upper()
    return HANDLERS["detectCarrier"](request)


def crash_after_look(request: SandboxRequest) -> Data:
    """Take for granted that nobody reads a parcel whose carrier was asked on demand."""
    parcel = request.store.find(request.account, *read_pair(request.path))
    if parcel and parcel.looked_at is not None:
        raise NotImplementedError
    return HANDLERS["getTracking"](request)


def without(*names: str) -> Callable[[SandboxRequest], SandboxRequest]:
    """Overlook some fields of what is sent."""

    def change(request: SandboxRequest) -> SandboxRequest:
        query = {name: value for name, value in request.query.items() if name not in names}
        body = request.body
        if isinstance(body, dict):
            body = {name: value for name, value in body.items() if name not in names}
        return replace(request, query=query, body=body)

    return change


def echo(request: SandboxRequest, data: dict[str, object]) -> Data:
    """Return all that was sent, known or not."""
    sent: Any = request.body
    return {**sent, **data}


def tell_of_others(request: SandboxRequest) -> Data:
    """Read the parcels of every account."""
    with suppress(Rejection):
        return HANDLERS["getTracking"](request)
    for other in request.store.accounts():
        parcel = request.store.find(other.account, *read_pair(request.path))
        if parcel:
            return written_tracking(parcel, None)
    raise Rejection(ApiCode.TRACKING_NOT_FOUND)


def delete_nothing(request: SandboxRequest) -> Data:
    """Report that a parcel was deleted."""
    if request.store.find(request.account, *read_pair(request.path)) is None:
        raise Rejection(ApiCode.TRACKING_NOT_FOUND)
    return []


def move_nothing(request: SandboxRequest) -> Data:
    """Report that a parcel was moved."""
    body: Any = request.body
    pair, to = read_pair(body), read_carrier(body.get("update_carrier_code"))
    if request.store.find(request.account, *pair) is None:
        raise Rejection(ApiCode.TRACKING_NOT_FOUND)
    if request.store.find(request.account, to.code, pair.tracking_number):
        raise Rejection(ApiCode.TRACKING_EXISTS)
    return {"Usertag": ""}


def drop_last(request: SandboxRequest) -> SandboxRequest:
    """Overlook the last item of a batch, if it is not the only one."""
    body: Any = request.body
    return replace(request, body=body[:1] + body[1:-1])


def skip_one(real: Any, *given: Any, offset: int = 0, **named: Any) -> Any:
    """Begin each page but the first one parcel too late."""
    return real(*given, offset=offset + (offset > 0), **named)


def let_in(real: Any, pipeline: Pipeline, received: Received, operations: Operations) -> Any:
    """Ask for no key where transit times are asked for."""
    operation = operations.get(received.method)
    if operation and operation.id == "getTransitTimes":
        given = {**received.headers, API_KEY_HEADER.lower(): API_KEY}
        received = replace(received, headers=Headers(given))
    return real(pipeline, received, operations)


def charge_rejections(
    real: Any, pipeline: Pipeline, request: PreparedRequest, rejection: Rejection
) -> Any:
    """Charge the account for a rejected call."""
    with pipeline.store.transaction(write=True, account=account_of(API_KEY)):
        pipeline.store.charge(account_of(API_KEY), 1)
    return real(pipeline, request, rejection)


async def stand_still(_real: object, _passage: object, _account: object, _by: object) -> None:
    """Leave the clock as it is."""


def restore_key(real: Any, *given: Any) -> Any:
    """Forget that a key was deleted."""
    owner = real(*given)
    return owner and replace(owner, key_deleted=False)


def forget_payment(real: Any, *given: Any) -> Standing:
    """Know of no pair that it was paid for."""
    standing = real(*given)
    return Standing.UNKNOWN if standing is Standing.PAID else standing


def give_new_ids(patch: pytest.MonkeyPatch) -> None:
    """Derive ids from the time of registration, too."""
    real: Any = TrackingRecord.id
    patch.setattr(
        TrackingRecord,
        "id",
        property(lambda parcel: real.fget(parcel)[10:] + str(parcel.created_at)),
    )


def tell_wrong_type(patch: pytest.MonkeyPatch) -> None:
    """Report that JSON is something else."""
    patch.setattr(responder, "_HEAD", ((b"content-type", b"text/html"),))


FAULTS: Final = (
    Fault(
        "a wrong type",
        after("createTracking", lambda request, data: {**data, "created_at": request.now}),
        (in_process("createTracking"), on_a_socket("createTracking")),
    ),
    Fault("a crash", instead("detectCarrier", crash), (in_process("detectCarrier"),)),
    Fault(
        "a crash that depends on an earlier request",
        instead("getTracking", crash_after_look),
        (STORIES, MODEL),
    ),
    Fault(
        "a missing validation of the body",
        before("createTracking", without("auto_correct")),
        (in_process("createTracking"),),
    ),
    Fault(
        "a missing validation of the query",
        before("countTrackings", without("created_at_min")),
        (in_process("countTrackings"),),
    ),
    Fault(
        "a leaked field of the request",
        after("createTracking", echo),
        (in_process("createTracking"),),
    ),
    Fault(
        "a leaked tracking of another account",
        instead("getTracking", tell_of_others),
        (MODEL,),
    ),
    Fault(
        "a deletion without effect",
        instead("deleteTracking", delete_nothing),
        (MODEL,),
    ),
    Fault(
        "a wrong total",
        after("listTrackings", lambda _, data: {**data, "total": str(data["count"])}),
        (MODEL,),
    ),
    Fault("a page with an off-by-one error", method(Store, "search", skip_one), (MODEL,)),
    Fault("an ignored filter", before("listTrackings", without("archived")), (MODEL,)),
    Fault(
        "a list in the wrong order",
        after("listTrackings", lambda _, data: {**data, "items": data["items"][::-1]}),
        (MODEL,),
    ),
    Fault("a new id for a recreated tracking", give_new_ids, (MODEL,)),
    Fault("a batch that drops an item", before("createTrackingBatch", drop_last), (MODEL,)),
    Fault(
        "a carrier change without effect",
        instead("changeCarrier", move_nothing),
        (MODEL,),
    ),
    Fault("a clock that does not advance", method(TimeEngine, "advance", stand_still), (MODEL,)),
    Fault("a tracking that is charged twice", method(Store, "standing", forget_payment), (MODEL,)),
    Fault(
        "an operation that requires no key",
        method(Pipeline, "prepare", let_in),
        (with_bad_key("getTransitTimes", "none"),),
    ),
    Fault(
        "a deleted key that is still accepted",
        method(Store, "find_account", restore_key),
        (with_bad_key("getAccount", "deleted"),),
    ),
    Fault(
        "a rejected request with side effects",
        method(Pipeline, "_reject", charge_rejections),
        (with_bad_key("createTracking", "a word"),),
    ),
    Fault("a wrong content type", tell_wrong_type, (in_process("getAccount"),)),
)


def finds(finder: Finder, fault: Fault | None = None) -> bool:
    """
    Return whether a test fails when a fault is there, or when there is none.

    It tries what it tries in a quick run, whatever this run was told; and nobody counts it.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "PLAN", plan.Plan())
        patch.setattr(plan.TRIED, "counts", Counter())
        if fault:
            fault.plant(patch)
        try:
            finder.run()
        except FINDINGS:
            return True
    return False


def main(path: str | None = None) -> None:
    """Write who found which fault."""
    table = [
        {
            "fault": fault.name,
            "found_by": [finder.name for finder in fault.finders if finds(finder, fault)],
        }
        for fault in FAULTS
    ]
    text = json.dumps(table, indent=1) + "\n"
    if path is None:
        sys.stdout.write(text)
    else:
        Path(path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
