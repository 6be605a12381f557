"""Who the key belongs to, and what is left of its quota."""

from trackingmore_v2_sandbox.api.parsing import SandboxRequest
from trackingmore_v2_sandbox.http.envelope import Data


def get(request: SandboxRequest) -> Data:
    """
    Give the documented account, with what is left of the quota.

    Assumed: the telephone number is a text.
    """
    credit = request.credit
    return {
        "email": request.settings.email,
        "regtime": "1469097290",
        "phone": "+8612345678910",
        "money": credit.balance,
        "track_number": credit.left,
    }
