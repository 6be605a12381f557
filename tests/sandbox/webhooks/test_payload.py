import hmac
import json
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from tests.sandbox.harness import schema_validator
from trackingmore_v2_api.models import TrackingEvent
from trackingmore_v2_api.webhooks import WebhookForm
from trackingmore_v2_sandbox.core import serializers
from trackingmore_v2_sandbox.core.tracking_state import observe
from trackingmore_v2_sandbox.store.models import TrackingRecord
from trackingmore_v2_sandbox.webhooks.payload import compose, corrupt, re_sign
from trackingmore_v2_sandbox.webhooks.retry_policy import ATTEMPTS, is_received, next_attempt_at
from website.contract import contract

EMAIL = "user@example.com"
KEYS = [
    "id",
    "tracking_number",
    "carrier_code",
    "status",
    "created_at",
    "updated_at",
    "customer_email",
    "title",
    "order_id",
    "customer_name",
    "original_country",
    "destination_country",
    "itemTimeLength",
    "service_code",
    "substatus",
    "origin_info",
    "destination_info",
    "lastEvent",
    "lastUpdateTime",
]
STATES = ["TRANSIT-1H-DELIVERED", "TRANSIT-1H-TO-DE-DELIVERED", "NOTFOUND-1H-EXCEPTION", "PENDING"]


def body_of(number: str = "SANDBOX-DELIVERED", form: WebhookForm = "now", **fields: Any) -> str:
    """Write what is sent of a tracking two hours after it was registered."""
    tracking = TrackingRecord("a", "china-ems", number, 1_559_100_000, **fields)
    moment = 1_559_107_200
    return compose(serializers.webhook_event(observe(tracking, moment)), EMAIL, moment, form)


@pytest.mark.behaviour("webhook.signature", "webhook.time")
@pytest.mark.parametrize(
    ("email", "text", "signature"),
    [
        (EMAIL, "1559112345", "989d6009ab459a7e7031a94b2254ecdf958d878b4a1c1dd188eb1928ee73587c"),
        (
            "service@example.org",
            "1524000000",
            "1de91a9bdafc2c314e5261acda2581c65c36f0e9ef176dbeb5a3517a21fd380f",
        ),
    ],
)
def test_the_worked_examples_are_signed_as_computed(email: str, text: str, signature: str) -> None:
    """The key is the e-mail address, the message is the time, the digits are lower case."""
    content = json.loads(compose({}, email, int(text)))

    assert content["verifyInfo"] == {"timeStr": int(text), "signature": signature}


@pytest.mark.behaviour("webhook.signature")
def test_the_example_of_the_contract_is_signed_as_we_sign() -> None:
    """Contract and sandbox agree about what a right signature is."""
    example = contract()["components"]["examples"]["TrackingUpdatedDelivered"]["value"]
    proof = example["verifyInfo"]

    assert json.loads(compose({}, EMAIL, proof["timeStr"]))["verifyInfo"] == proof


@pytest.mark.behaviour("webhook.forms")
@pytest.mark.parametrize("scenario", STATES)
def test_a_body_has_the_form_of_a_year(scenario: str) -> None:
    """As in the contract's examples; what differs in the form of 2019 is the type of the time."""
    now, in_2017, in_2019 = (
        json.loads(body_of(f"SANDBOX-{scenario}", form)) for form in ("now", "2017", "2019")
    )

    for content in (in_2017, in_2019):
        schema_validator("#/components/schemas/TrackingEvent").validate(content)
    assert in_2019.pop("verifyInfo").pop("timeStr") == str(now.pop("verifyInfo")["timeStr"])
    assert in_2019 == now
    changed = {"substatus", "destination_info"}
    assert {key for key in now["data"] if now["data"][key] != in_2017["data"].get(key)} <= changed
    assert in_2017["data"]["destination_info"].keys() >= {"weblink", "phone", "trackinfo"}
    assert "substatus" not in in_2017["data"]


@pytest.mark.behaviour("webhook.body")
@pytest.mark.parametrize("scenario", STATES)
def test_a_body_matches_the_contract(scenario: str) -> None:
    """The schema and the generated model."""
    body = body_of(f"SANDBOX-{scenario}", customer_email="buyer@example.com", title="Teapot")

    schema_validator("#/components/schemas/TrackingEvent").validate(json.loads(body))
    update = msgspec.json.decode(body, type=TrackingEvent)
    assert update.data.tracking_number == f"SANDBOX-{scenario}"
    assert update.data.customer_email == ["buyer@example.com"]
    assert update.verify_info
    assert update.verify_info.time_str == 1_559_107_200


@pytest.mark.behaviour("webhook.body", "webhook.meta")
def test_a_body_is_in_wire_order() -> None:
    """The keys are in the known order."""
    content = json.loads(body_of())

    assert list(content) == ["meta", "data", "verifyInfo"]
    assert content["meta"] == {"code": 200, "type": "Success", "message": "Success"}
    assert list(content["data"]) == KEYS
    assert "ReferenceNumber" not in content["data"]["origin_info"]


