"""
Any arguments raise an error before anything is sent, or give a request of the contract.

Each test passes the same arguments to both clients. Requests are validated against the contract
and parsed, and must have the arguments, except for what the methods trim or write differently.
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

from tests.fuzz.arguments import (
    OTHER_TYPES,
    TRICKS,
    Argument,
    air_waybill_numbers,
    anything,
    arguments,
    many,
    numbers,
    odd_value,
    orders,
    padded,
    time_windows,
)
from tests.fuzz.both_clients import call_both
from tests.fuzz.profile import CASES, fuzzed
from tests.fuzz.request_checks import ParsedRequest, parse_request
from tests.generated.examples import encoded, success
from tests.naming import stable_repr
from tests.overlay.stubs import error_response
from trackingmore_v2 import InvalidInput, ItemResult, TrackingMoreError, models
from trackingmore_v2_api import OPERATIONS, options
from website.contract import contract

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
"""Arguments with another name in requests."""

NAMES: Final = {wire: name for name, wire in WIRE.items()} | {"Lang": "lang"}
LIST_FILTERS: Final = ("status", "numbers", "orders")
"""Filters of which one request takes a limited number of values."""

CONTACTS: Final = ("customer_email", "customer_phone")
"""Fields that may be a list in a response, so that a request takes a list of one."""

TRIMMED: Final = ("carrier_code", "tracking_number", "update_carrier_code")
NEW_STATUSES: Final = {"delivered": 4, "exception": 7, "original": 8}
"""Statuses that can be set, which are sent as numbers."""

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


# ---- Calling, and parsing the requests -----------------------------------------------------------


class Outcome(NamedTuple):
    """The requests and the outcome of a method."""

    requests: list[ParsedRequest]
    result: Any
    error: TrackingMoreError | None


def call(name: str, values: Mapping[str, Any], stream: str = "") -> Outcome:
    """
    Call a method of both clients and parse their requests.

    Args:
        name: The method, such as `trackings.get`.
        values: Its arguments by name.
        stream: The argument that is passed as an iterator, or as an async one.
    """
    method = attrgetter(name)
    outcome = call_both(
        respond,
        lambda client: method(client)(**_streamed(values, stream, iter)),
        lambda client: method(client)(**_streamed(values, stream, _async_iter)),
    )
    requests = list(map(parse_request, outcome.requests))
    CASES.update((request.operation, "client") for request in requests)
    return Outcome(requests, outcome.result, outcome.error)


def respond(request: httpx2.Request) -> httpx2.Response:
    """Return a success about the tracking of the request, or an empty list."""
    parsed = parse_request(request)
    if parsed.operation == "listTrackings":
        return httpx2.Response(200, content=error_response(4031))
    found = success(parsed.operation)
    if parsed.operation == "trackAirWaybills":
        found["data"] = {}
    items: list[Any] = found["data"]["items"] if has_items(found["data"]) else [found["data"]]
    for item in items:
        if "tracking_number" in item:
            item["tracking_number"] = parsed.fields["tracking_number"]
    return httpx2.Response(200, content=encoded(found))


def has_items(data: Any) -> bool:
    """Return whether the data of a response is a list of trackings."""
    return isinstance(data, dict) and "items" in data


def _streamed(values: Mapping[str, Any], stream: str, kind: Callable[[Any], Any]) -> dict[str, Any]:
    return {name: kind(value) if name == stream else value for name, value in values.items()}


async def _async_iter(items: list[Any]) -> AsyncIterator[Any]:
    for one in items:
        yield one


def assert_rejected(sent: Outcome, operation: str) -> None:
    """Check that an error states that nothing was sent, and that nothing was."""
    CASES[operation, "client"] += 1
    assert isinstance(sent.error, InvalidInput)
    assert not sent.error.in_doubt
    assert str(sent.error).endswith(("nothing was sent", "it was not sent"))
    assert sent.requests == []


# ---- Arguments as they are in requests -----------------------------------------------------------


def as_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a request for arguments; None has no field."""
    named = {WIRE.get(name, name): value for name, value in values.items() if value is not None}
    fields = {name: _as_field(name, value) for name, value in named.items()}
    return {name: value for name, value in fields.items() if value is not None}


