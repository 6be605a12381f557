"""Who the key belongs to, and what is left of its quota."""

from typing import Final

from trackingmore_v2_sandbox.envelope import Data
from trackingmore_v2_sandbox.requests import SandboxRequest

DETECTIONS_PER_TRACKING: Final = 5
"""So many detections cost as much as one tracking."""


def get(request: SandboxRequest) -> Data:
    """Give the documented account, with what is left of the quota."""
    return {
        "email": request.settings.email,
        "regtime": "1469097290",
        "phone": "+8612345678910",
        "money": 999,
        "track_number": trackings_left(request),
    }


def trackings_left(request: SandboxRequest) -> int:
    """
    Count the trackings that the account may still create.

    Assumed: a tracking is charged when the first of five detections is made.
    """
    used = request.store.usage(request.account)
    return request.settings.quota - used.trackings - -(-used.detections // DETECTIONS_PER_TRACKING)
