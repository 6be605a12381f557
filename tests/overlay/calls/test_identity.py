"""A response about another tracking than the call is an error, and errors name the tracking."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Final

import httpx2
import pytest

from tests.overlay.stubs import KEY, Recorder, async_client_of, client_of, error_response
from trackingmore_v2 import (
    ContractBroken,
    DeleteResult,
    NoResult,
    QuotaGuard,
    TrackingExists,
    TrackingMismatch,
    TrackingMoreError,
    TrackingNotFound,
)

NUMBER: Final = "1Z97X17XYW06605211"
OTHER: Final = "1Z97X17XYW06605212"
Method = Callable[[Any], Any]

NAMING: dict[str, Method] = {
    "create": lambda client: client.trackings.create("ups", NUMBER),
    "get": lambda client: client.trackings.get("ups", NUMBER),
    "get in a language": lambda client: client.trackings.get("ups", NUMBER, lang="en"),
    "update": lambda client: client.trackings.update("ups", NUMBER, title="Teapot"),
    "realtime": lambda client: client.trackings.realtime("ups", NUMBER),
}
"""Methods whose responses name the tracking."""

SILENT: dict[str, Method] = {
    "delete": lambda client: client.trackings.delete("ups", NUMBER),
    "change_carrier": lambda client: client.trackings.change_carrier("ups", NUMBER, to="usps"),
}
"""Methods whose responses name none."""

ABOUT_ONE: Final = NAMING | SILENT
READS: Final = ("get", "get in a language")


def success(data: object) -> bytes:
    """Return a valid response."""
    return json.dumps({"meta": {"code": 200}, "data": data}).encode()


def naming(method: str, number: str, carrier: str = "ups") -> bytes:
    """Return a response of a method that names a tracking."""
    tracking = {
        "id": "1",
        "tracking_number": number,
        "carrier_code": carrier,
        "status": "transit",
        "created_at": "2026-03-01T14:14:55+08:00",
        "updated_at": "2026-03-01T14:14:55+08:00",
    }
    return success({"items": [tracking]} if method == "realtime" else tracking)


def call_both(method: Method, body: bytes) -> Any:
    """Call a method of both clients, and return the result, or the error, that both have."""
    outcomes: list[Any] = []
    runs: list[Callable[[], Any]] = [
        lambda: method(client_of(Recorder(body))),
        lambda: asyncio.run(method(async_client_of(Recorder(body)))),
    ]
    for run in runs:
        try:
            outcomes.append(run())
        except TrackingMoreError as error:
            outcomes.append(error)
    assert repr(outcomes[0]) == repr(outcomes[1])
    return outcomes[0]


@pytest.mark.parametrize("method", NAMING)
def test_a_response_about_another_number_is_not_believed(method: str) -> None:
    """It is a typed error with both numbers, and the call may have been carried out."""
    error = call_both(NAMING[method], naming(method, OTHER))

    assert isinstance(error, TrackingMismatch)
    assert isinstance(error, ContractBroken)
    assert error.in_doubt
    assert (error.carrier_code, error.tracking_number) == ("ups", NUMBER)
    assert OTHER in error.reason
    assert OTHER in str(error)
    assert NUMBER in str(error)


@pytest.mark.parametrize("method", NAMING)
@pytest.mark.parametrize(
    ("number", "carrier"),
    [(NUMBER, "usps"), (NUMBER.lower(), "ups"), (f" {NUMBER}\n", "UPS"), ("", "ups")],
    ids=["corrected carrier", "lower case", "blanks", "no number"],
)
def test_only_the_number_counts(method: str, number: str, carrier: str) -> None:
    """The API may correct the carrier, and change the case; an empty number names nothing."""
    result = call_both(NAMING[method], naming(method, number, carrier))

    assert (result.tracking_number, result.carrier_code) == (number, carrier)


def test_a_lower_case_number_finds_its_upper_case() -> None:
    """The case of the argument does not count either."""
    body = naming("get", NUMBER)

    assert client_of(Recorder(body)).trackings.get("ups", NUMBER.lower()).tracking_number == NUMBER


def test_a_deletion_is_checked_where_the_response_names_it() -> None:
    """The documented response is empty; one that names another tracking is an error."""
    deleted = success([{"tracking_number": NUMBER.lower()}])

    assert call_both(SILENT["delete"], success([])) is DeleteResult.DELETED
    assert call_both(SILENT["delete"], deleted) is DeleteResult.DELETED
    other = call_both(SILENT["delete"], success([{"tracking_number": OTHER}]))
    assert isinstance(other, TrackingMismatch)
    assert other.in_doubt


@pytest.mark.parametrize("read", [list, lambda found: found.first()], ids=["list", "first"])
def test_a_list_of_numbers_holds_no_other(read: Callable[[Any], Any]) -> None:
    """Each number on a page must be one of the filter, in any case."""
    items = [{"tracking_number": number, "carrier_code": "ups"} for number in (NUMBER, OTHER)]
    trackings = client_of(Recorder(success({"items": items}))).trackings

    assert read(trackings.list(numbers=[OTHER.lower(), NUMBER.lower()]))
    with pytest.raises(TrackingMismatch, match=OTHER):
        read(trackings.list(numbers=[NUMBER]))


def test_another_tracking_confirms_nothing() -> None:
    """A lookup after a lost create or change of carrier must be about the same number."""
    for method, code in (("create", 4016), ("change_carrier", 4017)):
        lookup = naming("get", OTHER)
        if method == "create":
            lookup = success({"items": [{"tracking_number": OTHER, "carrier_code": "ups"}]})
        bodies = iter([b"", error_response(code), lookup])
        server = Recorder(lambda _, rest=bodies: httpx2.Response(200, content=next(rest)))  # type: ignore[misc]  # a default
        with pytest.raises(TrackingMoreError) as caught:
            ABOUT_ONE[method](client_of(server, retries=1))

        assert isinstance(caught.value, TrackingExists | TrackingNotFound)
        assert isinstance(caught.value.__cause__, TrackingMismatch)
        assert len(server.requests) == 3


@pytest.mark.parametrize("place", ["key", "track_number"])
def test_another_air_waybill_is_not_believed(place: str) -> None:
    """Each waybill in the response must be one of those in the call."""
    numbers = {"key": "172-28891936", "track_number": "172-28891936", place: "160-12345675"}
    body = success({numbers["key"]: {"track_number": numbers["track_number"]}})
    error = call_both(lambda client: client.air_waybills.track("172-28891936"), body)

    assert isinstance(error, TrackingMismatch)
    assert "160-12345675" in str(error)


@pytest.mark.parametrize("named", ["172-28891936", "17228891936", "172 28891936", "172-2889193"])
def test_an_air_waybill_may_come_in_another_form(named: str) -> None:
    """Separators and the check digit do not distinguish two numbers."""
    body = success({named: {"track_number": named}})

    assert list(call_both(lambda client: client.air_waybills.track("172-28891936"), body)) == [
        named
    ]


@pytest.mark.parametrize("method", ABOUT_ONE)
@pytest.mark.parametrize(
    "body", [error_response(4015), error_response(429), b"<html>"], ids=["error", "rate", "html"]
)
def test_errors_name_the_tracking(method: str, body: bytes) -> None:
    """As data, and in the message."""
    error = call_both(ABOUT_ONE[method], body)

    assert (error.carrier_code, error.tracking_number) == ("ups", NUMBER)
    assert f" for ups {NUMBER}" in str(error)


def test_errors_without_a_response_name_it_too() -> None:
    """No response, nothing sent for lack of budget, and an invalid field."""

    def reset(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadError("reset", request=request)

    client = client_of(reset).with_options(quota_guard=QuotaGuard(max_creates=0))
    calls: list[Method] = [
        NAMING["get"],
        NAMING["create"],
        lambda client: client.trackings.create("ups", NUMBER, title=7),
        lambda client: client.trackings.update("ups", NUMBER, archived="yes"),
        lambda client: client.trackings.update("ups", NUMBER, title=7),
        lambda client: client.trackings.realtime("ups", NUMBER, lang=7),
    ]
    for call in calls:
        with pytest.raises(TrackingMoreError) as caught:
            call(client)
        assert (caught.value.carrier_code, caught.value.tracking_number) == ("ups", NUMBER)
        assert str(caught.value).count(f" for ups {NUMBER}") == 1


def test_other_calls_name_no_tracking() -> None:
    """The attributes are None, and a detection knows the number alone."""
    client = client_of(Recorder(error_response(4015)))
    with pytest.raises(TrackingMoreError) as caught:
        client.account.get()
    assert (caught.value.carrier_code, caught.value.tracking_number) == (None, None)
    assert " for " not in str(caught.value)
    with pytest.raises(TrackingMoreError) as caught:
        client.carriers.detect(NUMBER)
    assert (caught.value.carrier_code, caught.value.tracking_number) == (None, NUMBER)
    assert f" for {NUMBER}" in str(caught.value)


def test_a_key_passed_as_a_number_is_not_shown() -> None:
    """Nor one that the server returns as a number."""
    client = client_of(Recorder(error_response(4017)))
    with pytest.raises(TrackingNotFound) as caught:
        client.trackings.get("ups", KEY)
    assert KEY not in f"{caught.value!r} {caught.value.tracking_number}"
    for named in (KEY, "X" * 70 + KEY):
        with pytest.raises(TrackingMismatch) as mismatch:
            client_of(Recorder(naming("get", named))).trackings.get("ups", NUMBER)
        assert KEY[:5] not in f"{mismatch.value!r} {mismatch.value.reason}"


@pytest.mark.parametrize("method", ABOUT_ONE)
def test_no_tracking_is_one_error_on_reads(method: str) -> None:
    """A read of one tracking may be rejected with 4017 or 4031; both are `TrackingNotFound`."""
    missing = call_both(ABOUT_ONE[method], error_response(4017))
    empty = call_both(ABOUT_ONE[method], error_response(4031))

    assert type(missing) is TrackingNotFound
    assert empty.code == 4031
    assert empty.retryable is (method not in READS)
    assert type(empty) is (TrackingNotFound if method in READS else NoResult)


def test_lists_that_find_nothing_stay_empty() -> None:
    """With 4031 the list has no items, and a total of 0."""
    trackings = client_of(Recorder(error_response(4031))).trackings

    assert list(trackings.list(numbers=[NUMBER])) == []
    assert trackings.list().total() == 0
    assert trackings.list().first() is None
