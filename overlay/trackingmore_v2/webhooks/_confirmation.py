"""The tracking of an event, as the API has it."""

from trackingmore_v2._async.client import AsyncTrackingMore
from trackingmore_v2._errors import ConfigurationError
from trackingmore_v2._scrubbing import scrubbed
from trackingmore_v2._sync.client import TrackingMore
from trackingmore_v2.webhooks._event import WebhookEvent
from trackingmore_v2_api import models


@scrubbed
def confirm(event: WebhookEvent, client: TrackingMore) -> models.Tracking:
    """
    Read the tracking of an event from the API, so that nothing in the webhook need be believed.

    Args:
        event: The event.
        client: A client of the account.

    Returns:
        The tracking as it is now, which may be newer than the event.

    Raises:
        ConfigurationError: `event` or `client` is of another type.
        InvalidInput: The number or the carrier has characters that none has; nothing was sent.
        InvalidCarrier: The API does not know the carrier, as after a forged webhook.
        InvalidTrackingNumber: The API rejects the number, as after a forged webhook.
        TrackingNotFound: The account has no such tracking, as after a forged webhook.
    """
    carrier, number = _pair(event, client, TrackingMore)
    return client.trackings.get(carrier, number)


@scrubbed
async def confirm_async(event: WebhookEvent, client: AsyncTrackingMore) -> models.Tracking:
    """
    Read the tracking of an event from the API as `confirm()` does.

    Args:
        event: The event.
        client: A client of the account.

    Returns:
        The tracking as it is now, which may be newer than the event.

    Raises:
        ConfigurationError: `event` or `client` is of another type.
        InvalidInput: The number or the carrier has characters that none has; nothing was sent.
        InvalidCarrier: The API does not know the carrier, as after a forged webhook.
        InvalidTrackingNumber: The API rejects the number, as after a forged webhook.
        TrackingNotFound: The account has no such tracking, as after a forged webhook.
    """
    carrier, number = _pair(event, client, AsyncTrackingMore)
    return await client.trackings.get(carrier, number)


def _pair(event: WebhookEvent, client: object, kind: type) -> tuple[str, str]:
    """Return the carrier and the number of an event, if it and the client are what they must be."""
    # No `InvalidInput`, which handlers suppress, as it stands for a forged webhook.
    for name, value, wanted in (("event", event, WebhookEvent), ("client", client, kind)):
        if not isinstance(value, wanted):
            given = type(value).__name__
            raise ConfigurationError(f"{name} must be of the type {wanted.__name__}, not {given}")
    return event.tracking.carrier_code, event.tracking.tracking_number
