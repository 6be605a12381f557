"""The models of requests and responses: one class for each schema of the contract, and one more."""

from trackingmore_v2_api import models as _models
from trackingmore_v2_api.models import *  # noqa: F403 - each of them is public
from trackingmore_v2_api.models import CreatedTracking

__all__ = ["AdoptedTracking"]
__all__ += _models.__all__


class AdoptedTracking(CreatedTracking, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """
    A tracking that an attempt without a response created, as far as can be determined.

    It was read afterwards: its fields equal those of the create, and it is not older. Fields that a
    read does not return, `logistics_channel` and `destination`, are None.
    """
