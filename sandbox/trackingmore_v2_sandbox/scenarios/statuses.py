"""Status and substatus in one word: `transit003` has the status `transit`."""

from collections.abc import Mapping
from typing import Final

from trackingmore_v2_api import models

WORDS: Final[Mapping[str, tuple[str, str | None]]] = {
    **{status.value: (status.value, None) for status in models.TrackingStatus},
    **{word.value: (word.value.rstrip("0123456789"), word.value) for word in models.Substatus},
}
"""Status and substatus by word, for every status and substatus in the contract."""
