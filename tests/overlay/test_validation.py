"""Invalid input raises a typed error, and nothing is sent."""

import json
import math
import re
from collections import UserDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Any, get_args, get_type_hints

import pytest

from tests.generated.examples import encoded, success
from tests.naming import stable_repr
from tests.overlay.stubs import Recorder, async_client_of, client_of, error_response
from trackingmore_v2 import (
    BatchReport,
    InvalidInput,
    InvalidParameters,
    ItemResult,
    TrackingMore,
    models,
)
from trackingmore_v2._listing.filters import StatusName
from trackingmore_v2._validation import CarrierLanguageName
from trackingmore_v2_api.constraints import REQUEST_FIELDS

GOOD = "LK664578623CN"
BAD_NUMBERS = [
    *("", ".", "..", "abcd", "LK/664578623", "LK 664578623", "LK664\n578", "LK6\r64578"),
    *("%2e%2e%2f", "../carriers", "LK664578623CN?x=1", "\uff2c\uff2b664578623CN", "LK664578\xe9"),
    *("\ud800aaaaa", None, 12345678, b"LK664578623CN"),
]
BAD_CARRIERS = [
    *("", ".", "..", "china/ems", "china ems", "china\x00ems", "china\nems", "../x", "\xe9"),
    *("\ud800", None, 17),
]
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOON = timedelta(microseconds=1)
BAD_LANGUAGES = ["", "e", "eng", "e/", "..", "en\n", 17]


def verbs_of_a_pair(client: TrackingMore, carrier: Any, number: Any) -> Iterator[Callable[[], Any]]:
    """Yield each method that takes a carrier and a number."""
    trackings = client.trackings
    yield lambda: trackings.create(carrier, number)
    yield lambda: trackings.get(carrier, number)
    yield lambda: trackings.get_or_create(carrier, number)
    yield lambda: trackings.get(carrier, number, lang="en")
    yield lambda: trackings.update(carrier, number, title="x")
    yield lambda: trackings.delete(carrier, number)
    yield lambda: trackings.realtime(carrier, number)
    yield lambda: trackings.change_carrier(carrier, number, to="usps")


def batches_of_a_pair(
    client: TrackingMore, carrier: Any, number: Any
) -> Iterator[Callable[[], BatchReport[Any]]]:
    """Yield every method that takes many pairs."""
    trackings = client.trackings
    new = models.CreateTrackingItem(carrier_code=carrier, tracking_number=number)
    change = models.UpdateTrackingItem(carrier_code=carrier, tracking_number=number)
    yield lambda: trackings.create_many([new])
    yield lambda: trackings.create_many([{"carrier_code": carrier, "tracking_number": number}])
    yield lambda: trackings.update_many([change])
    for method in (trackings.delete_many, trackings.stop_updates):
        yield partial(method, [models.TrackingKey(carrier_code=carrier, tracking_number=number)])
        yield partial(method, [(carrier, number)])


def assert_told(server: Recorder, field: str, action: Callable[[], BatchReport[Any]]) -> None:
    """Check that a batch reports what is wrong with its only item, and that nothing was sent."""
    report = action()

    assert [outcome.result for outcome in report] == [ItemResult.INVALID]
    assert isinstance(report[0].error, InvalidInput)
    assert (report[0].error.index, report[0].error.field) == (0, field)
    assert server.requests == []


def assert_refused(server: Recorder, field: str, action: Callable[[], Any]) -> None:
    """Check that an action raises the typed error, and that nothing was sent."""
    with pytest.raises(InvalidInput) as caught:
        action()

    assert caught.value.field == field
    assert server.requests == []


@pytest.mark.parametrize("number", BAD_NUMBERS, ids=stable_repr)
def test_a_bad_tracking_number_is_rejected_by_every_method(number: object) -> None:
    """No method sends an empty number, a dot, a slash, a control character or a look-alike."""
    server = Recorder()
    client = client_of(server)
    for action in verbs_of_a_pair(client, "china-ems", number):
        assert_refused(server, "tracking_number", action)
    for batch in batches_of_a_pair(client, "china-ems", number):
        assert_told(server, "tracking_number", batch)
    assert_refused(server, "tracking_number", lambda: client.carriers.detect(number))  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize("blank", [" ", "\n", "\t ", "\u00a0"], ids=stable_repr)
