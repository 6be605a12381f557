"""The quota of the account is read from either form of the response."""

import json
from typing import Any

import pytest

from tests.overlay.stubs import Recorder, async_client_of, client_of

OLD = {"email": "user@example.com", "track_number": 41}


def response(data: dict[str, Any]) -> Recorder:
    """Return a server that reports the account."""
    return Recorder(json.dumps({"meta": {"code": 200}, "data": data}).encode())


@pytest.mark.parametrize(
    ("data", "left"),
    [
        (OLD, 41),
        ({"email": "user@example.com", "plan": {"remaining_order": 41}}, 41),
        ({**OLD, "plan": {"remaining_order": 5}}, 41),
        ({**OLD, "track_number": 0, "plan": {"remaining_order": 5}}, 0),
        ({**OLD, "track_number": None, "plan": {"remaining_order": "5"}}, "5"),
        ({"email": "user@example.com", "plan": []}, None),
        ({"email": "user@example.com"}, None),
    ],
)
async def test_the_quota_is_read_from_either_form(data: dict[str, Any], left: object) -> None:
    """The documented field comes first; without both, the quota is unknown."""
    account = client_of(response(data)).account.get()

    assert account.track_number == left
    assert account.email == "user@example.com"
    assert await async_client_of(response(data)).account.get() == account
