"""
Where webhooks may go: to this machine, and elsewhere only where that was allowed.

A server that calls whatever address it is given can be used to reach what its user cannot: the
metadata service of a cloud, or a router. So an address is read strictly when it is registered, its
name is looked up when something is sent, and the connection goes to the very address that was
judged then. Nobody can put another one in its place in between.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final, Self, TypeAlias
from urllib.parse import urlsplit

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network
LookUp: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives the addresses of a host, for a port."""

MAX_TARGETS: Final = 4
"""So many an account may have, as the contract says. Assumed: of version 2, too."""

_MAX_LENGTH: Final = 2048
_PRINTABLE: Final = re.compile(r"[!-~]+")
_NETLOC: Final = re.compile(r"(\[[^\]\[%]+\]|[^\]\[:%]+)(:[0-9]*)?")
_LABEL: Final = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME: Final = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*")
_NUMBER: Final = re.compile(r"([0-9]+|0x[0-9a-f]*)")
_PORTS: Final = {"http": 80, "https": 443}
_LOCALHOST: Final = "localhost"
_ANY: Final = "*"

_LOOPBACK: Final = (ip_network("127.0.0.0/8"), ip_network("::1"))
_LOOPBACK_ADDRESSES: Final = (ip_address("127.0.0.1"), ip_address("::1"))


def _networks(*names: str) -> tuple[Network, ...]:
    return tuple(map(ip_network, names))


_NEVER: Final = (
    (
        "the metadata service of a cloud",
        _networks("169.254.169.254", "100.100.100.200", "168.63.129.16", "fd00:ec2::254"),
    ),
    ("a link-local address", _networks("169.254.0.0/16", "fe80::/10")),
    ("the address of no host", _networks("0.0.0.0/8", "::")),
    ("a multicast address", _networks("224.0.0.0/4", "ff00::/8")),
    (
        "an IPv4 address inside an IPv6 one",
        _networks(
            "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"
        ),
    ),
)
"""What no name leads to: only whoever lists such an address itself may want it."""

_PRIVATE: Final = _networks(
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"
)


class TargetError(ValueError):
    """Something is wrong with a webhook target; the message says what, and what to do."""


class InvalidTarget(TargetError):
    """The target, or what allows it, cannot be read."""


class ForbiddenTarget(TargetError):
    """The sandbox does not send there, unless it is allowed to."""


class TooManyTargets(TargetError):
    """The account has as many targets as it may have."""


class UnknownTarget(TargetError):
    """The account has no such target."""


class UnknownDelivery(ValueError):
    """The account has no such delivery."""


@dataclass(frozen=True, slots=True)
class UrlPolicy:
    """
    Where webhooks may go besides this machine.

    Attributes:
        names: Hosts that may be named. They must lead to public addresses, or to allowed ones.
        networks: Addresses that are allowed, whatever they are.
        any_public: Whether all names and all public addresses are allowed.
        private: Whether all private addresses are allowed, and all names that lead to them.
    """

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()
    any_public: bool = False
    private: bool = False

    @classmethod
    def read(cls, allowed: Iterable[str], *, allow_private: bool = False) -> Self:
        """
        Read what is allowed.

        Args:
            allowed: Names of hosts, addresses, networks like `10.1.0.0/16`, or `*` for all that
                is public.
            allow_private: Whether private addresses are allowed.

        Raises:
            InvalidTarget: One of them is none of these.
        """
        names: set[str] = set()
        networks: list[Network] = []
        entries = set(allowed)
        for entry in entries - {_ANY}:
            try:
                networks.append(ip_network(entry.strip("[]"), strict=False))
            except ValueError:
                names.add(_read_name(entry.lower().removesuffix(".")))
        return cls(frozenset(names), tuple(networks), _ANY in entries, allow_private)

    def require_name(self, name: str) -> None:
        """
        See that a host may be named.

        Raises:
            ForbiddenTarget: It may not.
        """
        if not (self.private or self.any_public or _is_local(name) or name in self.names):
            raise ForbiddenTarget(
                f"{name} is not this machine; allow it by its name, or use an address like"
                " http://127.0.0.1:8080/"
            )

    def require(self, address: Address, name: str | None = None) -> None:
        """
        See that something may be sent to an address.

        Args:
            address: The address.
            name: The host's name that led to it, if there was one.

        Raises:
            ForbiddenTarget: It may not.
        """
        if _is_in(address, _LOOPBACK) or _is_in(address, self.networks):
            return
        place = str(address) if name is None else f"{name} leads to {address}, which"
        for kind, networks in _NEVER:
            if _is_in(address, networks):
                raise ForbiddenTarget(f"{place} is {kind}; allow the address itself to send there")
        if _is_in(address, _PRIVATE):
            if not self.private:
                raise ForbiddenTarget(
                    f"{place} is a private address; allow private addresses, or this one"
                )
        elif not address.is_global:
            raise ForbiddenTarget(f"{place} is reserved; allow the address itself to send there")
        elif not (self.any_public or name in self.names):
            raise ForbiddenTarget(f"{place} is not on this machine; allow it to send there")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A target's address, taken apart."""

    url: str
    is_secure: bool
    host: str
    """In lower case, without brackets."""

    port: int
    address: Address | None
    """The host, if it is one."""


