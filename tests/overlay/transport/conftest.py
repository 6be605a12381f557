"""Certificates that no system trusts, and a pool of one connection."""

from pathlib import Path

import httpx2
import pytest
import trustme


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Return a certificate authority that no system trusts."""
    return trustme.CA()


@pytest.fixture
def pem(authority: trustme.CA, tmp_path: Path) -> Path:
    """Return the file of the authority's certificate."""
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


@pytest.fixture
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limit a client to one connection."""
    limits = httpx2.Limits(max_connections=1)
    monkeypatch.setattr("trackingmore_v2._transport.connections._LIMITS", limits)
