"""Rows of CSV files and data frames as items of batches."""

import csv
import io
import json
import math
import re
from collections import UserDict
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from tests.naming import stable_repr
from tests.overlay.batch.test_batches import SIZE, Creator, awaited, new
from tests.overlay.stubs import Recorder, async_client_of, client_of, error_response
from trackingmore_v2 import BatchReport, InvalidInput, InvalidParameters, ItemResult, models

Result = ItemResult
KEY: dict[str, Any] = {"carrier_code": "ups", "tracking_number": "1Z00000001"}
HEADER = "carrier_code,tracking_number,title,auto_correct\n"
BATCHES = ("create_many", "update_many", "delete_many", "stop_updates")


class Whole:
    """An integer of another library, such as numpy's."""

    def __init__(self, value: int) -> None:
        self._value = value

    def __index__(self) -> int:
        return self._value


class NotATime:
    """A missing time, such as pandas' NaT."""

    __hash__ = None  # type: ignore[assignment]  # like the real one of a comparison

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return True


class Missing:
    """A missing value, such as pandas' NA, which compares as itself and is no truth value."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> Any:
        return self

    def __bool__(self) -> bool:
        raise TypeError("boolean value of NA is ambiguous")


class Array:
    """An array in a cell, whose comparison is no truth value either."""

    __hash__ = None  # type: ignore[assignment]  # like numpy's

    def __eq__(self, other: object) -> Any:
        return Array()

    def __bool__(self) -> bool:
        raise ValueError("ambiguous")


class PandasFrame:
    """A data frame as pandas' are: iterating over it yields the names of its columns."""

    columns = ("carrier_code", "tracking_number")

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def itertuples(self) -> None:
        """Yield the rows."""


class PolarsFrame:
    """A data frame as polars' are: iterating over it yields its columns."""

    columns = ("carrier_code", "tracking_number")

    def __iter__(self) -> Iterator[list[str]]:
        return iter([["ups"], ["1Z00000001"]])

    def to_dicts(self) -> None:
        """Return the rows."""


class ArrowTable:
    """A table as pyarrow's are, which are not iterable."""

    columns = ("carrier_code", "tracking_number")

    def to_pylist(self) -> None:
        """Return the rows."""


def rows(text: str) -> Iterable[dict[str, str]]:
    """Read a CSV file."""
    return csv.DictReader(io.StringIO(text))


def sent(method: str, items: Iterable[Any]) -> list[dict[str, Any]]:
    """Return what a batch sends, each item of which has to be valid."""
    server = Recorder(error_response(4012))
    report = getattr(client_of(server).trackings, method)(items)
    assert {outcome.result for outcome in report} == {Result.REJECTED}, report[0].error
    (request,) = server.requests
    content: list[dict[str, Any]] = json.loads(request.content)
    return content


def error_of(method: str, item: Any) -> InvalidInput:
    """Return why an item is invalid."""
    server = Recorder()
    report = getattr(client_of(server).trackings, method)([item])
    assert server.requests == []
    assert [outcome.result for outcome in report] == [Result.INVALID]
    error = report[0].error
    assert isinstance(error, InvalidInput)
    return error


async def raised_by(method: Callable[[Any], Any], items: Iterable[Any]) -> InvalidInput:
    """Return the error that a method of either client raises."""
    try:
        await method(items)
    except InvalidInput as error:
        return error
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(
    "value", ["1", " 1 ", "+1", "01", Whole(1), Decimal(1), 1], ids=stable_repr
)
def test_a_whole_number_may_be_text(value: Any) -> None:
    """Or an integer of another library; it is sent as a number."""
    assert sent("create_many", [{**KEY, "auto_correct": value}]) == [{**KEY, "auto_correct": 1}]
    assert sent("create_many", [UserDict({**KEY, "auto_correct": value})])


@pytest.mark.parametrize(
    "value",
    [
        *("yes", "1.0", "1e0", "--1", "1 1", "\u0661", "0x1", "true", "9" * 5000),
        *(2, "2", -1, "-1", Whole(2), Decimal("1.5"), Decimal("Infinity"), 1.0, True, b"1", [1]),
    ],
    ids=stable_repr,
)
def test_what_is_no_whole_number_stays_invalid(value: Any) -> None:
    """Nothing is guessed, and bounds hold."""
    assert error_of("create_many", {**KEY, "auto_correct": value}).field == "auto_correct"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((value, "true") for value in (True, "true", " TRUE ", "True", "1", 1, Whole(1))),
        *((value, "false") for value in (False, "false", "False", "0", 0, Whole(0))),
    ],
    ids=stable_repr,
)
def test_a_boolean_may_be_text(value: Any, text: str) -> None:
    """In any case, or 1 or 0."""
    assert sent("update_many", [{**KEY, "archived": value}]) == [{**KEY, "archived": text}]


