"""The settings of a client: defaults, environment variables and validation."""

import math
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from typing import Any, Final, TypeVar
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2 import _hosts
from trackingmore_v2._errors import ConfigurationError
from trackingmore_v2_api import BASE_URL, patterns

FunctionT = TypeVar("FunctionT")
OptionT = TypeVar("OptionT")

API_KEY_VARIABLE: Final = "TRACKINGMORE_API_KEY"
BASE_URL_VARIABLE: Final = "TRACKINGMORE_BASE_URL"
DEFAULT_TIMEOUT: Final = 30.0
"""Seconds for each phase of a request."""

DEFAULT_RETRIES: Final = 2
DEFAULT_MAX_RESPONSE_SIZE: Final = 64 * 2**20
"""Bytes; about six times the size of a page of 2,000 trackings, the largest documented response."""


class ApiKey:
    """An API key that is hidden from repr, str, logs and pickles; `reveal()` returns it."""

    # Without a `__dict__`, `vars()` cannot show the key either.
    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the key."""
        return self._value

    def digest(self) -> str:
        """Return a name of the account that does not reveal the key, for shared limiters."""
        return sha256(b"trackingmore-v2 limiter " + self._value.encode()).hexdigest()[:32]

    def redact(self, text: str) -> str:
        """Return a text with the key replaced by asterisks."""
        return text.replace(self._value, "***")

    def __repr__(self) -> str:
        return "ApiKey(***)"

    def __reduce__(self) -> str:
        raise TypeError("cannot pickle an ApiKey, since the pickle would contain the key")


class Config(Struct, frozen=True, kw_only=True):
    """The validated settings of a client."""

    api_key: ApiKey
    base_url: str
    """Without a trailing slash."""

    scheme: str
    host: str
    port: int
    path: str
    is_local: bool
    """Whether the host is a loopback host."""

    timeout: float = DEFAULT_TIMEOUT
    """Seconds for each phase of a request: connect, write and read."""

    deadline: float | None = None
    """Seconds for a whole call, with its delays and retries; None for no limit."""

    retries: int = DEFAULT_RETRIES
    """Maximum number of retries of a call."""

    lang: str | None = None
    """Default language of responses; None for the API's default."""

    max_response_size: int = DEFAULT_MAX_RESPONSE_SIZE
    """Maximum size of a response in bytes, as received and decompressed."""

    sandbox_only: bool = False
    """Whether calls are sent to sandboxes only."""


def build_config(
    *,
    api_key: str | None,
    base_url: str | None,
    environment: Mapping[str, str] | None = None,
    **settings: object,
) -> Config:
    """
    Build the settings from arguments, with environment variables for those that are missing.

    Args:
        api_key: The API key. Default: the environment variable.
        base_url: The base URL. Default: the environment variable, or else the live API.
        environment: The environment variables. Default: those of the process.
        **settings: Other fields of `Config`. Default: their defaults.

    Raises:
        ConfigurationError: A setting is missing or invalid. The message never contains the key.
    """
    variables = os.environ if environment is None else environment
    key = variables.get(API_KEY_VARIABLE) if api_key is None else api_key
    url = variables.get(BASE_URL_VARIABLE) or BASE_URL if base_url is None else base_url
    parts = _parse_url(url)
    host = parts.hostname or ""
    config = Config(
        api_key=ApiKey(_checked_key(key)),
        base_url=url.rstrip("/"),
        scheme=parts.scheme,
        host=host,
        port=parts.port or (443 if parts.scheme == "https" else 80),
        path=parts.path.rstrip("/"),
        is_local=_hosts.is_loopback(host),
        **_checked(settings),
    )
    _require_secure(config)
    return config


def changed_config(config: Config, **settings: object) -> Config:
    """
    Return a copy of the settings with new values; an argument of `None` changes nothing.

    Raises:
        ConfigurationError: A setting is invalid.
    """
    given = {name: value for name, value in settings.items() if value is not None}
    return replace(config, **_checked(given))


def _checked_key(key: object) -> str:
    if key is None or key == "":
        raise ConfigurationError(f"missing API key; pass api_key= or set {API_KEY_VARIABLE}")
    if not isinstance(key, str):
        raise ConfigurationError(f"api_key must be a str, not {type(key).__name__}")
    _require_visible("API key", key)
    return key