def test_blanks_around_carrier_and_number_are_trimmed(blank: str) -> None:
    """A pair from a spreadsheet is sent without them, and is the same tracking as one without."""
    server = Recorder(error_response(4012))
    client = client_of(server)
    carrier, number = f"{blank}china-ems{blank}", f"{blank}{GOOD}{blank}"
    for action in verbs_of_a_pair(client, carrier, number):
        with pytest.raises(InvalidParameters):
            action()
    reports = [batch() for batch in batches_of_a_pair(client, carrier, number)]
    twins = client.trackings.delete_many([(carrier, number), ("china-ems", GOOD)])

    assert [report[0].result for report in reports] == [ItemResult.REJECTED] * len(reports)
    assert twins[1].duplicate_of == 0
    for request in server.requests:
        words = set(re.split(r'[/?"]', f"{request.url}/{request.content.decode()}"))
        assert {GOOD, "china-ems"} <= words


class SafeText(str):
    """A string of another library, such as numpy's or a template's."""

    __slots__ = ()


class Carrier(str, Enum):  # noqa: UP042 - a StrEnum formats as its value
    """The carriers of a program; formatting a member yields its name."""

    EMS = "china-ems"


@pytest.mark.parametrize("carrier", [SafeText("china-ems"), Carrier.EMS], ids=["text", "enum"])
def test_a_subclass_of_str_is_text(carrier: str) -> None:
    """JSON has no subclasses, so each is sent as the text that it is."""
    sent: list[list[tuple[object, bytes]]] = []
    for kind, code in ((SafeText, carrier), (str, "china-ems")):
        server = Recorder(error_response(4012))
        client = client_of(server)
        create, update = client.trackings.create, client.trackings.update
        actions: list[Callable[[], Any]] = [
            *verbs_of_a_pair(client, code, kind(GOOD)),
            partial(create, code, GOOD, title=kind("Pot")),
            partial(update, code, GOOD, title=kind("Lid")),
            partial(client.carriers.detect, kind(GOOD)),
        ]
        for action in actions:
            with pytest.raises(InvalidParameters):
                action()
        for batch in batches_of_a_pair(client, code, kind(GOOD)):
            assert batch()[0].result == ItemResult.REJECTED
        client.trackings.create_many(
            [{"carrier_code": code, "tracking_number": GOOD, "title": kind("Pot")}]
        )
        sent.append([(request.url, request.content) for request in server.requests])

    assert sent[0] == sent[1]


@pytest.mark.parametrize("carrier", BAD_CARRIERS, ids=stable_repr)
def test_a_bad_carrier_is_rejected_by_every_method(carrier: object) -> None:
    """No method sends an empty carrier, a dot, a slash or a control character."""
    server = Recorder()
    client = client_of(server)
    for action in verbs_of_a_pair(client, carrier, GOOD):
        assert_refused(server, "carrier_code", action)
    for batch in batches_of_a_pair(client, carrier, GOOD):
        assert_told(server, "carrier_code", batch)
    route = models.Route(carrier_code=carrier, original="CN", destination="US")  # type: ignore[arg-type]  # on purpose
    assert_refused(server, "carrier_code", lambda: client.shipping.transit_times([route]))
    assert_refused(
        server,
        "update_carrier_code",
        lambda: client.trackings.change_carrier("ups", GOOD, to=carrier),  # type: ignore[arg-type]  # on purpose
    )


@pytest.mark.parametrize("lang", BAD_LANGUAGES, ids=stable_repr)
def test_a_bad_language_is_rejected(lang: str) -> None:
    """A language is two letters, or nothing."""
    server = Recorder()
    client = client_of(server)

    assert_refused(server, "lang", lambda: client.trackings.get("ups", GOOD, lang=lang))
    assert_refused(server, "lang", lambda: client.trackings.list(lang=lang))
    assert_refused(server, "lang", lambda: client.carriers.detect(GOOD, lang=lang))
    assert_refused(server, "lang", lambda: client.carriers.list(lang=lang))
    assert_refused(server, "lang", lambda: client.air_waybills.track("172-28891936", lang=lang))


