"""
Who may talk to the sandbox: nobody from another origin, and nobody by a name that is not ours.

A web page can make its visitor's browser call a server on the loopback interface, and by DNS
rebinding even under a name of the page's own. So every request must name a host that is ours, and
what changes the sandbox itself must come from no page but the sandbox's, and know its token.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from hmac import compare_digest
from ipaddress import ip_address
from typing import Final

TOKEN_HEADER: Final = "X-Sandbox-Token"  # noqa: S105 - a name, not a token

_OWN_SITES: Final = frozenset({"same-origin", "none"})
"""What a browser says of a request by our own page, and of one by its user."""


def is_host_allowed(
    hosts: Iterable[str], allowed: frozenset[str], server: str | None = None
) -> bool:
    """
    Tell whether a request names a host that is ours.

    Args:
        hosts: The values of the request's `Host` headers; there must be exactly one.
        allowed: Names that are ours besides those of the loopback interface, in lower case and
            without a port.
        server: The address that the request came to. It is ours too, as no name can be pointed
            at it that reads like it.
    """
    given = tuple(hosts)
    if len(given) != 1:
        return False
    return _is_ours(given[0], allowed) or (
        server is not None and host_name(given[0]) == server and _is_address(server)
    )


# Clients repeat themselves, and a stranger's inventions push one another out.
@lru_cache(maxsize=128)
def _is_ours(host: str, allowed: frozenset[str]) -> bool:
    name = host_name(host)
    return name == "localhost" or name in allowed or _is_loopback(name)


def host_name(host: str) -> str:
    """Give the name or address in a `Host` header: no port, no brackets, lower case."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower().removesuffix(".")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def is_own_origin(headers: Mapping[str, str]) -> bool:
    """
    Tell whether a request comes from no page of another origin.

    What comes from a program names no origin at all, and passes.

    Args:
        headers: The request's headers, by name in lower case.
    """
    if headers.get("sec-fetch-site", "none") not in _OWN_SITES:
        return False
    origin = headers.get("origin")
    return origin is None or origin.lower() == f"http://{headers.get('host', '').lower()}"


def knows_token(headers: Mapping[str, str], token: str) -> bool:
    """Tell whether a request carries the token, in a time that tells nothing about it."""
    given = headers.get(TOKEN_HEADER.lower(), "")
    return bool(token) and compare_digest(given.encode(), token.encode())
