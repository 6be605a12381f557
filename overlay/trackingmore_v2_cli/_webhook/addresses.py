"""Where a server can be reached."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from ipaddress import ip_address
from typing import Final

_LOOPBACK: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
_ELSEWHERE: Final = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses of documentation, which no host has."""


def url_of(host: str, port: int) -> str:
    """Return the URL of a server on this machine, for a program on this machine."""
    host = _LOOPBACK.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def reach_of(host: str, port: int, own: Sequence[str]) -> str:
    """
    Return from where a server can be reached, as the end of a sentence.

    Args:
        host: The address that it listens on.
        port: Its port.
        own: Addresses of this machine in its networks.
    """
    if ip_address(host.partition("%")[0]).is_loopback:
        return "from this machine only"
    if host not in _LOOPBACK:
        return "from the networks of this address"
    if not own:
        return "from all networks of this machine"
    urls = ", ".join(url_of(address, port) for address in own)
    return f"and from its networks as {urls}"


def own_addresses() -> list[str]:
    """Return the addresses of this machine from which it reaches other networks."""
    return list(dict.fromkeys(_own_addresses()))


def _own_addresses() -> Iterator[str]:
    for family, elsewhere in _ELSEWHERE:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((elsewhere, 9))  # Sends nothing, but selects an address.
            yield probe.getsockname()[0]
