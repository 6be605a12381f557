"""Bad input: a typed error, and not a byte on the wire."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from tests.overlay.stubs import Recorder, client_of, refusal
from trackingmore_v2 import InvalidInput, TrackingMore, models

GOOD = "LK664578623CN"
BAD_NUMBERS = [
    *("", ".", "..", "abcd", "LK/664578623", "LK 664578623", "LK664\n578", "LK664578623CN\n"),
    *("%2e%2e%2f", "../carriers", "LK664578623CN?x=1", "\uff2c\uff2b664578623CN", "LK664578\xe9"),
    *("\ud800aaaaa", None, 12345678, b"LK664578623CN"),
]
BAD_CARRIERS = [
    *("", ".", "..", "china/ems", "china ems", "china\x00ems", "china-ems\n", "../x", "\xe9"),
    *("\ud800", None, 17),
]
BAD_LANGUAGES = ["", "e", "eng", "e/", "..", "en\n", 17]


def verbs_of_a_pair(client: TrackingMore, carrier: Any, number: Any) -> Iterator[Callable[[], Any]]:
    """Give every verb that takes a carrier and a number."""
    trackings = client.trackings
    yield lambda: trackings.create(carrier, number)
    yield lambda: trackings.get(carrier, number)
    yield lambda: trackings.get(carrier, number, lang="en")
    yield lambda: trackings.update(carrier, number, title="x")
    yield lambda: trackings.delete(carrier, number)
    yield lambda: trackings.realtime(carrier, number)
    yield lambda: trackings.change_carrier(carrier, number, to="usps")
    key = models.TrackingKey(carrier_code=carrier, tracking_number=number)
    good = models.TrackingKey(carrier_code="ups", tracking_number=GOOD)
    yield lambda: trackings.delete_many([good, key])
    yield lambda: trackings.stop_updates([good, key])
    yield lambda: trackings.create_many(
        [models.NewBatchTracking(carrier_code=carrier, tracking_number=number)]
    )
    yield lambda: trackings.update_many(
        [models.BatchTrackingChanges(carrier_code=carrier, tracking_number=number)]
    )


def assert_refused(server: Recorder, field: str, action: Callable[[], Any]) -> None:
    """Check that an action raises the typed error, and that nothing was sent."""
    with pytest.raises(InvalidInput) as caught:
        action()

    assert caught.value.field == field
    assert server.requests == []


@pytest.mark.parametrize("number", BAD_NUMBERS, ids=repr)
def test_a_bad_tracking_number_is_refused_by_every_verb(number: object) -> None:
    """No verb sends an empty number, a dot, a slash, a control character or a look-alike."""
    server = Recorder()
    client = client_of(server)
    for action in verbs_of_a_pair(client, "china-ems", number):
        assert_refused(server, "tracking_number", action)
    assert_refused(server, "tracking_number", lambda: client.carriers.detect(number))  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize("carrier", BAD_CARRIERS, ids=repr)
def test_a_bad_carrier_is_refused_by_every_verb(carrier: object) -> None:
    """No verb sends an empty carrier, a dot, a slash or a control character."""
    server = Recorder()
    client = client_of(server)
    for action in verbs_of_a_pair(client, carrier, GOOD):
        assert_refused(server, "carrier_code", action)
    route = models.Route(carrier_code=carrier, original="CN", destination="US")  # type: ignore[arg-type]  # on purpose
    assert_refused(server, "carrier_code", lambda: client.shipping.transit_times([route]))
    assert_refused(
        server,
        "update_carrier_code",
        lambda: client.trackings.change_carrier("ups", GOOD, to=carrier),  # type: ignore[arg-type]  # on purpose
    )


@pytest.mark.parametrize("lang", BAD_LANGUAGES, ids=repr)
def test_a_bad_language_is_refused(lang: str) -> None:
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
        "17228891936\n",
        "\u0661\u0667\u0662-28891936",
        None,
        17228891936,
    ],
)
def test_a_bad_air_waybill_number_is_refused_with_its_place(number: object) -> None:
    """The error names the number's position."""
    server = Recorder()
    with pytest.raises(InvalidInput) as caught:
        client_of(server).air_waybills.track(["172-28891936", number])  # type: ignore[list-item]  # on purpose

    assert caught.value.index == 1
    assert server.requests == []


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"page": 0}, "page"),
        ({"page": True}, "page"),
        ({"limit": 0}, "limit"),
        ({"limit": 2001}, "limit"),
        ({"limit": "10"}, "limit"),
        ({"status": "lost"}, "status"),
        ({"status": ""}, "status"),
        ({"created_at_min": -1}, "created_at_min"),
        ({"created_at_max": 1.5}, "created_at_max"),
        ({"update_time_min": "now"}, "update_time_min"),
        ({"numbers": GOOD}, "numbers"),
        ({"numbers": ["x"]}, "tracking_number"),
        ({"numbers": [GOOD] * 41}, "numbers"),
        ({"orders": (str(number) for number in count())}, "orders"),
        ({"created_at_max": 4102444801}, "created_at_max"),
        ({"numbers": []}, "numbers"),
        ({"orders": iter(())}, "orders"),
        ({"orders": ["a,b"]}, "orders"),
        ({"orders": [""]}, "orders"),
        ({"orders": ["\ud800"]}, "orders"),
        ({"archived": "true"}, "archived"),
    ],
    ids=str,
)
def test_a_bad_filter_is_refused(filters: dict[str, Any], field: str) -> None:
    """A filter that the API could not mean is refused by name."""
    server = Recorder()

    assert_refused(server, field, lambda: client_of(server).trackings.list(**filters))


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"title": 5}, "title"),
        ({"title": "\ud800"}, "body"),
        ({"auto_correct": "yes"}, "auto_correct"),
        ({"comment": ["x"]}, "comment"),
        ({"customer_name": object()}, "body"),
    ],
    ids=str,
)
def test_a_bad_option_is_refused(options: dict[str, Any], field: str) -> None:
    """An option of the wrong type is refused by its name on the wire."""
    server = Recorder()

    assert_refused(
        server, field, lambda: client_of(server).trackings.create("ups", GOOD, **options)
    )


