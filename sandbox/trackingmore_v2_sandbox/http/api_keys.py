"""API keys. Every UUID is a valid key with an account of its own."""

import re
from functools import lru_cache
from hashlib import sha256
from typing import Final

from trackingmore_v2_api import ApiCode
from trackingmore_v2_sandbox.http.envelope import Rejection

API_KEY: Final = re.compile("-".join(f"[0-9A-Fa-f]{{{size}}}" for size in (8, 4, 4, 4, 12)))
_KEY_HINT: Final = 4
"""Number of a key's last characters that are shown."""


def key_hint(key: str) -> str:
    """Return the last characters of a key, by which people recognize it."""
    return key[-_KEY_HINT:].lower()


@lru_cache(maxsize=256)
def account_of(key: str) -> str:
    """Return the account id of a key: the SHA-256 digest of the key in lower case."""
    return sha256(key.lower().encode()).hexdigest()


def authenticate(key: str | None) -> str:
    """
    Check an API key and return it in lower case.

    Only its digest and its last characters are stored.

    Assumed: the key is checked before anything else, and its case does not matter.

    Raises:
        Rejection: The key is missing or not a UUID.
    """
    if not key or not API_KEY.fullmatch(key):
        raise Rejection(ApiCode.INVALID_KEY)
    return key.lower()
