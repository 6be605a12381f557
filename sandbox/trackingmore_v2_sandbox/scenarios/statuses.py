"""One word for status and substatus: `transit003` is of status `transit`, which says no more."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from trackingmore_v2_api import models

WORDS: Final[Mapping[str, tuple[str, str | None]]] = MappingProxyType(
    {
        **{status.value: (status.value, None) for status in models.TrackingStatus},
        **{word.value: (word.value.rstrip("0123456789"), word.value) for word in models.Substatus},
    }
)
"""Status and substatus by the word for both: all that the contract lists."""
