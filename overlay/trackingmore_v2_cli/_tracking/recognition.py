"""
Air waybills, recognized by the form of their numbers.

GLS, Blue Dart, Aramex and others have parcel numbers of eleven digits too, and one of ten of these
has a valid check digit by chance. Only a separator after the airline's prefix is certain.
"""

import re
from typing import Final

from trackingmore_v2_cli._references import Reference

_CERTAIN: Final = re.compile(r"[0-9]{3}[- ][0-9]{7,8}")
_POSSIBLE: Final = re.compile(r"[0-9]{11}")


def is_air_waybill(reference: Reference) -> bool:
    """Return whether a number is that of an air waybill; one with a carrier is a parcel's."""
    return not reference.carrier and bool(_CERTAIN.fullmatch(reference.number))


def may_be_air_waybill(reference: Reference) -> bool:
    """Return whether a number can be that of an air waybill, and of a parcel as well."""
    if reference.carrier or not _POSSIBLE.fullmatch(reference.number):
        return False
    from trackingmore_v2 import InvalidInput  # noqa: PLC0415 - slow to import

    try:
        normalize(reference.number)
    except InvalidInput:
        return False
    return True


def normalize(number: str) -> str:
    """Return the number of an air waybill with its hyphen."""
    from trackingmore_v2.air_waybill_numbers import (  # noqa: PLC0415 - slow to import
        normalize_air_waybill_number,
    )

    return normalize_air_waybill_number(number)
