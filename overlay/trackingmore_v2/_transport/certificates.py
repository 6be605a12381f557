"""The certificate authorities that a client trusts."""

import os
import ssl
from pathlib import Path
from typing import TypeAlias, TypeGuard

import httpx2

from trackingmore_v2._errors import ConfigurationError

Verify: TypeAlias = str | os.PathLike[str] | ssl.SSLContext
"""A file or directory of certificates in PEM format, or a context with settings of its own."""


def load_certificates(verify: object, *, trust_env: bool) -> ssl.SSLContext:
    """
    Return the context of TLS connections.

    Args:
        verify: The certificates, as the user passed them: a `Verify`, or None for the default ones.
        trust_env: Whether `SSL_CERT_FILE` and `SSL_CERT_DIR` replace the system's certificates.

    Raises:
        ConfigurationError: The certificates are missing or invalid.
    """
    if isinstance(verify, ssl.SSLContext):
        return verify
    if verify is not None and not _is_path(verify):
        # Also True and False: the key is in each request, so certificates are always verified.
        raise ConfigurationError(
            "verify must be an ssl.SSLContext, or a path of a file or directory of certificates, "
            f"not {verify!r}"
        )
    try:
        if verify is None:
            return httpx2.create_ssl_context(trust_env=trust_env)
        if Path(verify).is_dir():
            return ssl.create_default_context(capath=verify)
        return ssl.create_default_context(cafile=verify)
    except (OSError, ValueError) as error:
        source = "SSL_CERT_FILE or SSL_CERT_DIR" if verify is None else f"verify={verify!r}"
        raise ConfigurationError(f"cannot load the certificates of {source}: {error}") from error


def _is_path(verify: object) -> TypeGuard[str | os.PathLike[str]]:
    # An empty path would be the current directory, which `ssl` ignores.
    return isinstance(verify, str | os.PathLike) and verify != ""


def without_certificates() -> ssl.SSLContext:
    """Return a context for connections without TLS; it trusts no server, but takes no time."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