@pytest.mark.parametrize(
    "number",
    [
        "",
        "172",
        "172-288919",
        "172--28891936",
        "172-28891935",
        "17228891936\n",
        "\u0661\u0667\u0662-28891936",
        None,
        17228891936,
    ],
)
def test_a_bad_air_waybill_number_is_rejected_with_its_place(number: object) -> None:
    """The error names the number's position."""
    server = Recorder()
    with pytest.raises(InvalidInput) as caught:
        client_of(server).air_waybills.track(["172-28891936", number])  # type: ignore[list-item]  # on purpose

    assert caught.value.index == 1
    assert server.requests == []


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"page_size": 0}, "page_size"),
        ({"page_size": True}, "page_size"),
        ({"page_size": 2001}, "page_size"),
        ({"page_size": "10"}, "page_size"),
        ({"prefetch": 1}, "prefetch"),
        ({"status": "lost"}, "status"),
        ({"status": ""}, "status"),
        ({"status": 17}, "status"),
        ({"status": b"transit"}, "status"),
        ({"status": []}, "status"),
        ({"status": ["transit", None]}, "status"),
        ({"created_after": datetime(2026, 1, 1)}, "created_after"),  # noqa: DTZ001 - on purpose
        ({"created_before": 1767225600}, "created_before"),
        ({"updated_after": "2026-01-01T00:00:00Z"}, "updated_after"),
        ({"updated_before": NOON.date()}, "updated_before"),
        ({"ordered_after": NOON.replace(year=1969)}, "ordered_after"),
        ({"ordered_before": datetime.max.replace(tzinfo=UTC)}, "ordered_before"),
        ({"created_after": NOON + SOON, "created_before": NOON}, "created_after"),
        ({"updated_after": NOON + SOON, "updated_before": NOON}, "updated_after"),
        ({"ordered_after": NOON + SOON, "ordered_before": NOON}, "ordered_after"),
        ({"numbers": GOOD}, "numbers"),
        ({"numbers": {GOOD: 1}}, "numbers"),
        ({"numbers": ["x"]}, "tracking_number"),
        ({"numbers": []}, "numbers"),
        ({"orders": iter(())}, "orders"),
        ({"orders": "#1"}, "orders"),
        ({"orders": ["a,b"]}, "orders"),
        ({"orders": [""]}, "orders"),
        ({"orders": ["\ud800"]}, "orders"),
        ({"archived": "true"}, "archived"),
    ],
    ids=stable_repr,
)
def test_a_bad_filter_is_rejected(filters: dict[str, Any], field: str) -> None:
    """An invalid filter raises an error with its name, before the list is read."""
    server = Recorder()

    assert_refused(server, field, lambda: client_of(server).trackings.list(**filters))
    assert_refused(server, field, lambda: async_client_of(server).trackings.list(**filters))


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        ({"numbers": [*(f"LK{number:09}CN" for number in range(100)), "x"]}, 100),
        ({"orders": ["#1", "#2", "a,b"]}, 2),
        ({"status": ["transit", "lost"]}, 1),
    ],
    ids=["numbers", "orders", "status"],
)
def test_a_bad_value_among_many_is_rejected_with_its_place(
    filters: dict[str, Any], index: int
) -> None:
    """The error names the position among all that were given, not that in a query."""
    server = Recorder()
    with pytest.raises(InvalidInput) as caught:
        client_of(server).trackings.list(**filters)

    assert caught.value.index == index
    assert server.requests == []