def read_url(url: str, policy: UrlPolicy) -> Endpoint:
    """
    Read the address of a target, and see that it may be one.

    Raises:
        InvalidTarget: It cannot be read, or only by guessing.
        ForbiddenTarget: The sandbox does not send there.
    """
    endpoint = _take_apart(url)
    if endpoint.address is None:
        policy.require_name(endpoint.host)
    else:
        policy.require(endpoint.address)
    return endpoint


async def find_addresses(endpoint: Endpoint, policy: UrlPolicy, look_up: LookUp) -> list[Address]:
    """
    Tell where to connect to, which is to be done at once, and nowhere else.

    Args:
        endpoint: The target.
        policy: Where webhooks may go.
        look_up: Gives the addresses of a name.

    Raises:
        ForbiddenTarget: One of its addresses is none that the sandbox sends to.
        OSError: The name leads nowhere.
    """
    if endpoint.address is not None:
        policy.require(endpoint.address)
        return [endpoint.address]
    if _is_local(endpoint.host):
        return list(_LOOPBACK_ADDRESSES)
    policy.require_name(endpoint.host)
    found = await look_up(endpoint.host, endpoint.port)
    addresses = [ip_address(each) for each in dict.fromkeys(found)]
    if not addresses:
        raise OSError(f"{endpoint.host} has no address")
    for address in addresses:
        policy.require(address, endpoint.host)
    return addresses


def _take_apart(url: str) -> Endpoint:
    if len(url) > _MAX_LENGTH or not _PRINTABLE.fullmatch(url):
        raise InvalidTarget("the URL is too long, or has characters that must be escaped")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InvalidTarget(f"the URL cannot be read: {error}") from error
    if parts.scheme not in _PORTS:
        raise InvalidTarget("the URL must begin with http:// or https://")
    if "@" in parts.netloc:
        raise InvalidTarget("the URL must not contain a user or a password")
    if not parts.hostname or port == 0 or not _NETLOC.fullmatch(parts.netloc):
        raise InvalidTarget("the URL must name a host, and no port 0")
    host = parts.hostname.removesuffix(".")
    address = _read_address(host)
    name = host if address else _read_name(host)
    is_secure = parts.scheme == "https"
    return Endpoint(url, is_secure, name, port or _PORTS[parts.scheme], address)


def _read_address(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        # Some programs read 2130706433, 0x7f.1 and 0177.0.0.1 as addresses, and some do not.
        if ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]):
            raise InvalidTarget(
                f"{host} is an unusual way to write an address; write it like 127.0.0.1 or [::1]"
            ) from None
        return None


def _read_name(host: str) -> str:
    if not _NAME.fullmatch(host):
        raise InvalidTarget(
            f"{host!r} is not the name of a host; write names in ASCII (xn--...), without patterns"
        )
    return host


def _is_local(name: str) -> bool:
    """Tell whether a name stands for this machine, whatever a resolver says."""
    return name == _LOCALHOST or name.endswith(f".{_LOCALHOST}")


def _is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in each for each in networks)
