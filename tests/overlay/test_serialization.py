"""Models as dicts and JSON, with the names of the API."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from tests.generated.examples import SUCCESSES, Example, read, rewritten, success
from trackingmore_v2 import models
from trackingmore_v2.serialization import to_dict, to_json

TRACKING: models.Tracking = read("getTracking", success("getTracking"))[0].data


@pytest.mark.parametrize(
    "example",
    [example for example in SUCCESSES if not read(example.operation, example.value)[1]],
    ids=str,
)
def test_a_model_is_serialized_like_the_response(example: Example) -> None:
    """A response comes back without its nulls, and decodes to the same model."""
    model, _ = read(example.operation, example.value)

    assert to_dict(model) == json.loads(json.dumps(to_dict(model))) == rewritten(example.value)
    assert json.loads(to_json(model)) == rewritten(example.value)
    assert msgspec.convert(to_dict(model), type(model)) == model
    assert msgspec.json.decode(to_json(model), type=type(model)) == model


def test_irregular_names() -> None:
    """Misspelt and irregular names are the wire's, in requests too."""
    leg = models.Leg(departed_from_airport="2018-04-01 10:00", track_info=[])
    query = models.RealtimeQuery(
        tracking_number="LK664578623CN", carrier_code="china-ems", special_number_destination="US"
    )

    assert to_dict(leg) == {"DepartfromAirport": "2018-04-01 10:00", "trackinfo": []}
    assert to_dict(query)["specialNumberDestination"] == "US"


def test_values_are_plain() -> None:
    """Enums are their texts and numbers, also those that the contract does not list."""
    checkpoint = models.Checkpoint(
        checkpoint_status=models.TrackingStatus.DELIVERED, substatus=models.Substatus("new001")
    )
    plain = to_dict(checkpoint)

    assert plain == {"checkpoint_status": "delivered", "substatus": "new001"}
    assert {type(value) for value in plain.values()} == {str}
    assert to_json(models.AirWaybillDetails(status_number=models.StatusNumber(9))) == (
        '{"status_number":9}'
    )


def test_text_beyond_ascii_stands_as_it_is() -> None:
    """JSON is UTF-8 anyway."""
    assert to_json(models.Checkpoint(details="M\u00fcnchen")) == '{"Details":"M\u00fcnchen"}'


def test_times_are_iso_8601_again() -> None:
    """With the offset that they were read with; "Z" is that of UTC."""
    created = datetime(2019, 5, 17, 14, tzinfo=timezone(timedelta(hours=8)))
    tracking = replace(TRACKING, created_at=created, updated_at=datetime(2019, 5, 20, tzinfo=UTC))

    assert to_dict(tracking)["created_at"] == "2019-05-17T14:00:00+08:00"
    assert json.loads(to_json(tracking))["updated_at"] == "2019-05-20T00:00:00Z"


def test_names_and_times_of_python() -> None:
    """The attributes, nested like the model, with times as they are."""
    tracking = replace(TRACKING, signed_by="Doe", customer_email=["a@example.com"])
    plain = to_dict(tracking, by="python")

    assert plain["created_at"] is TRACKING.created_at
    assert (plain["signed_by"], plain["customer_email"]) == ("Doe", ["a@example.com"])
    assert plain["origin_info"]["track_info"][0]["status_description"] == "Departed from airport"
    assert "destination_info" not in plain
    assert {type(plain["status"]), type(plain["substatus"])} == {str}


@pytest.mark.parametrize("example", SUCCESSES, ids=str)
def test_either_form_has_the_same_values(example: Example) -> None:
    """The names of Python are those of the attributes; nothing else differs but the times."""
    model, _ = read(example.operation, example.value)

    assert leaves(to_dict(model, by="python")) == leaves(to_dict(model))


def leaves(node: Any) -> list[object]:
    """Return the values in plain data, with times as in JSON."""
    if isinstance(node, dict):
        return [leaf for child in node.values() for leaf in leaves(child)]
    if isinstance(node, list):
        return [leaf for child in node for leaf in leaves(child)]
    return [msgspec.to_builtins(node)]


def test_other_names_are_an_error() -> None:
    """A misspelt form is not taken for the default."""
    with pytest.raises(ValueError, match='"api" or "python"'):
        to_dict(TRACKING, by="wire")  # type: ignore[arg-type]  # on purpose
