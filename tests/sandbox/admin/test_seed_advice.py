"""What the errors of invalid seeds advise."""

import pytest

from tests.sandbox.harness import AdminClient, Api


@pytest.mark.parametrize(
    ("carrier_code", "tracking_number", "message"),
    [
        ("ups", "SANDBOX-DELIVERD", "'SANDBOX-DELIVERD' (did you mean DELIVERED?)"),
        ("ups", "SANDBOX-QQQ", "invalid scenario 'SANDBOX-QQQ'; expected a number"),
        ("upss", "SANDBOX-DELIVERED", "unknown carrier code 'upss' (did you mean ups?)"),
    ],
)
def test_the_error_of_a_misspelt_seed_suggests_what_is_meant(
    api: Api, carrier_code: str, tracking_number: str, message: str
) -> None:
    """As the hints on requests do."""
    tracking = {"carrier_code": carrier_code, "tracking_number": tracking_number}
    response = AdminClient(api).send("POST", "/seed", {"trackings": [tracking]})

    assert response.code == 422
    assert message in response.meta["message"]
