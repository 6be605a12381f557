"""API keys that this process has read, which no message may contain."""

import os
from typing import Final

_known: Final[set[str]] = set()


def remember(key: str) -> str:
    """Return a key, and remember that it is secret."""
    _known.add(key)
    return key


def redact(text: str) -> str:
    """Return a text with asterisks in place of each key, those of the environment included."""
    for key in filter(None, (*_known, os.environ.get("TRACKINGMORE_API_KEY"))):
        text = text.replace(key, "***")
    return text