@pytest.mark.parametrize("name", ["created", "ordered"])
def test_a_bad_window_is_rejected(name: str) -> None:
    """Counts take the same times as lists."""
    server = Recorder()
    trackings = client_of(server).trackings
    windows: list[dict[str, Any]] = [
        {f"{name}_after": NOON + SOON, f"{name}_before": NOON},
        {f"{name}_after": NOON.replace(tzinfo=None)},
        {f"{name}_after": 1},
    ]
    for window in windows:
        assert_refused(server, f"{name}_after", partial(trackings.count_by_status, **window))


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"title": 5}, "title"),
        ({"title": "\ud800"}, "body"),
        ({"auto_correct": "yes"}, "auto_correct"),
        ({"comment": ["x"]}, "comment"),
        ({"customer_name": object()}, "customer_name"),
        ({"title": b"Teapot"}, "title"),
        ({"comment": float("nan")}, "comment"),
        ({"order_id": Decimal(7)}, "order_id"),
        ({"order_create_time": NOON}, "order_create_time"),
        ({"auto_correct": 2}, "auto_correct"),
    ],
    ids=stable_repr,
)
def test_a_bad_option_is_rejected(options: dict[str, Any], field: str) -> None:
    """An option of another type, or that JSON would change, is rejected by its name on the wire."""
    server = Recorder()

    assert_refused(
        server, field, lambda: client_of(server).trackings.create("ups", GOOD, **options)
    )


def test_none_is_not_a_filter() -> None:
    """None counts as not given."""
    server = Recorder(error_response(4031))
    client_of(server).trackings.list(
        numbers=None, status=None, page_size=None, archived=None, created_after=None
    ).first()

    assert server.requests[0].url.query == b"page=1&limit=1"


def test_an_unknown_option_is_a_type_error() -> None:
    """A misspelt option is not silently dropped."""
    client = client_of(Recorder())
    with pytest.raises(TypeError, match=r"create\(\) got .* 'titel' \(did you mean 'title'\?\)"):
        client.trackings.create("ups", GOOD, titel="x")  # type: ignore[call-arg]  # on purpose
    with pytest.raises(TypeError, match=r"realtime\(\) got .* \(did you mean 'order'\?\)"):
        client.trackings.realtime("ups", GOOD, ordre="x")  # type: ignore[call-arg]  # on purpose
    with pytest.raises(TypeError, match=r"'warehouse'$"):
        client.trackings.create("ups", GOOD, warehouse="x")  # type: ignore[call-arg]  # on purpose


def test_a_misspelt_filter_or_change_is_a_type_error() -> None:
    """Nor is a misspelt filter, which would list everything, or a misspelt change."""
    client = client_of(Recorder())
    with pytest.raises(TypeError, match="did you mean 'numbers'"):
        client.trackings.list(numbrs=[GOOD])  # type: ignore[call-overload]  # on purpose
    with pytest.raises(TypeError, match="did you mean 'title'"):
        client.trackings.update("ups", GOOD, titel="x")  # type: ignore[call-arg]  # on purpose
    with pytest.raises(TypeError, match="did you mean 'created_after'"):
        client.trackings.count_by_status(create_after=1)  # type: ignore[call-arg]  # on purpose


def test_a_misspelt_value_is_corrected() -> None:
    """The error names all values, and the one that was meant."""
    client = client_of(Recorder())
    with pytest.raises(
        InvalidInput, match=r"must be one of pending, .*, not 'deliverd' .*'deliver"
    ):
        client.trackings.list(status="deliverd")
    with pytest.raises(InvalidInput, match=r"must be one of en, cn, .*, not 'cnn' .*'cn'"):
        client.carriers.list(lang="cnn")


@pytest.mark.parametrize(
    ("value", "number"),
    [
        *(("delivered", 4), ("Exception", 7), ("original", 8), (4, 4), ("4", "4")),
        (models.TrackingStatus.DELIVERED, 4),
        (models.SettableStatus.ORIGINAL, 8),
        (models.SettableStatusText.EXCEPTION, "7"),
    ],
    ids=stable_repr,
)
def test_a_status_is_set_by_name_or_number(value: Any, number: int | str) -> None:
    """As text, number or member of an enum; by keyword and in a model."""
    server = Recorder(error_response(4012))
    trackings = client_of(server).trackings
    with pytest.raises(InvalidParameters):
        trackings.update("ups", GOOD, status=value)
    change = models.UpdateTrackingItem(carrier_code="ups", tracking_number=GOOD, status=value)
    trackings.update_many([change])

    assert json.loads(server.requests[0].content) == {"status": number}
    assert json.loads(server.requests[1].content) == [{**PAIR, "status": number}]


