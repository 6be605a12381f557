"""Account details and remaining quota."""

from trackingmore_v2_sandbox.api.parsing import SandboxRequest
from trackingmore_v2_sandbox.http.envelope import Data


def get(request: SandboxRequest) -> Data:
    """
    Return the documented account with its current balance and remaining quota.

    Assumed: the telephone number is a string.
    """
    credit = request.credit
    return {
        "email": request.settings.email,
        "regtime": "1469097290",
        "phone": "+8612345678910",
        "money": credit.balance,
        "track_number": credit.left,
    }
