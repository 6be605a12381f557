# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""The contract's string patterns, compiled. Use `fullmatch`: `$` also matches before a newline."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

TRACKING_NUMBER: Final = re.compile("^[0-9A-Za-z_-]{5,}$")
"""A carrier's tracking number of five or more letters, digits, hyphens or underscores."""

CARRIER_CODE: Final = re.compile("^[0-9A-Za-z_-]+$")
"""A carrier's code; in practice lower case."""

AIR_WAYBILL_NUMBER: Final = re.compile("^[0-9]{3}[ -]?[0-9]{7,8}$")
"""
An air waybill number: the airline's three-digit prefix, then seven or eight digits, with a hyphen, a space or no separator
between.
"""

LANGUAGE_CODE: Final = re.compile("^[A-Za-z]{2}$")
"""Two letters, sent in lower case. Known values: `en`, `cn` (Chinese), `tw` (traditional Chinese), `es`, `it`, `ru`; not always ISO 639."""

ORDER_ID_FILTER: Final = re.compile("^[^,]+$")
"""An order id that contains no comma."""

ALLOWED: Final[Mapping[re.Pattern[str], str]] = MappingProxyType(
    {
        TRACKING_NUMBER: "at least five letters, digits, hyphens or underscores",
        CARRIER_CODE: "letters, digits, hyphens or underscores",
        AIR_WAYBILL_NUMBER: "a number like 172-28891936",
        LANGUAGE_CODE: "two letters",
        ORDER_ID_FILTER: "text without a comma",
    }
)
"""What each pattern allows, in words."""