def test_every_name_is_completed() -> None:
    """The names that editors offer are those of the contract."""
    assert get_args(StatusName) == tuple(models.TrackingStatus)
    assert get_args(CarrierLanguageName) == tuple(models.CarrierLanguage)


def test_keywords_are_no_rows() -> None:
    """A single call is as strict as ever: text is no number, and an empty text is one."""
    server = Recorder(error_response(4012))
    trackings: Any = client_of(server).trackings
    for options in ({"auto_correct": "1"}, {"auto_correct": Decimal(1)}):
        with pytest.raises(InvalidInput):
            trackings.create("ups", GOOD, **options)
    for changes in ({"archived": "true"}, {"archived": 1}, {"title": math.nan}):
        with pytest.raises(InvalidInput):
            trackings.update("ups", GOOD, **changes)
    assert server.requests == []
    with pytest.raises(InvalidParameters):
        trackings.update("ups", GOOD, title="")
    assert json.loads(server.requests[0].content) == {"title": ""}


@pytest.mark.parametrize("items", ["abc", b"abc", {"a": 1}, 17, None], ids=stable_repr)
def test_a_batch_that_is_not_iterable_is_rejected(items: Any) -> None:
    """A string is not a list of items; this is said at once, also by what is iterated later."""
    server = Recorder()
    client, async_client = client_of(server), async_client_of(server)

    for trackings in (client.trackings, async_client.trackings):
        for method in ("create_many", "update_many", "delete_many", "stop_updates"):
            assert_refused(server, "items", partial(getattr(trackings, f"iter_{method}"), items))
    assert_refused(server, "items", lambda: client.trackings.delete_many(items))
    assert_refused(server, "items", lambda: client.trackings.get_many(items))
    assert_refused(server, "items", lambda: client.trackings.get_or_create_many(items))
    assert_refused(server, "items", lambda: client.shipping.remote_areas(items))
    assert_refused(server, "items", lambda: client.shipping.transit_times(items))


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (("ups", GOOD), "item"),
        (17, "item"),
        ({"carrier_code": "ups"}, "tracking_number"),
        ({"tracking_number": GOOD}, "carrier_code"),
        ({"carrier_code": "ups", "tracking_number": GOOD, "title": 5}, "title"),
        ({"carrier_code": "ups", "tracking_number": GOOD, "comment": "\ud800"}, "body"),
        ({"carrier_code": "ups", "tracking_number": GOOD, "comment": b"x"}, "comment"),
        ({"carrier_code": "ups", "tracking_number": GOOD, "auto_correct": -1}, "auto_correct"),
        (
            models.CreateTrackingItem(carrier_code="ups", tracking_number=GOOD, title=b"x"),  # type: ignore[arg-type]  # on purpose
            "title",
        ),
        (
            models.CreateTrackingItem(carrier_code="ups", tracking_number=GOOD, auto_correct=2),
            "auto_correct",
        ),
        (models.TrackingKey(carrier_code="ups", tracking_number=GOOD), "item"),
    ],
    ids=stable_repr,
)
def test_an_invalid_item_is_reported_by_its_field(item: Any, field: str) -> None:
    """An item that is something else, or has a missing, misspelt or odd field, is not sent."""
    server = Recorder()

    assert_told(server, field, lambda: client_of(server).trackings.create_many([item]))


@pytest.mark.parametrize("field", ["country", "postcode"])
def test_a_place_without_a_name_is_rejected(field: str) -> None:
    """Nothing in a place is empty."""
    server = Recorder()
    place: Any = {"country": "JP", "postcode": "7621094", field: ""}

    assert_refused(server, field, lambda: client_of(server).shipping.remote_areas([place]))


@pytest.mark.parametrize("field", ["original", "destination"])
def test_a_route_without_an_end_is_rejected(field: str) -> None:
    """Nor in a route."""
    server = Recorder()
    route: Any = {"carrier_code": "dhl", "original": "CN", "destination": "US", field: ""}

    assert_refused(server, field, lambda: client_of(server).shipping.transit_times([route]))


