"""The requests of a failed test, for its report."""

from typing import Final

from trackingmore_v2_pytest.tenant import Tenant
from trackingmore_v2_sandbox.server.request_lines import request_line

MAX_LINES: Final = 20


def describe_requests(tenant: Tenant) -> str:
    """Return one line for each of the newest requests of an account; empty if there are none."""
    exchanges = tenant.log()
    lines = [request_line(each) for each in exchanges[-MAX_LINES:]]
    earlier = len(exchanges) - len(lines)
    return "\n".join([f"(earlier requests: {earlier})", *lines] if earlier else lines)
