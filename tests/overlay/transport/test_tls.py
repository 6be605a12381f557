"""Servers that no call may reach: those whose certificate or TLS version cannot be trusted."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from tests.overlay.stubs import KEY, result_of
from tests.overlay.transport.recording_server import recording_server
from trackingmore_v2 import AsyncTrackingMore, ConnectionFailed, InvalidCertificate, TrackingMore

YESTERYEAR = datetime(2020, 1, 1, tzinfo=UTC)
Setup = Callable[[trustme.CA, ssl.SSLContext], object]


def wrong_host(authority: trustme.CA, context: ssl.SSLContext) -> None:
    """Use a trusted certificate of another host."""
    authority.issue_cert("api.example.com").configure_cert(context)


def expired(authority: trustme.CA, context: ssl.SSLContext) -> None:
    """Use a certificate that was trusted."""
    authority.issue_cert("localhost", not_after=YESTERYEAR).configure_cert(context)


def self_signed(_authority: trustme.CA, context: ssl.SSLContext) -> None:
    """Use a certificate that is its own authority."""
    own = trustme.CA()
    with own.cert_pem.tempfile() as certificate, own.private_key_pem.tempfile() as key:
        context.load_cert_chain(certificate, key)


def old_tls(authority: trustme.CA, context: ssl.SSLContext) -> None:
    """Use a trusted certificate, but TLS 1.1 at most."""
    authority.issue_cert("localhost").configure_cert(context)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1


@pytest.mark.parametrize("kind", [TrackingMore, AsyncTrackingMore])
@pytest.mark.parametrize(
    ("setup", "error"),
    [
        (wrong_host, InvalidCertificate),
        (expired, InvalidCertificate),
        (self_signed, InvalidCertificate),
        (old_tls, ConnectionFailed),
    ],
)
async def test_no_call_reaches_a_server_without_trust(
    setup: Setup,
    error: type[ConnectionFailed],
    kind: type[TrackingMore | AsyncTrackingMore],
    authority: trustme.CA,
    pem: Path,
) -> None:
    """The connection ends before the key is sent; a certificate is not tried again."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    setup(authority, context)
    with recording_server(context) as server:
        url = f"https://localhost:{server.port}/v2"
        client = kind(KEY, base_url=url, verify=pem)
        with pytest.raises(error) as caught:
            await result_of(client.account.get())
        await result_of(client.close())

    assert type(caught.value) is error
    assert not caught.value.in_doubt
    assert (server.connections, server.requests) == (1 if error is InvalidCertificate else 3, [])
