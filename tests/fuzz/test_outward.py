"""
Whatever a verb is given: an error of ours before anything is sent, or a request of the contract.

Each test gives the same to both clients. What was sent is judged by the contract and read back,
and must be what was given, but for what the verbs say that they trim or write in another way.
"""

import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import product
from operator import attrgetter
from types import MappingProxyType, SimpleNamespace
from typing import Any, Final, NamedTuple

import httpx2
import pytest
import schemathesis
from hypothesis import Phase, given, reject
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from tests.contract.document import contract
from tests.fuzz.arguments import (
    OTHER_TYPES,
    TRICKS,
    Argument,
    Arguments,
    airline_numbers,
    anything,
    arguments,
    item,
    many,
    moments_in_order,
    numbers,
    orders,
    padded,
    wrong,
)
from tests.fuzz.both import with_both
from tests.fuzz.heard import Heard, hear
from tests.fuzz.plan import TRIED, fuzzed
from tests.generated.examples import encoded, success
from tests.naming import stable_repr
from tests.overlay.stubs import error_response
from trackingmore_v2 import InvalidInput, ItemResult, TrackingMoreError, models
from trackingmore_v2_api import OPERATIONS, options

WIRE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "to": "update_carrier_code",
        "special_number_destination": "specialNumberDestination",
        "page_size": "limit",
        "created_after": "created_at_min",
        "created_before": "created_at_max",
        "updated_after": "update_time_min",
        "updated_before": "update_time_max",
        "ordered_after": "order_created_time_min",
        "ordered_before": "order_created_time_max",
    }
)
"""Arguments that have another name on the wire."""

NAMES: Final = {wire: name for name, wire in WIRE.items()} | {"Lang": "lang"}
SEVERAL: Final = ("status", "numbers", "orders")
"""Filters of which the API takes only so many values at a time."""

TRIMMED: Final = ("carrier_code", "tracking_number", "update_carrier_code")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SECOND: Final = timedelta(seconds=1)
PAIR: Final = ("carrier_code", "tracking_number")
NEW: Final = tuple(options.CreateTrackingRequestOptionsDict.__annotations__)
NEW_OF_MANY: Final = tuple(options.CreateTrackingItemOptionsDict.__annotations__)
REALTIME: Final = tuple(options.RealtimeQueryOptionsDict.__annotations__)
CHANGES: Final = tuple(options.UpdateTrackingRequestOptionsDict.__annotations__)
CHANGES_OF_MANY: Final = tuple(options.UpdateTrackingItemOptionsDict.__annotations__)
PLACE: Final = ("country", "postcode", "company")
ROUTE: Final = ("carrier_code", "original", "destination")
OF_ITEMS: Final = (*PAIR, *NEW_OF_MANY, *CHANGES_OF_MANY, *PLACE, *ROUTE)
WINDOW: Final = ("created", "ordered")
FILTERED_BY_TIME: Final = (*WINDOW, "updated")


# ---- Giving, and hearing what is sent ------------------------------------------------------------


class Sent(NamedTuple):
    """What became of a verb."""

    requests: list[Heard]
    result: Any
    error: TrackingMoreError | None


def give(name: str, values: Mapping[str, Any], feed: str = "") -> Sent:
    """
    Run a verb with both clients, and read what they send.

    Args:
        name: The verb, such as `trackings.get`.
        values: Its arguments by name.
        feed: The argument that is given item by item, by an iterator of either kind.
    """
    verb = attrgetter(name)
    told = with_both(
        answer,
        lambda client: verb(client)(**_fed(values, feed, iter)),
        lambda client: verb(client)(**_fed(values, feed, _awaited)),
    )
    requests = list(map(hear, told.requests))
    for heard in requests:
        TRIED.note(heard.operation, "client", "arguments that were sent")
    return Sent(requests, told.result, told.error)


def answer(request: httpx2.Request) -> httpx2.Response:
    """Answer well, but find nothing in any list."""
    operation = hear(request).operation
    found = error_response(4031) if operation == "listTrackings" else encoded(success(operation))
    return httpx2.Response(200, content=found)


def _fed(values: Mapping[str, Any], feed: str, kind: Callable[[Any], Any]) -> dict[str, Any]:
    return {name: kind(value) if name == feed else value for name, value in values.items()}


async def _awaited(items: list[Any]) -> AsyncIterator[Any]:
    for one in items:
        yield one


