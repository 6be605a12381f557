"""The sentence that reports an error of the client, in the terms of the command."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from trackingmore_v2_cli._statuses import by_class

if TYPE_CHECKING:
    from trackingmore_v2 import ApiError, TrackingMoreError

_ERRNO: Final = re.compile(r"\[(Errno|WinError) -?\d+\] ")
_CONFIG: Final = "For the server in force, run: trackingmore-v2 config."
_ADVICE: Final[Mapping[str, str]] = {
    "AccessDenied": "Ask the provider to activate the feature for this account.",
    "BatchTooLarge": "Pass fewer at once.",
    "CarrierNotDetected": "Pass the carrier, as CARRIER:NUMBER.",
    "InvalidCarrier": "For the codes, run: trackingmore-v2 carriers.",
    "InvalidKey": "To store another one, run: trackingmore-v2 login.",
    "MethodNotAllowed": _CONFIG,
    "QuotaExhausted": "For what is left, run: trackingmore-v2 account.",
    "RateLimited": "Retry later.",
    "RouteNotFound": _CONFIG,
    "ServerFailed": "Retry later.",
    "TrackingExists": "To show it, run: trackingmore-v2 get {tracking}",
    "TrackingNotFound": "For those of the account, run: trackingmore-v2 list.",
}
"""What to do about an error of the API, by the name of its class."""

_FIELDS: Final[Mapping[str, str]] = {
    "tracking_number": "the tracking number",
    "track_number": "the number of an air waybill",
    "carrier_code": "the carrier",
    "tracking_postal_code": "--postal-code",
    "tracking_ship_date": "--ship-date",
    "tracking_account_number": "--account-number",
    "tracking_destination_country": "--country",
    "special_number_destination": "--country",
}
"""What a user knows a field of the client by. Most options have the names of their fields."""


def sentence_of(error: BaseException) -> str:
    """Return what is wrong, and what to do; for an error of this project."""
    return by_class(SENTENCES, type(error), str)(error)


def advice_on(kind: str, carrier: str | None, tracking: str = "CARRIER:NUMBER") -> str:
    """
    Return what to do about an error of the API; empty if there is no advice.

    Args:
        kind: The name of the error class.
        carrier: The carrier code of the tracking that it is about.
        tracking: This tracking, as the user may name it. Default: none in particular.
    """
    advice = _ADVICE.get(kind, "").format(tracking=tracking)
    if kind != "InvalidCarrier" or not carrier:
        return advice
    from trackingmore_v2_cli._carrier_cache import suggest_carrier  # noqa: PLC0415 - for errors only

    return advice + suggest_carrier(carrier)


def input_sentence(field: str, reason: str) -> str:
    """Return why an input is invalid, with the option that the user knows its field by."""
    return f"{_FIELDS.get(field) or option_of_field(field)} {reason}"


def missing_sentence(tracking: str) -> str:
    """Return that the account does not have a tracking, and what to do."""
    return (
        f"the account has no tracking {tracking}; for those it has, run: trackingmore-v2 list; to "
        f"create it, run: trackingmore-v2 create {tracking}"
    )


def option_of_field(field: str) -> str:
    """Return the option that sets a field of a tracking, or the field itself if none does."""
    from trackingmore_v2_cli._details import CREATE_DETAILS  # noqa: PLC0415 - for errors only

    return f"--{field.replace('_', '-')}" if field in CREATE_DETAILS else field.replace("_", " ")


def _api_error(error: "ApiError") -> str:
    code = f"code {error.code}" if error.code is not None else f"HTTP {error.status}"
    tracking = _tracking_of(error)
    kind = type(error).__name__
    is_uncertain = error.in_doubt and error.call.operation.retry != "safe"
    parts = (
        f"{_prefix(error)}the API responded with {code}: {error.message or error.type}",
        "It may have been carried out" if is_uncertain else "",
        "" if error.retry_after is None else f"Wait {error.retry_after:.10g} s",
        advice_on(kind, error.carrier_code, tracking) if error.retry_after is None else "",
    )
    return ". ".join(part.rstrip(": .") for part in parts if part)


def _not_found(error: "ApiError") -> str:
    return missing_sentence(_tracking_of(error) or "CARRIER:NUMBER")


def _transport_error(error: Any) -> str:  # noqa: ANN401 - of the client, which is slow to import
    if not error.in_doubt:
        outcome = "; nothing was sent"
    elif error.call.operation.retry == "safe":
        outcome = ""
    else:
        outcome = "; it may have been carried out"
    return f"{_prefix(error)}{without_errno(error.reason)}{outcome}"


def _no_connection(error: Any) -> str:  # noqa: ANN401 - likewise
    return f"{_transport_error(error)}; check the connection. {_CONFIG}"


def without_errno(text: str) -> str:
    """Return the message of an error of the system without its number."""
    return _ERRNO.sub("", text)


def _with_option(error: Any) -> str:  # noqa: ANN401 - likewise
    return str(error).replace("account_email", "--email")


def _unreadable(error: Any) -> str:  # noqa: ANN401 - likewise
    size = f"HTTP {error.status}, {len(error.body):,} bytes"
    return f"{_prefix(error)}the response cannot be used ({size}): {error.reason}"


def _invalid_input(error: Any) -> str:  # noqa: ANN401 - likewise
    # An index counts what was sent, which the user may have named in another order.
    return f"{_prefix(error)}{input_sentence(error.field, error.reason)}; nothing was sent"


def _journal_in_use(error: Any) -> str:  # noqa: ANN401 - likewise
    return (
        f"the journal {error.journal} is in use by process {error.pid} on {error.host}; wait for "
        "it, or pass another --journal"
    )


def _prefix(error: "TrackingMoreError") -> str:
    tracking = _tracking_of(error)
    return f"{tracking}: " if tracking else ""


def _tracking_of(error: "TrackingMoreError") -> str:
    return ":".join(filter(None, (error.carrier_code, error.tracking_number)))


SENTENCES: Final[Mapping[str, Callable[[Any], str]]] = {
    "ApiError": _api_error,
    "ConfigurationError": _with_option,
    "ConnectionFailed": _no_connection,
    "ContractBroken": _unreadable,
    "InvalidCertificate": _transport_error,
    "InvalidInput": _invalid_input,
    "JournalInUse": _journal_in_use,
    "TrackingNotFound": _not_found,
    "TransportError": _transport_error,
    "WebhookError": _with_option,
}
"""By name of the error class, for its subclasses as well. Others speak for themselves."""
