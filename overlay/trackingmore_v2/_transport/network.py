"""How the connections of a client reach the server."""

import os
import ssl
from pathlib import Path
from typing import Any, TypeAlias, cast

import httpx2
from msgspec import Struct

from trackingmore_v2._config import Config, checked_flag
from trackingmore_v2._errors import ConfigurationError
from trackingmore_v2._transport.proxies import find_proxy

Verify: TypeAlias = str | os.PathLike[str] | ssl.SSLContext
"""A file or directory of certificates in PEM format, or a context with settings of its own."""


class Network(Struct, frozen=True):
    """How the connections of a client reach the server."""

    verify: ssl.SSLContext
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
        # A context that trusts no server, since loading the certificates takes time.
        return Network(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), found)
    context = _tls_context(verify, trust_env=uses_environment)
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


def _tls_context(verify: Any, *, trust_env: bool) -> ssl.SSLContext:  # noqa: ANN401 - checked here
    if isinstance(verify, ssl.SSLContext):
        return verify
    # An empty path would be the current directory, which `ssl` ignores.
    if not isinstance(verify, str | os.PathLike | None) or verify == "":
        # Also True and False: the key is in each request, so certificates are always verified.
        raise ConfigurationError(
            "verify must be an ssl.SSLContext, or a path of a file or directory of certificates, "
            f"not {verify!r}"
        )
    path = cast("str | None", verify)
    try:
        if path is None:
            return httpx2.create_ssl_context(trust_env=trust_env)
        if Path(path).is_dir():
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except (OSError, ValueError) as error:
        source = "SSL_CERT_FILE or SSL_CERT_DIR" if verify is None else f"verify={verify!r}"
        raise ConfigurationError(f"cannot load the certificates of {source}: {error}") from error
