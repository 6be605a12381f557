"""
Protection against server-side request forgery (SSRF) through webhook targets.

By default webhooks go only to this machine; other hosts must be allowed. A server that sends
requests to any URL could be used to reach services that its user cannot, such as a cloud's metadata
service or a router. A URL is therefore parsed strictly when it is registered, its host name is
resolved for each attempt, and the connection goes to the address that was checked. DNS rebinding
between the check and the connection has no effect.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, Self, TypeAlias
from urllib.parse import urlsplit

from msgspec import Struct

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network
LookUp: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""Resolves a host name to addresses: takes the host and the port."""

MAX_TARGETS: Final = 4
"""Maximum number of targets for an account. Assumed: the contract's limit holds for version 2."""

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


# The first match is the reason that is given, so addresses come before their ranges.
_NEVER: Final = (
    (
        "the metadata service of a cloud",
        _networks("169.254.169.254", "100.100.100.200", "168.63.129.16", "fd00:ec2::254"),
    ),
    ("a link-local address", _networks("169.254.0.0/16", "fe80::/10")),
    ("an unspecified address", _networks("0.0.0.0/8", "::")),
    ("a multicast address", _networks("224.0.0.0/4", "ff00::/8")),
    (
        "an IPv4 address embedded in an IPv6 address",
        _networks(
            "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"
        ),
    ),
)
"""Address ranges that are only allowed if the configuration lists the address or its network."""

_PRIVATE: Final = _networks(
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"
)


class TargetError(ValueError):
    """An error with a webhook target; the message contains the reason and a remedy."""


class InvalidTarget(TargetError):
    """A field of a target, or an entry of the allowed hosts, is invalid."""


class ForbiddenTarget(TargetError):
    """The policy does not allow the target."""


class TooManyTargets(TargetError):
    """The account already has the maximum number of targets."""


class UnknownTarget(TargetError):
    """The account has no target with that id."""


class UnknownDelivery(ValueError):
    """The account has no delivery with that id."""


class UrlPolicy(Struct, frozen=True):
    """
    The hosts and addresses that webhooks may go to, in addition to this machine.

    Attributes:
        names: Allowed host names. They must resolve to public or allowed addresses. Default: empty.
        networks: Allowed networks, including special-purpose ones. Default: empty.
        any_public: Whether all host names and all public addresses are allowed. Default: False.
        private: Whether private addresses, and host names that resolve to them, are allowed.
            Default: False.
    """

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()
    any_public: bool = False
    private: bool = False

    @classmethod
    def read(cls, allowed: Iterable[str], *, allow_private: bool = False) -> Self:
        """
        Parse a policy from the sandbox's settings.

        Args:
            allowed: Host names, addresses, networks such as `10.1.0.0/16`, or `*` for all public
                addresses.
            allow_private: Whether private addresses are allowed. Default: False.

        Raises:
            InvalidTarget: An entry is neither an address or network nor a host name.
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
        Check that a host name is allowed.

        Raises:
            ForbiddenTarget: The name is not allowed.
        """
        # With `private`, any name may be used: only its addresses decide.
        if not (self.private or self.any_public or _is_local(name) or name in self.names):
            raise ForbiddenTarget(
                f"host {name} is not allowed; {_remedy(name)}; or use an address of this machine, "
                "such as http://127.0.0.1:8080/"
            )

    def require(self, address: Address, name: str | None = None) -> None:
        """
        Check that an address is allowed.

        Args:
            address: The address.
            name: The host name that resolved to it. Default: None, the URL has the address.

        Raises:
            ForbiddenTarget: The address is not allowed.
        """
        if _is_in(address, _LOOPBACK) or _is_in(address, self.networks):
            return
        place = str(address) if name is None else f"{name} resolves to {address}, which"
        for kind, networks in _NEVER:
            if _is_in(address, networks):
                raise ForbiddenTarget(f"{place} is {kind}; {_remedy(address)}")
        if _is_in(address, _PRIVATE):
            if not self.private:
                raise ForbiddenTarget(f"{place} is a private address; {_remedy(address)}")
        elif not address.is_global:
            raise ForbiddenTarget(f"{place} is reserved; {_remedy(address)}")
        elif not (self.any_public or name in self.names):
            raise ForbiddenTarget(f"{place} is not on this machine; {_remedy(address)}")


