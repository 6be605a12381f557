"""A webhook that was received."""

from datetime import datetime

from msgspec import Struct

from trackingmore_v2_api import Repair, models


class WebhookEvent(Struct, frozen=True, kw_only=True, gc=False):
    """
    A change of a tracking, as a webhook reports it.

    Nothing in it is authenticated: the signature of a webhook does not cover its body. `confirm()`
    reads the tracking from the API.
    """

    tracking: models.Tracking
    """The tracking, with the fields that a webhook has; the others are None."""

    sent_at: datetime | None
    """
    When the webhook was sent, in UTC; None if it does not say so.

    If the event is verified, the signer of this time knew the address of the account. Someone else
    may have written the rest of the webhook.
    """

    verified_email: str | None = None
    """The given `account_email` with which the time is signed; None if none was given."""

    is_stale: bool
    """
    Whether `sent_at` is more than 300 seconds before or after the time of parsing, or unknown.

    A stale webhook may be a copy that someone else sends again, or a late retry.
    """

    repairs: tuple[Repair, ...] = ()
    """Places where the body differed from the contract."""

    @property
    def is_verified(self) -> bool:
        """Whether `sent_at` is signed with an address of the account; a hint of the origin."""
        return self.verified_email is not None

    def __repr__(self) -> str:
        # Without the rest of the tracking, which contains personal data. Quoted, since anyone may
        # have sent it, and a line break could forge a line of a log.
        tracking = self.tracking
        shown = f"{tracking.carrier_code} {tracking.tracking_number}: {tracking.status.value}"
        return f"<{type(self).__name__} {shown!r}>"
