"""How the connections of a client reach the server."""

from ssl import SSLContext

import httpx2
from msgspec import Struct

from trackingmore_v2._config import Config, checked_flag
from trackingmore_v2._errors import ConfigurationError
from trackingmore_v2._transport.certificates import load_certificates, without_certificates
from trackingmore_v2._transport.proxies import find_proxy


class Network(Struct, frozen=True):
    """How the connections of a client reach the server."""

    verify: SSLContext
    proxy: httpx2.Proxy | None


def build_network(
    config: Config, *, proxy: object = None, verify: object = None, trust_env: object = True
) -> Network:
    """
    Find the proxy and the certificates of a client.

    Args:
        config: The settings of the client.
        proxy: URL of the proxy. Default: the one of the environment.
        verify: The certificates, as a `Verify`. Default: those of the environment or the system.
        trust_env: Whether to use the environment.

    Raises:
        ConfigurationError: An argument, the environment or the base URL is invalid.
    """
    uses_environment = checked_flag("trust_env", trust_env)
    _require_valid(config)
    found = find_proxy(config, proxy, trust_env=uses_environment)
    needs_tls = "https" in (config.scheme, found and found.url.scheme)
    if verify is None and not needs_tls:
        return Network(without_certificates(), found)
    context = load_certificates(verify, trust_env=uses_environment)
    if found and found.url.scheme == "https":
        found.ssl_context = context
    return Network(context, found)


def _require_valid(config: Config) -> None:
    """Raise an error if httpx2 cannot parse the base URL, or reads another host from it."""
    try:
        is_valid = httpx2.URL(config.base_url).raw_host.decode() == config.host
    except httpx2.InvalidURL:
        is_valid = False
    if not is_valid:
        raise ConfigurationError("invalid base URL: its host or path contains invalid characters")
