"""Carrier list and carrier detection."""

import re
from typing import Final

from msgspec import Struct

from trackingmore_v2_api import ApiCode, models, patterns
from trackingmore_v2_sandbox.api.parsing import SandboxRequest, convert, read_number
from trackingmore_v2_sandbox.core.quota import shortage_for_detection
from trackingmore_v2_sandbox.http.body import json_object
from trackingmore_v2_sandbox.http.envelope import Data, Rejection
from trackingmore_v2_sandbox.scenarios.reference_data import COUNTRIES, read_data

_LANGUAGES: Final = frozenset(models.CarrierLanguage)
_POSTAL: Final = re.compile(r"([A-Z])[A-Z][0-9]{9}([A-Z]{2})")
"""Number format of the Universal Postal Union's S10: service, serial number, country code."""


class NumberFormat(Struct, frozen=True):
    """A format of tracking numbers, and the carriers that use it, the most likely one first."""

    pattern: str
    carriers: tuple[str, ...]


_FORMS: Final = read_data("number_formats.json", tuple[NumberFormat, ...])
"""Common number formats. Assumed: the live API's own formats and their order are unknown."""


def list_all(request: SandboxRequest) -> Data:
    """
    Return all carriers.

    Assumed: names are English in every language, and an unknown language is rejected.
    """
    if request.headers.get("lang", "en") not in _LANGUAGES:
        raise Rejection(ApiCode.INVALID_REQUEST)
    return list(request.settings.carriers.by_code.values())


def detect(request: SandboxRequest) -> Data:
    """
    Return the carriers that a number may belong to.

    Assumed: only listed carriers are detected, only a successful detection is charged, and a failed
    one is rejected with 4032.
    """
    fields = json_object(request.body)
    number = read_number(fields.get("tracking_number"), patterns.TRACKING_NUMBER)
    convert(fields, models.DetectQuery)
    # Carriers print numbers in upper case, but users type them in either.
    listed = request.settings.carriers.by_code
    codes = [code for code in _guess(number.upper()) if code in listed]
    if not codes:
        raise Rejection(ApiCode.CARRIER_NOT_DETECTED)
    rejection = shortage_for_detection(request.credit)
    if rejection:
        raise rejection
    request.store.count_detection(request.account)
    return [{"name": listed[code]["name"], "code": code} for code in codes]


def _guess(number: str) -> tuple[str, ...]:
    postal = _POSTAL.fullmatch(number)
    if postal:
        return _guess_post(service=postal.group(1), country=postal.group(2))
    return next((each.carriers for each in _FORMS if re.fullmatch(each.pattern, number)), ())


def _guess_post(service: str, country: str) -> tuple[str, ...]:
    home = COUNTRIES.get(country)
    if home is None:
        return ()
    # S10 assigns E to EMS and L to express letters, which both go through the EMS operator.
    if service in "EL" and home.ems != home.post:
        return (home.ems, home.post)
    return (home.post,)