def test_what_is_none_is_not_filtered_by() -> None:
    """None counts as not given."""
    server = Recorder(refusal(4031))
    client_of(server).trackings.list(numbers=None, status=None, page=None, archived=None)  # type: ignore[arg-type]  # on purpose

    assert server.requests[0].url.query == b""


def test_an_unknown_option_is_a_type_error() -> None:
    """A misspelt option is not silently dropped."""
    with pytest.raises(TypeError):
        client_of(Recorder()).trackings.create("ups", GOOD, titel="x")  # type: ignore[call-arg]  # on purpose


def test_a_misspelt_filter_or_change_is_a_type_error() -> None:
    """Nor is a misspelt filter, which would list everything, or a misspelt change."""
    client = client_of(Recorder())
    with pytest.raises(TypeError):
        client.trackings.list(numbrs=[GOOD])  # type: ignore[call-arg]  # on purpose
    with pytest.raises(TypeError):
        client.trackings.update("ups", GOOD, titel="x")  # type: ignore[call-arg]  # on purpose
    with pytest.raises(TypeError):
        client.trackings.count_by_status(created_min=1)  # type: ignore[call-arg]  # on purpose


@pytest.mark.parametrize("items", [[], (), iter(())], ids=repr)
def test_an_empty_batch_is_refused(items: Any) -> None:
    """There is nothing to send."""
    server = Recorder()

    assert_refused(server, "items", lambda: client_of(server).trackings.create_many(items))


def test_a_batch_over_the_limit_is_refused_without_reading_on() -> None:
    """A batch is read no further than one item past the contract's limit, even an endless one."""
    server = Recorder()
    read: list[int] = []

    def endless() -> Iterator[models.NewBatchTracking]:
        for index in count():
            read.append(index)
            yield models.NewBatchTracking(carrier_code="ups", tracking_number=f"1Z{index:010}")

    assert_refused(server, "items", lambda: client_of(server).trackings.create_many(endless()))
    assert len(read) == 41


@pytest.mark.parametrize("items", ["abc", b"abc", {"a": 1}, 17, None], ids=repr)
def test_what_is_no_batch_is_refused(items: Any) -> None:
    """A string is not a list of items."""
    server = Recorder()

    assert_refused(server, "items", lambda: client_of(server).trackings.delete_many(items))


def test_an_item_of_another_kind_is_refused_with_its_place() -> None:
    """The error names the item's position."""
    server = Recorder()
    good = models.TrackingKey(carrier_code="ups", tracking_number=GOOD)
    with pytest.raises(InvalidInput) as caught:
        client_of(server).trackings.delete_many([good, ("ups", GOOD)])  # type: ignore[list-item]  # on purpose

    assert caught.value.index == 1
    assert server.requests == []
