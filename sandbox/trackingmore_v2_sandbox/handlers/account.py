"""Who the key belongs to, and what is left of its quota."""

from trackingmore_v2_sandbox import quota
from trackingmore_v2_sandbox.envelope import Data
from trackingmore_v2_sandbox.quota import Credit
from trackingmore_v2_sandbox.requests import SandboxRequest


def get(request: SandboxRequest) -> Data:
    """
    Give the documented account, with what is left of the quota.

    Assumed: the telephone number is a text.
    """
    credit = credit_of(request)
    return {
        "email": request.settings.email,
        "regtime": "1469097290",
        "phone": "+8612345678910",
        "money": credit.balance,
        "track_number": credit.left,
    }


def credit_of(request: SandboxRequest) -> Credit:
    """Tell what the account was given, and what it has used up by now."""
    used = request.store.usage(request.account)
    known = quota.credit_of(request.owner, request.settings.quota)
    return known._replace(trackings=used.trackings, detections=used.detections)
