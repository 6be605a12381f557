"""The rate limit that all commands of a user share."""

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._folders import CACHE

if TYPE_CHECKING:
    from trackingmore_v2.limiters import RateLimiter

FILE_NAME: Final = "rate_limit.sqlite3"


def shared_limiter(url: str) -> "RateLimiter | None":
    """
    Return a rate limiter for a server, in a file of the user's cache folder.

    The API locks an account for two minutes that exceeds its limit, also with commands in a loop
    or side by side. Where the file cannot be used, each command keeps the limit for itself.

    Args:
        url: The server. One on this machine has no limit.
    """
    from trackingmore_v2_cli._profiles.choice import is_loopback  # noqa: PLC0415 - slow to import

    if is_loopback(url):
        return None
    from trackingmore_v2.limiters.sqlite import SqliteLimiter  # noqa: PLC0415 - slow to import

    try:
        file = CACHE.path() / FILE_NAME
    except CommandError:  # no home folder
        return None
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return SqliteLimiter(file, fallback_share=1.0)
