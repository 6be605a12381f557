"""The account that owns the API key."""

from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.account import get_account


def get() -> PreparedCall[models.Account]:
    return PreparedCall(get_account.call(), lambda envelope: envelope.data)