@pytest.mark.parametrize(
    "item", [("ups",), ("ups", GOOD, "x"), "ups", object(), None], ids=stable_repr
)
def test_an_item_without_a_key_is_reported(item: Any) -> None:
    """An item identifies a tracking as a pair, or by its attributes."""
    server = Recorder()

    assert_told(server, "item", lambda: client_of(server).trackings.delete_many([item]))


Given = Callable[[TrackingMore, dict[str, Any]], object]
Ways = list[Given]
PAIR = {"carrier_code": "ups", "tracking_number": GOOD}
CREATED: Ways = [
    lambda client, given: client.trackings.create(**{**PAIR, **given}),
    lambda client, given: client.trackings.create_many([{**PAIR, **given}]),
    lambda client, given: client.trackings.create_many(
        [models.CreateTrackingItem(**{**PAIR, **given})]
    ),
    lambda client, given: client.trackings.create_many(iter([UserDict({**PAIR, **given})])),
    lambda client, given: client.trackings.create_many([PAIR, {**PAIR, **given}]),
]
UPDATED: Ways = [
    lambda client, given: client.trackings.update(**{**PAIR, **given}),
    lambda client, given: client.trackings.update_many([{**PAIR, **given}]),
    lambda client, given: client.trackings.update_many(
        [models.UpdateTrackingItem(**{**PAIR, **given})]
    ),
]
KEYS: Ways = [
    lambda client, given: client.trackings.delete(**{**PAIR, **given}),
    lambda client, given: client.trackings.delete_many([{**PAIR, **given}]),
    lambda client, given: client.trackings.delete_many([models.TrackingKey(**{**PAIR, **given})]),
    lambda client, given: client.trackings.stop_updates([tuple({**PAIR, **given}.values())]),
]
PLACES: Ways = [
    lambda client, given: client.shipping.remote_areas(
        [{"country": "JP", "postcode": "1", **given}]
    ),
    lambda client, given: client.shipping.remote_areas(
        [models.Place(**{"country": "JP", "postcode": "1", **given})]
    ),
]


def error_of(way: Given, given: dict[str, Any]) -> InvalidInput:
    """Return the error for values given in some way, raised or reported for the last item."""
    try:
        report = way(client_of(Recorder(error_response(4012))), given)
    except InvalidInput as error:
        return error
    assert isinstance(report, BatchReport)
    *_, outcome = report
    assert isinstance(outcome.error, InvalidInput)
    return outcome.error


NUMBER_RULE = "at least five letters, digits, hyphens or underscores"
CARRIER_RULE = "letters, digits, hyphens or underscores"
WAYS: dict[str, Ways] = {
    "create": CREATED,
    "update": UPDATED,
    "key": KEYS,
    "place": PLACES,
}
STATUS_RULE = "delivered (4), exception (7), original (8) or None"
AS_TEXT = "; write it as text: leading zeros are lost"
ARCHIVED_RULE = "a bool (in a model an ArchivedText) or None"


