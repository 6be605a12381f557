"""Models as dicts and JSON, with the names of the API."""

import json

import msgspec
import pytest

from tests.generated.examples import SUCCESSES, Example, read, rewritten
from trackingmore_v2 import models
from trackingmore_v2.serialization import to_dict, to_json


@pytest.mark.parametrize(
    "example",
    [example for example in SUCCESSES if not read(example.operation, example.value)[1]],
    ids=str,
)
def test_a_model_is_serialized_like_the_response(example: Example) -> None:
    """A response comes back without its nulls, and decodes to the same model."""
    model, _ = read(example.operation, example.value)

    assert to_dict(model) == rewritten(example.value)
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
