"""The signature and the body of webhooks."""

import json
from typing import Any

import pytest

from trackingmore_v2_api.webhooks import WebhookForm, compose, sign
from website.contract import contract

EMAIL = "user@example.com"


@pytest.mark.parametrize(
    ("email", "time", "signature"),
    [
        (EMAIL, 1559112345, "989d6009ab459a7e7031a94b2254ecdf958d878b4a1c1dd188eb1928ee73587c"),
        (
            "service@example.org",
            1524000000,
            "1de91a9bdafc2c314e5261acda2581c65c36f0e9ef176dbeb5a3517a21fd380f",
        ),
    ],
)
def test_a_number_and_its_text_have_the_documented_signature(
    email: str, time: int, signature: str
) -> None:
    """The key is the e-mail address, the message is the time, the digits are lower case."""
    assert sign(email, time) == sign(email, str(time)) == signature


@pytest.mark.parametrize(
    ("form", "name"), [("now", "Delivered"), ("2017", "FormOf2017"), ("2019", "FormOf2019")]
)
def test_each_form_is_that_of_its_example(form: WebhookForm, name: str) -> None:
    """A current tracking gets the fields, in the order, and the type of the time of the form."""
    example = contract()["components"]["examples"][f"TrackingUpdated{name}"]["value"]
    tracking = _as_now(example["data"])
    time = int(example["verifyInfo"]["timeStr"])
    body = compose(tracking, EMAIL, time, form)

    assert json.dumps(body) == json.dumps(example)


def test_a_destination_leg_stays_in_every_form() -> None:
    """Only a missing one is replaced by nulls in the form of 2017."""
    leg = {"carrier_code": "czech-post"}

    assert compose({"destination_info": leg}, EMAIL, 1, "2017")["data"]["destination_info"] == leg


def test_composing_leaves_the_tracking_unchanged() -> None:
    """The caller may use it again."""
    tracking = {
        "substatus": None,
        "destination_info": None,
        "lastEvent": "a",
        "lastUpdateTime": "b",
    }
    before = dict(tracking)
    compose(tracking, EMAIL, 1, "2017")

    assert tracking == before


def _as_now(data: dict[str, Any]) -> dict[str, Any]:
    """Return the tracking of an example with the fields and the order of the current form."""
    order = contract()["components"]["examples"]["TrackingUpdatedDelivered"]["value"]["data"]
    tracking = {"substatus": "transit001", **data}
    if "destination_info" in data and data["destination_info"]["trackinfo"] is None:
        tracking["destination_info"] = []
    return {name: tracking[name] for name in order if name in tracking}
