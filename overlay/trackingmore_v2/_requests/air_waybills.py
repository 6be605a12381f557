"""Air cargo tracking by air waybill number."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from trackingmore_v2 import _validation
from trackingmore_v2._batch.chunking import cut
from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.air_waybills import track_air_waybills

Waybills: TypeAlias = dict[str, models.AirWaybill]


def track(numbers: str | Iterable[str], lang: str | None) -> Iterator[PreparedCall[Waybills]]:
    requested = [numbers] if isinstance(numbers, str) else numbers
    _validation.several("track_number", requested)
    language = _validation.language(lang)
    chunks = cut(track_air_waybills.OPERATION, requested, _validation.air_waybill_number)
    queries = (models.AirWaybillQuery(track_number=chunk, lang=language) for chunk in chunks)
    return (
        PreparedCall(track_air_waybills.call(query), lambda envelope: envelope.data)
        for query in queries
    )
