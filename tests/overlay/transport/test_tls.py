"""Servers that no call may reach: those whose certificate or TLS version cannot be trusted."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from inspect import isawaitable
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.overlay.stubs import KEY
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


async def done(result: Any) -> None:
    """Await a result of the async client."""
    if isawaitable(result):
        await result


@pytest.mark.parametrize("kind", [TrackingMore, AsyncTrackingMore])
@pytest.mark.parametrize(
    ("setup", "error", "connections"),
    [
        (wrong_host, InvalidCertificate, 1),
        (expired, InvalidCertificate, 1),
        (self_signed, InvalidCertificate, 1),
        (old_tls, ConnectionFailed, 3),
    ],
)
async def test_no_call_reaches_a_server_without_trust(
    setup: Setup,
    error: type[ConnectionFailed],
    connections: int,
    kind: type[TrackingMore | AsyncTrackingMore],
    tmp_path: Path,
) -> None:
    """The connection ends before the key is sent; a certificate is not tried again."""
    authority, context = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    setup(authority, context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with recording_server(context) as server:
        url = f"https://localhost:{server.port}/v2"
        client = kind(KEY, base_url=url, verify=str(tmp_path / "ca.pem"))
        with pytest.raises(error) as caught:
            await done(client.account.get())
        await done(client.close())

    assert type(caught.value) is error
    assert not caught.value.in_doubt
    assert (server.connections, server.requests) == (connections, [])