def _as_field(name: str, value: Any) -> Any:
    if name in TRIMMED:
        return value.strip()
    if name in CONTACTS and isinstance(value, list):
        return next(iter(value), None)
    if name == "archived" and isinstance(value, bool):
        return "true" if value else "false"
    if name.endswith("_min"):
        return -((EPOCH - value) // SECOND)
    if name.endswith("_max"):
        return (value - EPOCH) // SECOND
    is_name = name == "status" and isinstance(value, str)
    return NEW_STATUSES.get(value.strip().casefold(), value) if is_name else value


def is_given(cell: Any) -> bool:
    """Return whether a cell of a row is sent: blank cells and NaN are not."""
    return bool(cell.strip()) if isinstance(cell, str) else cell == cell  # noqa: PLR0124 - NaN


def item_fields(one: Any) -> dict[str, Any]:
    """Return the fields of an item of any type."""
    if isinstance(one, tuple):
        return as_fields(dict(zip(PAIR, one, strict=True)))
    if isinstance(one, Mapping):
        return as_fields({name: cell for name, cell in one.items() if is_given(cell)})
    return as_fields({name: getattr(one, name, None) for name in OF_ITEMS})


def filter_values(name: str, value: Any) -> list[Any]:
    """Return each value of a filter once, or None without a filter."""
    if value is None:
        return [None]
    values = [value] if isinstance(value, str) else value
    return unique(it.strip() if name == "numbers" else it for it in values)


def unique(values: Iterable[Any]) -> list[Any]:
    """Return values without duplicates."""
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def assert_equal(sent: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Compare fields as JSON, where true is not 1; languages may differ in their case."""
    assert sent.keys() == given.keys()
    for name, value in given.items():
        found, expected = sent[name], value
        if name == "lang":
            found, expected = found.lower(), expected.lower()
        assert found == expected
        assert isinstance(found, bool) == isinstance(expected, bool)


# ---- Methods that make one call ------------------------------------------------------------------


class Method(NamedTuple):
    """A method that makes one call, and its arguments."""

    operations: tuple[str, ...]
    name: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    special: st.SearchStrategy[Argument] | None = None

    @property
    def given(self) -> st.SearchStrategy[Argument]:
        """Valid and invalid arguments."""
        if self.special is not None:
            return self.special
        return arguments(self.required, self.optional)


carrier_languages = st.one_of(
    st.sampled_from([*models.CarrierLanguage, "en"]).map(
        lambda lang: Argument({"lang": lang}, is_valid=True)
    ),
    odd_value("lang").map(lambda lang: Argument({"lang": lang}, is_valid=False)),
)
METHODS: Final = (
    Method(("createTracking",), "trackings.create", PAIR, NEW),
    Method(("getTracking", "getLocalizedTracking"), "trackings.get", PAIR, ("lang",)),
    Method(("updateTracking",), "trackings.update", PAIR, CHANGES),
    Method(("deleteTracking",), "trackings.delete", PAIR),
    Method(("trackInRealtime",), "trackings.realtime", PAIR, REALTIME),
    Method(("changeCarrier",), "trackings.change_carrier", (*PAIR, "to")),
    Method(
        ("countTrackings",),
        "trackings.count_by_status",
        optional=tuple(f"{it}_{end}" for it in WINDOW for end in ("after", "before")),
        special=time_windows(*WINDOW),
    ),
    Method(("detectCarrier",), "carriers.detect", ("tracking_number",), ("lang",)),
    Method(("listCarriers",), "carriers.list", (), ("lang",), carrier_languages),
    Method(("getAccount",), "account.get"),
)


def check_method(method: Method, given: Argument) -> None:
    """Check the request of a method that makes one call."""
    sent = call(method.name, given.value)
    if sent.requests or given.is_valid:
        (request,) = sent.requests
        assert request.operation in method.operations
        assert_equal(request.fields, as_fields(given.value))
        assert sent.error is None
    else:
        assert_rejected(sent, method.operations[0])


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
@fuzzed(30)
@given(st.data())
def test_a_request_has_the_arguments(method: Method, data: st.DataObject) -> None:
    """Valid arguments are sent unchanged, and invalid ones are rejected or sent unchanged."""
    given: Argument = data.draw(method.given)
    check_method(method, given)


@pytest.mark.parametrize("name", PAIR)
@pytest.mark.parametrize("trick", TRICKS, ids=stable_repr)
def test_no_trick_is_sent_in_a_pair(name: str, trick: str) -> None:
    """Blanks at the ends are trimmed; all but ASCII letters, digits, _ and - is rejected."""
    get = next(method for method in METHODS if method.name == "trackings.get")
    for number in (f"{trick}LK664578623CN", f"LK6645{trick}78623CN", f"LK664578623CN{trick}"):
        pair = {**dict.fromkeys(PAIR, "LK664578623CN"), name: number}
        check_method(get, Argument(pair, is_valid=False))


# ---- Methods for many trackings ------------------------------------------------------------------


class ManyMethod(NamedTuple):
    """A method for many items."""

    operation: str
    name: str
    fields: tuple[str, ...]
    """Of each item."""

    items: st.SearchStrategy[list[Argument]]
    parameter: str = "items"


def pair(number: int) -> dict[str, str]:
    """Return one pair of many."""
    return {"carrier_code": "ups", "tracking_number": f"1Z{number:09}"}


def or_models(kind: type[Any], one: st.SearchStrategy[Argument]) -> st.SearchStrategy[Argument]:
    """Convert some items to models, which are not validated when they are created."""
    return st.builds(
        lambda it, is_model: Argument(kind(**it.value), it.is_valid) if is_model else it,
        one,
        st.booleans(),
    )


new_items = or_models(models.CreateTrackingItem, arguments(PAIR, NEW_OF_MANY))
keys = st.builds(
    lambda key, shape: Argument(shape(key.value), key.is_valid),
    arguments(PAIR, []),
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
    ManyMethod(operation, f"trackings.{prefix}{method}", (*PAIR, *details), many(one, pair))
    for operation, method, details, one in (
        ("createTrackingBatch", "create_many", NEW_OF_MANY, new_items),
        ("updateTrackingBatch", "update_many", CHANGES_OF_MANY, arguments(PAIR, CHANGES_OF_MANY)),
        ("deleteTrackingBatch", "delete_many", (), keys),
        ("stopTrackingUpdates", "stop_updates", (), keys),
    )
    for prefix in ("", "iter_")
)


def check_batch(batch: ManyMethod, items: list[Argument]) -> None:
    """Check that each item of a batch is sent, rejected, or a duplicate."""
    sent = call(batch.name, {"items": [it.value for it in items]}, stream="items")
    if sent.result is None:  # the first item has an unknown field
        assert not items[0].is_valid
        assert sent.requests == []
        return
    outcomes = list(sent.result)
    unmatched = (one for request in sent.requests for one in request.body)

    assert {request.operation for request in sent.requests} <= {batch.operation}
    assert len(outcomes) == len(items)
    for one, outcome in zip(items, outcomes, strict=True):
        if outcome.result is ItemResult.INVALID:
            CASES[batch.operation, "client"] += 1
            assert not one.is_valid
            assert isinstance(outcome.error, InvalidInput)
            continue
        expected = item_fields(one.value)
        if outcome.duplicate_of is None:
            assert_equal(next(unmatched), expected)
        else:
            first = item_fields(items[outcome.duplicate_of].value)
            assert [expected[name] for name in PAIR] == [first[name] for name in PAIR]
    assert list(unmatched) == []


@pytest.mark.parametrize("batch", BATCHES, ids=lambda batch: batch.name)
@fuzzed(15)
@given(st.data())
def test_a_batch_sends_or_reports_each_item(batch: ManyMethod, data: st.DataObject) -> None:
    """Each item is sent unchanged and in order, or reported as invalid or as a duplicate."""
    items: list[Argument] = data.draw(batch.items)
    check_batch(batch, items)


@pytest.mark.parametrize("name", NEW_OF_MANY)
def test_no_other_type_is_sent_in_a_field(name: str) -> None:
    """Values of other types are rejected instead of converted."""
    create, create_many = METHODS[0], BATCHES[0]
    for value in OTHER_TYPES:
        fields: dict[str, Any] = {**pair(1), name: value}
        like: list[Any] = [models.CreateTrackingItem(**fields)]
        like += [fields] if is_given(value) else []
        check_batch(create_many, [Argument(one, is_valid=False) for one in like])
        if name in create.optional:
            check_method(create, Argument(fields, is_valid=False))


# ---- Queries for many items ----------------------------------------------------------------------


QUERIES: Final = (
    ManyMethod(
        "checkRemoteAreas",
        "shipping.remote_areas",
        PLACE,
        many(
            or_models(models.Place, arguments(PLACE[:2], PLACE[2:])),
            lambda number: {"country": "JP", "postcode": str(number)},
        ),
        "items",
    ),
    ManyMethod(
        "getTransitTimes",
        "shipping.transit_times",
        ROUTE,
        many(
            or_models(models.Route, arguments(ROUTE, [])),
            lambda number: {"carrier_code": f"c{number}", "original": "CN", "destination": "US"},
        ),
        "items",
    ),
    ManyMethod(
        "trackAirWaybills",
        "air_waybills.track",
        (),
        many(
            air_waybill_numbers.map(lambda number: Argument(number, is_valid=True))
            | odd_value("number").map(lambda number: Argument(number, is_valid=False)),
            lambda number: f"172-{number:07}",
        ),
        "numbers",
    ),
)


def query_item(query: ManyMethod, one: Any) -> Any:
    """Return an item as it is in requests."""
    if query.parameter != "numbers":
        return item_fields(one)
    digits = re.sub("[^0-9]", "", one)
    return f"{digits[:3]}-{digits[3:]}"


def check_query(query: ManyMethod, items: list[Argument]) -> None:
    """Check that each item of a query is sent once, up to an invalid one."""
    values = [it.value for it in items]
    sent = call(query.name, {query.parameter: values}, stream=query.parameter)
    if sent.error:
        CASES[query.operation, "client"] += 1
        assert isinstance(sent.error, InvalidInput)
        assert sent.error.index is not None
        assert not items[sent.error.index].is_valid
        values = values[: sent.error.index]
    bodies = [request.body for request in sent.requests]
    found = [
        one for body in bodies for one in (body if isinstance(body, list) else body["track_number"])
    ]
    expected = unique(query_item(query, one) for one in values)

    assert {request.operation for request in sent.requests} <= {query.operation}
    assert found == expected[: len(found)]
    assert sent.error or len(found) == len(expected)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
@fuzzed(15)
@given(st.data())
def test_a_query_sends_each_item_once(query: ManyMethod, data: st.DataObject) -> None:
    """Items are sent once and in order, up to an invalid one, whose index the error has."""
    items: list[Argument] = data.draw(query.items)
    check_query(query, items)


@fuzzed(100)
@given(st.sampled_from([*BATCHES, *QUERIES]), anything)
def test_any_value_instead_of_items_raises_no_other_error(method: ManyMethod, given: Any) -> None:
    """A value that is not a list is rejected, and so are invalid items of a list."""
    sent = call(method.name, {method.parameter: given})

    assert sent.error is None or isinstance(sent.error, InvalidInput)


# ---- Lists ---------------------------------------------------------------------------------------


@st.composite
def filters(draw: st.DrawFn) -> Argument:
    """Return the filters of a list, valid and invalid ones."""
    window = draw(time_windows(*FILTERED_BY_TIME))
    rest = draw(arguments([], ["page_size", "prefetch", "archived", "lang"]))
    values, is_valid = {**window.value, **rest.value}, window.is_valid and rest.is_valid
    for name in draw(st.lists(st.sampled_from(LIST_FILTERS), unique=True)):
        is_odd = draw(st.integers(0, 5)) == 0
        values[name] = draw(odd_lists if is_odd else VALID_LISTS[name])
        is_valid = is_valid and not is_odd
    return Argument(values, is_valid)


def counted(prefix: str) -> st.SearchStrategy[list[str]]:
    """Return more values than fit into one call."""
    return st.just([f"{prefix}{number:04}" for number in range(41)])


statuses = st.sampled_from(models.TrackingStatus)
odd_lists = anything | st.lists(anything, max_size=3) | odd_value("number")
VALID_LISTS: Final[Mapping[str, st.SearchStrategy[Any]]] = MappingProxyType(
    {
        "status": statuses | statuses.map(str) | st.lists(statuses, min_size=1, max_size=3),
        "numbers": st.lists(padded(numbers), min_size=1, max_size=3) | counted("LK"),
        "orders": st.lists(orders, min_size=1, max_size=3) | counted("#"),
    }
)


def check_list(given: Argument) -> None:
    """Check that each combination of filter values is sent once, with all other filters."""
    sent = call("trackings.list", given.value)
    if sent.error:
        assert not given.is_valid
        assert_rejected(sent, "listTrackings")
        return
    values = dict(given.value)
    by_filter = [filter_values(name, values.pop(name, None)) for name in LIST_FILTERS]
    values.pop("prefetch", None)
    values |= {"page": 1, "page_size": values.get("page_size") or 2_000}
    combinations: list[tuple[Any, ...]] = []
    for request in sent.requests:
        query = dict(request.query)
        combinations += product(*(filter_values(it, query.pop(it, None)) for it in LIST_FILTERS))
        assert_equal(query, as_fields(values))

    assert {request.operation for request in sent.requests} == {"listTrackings"}
    assert Counter(combinations) == Counter(product(*by_filter))


@fuzzed(60)
@given(filters())
def test_a_list_sends_all_filters(given: Argument) -> None:
    """No filter is lost or loosened, for any number of calls."""
    check_list(given)


# ---- Arguments from requests of the contract -----------------------------------------------------


WITHOUT_SHRINKING: Final = (Phase.reuse, Phase.generate)
"""Shrinking takes minutes where a case is generated from a whole schema."""

SCHEMA: Final = schemathesis.openapi.from_dict(contract())
BY_OPERATION: Final = {name: method for method in METHODS for name in method.operations}
MANY_BY_OPERATION: Final = {method.operation: method for method in (*BATCHES, *QUERIES)}
FILTERS: Final = (
    *(f"{it}_{end}" for it in (*WINDOW, "updated") for end in ("after", "before")),
    *("page_size", "archived", "lang", *LIST_FILTERS),
)
LANGUAGE: Final = re.compile("[A-Za-z]{2}")


def check_case(operation: str, case: Case[Any], *, is_valid: bool) -> None:
    """Call the method that sends a request of the contract, as far as its arguments allow."""
    # An empty filter is not sent.
    query = {name: value for name, value in (case.query or {}).items() if value != ""}
    parts = (case.body, case.headers, query, case.path_parameters)
    fields = {key: value for part in parts if isinstance(part, dict) for key, value in part.items()}
    if operation in BY_OPERATION:
        method = BY_OPERATION[operation]
        values = as_arguments(fields, (*method.required, *method.optional))
        # A required argument is passed even if the request has no such field.
        given = dict.fromkeys(method.required) | values
        check_method(method, Argument(given, is_valid and is_sendable(values)))
    elif operation == "listTrackings":
        values = as_arguments(fields, FILTERS)
        for name in ("numbers", "orders"):
            if isinstance(values.get(name), str):
                values[name] = values[name].split(",")
        check_list(Argument(values, is_valid and is_sendable(values)))
    elif operation == "trackAirWaybills":
        numbers = fields.get("track_number")
        check_items(operation, [numbers] if isinstance(numbers, str) else numbers, is_valid=False)
    else:
        check_items(operation, case.body, is_valid=is_valid)


def check_items(operation: str, items: Any, *, is_valid: bool) -> None:
    """Pass the items of a request to a method for many."""
    if not isinstance(items, list):
        reject()
    method = MANY_BY_OPERATION[operation]
    values = [as_arguments(it, method.fields) if isinstance(it, dict) else it for it in items]
    check = check_query if method in QUERIES else check_batch
    check(method, [Argument(value, is_valid) for value in values])


def as_arguments(fields: Mapping[str, Any], parameters: Iterable[str]) -> dict[str, Any]:
    """Return the arguments of a method for fields of a request, as far as it has them."""
    values = {NAMES.get(name, name): value for name, value in fields.items()}
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
    """Return whether methods accept valid values, where they are stricter than the contract."""
    windows = [(values.get(f"{it}_after"), values.get(f"{it}_before")) for it in FILTERED_BY_TIME]
    in_order = all(not (after and before) or after <= before for after, before in windows)
    is_flag = isinstance(values.get("archived", True), bool | None)
    lang = values.get("lang")
    return in_order and is_flag and (lang is None or bool(LANGUAGE.fullmatch(lang)))


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", sorted(OPERATIONS))
@fuzzed(4, phases=WITHOUT_SHRINKING)
@given(st.data())
def test_any_request_of_the_contract_can_be_sent(
    operation: str, mode: GenerationMode, data: st.DataObject
) -> None:
    """A method sends each valid request, and no method sends an invalid one."""
    definition = OPERATIONS[operation]
    requests = SCHEMA[definition.path][definition.method].as_strategy(generation_mode=mode)
    case: Case[Any] = data.draw(requests)
    check_case(operation, case, is_valid=mode.is_positive)
