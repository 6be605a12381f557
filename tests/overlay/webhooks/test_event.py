"""What an event and an error show, and that neither shows personal data."""

import copy
import json
import logging
import pickle
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from tests.overlay.leak_search import find_leaks
from tests.overlay.webhooks.bodies import EMAIL, NOW, SENT, signed, webhook
from trackingmore_v2 import TrackingMoreError
from trackingmore_v2.webhooks import WebhookError, WebhookErrorReason, WebhookEvent, example, parse

MARK: Final = "cnry7"
DATA: Final = {
    "title": f"{MARK} title",
    "customer_name": f"{MARK} name",
    "customer_email": f"{MARK}@example.com",
    "order_id": f"#{MARK}",
    "lastEvent": f"Delivered,{MARK},2026-03-01 12:00:00",
}
SECRET: Final = f"{MARK}@example.org"
"""The address of the account, which is the key of the signature."""


class Unreadable(Mapping[str, object]):
    """A mapping whose error contains what the mapping contains."""

    def __getitem__(self, key: str) -> object:
        raise LookupError(DATA)

    def __iter__(self) -> Iterator[str]:
        raise LookupError(DATA)

    def __len__(self) -> int:
        return len(DATA)


BROKEN: Final[dict[str, Any]] = {
    "malformed": {**webhook(**DATA), "data": [DATA]},
    "of another version": webhook(carrier_code=None, **DATA),
    "no JSON": f"<{MARK}>",
    "not UTF-8": f"<{MARK}>".encode() + b"\xff",
    "cut": json.dumps(webhook(**DATA))[:-9],
    "a lone surrogate": f"\ud800{MARK}",
    "an unreadable mapping": Unreadable(),
    "a mapping in it": {"data": Unreadable()},
    "an object in it": {"data": {**DATA, "x": object()}},
    "too large": f'{{"{MARK}":"' + "x" * 2**20,
    "compressed": b"\x1f\x8b" + MARK.encode(),
    "unsigned": webhook({"timeStr": MARK, "signature": ""}, **DATA),
    "another signature": webhook({"timeStr": MARK, "signature": MARK}, **DATA),
    "stale": webhook(signed(SENT - 301), **DATA),
    "without a time": webhook(signed(MARK), **DATA),
}


@pytest.mark.parametrize(
    "headers",
    [None, {"Content-Encoding": "gzip"}, {"Content-Encoding": MARK}, Unreadable(), MARK],
    ids=range(5),
)
@pytest.mark.parametrize("kind", BROKEN)
def test_no_error_shows_anything_of_the_body(
    kind: str, headers: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor of the headers or the address: in its text, its arguments, its frames or the log."""
    caplog.set_level(logging.DEBUG)
    emails = [EMAIL, SECRET] if kind in {"stale", "without a time"} else [SECRET]
    with pytest.raises(WebhookError) as caught:
        parse(BROKEN[kind], account_email=emails, max_age=300, now=NOW, headers=headers)

    assert find_leaks(caught.value, [MARK]) == []
    assert MARK not in caplog.text


def test_each_reason_is_among_them() -> None:
    """So that no error is left out."""
    found = set[WebhookErrorReason]()
    for body in BROKEN.values():
        with pytest.raises(WebhookError) as caught:
            parse(body, account_email=EMAIL, max_age=300, now=NOW)
        found.add(caught.value.reason)

    assert found == set(WebhookErrorReason)


def test_an_error_of_another_argument_does_not_show_the_address() -> None:
    """Nor the body."""
    body = webhook(**DATA)
    faults: list[dict[str, Any]] = [
        {"account_email": f" {SECRET}"},
        {"account_email": SECRET, "now": 5},
    ]
    for options in faults:
        with pytest.raises(TrackingMoreError) as caught:
            parse(body, **options)
        assert find_leaks(caught.value, [MARK]) == []
    with pytest.raises(TrackingMoreError) as caught:
        example(account_email=SECRET, form="2018")  # type: ignore[arg-type]  # that is the fault
    assert find_leaks(caught.value, [MARK]) == []


def test_an_event_shows_which_tracking_it_is_about() -> None:
    """And its status, and nothing personal; nor do its repairs."""
    body = webhook(signed(SENT), **DATA, updated_at=MARK, origin_info=[MARK])
    event = parse(body, account_email=[SECRET, EMAIL])

    assert repr(event) == "<WebhookEvent 'china-ems LK664578623CN: delivered'>"
    assert f"{event}" == str(event) == repr(event)
    assert event.tracking.title == f"{MARK} title"
    assert [each.path for each in event.repairs] == ["$.data.updated_at", "$.data.origin_info"]
    assert MARK not in repr(event.repairs)


def test_what_an_event_shows_is_one_line() -> None:
    """Anyone may send a webhook, and a line break would forge a line of a log."""
    event = parse(webhook(tracking_number="1\r\nINFO paid", status="\u2028\x1b[2J"))

    assert len(repr(event).splitlines()) == 1
    assert repr(event).isprintable()


def test_an_event_survives_pickling() -> None:
    """Such as on its way to a worker."""
    event = parse(webhook(**DATA, substatus=5), account_email=EMAIL)

    assert event.repairs
    assert pickle.loads(pickle.dumps(event)) == event  # noqa: S301 - our own
    assert copy.deepcopy(event) == copy.copy(event) == event
    assert isinstance(event, WebhookEvent)


def test_an_error_is_data() -> None:
    """Callers need not parse its text, and a copy is like it."""
    with pytest.raises(ValueError, match="the webhook is not accepted") as caught:
        parse(b"")
    assert isinstance(caught.value, TrackingMoreError)
    error: Any = caught.value
    for each in (copy.copy(error), pickle.loads(pickle.dumps(error))):  # noqa: S301 - our own
        assert (each.reason, each.detail) == (WebhookErrorReason.MALFORMED, error.detail)
        assert str(each) == f"the webhook is not accepted (malformed): {error.detail}"