@pytest.mark.parametrize("value", ["yes", "t", "2", 2, -1, 1.0, "01", b"true"], ids=stable_repr)
def test_what_is_no_boolean_stays_invalid(value: Any) -> None:
    """Nothing is guessed."""
    assert error_of("update_many", {**KEY, "archived": value}).field == "archived"


@pytest.mark.parametrize(
    ("value", "number"),
    [
        *((value, 4) for value in ("delivered", " Delivered ", 4, Whole(4))),
        *((value, "4") for value in ("4", " 4")),
        (models.TrackingStatus.DELIVERED, 4),
        (models.SettableStatus.DELIVERED, 4),
        *((value, 7) for value in ("exception", models.TrackingStatus.EXCEPTION)),
        *((value, 8) for value in ("original", "ORIGINAL", 8)),
    ],
    ids=stable_repr,
)
def test_a_status_is_set_by_name_or_number(value: Any, number: int | str) -> None:
    """A batch takes names and numbers."""
    assert sent("update_many", [{**KEY, "status": value}]) == [{**KEY, "status": number}]


@pytest.mark.parametrize(
    "missing",
    [
        *("", " ", "\t", "\n", "\u00a0", "\u3000", "\u2003", "\u1680", "\x85", "\x1c", None),
        *(math.nan, Decimal("nan"), NotATime(), Missing()),
    ],
    ids=stable_repr,
)
def test_a_blank_cell_is_not_given(missing: Any) -> None:
    """It is not sent; a required field is missing."""
    others = {"title": missing, "order_id": "\u96ea", "customer_name": missing}
    for row in ({**KEY, **others}, UserDict({**KEY, **others}), {**KEY, **others, "lang": None}):
        assert sent("create_many", [row]) == [{**KEY, "order_id": "\u96ea"}]
    assert sent("create_many", [{**KEY, "auto_correct": missing}]) == [KEY]
    assert sent("update_many", [{**KEY, "archived": missing, "status": missing}]) == [KEY]
    for method in BATCHES:
        error = error_of(method, {**KEY, "tracking_number": missing})
        assert (error.field, error.reason) == ("tracking_number", "is missing")


def test_a_blank_cell_is_noticed_among_many() -> None:
    """Wherever it is in a call whose other rows have none."""
    items = [{**new(number), "title": "Lamp"} for number in range(SIZE)]
    items[SIZE - 1]["title"] = " "

    assert "title" not in sent("create_many", items)[-1]


def test_models_are_sent_as_they_are() -> None:
    """A model is no row: an empty title clears the title."""
    change = models.UpdateTrackingItem(title="", **KEY)

    assert sent("update_many", [change]) == [{**KEY, "title": ""}]


@pytest.mark.parametrize(
    "value", [94105, 94105.0, Whole(94105), True, Decimal(5), b"x", ["x"], Array()], ids=stable_repr
)
def test_a_number_is_no_text(value: Any) -> None:
    """It may have lost its leading zeros, which no conversion brings back."""
    error = error_of("create_many", {**KEY, "tracking_postal_code": value})

    is_number = not isinstance(value, bool | bytes | list | Array)
    assert error.reason.endswith("; write it as text: leading zeros are lost") == is_number


@pytest.mark.parametrize("method", BATCHES)
async def test_an_unknown_column_is_said_once(method: str) -> None:
    """Before anything is sent, with the name and the fields there are."""
    server = Recorder()
    table = "carrier_code,tracking_number,warehouse\n" + "ups,1Z00000001,Berlin\n" * SIZE
    for trackings in (client_of(server).trackings, async_client_of(server).trackings):
        error = await raised_by(getattr(trackings, method), rows(table))
        assert (error.field, error.index) == ("warehouse", None)
        assert "tracking_number" in error.reason
        assert 'unknown="ignore"' in error.reason
        assert str(error).endswith("; nothing was sent")
    with pytest.raises(InvalidInput, match="warehouse"):
        next(getattr(client_of(server).trackings, f"iter_{method}")(rows(table)))
    assert server.requests == []