class Endpoint(Struct, frozen=True):
    """The parsed URL of a target."""

    url: str
    is_secure: bool
    host: str
    """Host name or address in lower case, without brackets."""

    port: int
    address: Address | None
    """The host as an address; None if it is a name."""


def read_url(url: str, policy: UrlPolicy) -> Endpoint:
    """
    Parse the URL of a target, and check it against the policy.

    Raises:
        InvalidTarget: The URL is invalid or ambiguous.
        ForbiddenTarget: The policy does not allow the host.
    """
    endpoint = _parse_url(url)
    if endpoint.address is None:
        policy.require_name(endpoint.host)
    else:
        policy.require(endpoint.address)
    return endpoint


async def find_addresses(endpoint: Endpoint, policy: UrlPolicy, look_up: LookUp) -> list[Address]:
    """
    Return the addresses of a target, all checked against the policy.

    Connect only to these addresses, without resolving the name again.

    Args:
        endpoint: The parsed URL.
        policy: The policy for target URLs.
        look_up: Resolves a host name.

    Raises:
        ForbiddenTarget: The policy does not allow the name, or one of its addresses.
        OSError: The name cannot be resolved.
    """
    if endpoint.address is not None:
        policy.require(endpoint.address)
        return [endpoint.address]
    # Not resolved: a resolver could map localhost to another machine.
    if _is_local(endpoint.host):
        return list(_LOOPBACK_ADDRESSES)
    policy.require_name(endpoint.host)
    found = await look_up(endpoint.host, endpoint.port)
    addresses = [ip_address(each) for each in dict.fromkeys(found)]
    if not addresses:
        raise OSError(f"host {endpoint.host} has no address")
    for address in addresses:
        policy.require(address, endpoint.host)
    return addresses


def _parse_url(url: str) -> Endpoint:
    if len(url) > _MAX_LENGTH or not _PRINTABLE.fullmatch(url):
        raise InvalidTarget(
            f"the URL is longer than {_MAX_LENGTH} characters, or has characters that must be"
            " escaped"
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InvalidTarget(f"invalid URL: {error}") from error
    if parts.scheme not in _PORTS:
        raise InvalidTarget("the URL must begin with http:// or https://")
    if "@" in parts.netloc:
        raise InvalidTarget("the URL must not contain a user name or a password")
    if not parts.hostname or port == 0 or not _NETLOC.fullmatch(parts.netloc):
        raise InvalidTarget("the URL must have a host, and a port other than 0")
    host = parts.hostname.removesuffix(".")
    address = _read_address(host)
    name = host if address else _read_name(host)
    is_secure = parts.scheme == "https"
    return Endpoint(url, is_secure, name, port or _PORTS[parts.scheme], address)


def _read_address(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        # Some programs parse 2130706433, 0x7f.1 and 0177.0.0.1 as addresses and some do not, so
        # a host whose last label is a number is never taken for a name.
        if ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]):
            raise InvalidTarget(
                f"{host} is a non-standard form of an address; use one like 127.0.0.1 or [::1]"
            ) from None
        return None


def _read_name(host: str) -> str:
    if not _NAME.fullmatch(host):
        raise InvalidTarget(
            f"{host!r} is not a valid host name; expected ASCII (xn--...), without scheme, port "
            "and wildcards"
        )
    return host


def _remedy(host: object) -> str:
    return f"allow it with --webhook-targets {host}, or in Settings.webhook_hosts"


def _is_local(name: str) -> bool:
    """Return whether a name means this machine, without asking a resolver (RFC 6761)."""
    return name == _LOCALHOST or name.endswith(f".{_LOCALHOST}")


def _is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in each for each in networks)
