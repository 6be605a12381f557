"""API keys: any UUID names an account."""

import re
from functools import lru_cache
from hashlib import sha256
from typing import Final

from trackingmore_v2_sandbox.http.envelope import ApiCode, Rejection

_API_KEY: Final = re.compile("-".join(f"[0-9A-Fa-f]{{{size}}}" for size in (8, 4, 4, 4, 12)))


_KEY_HINT: Final = 4
"""So many of a key's last characters are shown."""


def key_hint(key: str) -> str:
    """Give the characters by which people recognise a key."""
    return key[-_KEY_HINT:].lower()


@lru_cache(maxsize=256)
def account_of(key: str) -> str:
    """Give the digest under which the owner of a key is known."""
    return sha256(key.lower().encode()).hexdigest()


def authenticate(key: str | None) -> str:
    """
    Check a key, and give it in lower case: any UUID is an account of its own.

    Assumed: it is judged before anything else, and its case does not matter.

    Only its digest is ever stored, and a hint by which people recognise it.
    """
    if not key or not _API_KEY.fullmatch(key):
        raise Rejection(ApiCode.INVALID_KEY)
    return key.lower()
