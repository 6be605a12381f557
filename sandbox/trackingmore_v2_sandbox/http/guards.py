"""
Guards against requests from foreign web pages: host, origin and token checks.

A web page can make its visitor's browser call a server on the loopback interface, with DNS
rebinding even under the page's own host name. So every request must name an allowed host, and admin
requests must carry the sandbox's token and must not come from a page of another origin.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hmac import compare_digest
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

TOKEN_HEADER: Final = "X-Sandbox-Token"  # noqa: S105 - a name, not a token

_NAME: Final = re.compile(r"[\w-]+(\.[\w-]+)*", re.ASCII)

_OWN_SITES: Final = frozenset({"same-origin", "none"})
"""`Sec-Fetch-Site` of requests by the sandbox's own page and by the user of the browser."""


def is_host_allowed(
    hosts: Iterable[str], allowed: frozenset[str], server: str | None = None
) -> bool:
    """
    Return whether a request names an allowed host.

    Args:
        hosts: The values of the request's `Host` headers; there must be exactly one.
        allowed: Host names allowed in addition to those of the loopback interface, in lower case
            and without a port.
        server: The address that the request was sent to. It is allowed if it is an IP address,
            since DNS rebinding needs a name. Default: None, unknown.
    """
    # Proxies differ in which of several `Host` headers they take.
    values = tuple(hosts)
    if len(values) != 1:
        return False
    return _is_known(values[0], allowed) or (
        server is not None and host_name(values[0]) == server and _address(server) is not None
    )


# Clients send the same host with every request; the bound limits what a hostile client can add.
@lru_cache(maxsize=128)
def _is_known(host: str, allowed: frozenset[str]) -> bool:
    name = host_name(host)
    address = _address(name)
    is_loopback = address is not None and address.is_loopback
    return name == "localhost" or name in allowed or is_loopback


def parse_host_name(text: str) -> str:
    """
    Return an allowed host name or address, as `host_name` returns that of a request.

    Raises:
        ValueError: The text is neither; a URL, a port and wildcards would never match.
    """
    name = text.lower().removesuffix(".")
    if not _NAME.fullmatch(name) and _address(name) is None:
        raise ValueError(
            f"{text!r} is not a host name; expected a name without scheme, port and wildcards, "
            "such as sandbox"
        )
    return name


def host_name(host: str) -> str:
    """Return the name or address in a `Host` header, in lower case, without port and brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower().removesuffix(".")


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None


def is_own_origin(headers: Mapping[str, str]) -> bool:
    """
    Return whether a request does not come from a page of another origin.

    Requests by programs have no `Origin` header and pass.

    Args:
        headers: The request's headers, by lower-case name.
    """
    # Browsers set this header, and pages cannot change it.
    if headers.get("sec-fetch-site", "none") not in _OWN_SITES:
        return False
    origin = headers.get("origin")
    return origin is None or origin.lower() == f"http://{headers.get('host', '').lower()}"


def is_token_valid(headers: Mapping[str, str], token: str) -> bool:
    """Return whether a request carries the token; an empty token is never accepted."""
    sent = headers.get(TOKEN_HEADER.lower(), "")
    # A comparison in constant time does not leak how many characters are right.
    return bool(token) and compare_digest(sent.encode(), token.encode())