def assert_refused(sent: Sent, operation: str) -> None:
    """Check that an error says that nothing was sent, and that nothing was."""
    TRIED.note(operation, "client", "arguments that were refused")
    assert isinstance(sent.error, InvalidInput)
    assert not sent.error.in_doubt
    assert str(sent.error).endswith(("nothing was sent", "it was not sent"))
    assert sent.requests == []


# ---- What is given, and what that is on the wire -------------------------------------------------


def written(values: Mapping[str, Any]) -> dict[str, Any]:
    """Report what arguments are on the wire: what is None is not there."""
    named = {WIRE.get(name, name): value for name, value in values.items() if value is not None}
    return {name: _written(name, value) for name, value in named.items()}


def _written(name: str, value: Any) -> Any:
    if name in TRIMMED:
        return value.strip()
    if name == "archived" and isinstance(value, bool):
        return "true" if value else "false"
    if name.endswith("_min"):
        return -((EPOCH - value) // SECOND)
    if name.endswith("_max"):
        return (value - EPOCH) // SECOND
    return value


def of_item(one: Any) -> dict[str, Any]:
    """Report what an item is on the wire, whatever its shape."""
    if isinstance(one, tuple):
        return written(dict(zip(PAIR, one, strict=True)))
    if isinstance(one, Mapping):
        return written(one)
    return written({name: getattr(one, name, None) for name in OF_ITEMS})


def several(name: str, value: Any) -> list[Any]:
    """Return each value of a filter once, or None in place of no filter."""
    if value is None:
        return [None]
    values = [value] if isinstance(value, str) else value
    return unique(it.strip() if name == "numbers" else it for it in values)


def unique(values: Iterable[Any]) -> list[Any]:
    """Leave out what came before."""
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def assert_same(heard: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Compare as JSON does, to which true is no number; languages may differ in their case."""
    assert heard.keys() == given.keys()
    for name, value in given.items():
        said, wanted = heard[name], value
        if name == "lang":
            said, wanted = said.lower(), wanted.lower()
        assert said == wanted
        assert isinstance(said, bool) == isinstance(wanted, bool)


# ---- Verbs that make one call --------------------------------------------------------------------


class Verb(NamedTuple):
    """A verb that makes one call, and its arguments."""

    operations: tuple[str, ...]
    name: str
    needed: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    special: st.SearchStrategy[Arguments] | None = None

    @property
    def given(self) -> st.SearchStrategy[Arguments]:
        """Arguments, right and wrong."""
        if self.special is not None:
            return self.special
        return arguments(self.needed, self.optional)


carrier_languages = st.one_of(
    st.sampled_from([*models.CarrierLanguage, "en"]).map(
        lambda lang: Arguments({"lang": lang}, are_right=True)
    ),
    wrong("lang").map(lambda lang: Arguments({"lang": lang}, are_right=False)),
)
VERBS: Final = (
    Verb(("createTracking",), "trackings.create", PAIR, NEW),
    Verb(("getTracking", "getLocalizedTracking"), "trackings.get", PAIR, ("lang",)),
    Verb(("updateTracking",), "trackings.update", PAIR, CHANGES),
    Verb(("deleteTracking",), "trackings.delete", PAIR),
    Verb(("trackInRealtime",), "trackings.realtime", PAIR, REALTIME),
    Verb(("changeCarrier",), "trackings.change_carrier", (*PAIR, "to")),
    Verb(
        ("countTrackings",),
        "trackings.count_by_status",
        optional=tuple(f"{it}_{end}" for it in WINDOW for end in ("after", "before")),
        special=moments_in_order(*WINDOW),
    ),
    Verb(("detectCarrier",), "carriers.detect", ("tracking_number",), ("lang",)),
    Verb(("listCarriers",), "carriers.list", (), ("lang",), carrier_languages),
    Verb(("getAccount",), "account.get"),
)


def check_verb(verb: Verb, given: Arguments) -> None:
    """Return arguments to a verb that makes one call."""
    sent = give(verb.name, given.values)
    if sent.requests or given.are_right:
        (heard,) = sent.requests
        assert heard.operation in verb.operations
        assert_same(heard.fields, written(given.values))
        assert sent.error is None
    else:
        assert_refused(sent, verb.operations[0])


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
@fuzzed(30)
@given(st.data())
def test_a_call_says_what_was_given(verb: Verb, data: st.DataObject) -> None:
    """What is right is sent as it is, and nothing else is sent that would say something else."""
    given: Arguments = data.draw(verb.given)
    check_verb(verb, given)


@pytest.mark.parametrize("name", PAIR)
@pytest.mark.parametrize("trick", TRICKS, ids=stable_repr)
def test_no_trick_gets_into_a_name(name: str, trick: str) -> None:
    """Blanks at the ends are trimmed; anything else that is no plain letter or digit is refused."""
    get = next(verb for verb in VERBS if verb.name == "trackings.get")
    for number in (f"{trick}LK664578623CN", f"LK6645{trick}78623CN", f"LK664578623CN{trick}"):
        pair = {**dict.fromkeys(PAIR, "LK664578623CN"), name: number}
        check_verb(get, Arguments(pair, are_right=False))


# ---- Verbs that take many parcels ----------------------------------------------------------------


class Batch(NamedTuple):
    """A verb that takes many parcels, and its items."""

    operation: str
    name: str
    fields: tuple[str, ...]
    """Of each item."""

    items: st.SearchStrategy[list[Argument]]
    feed: str = "items"
    """Its parameter."""


def pair(number: int) -> dict[str, str]:
    """Return one parcel of many."""
    return {"carrier_code": "ups", "tracking_number": f"1Z{number:09}"}


def or_models(kind: type[Any], one: st.SearchStrategy[Argument]) -> st.SearchStrategy[Argument]:
    """Convert some of the items to models, which check nothing themselves."""
    return st.builds(
        lambda it, is_model: Argument(kind(**it.value), it.is_right) if is_model else it,
        one,
        st.booleans(),
    )


new_items = or_models(models.CreateTrackingItem, item(PAIR, NEW_OF_MANY))
keys = st.builds(
    lambda key, shape: Argument(shape(key.value), key.is_right),
    item(PAIR, []),
    st.sampled_from(
        [
            dict,
            lambda key: models.TrackingKey(**key),
            lambda key: SimpleNamespace(**key),
            lambda key: (key["carrier_code"], key["tracking_number"]),
        ]
    ),
)
BATCHES: Final = tuple(
    Batch(operation, f"trackings.{prefix}{verb}", (*PAIR, *details), many(one, pair))
    for operation, verb, details, one in (
        ("createTrackingBatch", "create_many", NEW_OF_MANY, new_items),
        ("updateTrackingBatch", "update_many", CHANGES_OF_MANY, item(PAIR, CHANGES_OF_MANY)),
        ("deleteTrackingBatch", "delete_many", (), keys),
        ("stopTrackingUpdates", "stop_updates", (), keys),
    )
    for prefix in ("", "iter_")
)


def check_batch(batch: Batch, items: list[Argument]) -> None:
    """Return items to a verb that takes many parcels: what is sent and what is refused is all."""
    sent = give(batch.name, {"items": [it.value for it in items]}, feed="items")
    outcomes = list(sent.result)
    rest = (one for heard in sent.requests for one in heard.body)

    assert {heard.operation for heard in sent.requests} <= {batch.operation}
    assert len(outcomes) == len(items)
    for one, outcome in zip(items, outcomes, strict=True):
        if outcome.result is ItemResult.INVALID:
            TRIED.note(batch.operation, "client", "arguments that were refused")
            assert not one.is_right
            assert isinstance(outcome.error, InvalidInput)
            continue
        said = of_item(one.value)
        if outcome.duplicate_of is None:
            assert_same(next(rest), said)
        else:
            twin = of_item(items[outcome.duplicate_of].value)
            assert [said[name] for name in PAIR] == [twin[name] for name in PAIR]
    assert list(rest) == []


@pytest.mark.parametrize("batch", BATCHES, ids=lambda batch: batch.name)
@fuzzed(15)
@given(st.data())
def test_a_batch_says_what_was_given_and_loses_nothing(batch: Batch, data: st.DataObject) -> None:
    """Each item is sent as it is, in their order, or told as refused, or as the one before."""
    items: list[Argument] = data.draw(batch.items)
    check_batch(batch, items)


@pytest.mark.parametrize("name", NEW_OF_MANY)
def test_no_other_type_gets_into_a_field(name: str) -> None:
    """Nothing is turned into a text or a number that somebody did not write."""
    create, create_many = VERBS[0], BATCHES[0]
    for value in OTHER_TYPES:
        fields: dict[str, Any] = {**pair(1), name: value}
        like = [fields, models.CreateTrackingItem(**fields)]
        check_batch(create_many, [Argument(one, is_right=False) for one in like])
        if name in create.optional:
            check_verb(create, Arguments(fields, are_right=False))


# ---- Verbs that ask about many things ------------------------------------------------------------


QUESTIONS: Final = (
    Batch(
        "checkRemoteAreas",
        "shipping.remote_areas",
        PLACE,
        many(
            or_models(models.Place, item(PLACE[:2], PLACE[2:])),
            lambda number: {"country": "JP", "postcode": str(number)},
        ),
        "places",
    ),
    Batch(
        "getTransitTimes",
        "shipping.transit_times",
        ROUTE,
        many(
            or_models(models.Route, item(ROUTE, [])),
            lambda number: {"carrier_code": f"c{number}", "original": "CN", "destination": "US"},
        ),
        "routes",
    ),
    Batch(
        "trackAirWaybills",
        "air_waybills.track",
        (),
        many(
            airline_numbers.map(lambda number: Argument(number, is_right=True))
            | wrong("number").map(lambda number: Argument(number, is_right=False)),
            lambda number: f"172-{number:07}",
        ),
        "numbers",
    ),
)


def of_question(question: Batch, one: Any) -> Any:
    """Report what an item is on the wire."""
    if question.feed != "numbers":
        return of_item(one)
    digits = re.sub("[^0-9]", "", one)
    return f"{digits[:3]}-{digits[3:]}"


def check_question(question: Batch, items: list[Argument]) -> None:
    """Return items to a verb that asks about many: each is asked for once, up to a bad one."""
    values = [it.value for it in items]
    sent = give(question.name, {question.feed: values}, feed=question.feed)
    if sent.error:
        TRIED.note(question.operation, "client", "arguments that were refused")
        assert isinstance(sent.error, InvalidInput)
        assert sent.error.index is not None
        assert not items[sent.error.index].is_right
        values = values[: sent.error.index]
    bodies = [heard.body for heard in sent.requests]
    found = [
        one for body in bodies for one in (body if isinstance(body, list) else body["track_number"])
    ]
    wanted = unique(of_question(question, one) for one in values)

    assert {heard.operation for heard in sent.requests} <= {question.operation}
    assert found == wanted[: len(found)]
    assert sent.error or len(found) == len(wanted)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
@fuzzed(15)
@given(st.data())
def test_a_question_is_about_what_was_given(question: Batch, data: st.DataObject) -> None:
    """Each thing is asked for once and in order, up to one that is refused by its place."""
    items: list[Argument] = data.draw(question.items)
    check_question(question, items)


@fuzzed(100)
@given(st.sampled_from([*BATCHES, *QUESTIONS]), anything)
def test_anything_in_place_of_many_is_an_error_of_ours(verb: Batch, given: Any) -> None:
    """What is no list of things is refused whole, and a list of other things bit by bit."""
    sent = give(verb.name, {verb.feed: given})

    assert sent.error is None or isinstance(sent.error, InvalidInput)


# ---- Lists ---------------------------------------------------------------------------------------


@st.composite
def filters(draw: st.DrawFn) -> Arguments:
    """Return the filters of a list, right but for one of them perhaps."""
    window = draw(moments_in_order(*FILTERED_BY_TIME))
    rest = draw(arguments([], ["page_size", "prefetch", "archived", "lang"]))
    values, are_right = {**window.values, **rest.values}, window.are_right and rest.are_right
    for name in draw(st.lists(st.sampled_from(SEVERAL), unique=True)):
        is_odd = draw(st.integers(0, 5)) == 0
        values[name] = draw(odd_lists if is_odd else GOOD_LISTS[name])
        are_right = are_right and not is_odd
    return Arguments(values, are_right)


def counted(prefix: str) -> st.SearchStrategy[list[str]]:
    """Return more values than one call takes."""
    return st.just([f"{prefix}{number:04}" for number in range(41)])


statuses = st.sampled_from(models.TrackingStatus)
odd_lists = anything | st.lists(anything, max_size=3) | wrong("number")
GOOD_LISTS: Final[Mapping[str, st.SearchStrategy[Any]]] = MappingProxyType(
    {
        "status": statuses | statuses.map(str) | st.lists(statuses, min_size=1, max_size=3),
        "numbers": st.lists(padded(numbers), min_size=1, max_size=3) | counted("LK"),
        "orders": st.lists(orders, min_size=1, max_size=3) | counted("#"),
    }
)


def check_list(given: Arguments) -> None:
    """Filter a list: each combination of values is asked for once, with all other filters."""
    sent = give("trackings.list", given.values)
    if sent.error:
        assert not given.are_right
        assert_refused(sent, "listTrackings")
        return
    values = dict(given.values)
    by_filter = [several(name, values.pop(name, None)) for name in SEVERAL]
    values.pop("prefetch", None)
    values |= {"page": 1, "page_size": values.get("page_size") or 2_000}
    combinations: list[tuple[Any, ...]] = []
    for heard in sent.requests:
        said = dict(heard.query)
        combinations += product(*(several(name, said.pop(name, None)) for name in SEVERAL))
        assert_same(said, written(values))

    assert {heard.operation for heard in sent.requests} == {"listTrackings"}
    assert Counter(combinations) == Counter(product(*by_filter))


@fuzzed(60)
@given(filters())
def test_a_list_asks_for_all_that_was_given(given: Arguments) -> None:
    """No filter is lost or loosened, however many calls it takes."""
    check_list(given)


# ---- Arguments made of the contract's own requests -----------------------------------------------


WITHOUT_SHRINKING: Final = (Phase.reuse, Phase.generate)
"""It takes minutes where a case is made of a whole schema."""

SCHEMA: Final = schemathesis.openapi.from_dict(contract())
ONE: Final = {operation: verb for verb in VERBS for operation in verb.operations}
MANY: Final = {verb.operation: verb for verb in (*BATCHES, *QUESTIONS)}
FILTERS: Final = (
    *(f"{it}_{end}" for it in (*WINDOW, "updated") for end in ("after", "before")),
    *("page_size", "archived", "lang", *SEVERAL),
)
LANGUAGE: Final = re.compile("[A-Za-z]{2}")


def check_case(operation: str, case: Case[Any], *, is_valid: bool) -> None:
    """Call the method that sends a request of the contract, as far as one can."""
    # A filter that is empty is none.
    query = {name: value for name, value in (case.query or {}).items() if value != ""}
    parts = (case.body, case.headers, query, case.path_parameters)
    said = {key: value for part in parts if isinstance(part, dict) for key, value in part.items()}
    if operation in ONE:
        verb = ONE[operation]
        values = named(said, (*verb.needed, *verb.optional))
        # What is needed is an argument, though it may have been left out.
        given = dict.fromkeys(verb.needed) | values
        check_verb(verb, Arguments(given, is_valid and is_sendable(values)))
    elif operation == "listTrackings":
        values = named(said, FILTERS)
        for name in ("numbers", "orders"):
            if isinstance(values.get(name), str):
                values[name] = values[name].split(",")
        check_list(Arguments(values, is_valid and is_sendable(values)))
    elif operation == "trackAirWaybills":
        numbers = said.get("track_number")
        check_items(operation, [numbers] if isinstance(numbers, str) else numbers, is_valid=False)
    else:
        check_items(operation, case.body, is_valid=is_valid)


def check_items(operation: str, items: Any, *, is_valid: bool) -> None:
    """Return items of a request to a verb that takes many."""
    if not isinstance(items, list):
        reject()
    verb = MANY[operation]
    values = [named(it, verb.fields) if isinstance(it, dict) else it for it in items]
    check = check_question if verb in QUESTIONS else check_batch
    check(verb, [Argument(value, is_valid) for value in values])


def named(said: Mapping[str, Any], parameters: Iterable[str]) -> dict[str, Any]:
    """Turn the contract's words into arguments of a verb, and leave out what it does not take."""
    values = {NAMES.get(name, name): value for name, value in said.items()}
    return {name: _argument(name, values[name]) for name in parameters if name in values}


def _argument(name: str, value: Any) -> Any:
    if name.endswith(("_after", "_before")):
        is_time = isinstance(value, int) and 0 <= value < 2**36
        return EPOCH + value * SECOND if is_time else value
    if isinstance(value, float) and value.is_integer():
        return int(value)  # in JSON they are the same
    if name == "archived":
        return {"true": True, "false": False}.get(str(value), value)
    return value


def is_sendable(values: Mapping[str, Any]) -> bool:
    """Return what the verbs take besides, which are stricter than the contract in a few places."""
    windows = [(values.get(f"{it}_after"), values.get(f"{it}_before")) for it in FILTERED_BY_TIME]
    in_order = all(not (after and before) or after <= before for after, before in windows)
    is_flag = isinstance(values.get("archived", True), bool | None)
    lang = values.get("lang")
    return in_order and is_flag and (lang is None or bool(LANGUAGE.fullmatch(lang)))


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", sorted(OPERATIONS))
@fuzzed(4, phases=WITHOUT_SHRINKING)
@given(st.data())
def test_what_the_contract_allows_can_be_said(
    operation: str, mode: GenerationMode, data: st.DataObject
) -> None:
    """What is valid by the contract is sent by a verb, and what is not is sent by none."""
    definition = OPERATIONS[operation]
    requests = SCHEMA[definition.path][definition.method].as_strategy(generation_mode=mode)
    case: Case[Any] = data.draw(requests)
    check_case(operation, case, is_valid=mode.is_positive)
