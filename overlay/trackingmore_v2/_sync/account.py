# Derived from _async/account.py by codegen/derive_sync.py; do not edit.
"""The account that owns the API key."""

from msgspec.structs import replace

from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2._sync.resource import Resource
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.account import get_account


class AccountResource(Resource):
    """
    The account that owns the API key: `client.account`.

    Every method can raise the errors below, besides those in its own docstring.

    Raises:
        ApiError: The API returned an error.
        ContractBroken: The response cannot be parsed.
        TransportError: No response was received.
    """

    def get(self) -> models.Account:
        """
        Return the account and its remaining quota.

        Returns:
            The account. `track_number` is the number of trackings left, also if the API reports it
            in the newer field `plan`; `regtime` is the time of registration in Unix seconds, as a
            string.

        Source: operation getAccount.
        """
        prepared = PreparedCall(get_account.call(), lambda envelope: _with_quota(envelope.data))
        return self._run(prepared)


def _with_quota(account: models.Account) -> models.Account:
    """Return the account with `track_number`, taken from `plan` if the response has only that."""
    if account.track_number is None and account.plan:
        return replace(account, track_number=account.plan.remaining_order)
    return account
