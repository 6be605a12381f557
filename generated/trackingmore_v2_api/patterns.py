# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""The contract's patterns of strings, compiled. Use `fullmatch`: `$` alone lets a newline pass."""

import re
from typing import Final

TRACKING_NUMBER: Final = re.compile("^[0-9A-Za-z_-]{5,}$")
"""A carrier's number for a parcel, at least five letters, digits, hyphens or underscores."""

CARRIER_CODE: Final = re.compile("^[0-9A-Za-z_-]+$")
"""A carrier's code, lower case in practice."""

AIR_WAYBILL_NUMBER: Final = re.compile("^[0-9]{3}[ -]?[0-9]{7,8}$")
"""
An air waybill number: the airline's three-digit prefix, then seven or eight digits, with a hyphen, a blank or nothing
between.
"""

LANGUAGE_CODE: Final = re.compile("^[A-Za-z]{2}$")
"""Two letters, sent in lower case. Seen: `en`, `cn` (Chinese), `tw` (traditional Chinese), `es`, `it`, `ru`; not always ISO 639."""

ORDER_ID_FILTER: Final = re.compile("^[^,]+$")
"""An order id without a comma."""
