"""
The checkpoint that a carrier reports for each status and substatus.

Assumed: the texts are the sandbox's own.
"""

from collections.abc import Mapping
from typing import Final

from trackingmore_v2_sandbox.scenarios.journey import JourneyCheckpoint
from trackingmore_v2_sandbox.scenarios.reference_data import Country
from trackingmore_v2_sandbox.scenarios.statuses import WORDS

_TEXTS: Final[Mapping[str, tuple[str, str | None]]] = {
    "notfound001": ("Shipment information received", None),
    "transit": ("In transit", None),
    "transit001": ("Accepted by carrier", "ItemReceived"),
    "transit002": ("Arrived at sorting centre", None),
    "transit003": ("Arrived at delivery office", "DestinationArrived"),
    "transit004": ("Arrived in destination country", "ArrivalfromAbroad"),
    "transit005": ("Customs cleared", "CustomsClearance"),
    "transit006": ("Dispatched abroad", "ItemDispatched"),
    "transit007": ("Departed from airport", "DepartfromAirport"),
    "pickup": ("Out for delivery", None),
    "pickup001": ("Out for delivery", None),
    "pickup002": ("Ready for collection", None),
    "pickup003": ("Customer contacted", None),
    "delivered": ("Delivered", None),
    "delivered001": ("Delivered", None),
    "delivered002": ("Collected by the customer", None),
    "delivered003": ("Signed by the customer", None),
    "delivered004": ("Left with a neighbour", None),
    "undelivered": ("Delivery attempted, nobody at home", None),
    "exception": ("Delivery exception", None),
    "exception004": ("Not collected in time", None),
    "exception005": ("Delivery exception", None),
    "exception006": ("Held by customs", None),
    "exception007": ("Damaged on the way", None),
    "exception008": ("Cancelled before delivery", None),
    "exception009": ("Refused by the customer", None),
    "exception010": ("Returned to sender", None),
    "exception011": ("On the way back to sender", None),
}
"""Text and milestone by state. The carrier reports no checkpoint for the other states."""

_AT_HUB: Final = frozenset(
    {"transit002", "transit004", "transit005", "transit006", "transit007", "exception006"}
)
"""States that occur in the country's first city, its hub, instead of a city of the customers."""


def has_checkpoint(word: str) -> bool:
    """Return whether a carrier reports a checkpoint for a status or substatus."""
    return word in _TEXTS


def checkpoint_at(
    word: str, *, at: int, country: Country, in_destination: bool, seed: int
) -> JourneyCheckpoint:
    """
    Return the checkpoint for a status or substatus.

    Args:
        word: The status or substatus.
        at: Time of the checkpoint, Unix seconds.
        country: Country of the checkpoint.
        in_destination: Whether the checkpoint belongs to the destination country's leg.
        seed: Selects the city.
    """
    text, milestone = _TEXTS[word]
    status, substatus = WORDS[word]
    cities = country.cities
    return JourneyCheckpoint(
        at=at,
        country=country,
        city=cities[0 if word in _AT_HUB else seed % len(cities)],
        text=text,
        status=status,
        substatus=substatus,
        milestone=milestone,
        in_destination=in_destination,
    )
