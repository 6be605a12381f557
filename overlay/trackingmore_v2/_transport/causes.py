"""
Copies of the exceptions of the HTTP library, to be the causes of errors of this package.

The originals hold the request with the API key, in an attribute and in the frames of the traceback.
"""

import re
from collections.abc import Callable
from typing import Final, TypeAlias, cast

Redact: TypeAlias = Callable[[str], str]

_BYTES: Final = re.compile(r"""\s*:?\s*\b(?:bytearray\()?b['"].*""", re.DOTALL)
"""Bytes of a malformed response, quoted at the end of a message."""


def message_of(error: BaseException, redact: Redact) -> str:
    """Return the message of an exception without the bytes of the response that it quotes."""
    return _clean(str(error), redact) or type(error).__name__


def copy_of(
    error: BaseException, redact: Redact, handled: BaseException | None = None
) -> BaseException:
    """
    Return a copy of an exception and of those behind it: types and messages, and nothing else.

    Args:
        error: The exception.
        redact: Removes secrets from a text.
        handled: The exception that the caller was handling, which is not copied. Default: none.
    """
    copied = _new(error, redact)
    # httpcore2 raises some errors `from None`, so their cause is only the context.
    behind = error.__cause__ or error.__context__
    if behind and behind is not handled:
        copied.__cause__ = copy_of(behind, redact, handled)
    return copied


def _new(error: BaseException, redact: Redact) -> BaseException:
    if isinstance(error, BaseExceptionGroup):
        group = cast("BaseExceptionGroup[BaseException]", error)
        members = [copy_of(each, redact) for each in group.exceptions]
        return BaseExceptionGroup(_clean(group.message, redact), members)
    args = (each if isinstance(each, int) else _clean(str(each), redact) for each in error.args)
    try:
        copied = type(error)(*args)
    except Exception:  # noqa: BLE001 - a constructor may take other arguments
        return Exception(f"{type(error).__name__}: {message_of(error, redact)}")
    # Details such as `verify_code` of an `ssl.SSLError`, but not the request.
    for name, value in vars(error).items():
        if isinstance(value, str | int):
            setattr(copied, name, _clean(value, redact) if isinstance(value, str) else value)
    return copied


def _clean(text: str, redact: Redact) -> str:
    return redact(_BYTES.sub("", text))
