"""API keys that this process has read, which no message may contain."""

import os
import re
from typing import Final

from trackingmore_v2_cli import _variables

_KEY: Final = re.compile(r"[0-9A-Fa-f-]{20,}|[A-Za-z0-9_-]{32,}")
"""A UUID, or another long word; values of options are shorter, or have other characters."""

_SHOWN: Final = 4
"""Number of characters at the end of a key that are shown."""

_FINGERPRINT_BYTES: Final = 8

_known: Final[set[str]] = set()
"""
Keys of this process, which runs one command.

They are kept here since an error, of a library too, is reported when all else is gone.
"""


def remember(key: str) -> str:
    """Return a key, and remember that it is secret."""
    _known.add(key)
    return key


def redact(text: str) -> str:
    """Return a text with asterisks in place of each key, those of the environment included."""
    for key in filter(None, (*_known, os.environ.get(_variables.KEY))):
        text = text.replace(key, "***")
    return text


def looks_like_key(text: str) -> bool:
    """Return whether a word may be an API key."""
    return _KEY.fullmatch(text) is not None


def mask(key: str) -> str:
    """Return a key with all but its last characters hidden."""
    return f"****{key[-_SHOWN:]}" if len(key) >= 2 * _SHOWN else "****"


def fingerprint(*parts: str) -> str:
    """Return a short text that identifies texts, such as a key and a server, without them."""
    from hashlib import blake2b  # noqa: PLC0415 - slow to import

    content = "\0".join(parts).encode(errors="surrogateescape")
    return blake2b(content, digest_size=_FINGERPRINT_BYTES).hexdigest()
