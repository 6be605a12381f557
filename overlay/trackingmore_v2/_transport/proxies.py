"""The proxy of a client: the one that was passed, or the one of the environment."""

from collections.abc import Mapping
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from typing import Final
from urllib.request import getproxies, proxy_bypass

import httpx2

from trackingmore_v2._config import Config
from trackingmore_v2._errors import ConfigurationError
from trackingmore_v2._hosts import is_valid

_LAST_PORT: Final = 65535
_FROM_ENVIRONMENT: Final = "in the environment (HTTPS_PROXY or ALL_PROXY)"


def find_proxy(config: Config, proxy: object, *, trust_env: bool) -> httpx2.Proxy | None:
    """
    Return the proxy for the server of a client, or None.

    Args:
        config: The settings of the client.
        proxy: URL of a proxy, as the user passed it. Default: None.
        trust_env: Whether to use the proxy that the environment names.

    Raises:
        ConfigurationError: The URL is invalid, or needs a missing package.
    """
    if proxy is not None:
        return _parse(proxy, "in proxy=")
    # Without encryption, or on this machine, a proxy would see the key for no benefit.
    if not trust_env or config.is_local or config.scheme != "https":
        return None
    found = _from_environment(config, getproxies())
    return _parse(found, _FROM_ENVIRONMENT) if found else None


def _from_environment(config: Config, proxies: Mapping[str, str]) -> str | None:
    url = proxies.get("https") or proxies.get("all")
    if not url or proxy_bypass(f"{config.host}:{config.port}"):
        return None
    # The standard library knows neither networks nor a `*` beside other hosts.
    exceptions = proxies.get("no", "").split(",")
    if any(_includes(exception.strip(), config.host) for exception in exceptions):
        return None
    return url if "://" in url else f"http://{url}"


def _includes(exception: str, host: str) -> bool:
    try:
        return ip_address(host) in ip_network(exception, strict=False)
    except ValueError:
        return exception == "*"


def _parse(url: object, place: str) -> httpx2.Proxy:
    """Parse the URL of a proxy; no message quotes it, since it may contain a password."""
    try:
        # Checked here, since an HTTP client reports an invalid proxy with the first request only.
        proxy = httpx2.Proxy(url) if isinstance(url, str) else None
    except (ValueError, httpx2.InvalidURL):
        proxy = None
    if proxy is None or not is_valid(proxy.url.raw_host.decode()) or not _has_valid_port(proxy):
        raise ConfigurationError(
            f"invalid proxy {place}; expected a URL such as http://proxy.example.com:8080, with "
            "the scheme http, https, socks5 or socks5h"
        )
    if proxy.url.scheme.startswith("socks") and not find_spec("socksio"):
        raise ConfigurationError(
            f"the SOCKS proxy {place} needs the package socksio; "
            "run: python3 -m pip install 'httpx2[socks]'"
        )
    return proxy


def _has_valid_port(proxy: httpx2.Proxy) -> bool:
    return proxy.url.port is None or 0 < proxy.url.port <= _LAST_PORT
