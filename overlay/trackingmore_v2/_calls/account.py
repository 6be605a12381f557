"""The account in a response, in either of its forms."""

from msgspec.structs import replace

from trackingmore_v2_api import models


def with_quota(account: models.Account) -> models.Account:
    """Return the account with `track_number`, taken from `plan` if the response has only that."""
    if account.track_number is None and account.plan:
        return replace(account, track_number=account.plan.remaining_order)
    return account
