"""The models of requests and responses: one class for each schema of the contract."""

from trackingmore_v2_api.models import *  # noqa: F403 - each of them is public
from trackingmore_v2_api.models import __all__  # noqa: F401 - the same names
