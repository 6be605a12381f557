"""One frozen `Config`, built and checked in one place."""

import math
import os
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2._errors import ConfigurationError
from trackingmore_v2_api import BASE_URL, patterns

API_KEY_VARIABLE: Final = "TRACKINGMORE_API_KEY"
BASE_URL_VARIABLE: Final = "TRACKINGMORE_BASE_URL"
DEFAULT_TIMEOUT: Final = 30.0
"""Seconds."""

DEFAULT_RETRIES: Final = 2
DEFAULT_MAX_RESPONSE_SIZE: Final = 64 * 2**20
"""Bytes; some six times those of a page of 2,000 parcels, the largest answer there is."""


class ApiKey:
    """An API key that shows itself to nobody but who asks for `reveal()`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Give the key itself."""
        return self._value

    def redact(self, text: str) -> str:
        """Blot out the key in a text, such as a server's message that repeats it."""
        return text.replace(self._value, "***")

    def __repr__(self) -> str:
        return "ApiKey(***)"

    def __reduce__(self) -> str:
        raise TypeError("an API key is not to be pickled")


class Config(Struct, frozen=True, kw_only=True):
    """The settings of a client, all of them valid."""

    api_key: ApiKey
    base_url: str
    """Without a slash at its end."""

    host: str
    port: int
    path: str
    is_local: bool
    """Whether the base URL stays on this machine."""

    timeout: float
    """Seconds that each phase of a request may take: connecting, writing, reading, queueing."""

    deadline: float | None = None
    """Seconds that a call may take in all, with its waits and repeats; None for any number."""

    retries: int = DEFAULT_RETRIES
    """How often a call that failed in passing is repeated."""

    lang: str | None = None
    """Language of answers, where a verb is given none."""

    max_response_size: int = DEFAULT_MAX_RESPONSE_SIZE
    """Bytes of the largest answer that is read, both as it comes and decoded."""


def build_config(  # noqa: PLR0913 - each is a setting
    *,
    api_key: str | None,
    base_url: str | None,
    timeout: float,
    deadline: float | None = None,
    retries: int = DEFAULT_RETRIES,
    lang: str | None = None,
    max_response_size: int = DEFAULT_MAX_RESPONSE_SIZE,
    environment: Mapping[str, str] | None = None,
) -> Config:
    """
    Build the settings from arguments and, where those are None, from environment variables.

    Raises:
        ConfigurationError: A setting is missing or wrong. The message never holds the key.
    """
    variables = os.environ if environment is None else environment
    key = variables.get(API_KEY_VARIABLE) if api_key is None else api_key
    url = variables.get(BASE_URL_VARIABLE) or BASE_URL if base_url is None else base_url
    checked_url = _checked_url(url)
    parts = urlsplit(checked_url)
    return Config(
        api_key=ApiKey(_checked_key(key)),
        base_url=checked_url,
        host=parts.hostname or "",
        port=parts.port or (443 if parts.scheme == "https" else 80),
        path=parts.path,
        is_local=_is_loopback(parts),
        timeout=checked_positive("timeout", timeout),
        deadline=checked_deadline(deadline),
        retries=checked_retries(retries),
        lang=checked_lang(lang),
        max_response_size=checked_size(max_response_size),
    )


def _checked_key(key: object) -> str:
    if key is None or key == "":
        raise ConfigurationError(f"no API key: pass api_key= or set {API_KEY_VARIABLE}")
    if not isinstance(key, str):
        raise ConfigurationError(f"the API key must be a str, not {type(key).__name__}")
    for position, character in enumerate(key):
        if not "!" <= character <= "~":
            raise ConfigurationError(
                f"the API key is malformed: character {position} is not a visible ASCII character; "
                "check for blanks and line ends around it"
            )
    return key


def _checked_url(url: object) -> str:
    if not isinstance(url, str):
        raise ConfigurationError(f"the base URL must be a str, not {type(url).__name__}")
    if not all("!" <= character <= "~" for character in url):
        raise ConfigurationError(
            f"the base URL holds a blank or another unusual character: {url!r}"
        )
    try:
        parts = urlsplit(url)
        _ = parts.port  # reading it checks it
    except ValueError as error:
        raise ConfigurationError(f"the base URL cannot be read: {error}") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError(f"the base URL must start with https:// and name a host: {url!r}")
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError("the base URL must not hold a user name or password")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise ConfigurationError("the base URL must not hold a query or a fragment")
    if parts.scheme == "http" and not _is_loopback(parts):
        raise ConfigurationError(
            f"the base URL must use https, since the API key travels with each request: {url!r}; "
            "plain http is for loopback hosts only"
        )
    return url.rstrip("/")


def _is_loopback(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def checked_positive(name: str, value: object) -> float:
    """
    Check a number that must be finite and greater than 0.

    Raises:
        ConfigurationError: It is not.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigurationError(f"{name} must be a number, not {value!r}")
    if not math.isfinite(value) or value <= 0:
        raise ConfigurationError(f"{name} must be finite and greater than 0, not {value!r}")
    return float(value)


def checked_lang(value: object) -> str | None:
    """
    Check a language code, and put it in lower case as the API wants it.

    Raises:
        ConfigurationError: It is not two letters.
    """
    if value is None:
        return None
    if not isinstance(value, str) or not patterns.LANGUAGE_CODE.fullmatch(value):
        raise ConfigurationError(f"lang must be two letters, not {value!r}")
    return value.lower()


def checked_deadline(value: object) -> float | None:
    """
    Check a deadline; infinity, like None, stands for none.

    Raises:
        ConfigurationError: It is not a number of seconds greater than 0.
    """
    return None if value is None or value == math.inf else checked_positive("deadline", value)


def checked_retries(value: object) -> int:
    """
    Check a number of repeats.

    Raises:
        ConfigurationError: It is not a whole number from 0.
    """
    return _checked_whole("retries", value, least=0)


def checked_size(value: object) -> int:
    """
    Check a number of bytes.

    Raises:
        ConfigurationError: It is not a whole number from 1.
    """
    return _checked_whole("max_response_size", value, least=1)


def _checked_whole(name: str, value: object, *, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ConfigurationError(f"{name} must be a whole number from {least}, not {value!r}")
    return value


def changed_config(
    config: Config,
    *,
    timeout: float | None,
    deadline: float | None,
    retries: int | None,
    lang: str | None,
) -> Config:
    """
    Change what is given, and keep what is None.

    Raises:
        ConfigurationError: A setting is wrong.
    """
    return replace(
        config,
        timeout=config.timeout if timeout is None else checked_positive("timeout", timeout),
        deadline=config.deadline if deadline is None else checked_deadline(deadline),
        retries=config.retries if retries is None else checked_retries(retries),
        lang=config.lang if lang is None else checked_lang(lang),
    )
