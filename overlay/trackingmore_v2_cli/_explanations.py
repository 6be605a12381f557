"""The client's errors in the words of the command line."""

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from trackingmore_v2 import ApiError

_ERRNO: Final = re.compile(r"\[(Errno|WinError) -?\d+\] ")
_SERVER: Final = "Check --base-url or TRACKINGMORE_BASE_URL."
_CONNECTION: Final = "Check the connection, or the server in --base-url or TRACKINGMORE_BASE_URL."
_ADVICE: Final = {
    "MethodNotAllowed": _SERVER,
    "RouteNotFound": _SERVER,
    "TrackingExists": "To see it, run: trackingmore-v2 get.",
}
"""What to do about errors that those of many trackings have no advice for, by class name."""


def explain(error: BaseException, *, names_tracking: bool = True) -> str:
    """
    Return the message of an error, with advice for the command line instead of a program.

    Args:
        error: The error.
        names_tracking: Whether the message begins with the tracking, if it is about one.
            Default: True.
    """
    from trackingmore_v2 import ApiError, ConnectionFailed, InvalidInput  # noqa: PLC0415 - slow to import

    if isinstance(error, ApiError):
        text = _reason(error)
    elif isinstance(error, InvalidInput) and error.index is not None:
        text = f"{error.field} {error.reason}; it was not sent"  # its position is the program's
    elif type(error) is ConnectionFailed and not error.in_doubt:
        text = f"{without_errno(error.reason)}. {_CONNECTION}"
    else:
        return str(error).replace("account_email", "--email")
    name = ":".join(filter(None, (error.carrier_code, error.tracking_number)))
    return f"{name}: {text}" if name and names_tracking else text


def without_errno(text: str) -> str:
    """Return the message of an error of the system without its number."""
    return _ERRNO.sub("", text)


def _reason(error: "ApiError") -> str:
    """Return what the API says, without the operation, which `--verbose` shows."""
    text = str(error)
    if error.advice:
        text = text.replace(error.advice, _advice(error) or error.advice)
    _, _, reason = text.partition(f": {error.type}")
    if not error.type or not reason:
        return text
    code = f"HTTP {error.status}" if error.code is None else f"code {error.code}"
    return f"{error.type} ({code}){reason}"


def _advice(error: "ApiError") -> str:
    from trackingmore_v2_cli._batch import advice  # noqa: PLC0415 - for errors only

    kind = type(error).__name__
    return _ADVICE.get(kind) or advice(kind, error.carrier_code or "")
