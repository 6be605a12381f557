"""
The checkpoint that a carrier reports for each status and substatus.

Assumed: the texts are the sandbox's own.
"""

from typing import Final

from msgspec import Struct

from trackingmore_v2_sandbox.scenarios.journey import JourneyCheckpoint
from trackingmore_v2_sandbox.scenarios.reference_data import Country, read_table
from trackingmore_v2_sandbox.scenarios.statuses import WORDS


class CheckpointText(Struct, frozen=True):
    """What a carrier reports for a status or substatus."""

    word: str
    """The status or substatus."""

    text: str
    milestone: str | None = None
    at_hub: bool = False
    """Whether it occurs in the country's first city, its hub, and not in a customer's city."""


_TEXTS: Final = read_table("checkpoints.json", tuple[CheckpointText, ...], "word")
"""By state. The carrier reports no checkpoint for the other states."""


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
    reported = _TEXTS[word]
    status, substatus = WORDS[word]
    cities = country.cities
    return JourneyCheckpoint(
        at=at,
        country=country,
        city=cities[0 if reported.at_hub else seed % len(cities)],
        text=reported.text,
        status=status,
        substatus=substatus,
        milestone=reported.milestone,
        in_destination=in_destination,
    )
