"""Invalid scenario numbers, and what is meant by them."""

from collections.abc import Mapping

import pytest

from tests.sandbox.harness import PAIR, NewApi
from trackingmore_v2_sandbox import Settings
from trackingmore_v2_sandbox.scenarios.corrections import correction


@pytest.mark.parametrize(
    ("number", "meant"),
    [
        ("SANDBOX-DELIVERD", "DELIVERED"),
        ("sandbox-deliverd", "DELIVERED"),
        ("SANDBOX-TRANSIT-2DAYS-DELIVERED", "2D"),
        ("SANDBOX-FIAL-4031", "FAIL"),
        ("SANDBOX-TRANSIT-DELIVERED", "SANDBOX-TRANSIT-1D-DELIVERED"),
        ("SANDBOX-TRANST-1D-DELIVERD_LABEL", "SANDBOX-TRANSIT-1D-DELIVERED_LABEL"),
        ("SANDBOX-FAIL-4031-ON-CRAETE", "CREATE"),
    ],
)
def test_what_is_meant(number: str, meant: str) -> None:
    """One word if one is wrong, otherwise the whole number."""
    assert correction(number) == meant


@pytest.mark.parametrize(
    "number", ["SANDBOX-", "SANDBOX-FOO", "SANDBOX-FAIL-200", "SANDBOX-" + "DELIVERD-" * 30]
)
def test_no_guess_without_a_near_scenario(number: str) -> None:
    """Neither for what resembles none, nor for what is too long to compare."""
    assert correction(number) is None


@pytest.mark.parametrize(
    ("operation", "request_of", "place"),
    [
        ("createTracking", {"body": {**PAIR, "tracking_number": "SANDBOX-DELIVERD"}}, "body"),
        (
            "createTrackingBatch",
            {"body": [PAIR, {**PAIR, "tracking_number": "SANDBOX-DELIVERD"}]},
            "body/1",
        ),
        ("getTracking", {**PAIR, "tracking_number": "SANDBOX-DELIVERD"}, "path"),
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_a_misspelt_scenario_has_a_hint(
    new_api: NewApi, operation: str, request_of: Mapping[str, object], place: str, *, strict: bool
) -> None:
    """Wherever the number stands. In a batch only its item is rejected, in strict mode as well."""
    api = new_api(Settings(strict=strict))
    headers = {"Content-Type": "application/json"} if "body" in request_of else {}
    response = api.call(operation, headers=headers, **request_of)  # type: ignore[arg-type]  # of any operation

    assert response.code == (201 if place == "body/1" else 4014)
    assert response.headers["X-Sandbox-Hint"].startswith(
        f"{place}/tracking_number: expected a scenario, such as SANDBOX-TRANSIT-2D-DELIVERED "
        '(did you mean DELIVERED?), got "SANDBOX-DELIVERD" (see /_sandbox/openapi.yaml#'
    )