@pytest.mark.behaviour("webhook.body")
def test_a_body_is_written_as_php_writes_it() -> None:
    """Compact, in ASCII, with escaped slashes."""
    body = body_of(title="Tee/Kännchen", customer_name="O'Neil")

    assert body.isascii()
    assert '"title":"Tee\\/K\\u00e4nnchen"' in body
    assert '"weblink":"http:\\/\\/' in body
    assert ", " not in body.replace(json.loads(body)["data"]["lastEvent"], "")
    assert json.loads(body)["data"]["title"] == "Tee/Kännchen"


@pytest.mark.behaviour("webhook.body-unsigned")
def test_the_signature_does_not_cover_the_body() -> None:
    """Two bodies of the same time have the same signature."""
    one, other = body_of(), body_of("SANDBOX-EXCEPTION")

    assert json.loads(one)["data"] != json.loads(other)["data"]
    assert json.loads(one)["verifyInfo"] == json.loads(other)["verifyInfo"]


@pytest.mark.behaviour("webhook.new-signature")
@pytest.mark.parametrize(
    ("form", "time"), [("now", 1_600_000_000), ("2017", 1_600_000_000), ("2019", "1600000000")]
)
def test_a_body_can_be_signed_anew(form: WebhookForm, time: int | str) -> None:
    """Only time and signature change, whatever its form."""
    body = body_of(form=form, title="a/b")
    again = re_sign(body, "other@example.com", 1_600_000_000)
    proof = hmac.new(b"other@example.com", b"1600000000", sha256).hexdigest()

    assert json.loads(again)["verifyInfo"] == {"timeStr": time, "signature": proof}
    assert again.partition('"verifyInfo"')[0] == body.partition('"verifyInfo"')[0]
    assert re_sign(again, EMAIL, 1_559_107_200) == body


def test_a_truncated_body_is_invalid_json() -> None:
    """It ends in the middle."""
    body = body_of()
    cut = corrupt(body, "cut")

    assert body.startswith(cut)
    with pytest.raises(json.JSONDecodeError):
        json.loads(cut)


@pytest.mark.parametrize("scenario", ["DELIVERED", "EXCEPTION"])
def test_a_forged_status_has_a_valid_signature(scenario: str) -> None:
    """What a receiver must not believe: another status, under the signature of the account."""
    body = body_of(f"SANDBOX-{scenario}")
    true, forged = json.loads(body), json.loads(corrupt(body, "status"))

    assert forged["data"]["status"] != true["data"]["status"]
    assert forged["verifyInfo"] == true["verifyInfo"]
    forged["data"]["status"] = true["data"]["status"]
    assert forged == true


def test_a_wrong_signature_differs_everywhere() -> None:
    """It has the right form, and no digit in common with the valid one."""
    body = body_of()
    true, wrong = json.loads(body), json.loads(corrupt(body, "signature"))
    pairs = zip(true["verifyInfo"]["signature"], wrong["verifyInfo"]["signature"], strict=True)

    assert all(one != other for one, other in pairs)
    assert wrong["data"] == true["data"]
    assert set(wrong["verifyInfo"]["signature"]) <= set("0123456789abcdef")


@pytest.mark.behaviour("webhook.retries")
def test_the_schedule_is_the_published_one() -> None:
    """Fourteen attempts, each delay twice the one before, 245,730 seconds in all."""
    moments, at = [0], 0
    for attempt in range(1, ATTEMPTS):
        at = next_attempt_at(attempt, at, callback=True, attempts=ATTEMPTS) or 0
        moments.append(at)

    assert moments[:5] == [0, 30, 90, 210, 450]
    assert (len(moments), moments[-1]) == (14, 245_730)
    assert next_attempt_at(ATTEMPTS, at, callback=True, attempts=ATTEMPTS) is None


@pytest.mark.behaviour("webhook.one-attempt")
def test_without_callback_there_are_no_retries() -> None:
    """The provider expects no response."""
    assert next_attempt_at(1, 0, callback=False, attempts=ATTEMPTS) is None


@pytest.mark.behaviour("webhook.callback", "webhook.no-callback")
@pytest.mark.parametrize(
    ("status", "with_callback", "without"),
    [(200, True, True), (201, False, True), (204, False, True), (299, False, True)]
    + [(status, False, False) for status in (199, 300, 301, 307, 400, 404, 500)],
)
def test_receipt_is_as_documented(status: int, with_callback: bool, without: bool) -> None:  # noqa: FBT001 - columns of a table
    """With "Callback" only 200 counts as received; a redirect never does."""
    assert is_received(status, callback=True) is with_callback
    assert is_received(status, callback=False) is without
