"""Bodies of webhooks for the tests of a receiver."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from tests.overlay.webhooks.bodies import EMAIL, FORMS, NOW, SENT
from tests.sandbox.harness import schema_validator
from trackingmore_v2 import ConfigurationError, InvalidInput, models
from trackingmore_v2.webhooks import WebhookForm, example, parse, sign


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("status", models.TrackingStatus)
def test_each_example_is_a_webhook_of_the_contract(
    status: models.TrackingStatus, form: WebhookForm
) -> None:
    """Signed now, of a tracking with the status; an empty array stands for an object."""
    body = json.loads(example(status, form))
    event = parse(body, account_email=EMAIL, max_age=60)
    if body["data"]["destination_info"] == []:
        body["data"]["destination_info"] = None
    schema_validator("#/components/schemas/TrackingEvent").validate(body)

    assert event.tracking.status is status
    assert not event.is_stale
    assert event.tracking.updated_at
    assert event.sent_at == event.tracking.updated_at + timedelta(seconds=1)
    assert example(status.value, form, sent_at=NOW) == example(status, form, sent_at=NOW)


def test_forms_differ_as_recorded() -> None:
    """In the type of the time, the empty leg, the order of two fields, and one that was absent."""
    now, old, text = (json.loads(example(form=form, sent_at=NOW)) for form in FORMS)

    assert [each["verifyInfo"]["timeStr"] for each in (now, old, text)] == [SENT, SENT, str(SENT)]
    assert now["data"] == text["data"]
    assert now["data"]["destination_info"] == []
    assert set(old["data"]["destination_info"].values()) == {None}
    assert list(now["data"])[-2:] == ["lastEvent", "lastUpdateTime"]
    assert list(old["data"])[-2:] == ["lastUpdateTime", "lastEvent"]
    assert now["data"].keys() - old["data"].keys() == {"substatus"}


def test_address_and_time_are_options() -> None:
    """Of any zone; the time is signed with the address."""
    sent = NOW.astimezone(timezone(timedelta(hours=8)))
    body = json.loads(example(account_email="a@example.com", sent_at=sent))

    assert body["verifyInfo"] == {"timeStr": SENT, "signature": sign("a@example.com", SENT)}
    assert body == json.loads(example(account_email="a@example.com", sent_at=NOW))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"status": "lost"}, InvalidInput, "status"),
        ({"status": 5}, InvalidInput, "status"),
        ({"form": "2018"}, ConfigurationError, "form must be one of now, 2017, 2019, not '2018'"),
        ({"form": ["now"]}, ConfigurationError, "form must be one of"),
        ({"account_email": ""}, ConfigurationError, "account_email must be a string that is not"),
        ({"account_email": None}, ConfigurationError, "account_email must be a string that is not"),
        ({"sent_at": SENT}, ConfigurationError, "sent_at must be a datetime with a time zone"),
        ({"sent_at": datetime.now()}, ConfigurationError, "sent_at must be a datetime with"),  # noqa: DTZ005 - that is the fault
    ],
)
def test_arguments_are_checked(
    options: dict[str, Any], error: type[Exception], message: str
) -> None:
    """An error says which one is wrong."""
    with pytest.raises(error, match=message):
        example(**options)
