"""Air waybill numbers: one form, and the check digit."""

from trackingmore_v2 import _validation


def normalize_air_waybill_number(text: str) -> str:
    """
    Check an air waybill number, and write it in the usual form, such as 172-28891936.

    A number is the airline's prefix, three digits, and a serial number of seven digits, followed by
    a check digit: those seven modulo 7. Seven digits alone are accepted as they are, as the API
    accepts them, though they cannot be checked.

    Args:
        text: The number; a hyphen, a blank or nothing after the prefix, and any blanks around it.

    Returns:
        Prefix, hyphen, and seven or eight digits.

    Raises:
        InvalidInput: It is no such number, or its check digit is wrong; `field` is `track_number`.

    Source: schema AirWaybillNumber; the check digit is IATA's.
    """
    return _validation.air_waybill_number(text)