def _parse_url(url: object) -> SplitResult:
    if not isinstance(url, str):
        raise ConfigurationError(f"base_url must be a str, not {type(url).__name__}")
    _require_visible("base URL", url)
    try:
        parts = urlsplit(url)
        _ = parts.port  # the property validates the port
    except ValueError:
        # Python's message quotes the port, which may be part of a password.
        raise ConfigurationError(
            f"invalid base URL: its host or port is invalid; expected a URL such as {BASE_URL}"
        ) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError(
            f"invalid base URL: scheme {parts.scheme!r}, host {parts.hostname or ''!r}; expected a "
            f"URL such as {BASE_URL}"
        )
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError(
            "invalid base URL: it contains a user name or password; remove them, since the API "
            "key is the only credential"
        )
    # `urlsplit()` ignores an empty query, but paths are appended to the URL as it is.
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise ConfigurationError(
            "invalid base URL: it contains a query or a fragment; remove everything from ? or #"
        )
    if not _hosts.is_valid(parts.hostname):
        raise ConfigurationError(
            "invalid base URL: its host is invalid; each part needs 1 to 63 letters, digits or "
            f"hyphens, as in {BASE_URL}"
        )
    return parts


def _require_secure(config: Config) -> None:
    """Raise an error if the server would receive the API key without encryption."""
    is_private = config.sandbox_only and _hosts.is_private(config.host)
    if config.scheme == "https" or config.is_local or is_private:
        return
    sandboxes = "" if config.sandbox_only else "; sandbox_only=True also allows private networks"
    raise ConfigurationError(
        f"insecure base URL {config.base_url!r}: each request contains the API key; use https://, "
        f"or a loopback host such as localhost or 127.0.0.1{sandboxes}"
    )


def _require_visible(name: str, text: str) -> None:
    for position, character in enumerate(text):
        # The message leaves out the text: a key, or a URL that may contain a password.
        if not "!" <= character <= "~":
            raise ConfigurationError(
                f"invalid {name}: the character at index {position} is not visible ASCII; check "
                "for spaces and line breaks"
            )


def checked_positive(name: str, value: object) -> float:
    """
    Return a number as a float, and check that it is finite and greater than 0.

    Raises:
        ConfigurationError: The value is not such a number.
    """
    # `bool` is a subclass of `int`, and `timeout=True` is a mistake.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigurationError(f"{name} must be a number, not {value!r}")
    if not 0 < value <= sys.float_info.max:
        raise ConfigurationError(f"{name} must be finite and greater than 0, not {value!r}")
    return float(value)


def checked_text(name: str, value: object) -> str:
    """
    Return a string, and check that it is not empty.

    Raises:
        ConfigurationError: The value is anything else; it is not quoted, since it may be secret.
    """
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"{name} must be a string that is not empty")
    return value


def checked_flag(name: str, value: object) -> bool:
    """
    Return a value, and check that it is True or False.

    Raises:
        ConfigurationError: The value is anything else.
    """
    if not isinstance(value, bool):
        raise ConfigurationError(f"{name} must be True or False, not {value!r}")
    return value


def checked_function(name: str, value: FunctionT) -> FunctionT:
    """
    Return a function, or another object that can be called, and check that it can.

    Raises:
        ConfigurationError: It cannot be called.
    """
    if not callable(value):
        raise ConfigurationError(f"{name} must be a function, not {value!r}")
    return value


def checked_option(name: str, value: OptionT | None, kind: type[OptionT]) -> OptionT | None:
    """
    Return an optional object, and check its type.

    Raises:
        ConfigurationError: The value is neither None nor of the given type.
    """
    # A class has the methods of a protocol, but is no instance.
    if value is None or (isinstance(value, kind) and not isinstance(value, type)):
        return value
    # The module distinguishes, for example, the clients of httpx and httpx2.
    given = type(value)
    raise ConfigurationError(
        f"{name} must be of the type {kind.__module__}.{kind.__qualname__}, not "
        f"{given.__module__}.{given.__qualname__}"
    )


def checked_integer(name: str, value: object, *, minimum: int = 0) -> int:
    """
    Return an integer, and check that it is not below the minimum.

    Raises:
        ConfigurationError: The value is not such an integer.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < minimum:
        raise ConfigurationError(f"{name} must be an integer of at least {minimum}, not {value!r}")
    return value


def _checked_lang(name: str, value: object) -> str | None:
    """Return a language code in lower case, as the API requires it."""
    if value is None:
        return None
    if not isinstance(value, str) or not patterns.LANGUAGE_CODE.fullmatch(value):
        raise ConfigurationError(f"{name} must be a two-letter code such as 'en', not {value!r}")
    return value.lower()


def _checked_deadline(name: str, value: object) -> float | None:
    """Return a deadline in seconds; infinity means no limit, as None does."""
    # In `with_options()`, None means unchanged, so "no limit" needs another value.
    return None if value is None or value == math.inf else checked_positive(name, value)


_CHECKS: Final[Mapping[str, Callable[[str, object], object]]] = {
    "timeout": checked_positive,
    "deadline": _checked_deadline,
    "retries": checked_integer,
    "lang": _checked_lang,
    "max_response_size": partial(checked_integer, minimum=1),
    "sandbox_only": checked_flag,
}


def _checked(settings: Mapping[str, object]) -> dict[str, Any]:
    return {name: _CHECKS[name](name, value) for name, value in settings.items()}