def test_a_misspelt_column_is_corrected() -> None:
    """The error suggests the name that was meant."""
    with pytest.raises(InvalidInput, match="did you mean 'title'") as caught:
        client_of(Recorder()).trackings.create_many([{**KEY, "titel": "x"}])

    assert caught.value.field == "titel"


@pytest.mark.parametrize("method", BATCHES)
async def test_unknown_columns_can_be_dropped(method: str) -> None:
    """The others are sent, and an outcome has the row as it was given."""
    server = Recorder(error_response(4012))
    table = "carrier_code,warehouse,tracking_number,shelf\nups,Berlin,1Z00000001,\n"
    for report in (
        getattr(client_of(server).trackings, method)(rows(table), unknown="ignore"),
        await getattr(async_client_of(server).trackings, method)(rows(table), unknown="ignore"),
        [*getattr(client_of(server).trackings, f"iter_{method}")(rows(table), unknown="ignore")],
        await awaited(
            getattr(async_client_of(server).trackings, f"iter_{method}")(
                rows(table), unknown="ignore"
            )
        ),
    ):
        assert report[0].item["warehouse"] == "Berlin"
    assert len(server.requests) == 4
    for request in server.requests:
        assert json.loads(request.content) == [KEY]


def test_what_to_do_with_unknown_fields_is_checked() -> None:
    """At once, in both forms."""
    trackings: Any = client_of(Recorder()).trackings
    for call in (trackings.create_many, trackings.iter_create_many):
        with pytest.raises(InvalidInput, match='must be "reject" or "ignore"'):
            call([KEY], unknown="drop")


def test_an_unknown_field_of_a_later_row_is_its_outcome() -> None:
    """The other rows are created."""
    server = Creator()
    report = client_of(server).trackings.create_many([new(0), {**new(1), "shelf": "7"}, new(2)])

    assert report.counts == {Result.CREATED: 2, Result.INVALID: 1}
    error = report.invalid[0].error
    assert isinstance(error, InvalidInput)
    assert (error.field, error.index) == ("shelf", 1)
    assert "unknown=" not in error.reason


@pytest.mark.parametrize("unknown", ["reject", "ignore"])
def test_a_ragged_row_is_its_outcome(unknown: Any) -> None:
    """Cells beyond the header mean that cells may be in wrong columns, also in the first row."""
    server = Creator()
    table = HEADER + "ups,1Z00000001,Lamp,,more\nups,1Z00000002\nups\nups,1Z00000004,Lamp,1,\n"
    report = client_of(server).trackings.create_many(rows(table), unknown=unknown)

    assert [outcome.result for outcome in report] == [
        *(Result.INVALID, Result.CREATED, Result.INVALID, Result.CREATED)
    ]
    assert "more cells than the header" in str(report[0].error)
    assert "tracking_number is missing" in str(report[2].error)


def test_an_empty_column_is_no_field() -> None:
    """Spreadsheets write one where a cell once was; a nameless cell with a value is unknown."""
    assert sent("create_many", rows("carrier_code,tracking_number,\nups,1Z00000001,\n")) == [KEY]
    with pytest.raises(InvalidInput, match="is not a field"):
        client_of(Recorder()).trackings.create_many(
            rows(",carrier_code,tracking_number\n0,ups,1Z00000001\n")
        )


@pytest.mark.parametrize("mark", ["\ufeff", "\xef\xbb\xbf"], ids=["utf-8", "latin-1"])
@pytest.mark.parametrize("unknown", ["reject", "ignore"])
def test_a_byte_order_mark_is_explained(mark: str, unknown: Any) -> None:
    """The first column has another name than it seems, so no row could be sent."""
    server = Recorder()
    with pytest.raises(InvalidInput, match="byte order mark: open the file with"):
        client_of(server).trackings.create_many(
            rows(f"{mark}{HEADER}ups,1Z00000001,Lamp,1\n"), unknown=unknown
        )
    assert server.requests == []


@pytest.mark.parametrize("separator", [";", "\t", "|"], ids=["semicolon", "tab", "bar"])
@pytest.mark.parametrize("unknown", ["reject", "ignore"])
def test_another_separator_is_explained(separator: str, unknown: Any) -> None:
    """The header is one cell then, as are the lines, so no row could be sent."""
    server = Recorder()
    table = f"{HEADER}ups,1Z00000001,Lamp,1\n".replace(",", separator)
    advice = f"' is a whole line: read the file with delimiter={separator!r}; nothing was sent"
    with pytest.raises(InvalidInput, match=re.escape(advice)):
        client_of(server).trackings.create_many(rows(table), unknown=unknown)
    assert server.requests == []


