"""Connections to Redis. It needs the extra `redis`."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias, cast

from trackingmore_v2._config import checked_text
from trackingmore_v2._errors import ConfigurationError

try:
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry
except ImportError as missing:
    raise ImportError(
        "redis is not installed; run: python3 -m pip install 'trackingmore-v2[redis]'",
        name=missing.name,
    ) from missing

__all__ = ["Connect", "connector", "redis"]

Connect: TypeAlias = Callable[[], redis.Redis]
_Build: TypeAlias = Callable[..., redis.Redis]


def connector(url: object, timeout: float, *, is_text: bool) -> Connect:
    """
    Return a function that returns a client of a server.

    Args:
        url: URL of the server.
        timeout: Maximum time in seconds for a round trip.
        is_text: Whether responses are strings instead of bytes.

    Raises:
        ConfigurationError: The URL is invalid; it is not quoted, since it may contain a password.
    """
    options: dict[str, Any] = {
        "socket_timeout": timeout,
        "socket_connect_timeout": timeout,
        "decode_responses": is_text,
        "retry": Retry(NoBackoff(), 0),
    }
    # redis-py gives the options of a client no types.
    build = cast("_Build", redis.Redis.from_url)  # pyright: ignore[reportUnknownMemberType]
    connect = partial(build, checked_text("url", url), **options)
    try:
        connect()
    except ValueError:
        # The message of redis-py may contain the URL, with its password.
        raise ConfigurationError("url must be a redis://, rediss:// or unix:// URL") from None
    return connect
