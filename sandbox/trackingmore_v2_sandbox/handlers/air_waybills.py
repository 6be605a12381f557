"""Air cargo, by air waybill number."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from trackingmore_v2_api import models, patterns
from trackingmore_v2_sandbox.catalogue import read_data
from trackingmore_v2_sandbox.envelope import Data
from trackingmore_v2_sandbox.requests import (
    SandboxRequest,
    body_object,
    fit,
    non_empty_array,
    read_number,
    require_at_most,
)

_Entries: TypeAlias = Mapping[str, Mapping[str, object]]
_FILE: Final = read_data("air_waybills.json", dict[str, dict[str, dict[str, object]]])
_AIRLINES: Final[_Entries] = _FILE["airlines"]
"""By the number's prefix."""

_AIR_WAYBILLS: Final[_Entries] = _FILE["waybills"]
"""By the digits of the number."""


def track(request: SandboxRequest) -> Data:
    """Show air waybills, by their number as it was sent; repeated numbers collapse."""
    fields = body_object(request)
    asked = fields.get("track_number")
    numbers = [asked] if isinstance(asked, str | None) else non_empty_array(asked)
    require_at_most(request, len(numbers))
    checked = [read_number(number, patterns.AIR_WAYBILL_NUMBER) for number in numbers]
    fit(fields, models.AirWaybillQuery)
    return {number: _air_waybill(number) for number in checked}


def _air_waybill(number: str) -> dict[str, object]:
    """
    Show one air waybill.

    Assumed: of an unknown one, there is no `return_data`.
    """
    digits = number.replace("-", "").replace(" ", "")
    return {
        "track_number": number,
        "return_data": _AIR_WAYBILLS.get(digits),
        "airline_info": _AIRLINES.get(digits[:3]),
    }