@pytest.mark.parametrize("name", [" tracking_number", "title\t", "Order No."])
def test_an_unknown_column_is_quoted(name: str) -> None:
    """Else a space at its start or end would be invisible."""
    with pytest.raises(InvalidInput, match="^" + re.escape(f"{name!r} is not a field of")):
        client_of(Recorder()).trackings.create_many([KEY | {name: "x"}])


@pytest.mark.parametrize(
    ("frame", "call"),
    [
        (PandasFrame(), 'to_dict("records")'),
        (PolarsFrame(), "to_dicts()"),
        (ArrowTable(), "to_pylist()"),
    ],
    ids=["pandas", "polars", "pyarrow"],
)
def test_a_data_frame_is_rejected_in_one_sentence(frame: Any, call: str) -> None:
    """Iterating over it would send its columns; the error says how to get its rows."""
    server = Recorder()
    client = client_of(server)
    for method in (
        *(getattr(client.trackings, name) for name in BATCHES),
        *(getattr(client.trackings, f"iter_{name}") for name in BATCHES),
        *(client.shipping.remote_areas, client.shipping.transit_times),
    ):
        with pytest.raises(InvalidInput) as caught:
            method(frame)
        assert str(caught.value) == (
            f"items must be an iterable of rows, not a {type(frame).__name__}: pass its {call}; "
            "nothing was sent"
        )
    assert server.requests == []


@pytest.mark.parametrize("frame", [PandasFrame(), PolarsFrame()], ids=["pandas", "polars"])
def test_a_data_frame_is_no_list_of_texts_either(frame: Any) -> None:
    """Where an argument is a list of texts, the error asks for a column."""
    server = Recorder()
    client = client_of(server)
    calls: list[Callable[[], object]] = [
        lambda: client.trackings.list(numbers=frame),
        lambda: client.trackings.list(orders=frame),
        lambda: client.trackings.list(status=frame),
        lambda: client.air_waybills.track(frame),
    ]
    for call in calls:
        with pytest.raises(InvalidInput, match=r"an iterable of text, not a .*: pass a column"):
            call()
    assert server.requests == []


def test_a_table_of_places_and_routes_is_read_alike() -> None:
    """A blank company is not sent; an unknown column is named with the fields there are."""
    server = Recorder(error_response(4012))
    shipping = client_of(server).shipping
    for call in (
        lambda: shipping.remote_areas(rows("country,postcode,company\nJP,7621094,\n")),
        lambda: shipping.transit_times(rows("carrier_code,original,destination\ndhl,CN,US\n")),
    ):
        with pytest.raises(Exception, match="4012"):
            call()
    assert json.loads(server.requests[0].content) == [{"country": "JP", "postcode": "7621094"}]
    with pytest.raises(InvalidInput, match="zip is not a field of Place; its fields are country"):
        shipping.remote_areas([{"country": "JP", "postcode": "1", "zip": "1"}])


def test_unknown_columns_of_places_and_routes_can_be_dropped() -> None:
    """By the same argument, which is checked before anything is sent."""
    server = Recorder(error_response(4012))
    shipping = client_of(server).shipping
    place = {"country": "JP", "postcode": "7621094", "shop": "Tokyo"}
    route = {"carrier_code": "dhl", "original": "CN", "destination": "US", "shop": "Tokyo"}
    for method, row in ((shipping.remote_areas, place), (shipping.transit_times, route)):
        with pytest.raises(InvalidInput, match="shop"):
            method([row])
        with pytest.raises(InvalidInput, match="unknown must be"):
            method([row], unknown="drop")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]  # that is the point
        with pytest.raises(InvalidParameters):
            method([row], unknown="ignore")

    assert ["shop" in json.loads(request.content)[0] for request in server.requests] == [False] * 2


def test_one_bad_row_changes_no_other() -> None:
    """Rows that need converting are sent with those that do not."""

    def respond(request: httpx2.Request) -> httpx2.Response:
        items.extend(json.loads(request.content))
        return Creator()(request)

    items: list[Any] = []
    table: list[Any] = [*map(new, range(SIZE)), {**new(SIZE), "auto_correct": "1", "title": ""}]
    table.insert(3, {**new(99), "auto_correct": "x"})
    report = client_of(respond).trackings.create_many(table)

    assert isinstance(report, BatchReport)
    assert report.counts == {Result.CREATED: SIZE + 1, Result.INVALID: 1}
    assert items[-1] == {**new(SIZE), "auto_correct": 1}