@pytest.mark.parametrize(
    ("ways", "field", "value", "reason"),
    [
        *(
            (ways, field, value, reason)
            for ways in ("create", "update", "key")
            for field, value, reason in (
                ("tracking_number", "abcd", f"must be {NUMBER_RULE}, not 'abcd'"),
                ("tracking_number", "abcdef/", f"must be {NUMBER_RULE}, not 'abcdef/'"),
                ("tracking_number", "/" * 81, f"must be {NUMBER_RULE}, not '{'/' * 80}'..."),
                ("tracking_number", 12345678, f"must be a str, not int{AS_TEXT}"),
                ("tracking_number", "\ud800aaaaa", "holds half a surrogate pair"),
                ("carrier_code", "china ems", f"must be {CARRIER_RULE}, not 'china ems'"),
            )
        ),
        *(
            (ways, field, value, reason)
            for ways in ("create", "update")
            for field, value, reason in (
                ("title", 5, f"must be a str or None, not int{AS_TEXT}"),
                ("title", b"x", "must be a str or None, not bytes"),
                ("title", ["x"], "must be a str or None, not list"),
                ("order_id", NOON, "must be a str or None, not datetime"),
                ("customer_email", 10**30, f"must be a str or None, not int{AS_TEXT}"),
            )
        ),
        ("create", "auto_correct", 2, "must be 0, 1 or None, not 2"),
        ("create", "auto_correct", -1, "must be 0, 1 or None, not -1"),
        ("create", "auto_correct", "yes", "must be 0, 1 or None, not 'yes'"),
        ("create", "auto_correct", True, "must be 0, 1 or None, not True"),
        ("update", "status", 5, f"must be {STATUS_RULE}, not 5"),
        ("update", "status", "transit", f"must be {STATUS_RULE}, not 'transit'"),
        (
            *("update", "status", "delivred"),
            f"must be {STATUS_RULE}, not 'delivred' (did you mean 'delivered'?)",
        ),
        ("update", "status", "4 - at `$.title`", f"must be {STATUS_RULE}, not '4 - at `$.title`'"),
        ("update", "archived", 2, f"must be {ARCHIVED_RULE}, not 2"),
        ("update", "archived", "yes", f"must be {ARCHIVED_RULE}, not 'yes'"),
        ("place", "company", 1, f"must be a str or None, not int{AS_TEXT}"),
    ],
    ids=stable_repr,
)
def test_a_bad_value_gets_one_error_however_it_is_given(
    ways: str, field: str, value: object, reason: str
) -> None:
    """Keyword, dict and model are checked alike; the text is ours, and names what is allowed."""
    for way in WAYS[ways]:
        error = error_of(way, {field: value})
        assert (error.field, error.reason) == (field, reason)


CONTACTS = [
    *((ways, "customer_email") for ways in ("create", "update")),
    ("create", "customer_phone"),
]


@pytest.mark.parametrize(("ways", "field"), CONTACTS)
@pytest.mark.parametrize(
    ("values", "sent"), [(["a"], "a"), ([], None), ([None], None), (["a", "b"], 2), ([5], 5)]
)
def test_a_list_of_one_is_its_value(
    ways: str, field: str, values: list[object], sent: object
) -> None:
    """A response may have a list where a request has one value; which of several is not guessed."""
    for way in WAYS[ways][:3]:  # the last one sends an equal pair first
        server = Recorder(error_response(4012))
        with suppress(InvalidParameters, InvalidInput):
            way(client_of(server), {field: values})
        if not isinstance(sent, int):
            found = json.loads(server.requests[0].content)
            assert (found[-1] if isinstance(found, list) else found).get(field) == sent
            continue
        error = error_of(way, {field: values})
        assert error.field == field
        assert error.reason == (
            f"must be a str or None, not int{AS_TEXT}"
            if sent == 5
            else "must be a str or None, not a list of 2: choose one of them"
        )


def test_lists_of_responses_are_taken_for_the_fields_of_a_request() -> None:
    """These are all: a field that is a list in a response is taken from there."""
    of_responses = {
        name
        for model in (models.Tracking, models.UpdatedTracking, models.TrackingEventData)
        for name, kind in get_type_hints(model).items()
        if kind == str | list[str] | None
    }
    taken = {
        field.name
        for table in REQUEST_FIELDS.values()
        for field in table
        if field.takes_list_of_one
    }

    assert taken == of_responses == {"customer_email", "customer_phone"}


def test_the_contacts_of_a_tracking_can_be_sent_again() -> None:
    """By `update()`, whose keyword has the type of the model's attribute."""
    response = success("updateTracking")
    number = response["data"]["tracking_number"]
    server = Recorder(encoded(response))
    found = models.Tracking(
        id="",
        tracking_number=number,
        carrier_code="ups",
        status=models.TrackingStatus("transit"),
        customer_email=["a@example.com"],
        customer_phone=[],
    )
    client_of(server).trackings.update(
        "ups", number, customer_email=found.customer_email, customer_phone=found.customer_phone
    )

    assert json.loads(server.requests[0].content) == {"customer_email": "a@example.com"}


def test_the_field_that_json_cannot_hold_is_named() -> None:
    """The error is about the body as a whole; its text names the field."""
    for way in CREATED:
        error = error_of(way, {"title": "\ud800", "comment": "x"})
        assert (error.field, error.reason) == ("body", "cannot be written as JSON because of title")
