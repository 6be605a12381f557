"""Normalization and validation of air waybill numbers."""

from trackingmore_v2 import _validation


def normalize_air_waybill_number(text: str) -> str:
    """
    Validate an air waybill number and return it in normalized form, such as 172-28891936.

    A number consists of the three-digit airline prefix, a seven-digit serial number, and a check
    digit, which is the serial number modulo 7. Numbers without a check digit are accepted too, as
    the API accepts them; they cannot be validated further.

    Args:
        text: The number, with a hyphen, a space or nothing after the prefix. Surrounding spaces are
            removed.

    Returns:
        The prefix, a hyphen, and seven or eight digits.

    Raises:
        InvalidInput: The format or the check digit is invalid; `field` is `track_number`.

    Source: schema AirWaybillNumber; the check digit follows IATA's rule.
    """
    return _validation.air_waybill_number(text)
