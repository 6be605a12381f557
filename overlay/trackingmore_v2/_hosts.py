"""Kinds of hosts: on this machine, in a private network, or any other."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

_LOCAL_DOMAINS: Final = (".internal", ".local", ".test")
_PRIVATE_NETWORKS: Final = tuple(
    map(
        ip_network,
        (
            *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
            *("169.254.0.0/16", "fe80::/10"),  # link-local
        ),
    )
)
# DNS allows labels of 1 to 63 characters.
_VALID: Final = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?", re.IGNORECASE)
# A last label that is a number makes the host an address: `134744072` is 8.8.8.8.
_NAME: Final = re.compile(r"(?:[a-z0-9_-]+\.)*(?!(?:\d+|0x[0-9a-f]*)\Z)[a-z0-9_-]+")


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine: `localhost`, `*.localhost`, `0.0.0.0`, 127.0.0.0/8."""
    address = _address(host)
    if address is None:
        # A name is not resolved, since its address may change before the request is sent.
        return host == "localhost" or (_is_name(host) and host.endswith(".localhost"))
    return address.is_loopback or address == IPv4Address(0)


def is_private(host: str) -> bool:
    """
    Return whether a host is in a private network, such as another container.

    It is if it has no dot, ends in `.internal`, `.local` or `.test`, or is a private address.
    """
    address = _address(host)
    if address is None:
        return _is_name(host) and ("." not in host or host.endswith(_LOCAL_DOMAINS))
    return any(address in network for network in _PRIVATE_NETWORKS)


def is_valid(host: str) -> bool:
    """Return whether a host is an address, or a name that DNS can contain."""
    return _address(host) is not None or _VALID.fullmatch(host) is not None


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_name(host: str) -> bool:
    return _NAME.fullmatch(host) is not None
