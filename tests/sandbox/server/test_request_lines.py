from tests.sandbox.harness import Api
from trackingmore_v2_sandbox.server.request_lines import request_line


def test_a_line_has_all_hints_without_values(api: Api) -> None:
    """The first one need not be the reason of the error: `curl -d` sends no JSON content type."""
    api.send(
        "POST",
        "/trackings/post",
        content=b'{"carrier_code": "ups", "tracking_number": "SANDBOX-DELIVERD"}',
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    (exchange,) = api.log.since(None, 0)
    line = request_line(exchange)

    assert line.startswith("POST /v2/trackings/post 200 4014 ")
    assert "header/Content-Type: expected application/json; body/tracking_number: " in line
    assert "did you mean DELIVERED?" in line
    assert "DELIVERD" not in line
