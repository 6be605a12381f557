"""Which proxy a client uses, and which are rejected when it is built."""

from typing import Any

import pytest

from tests.overlay.stubs import KEY
from trackingmore_v2 import AsyncTrackingMore, ConfigurationError, TrackingMore
from trackingmore_v2._config import build_config
from trackingmore_v2._transport.proxies import find_proxy

PROXY = "http://proxy.example.com:8080"
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the machine's own proxies out."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def proxy_of(base_url: str, **arguments: Any) -> str | None:
    """Return the URL of the proxy for a server."""
    config = build_config(api_key=KEY, base_url=base_url, sandbox_only=True)
    found = find_proxy(config, arguments.get("proxy"), trust_env=arguments.get("trust_env", True))
    return str(found.url) if found else None


@pytest.mark.parametrize(
    ("variables", "base_url", "proxy"),
    [
        ({"HTTPS_PROXY": PROXY}, "https://example.org/v2", PROXY),
        ({"ALL_PROXY": PROXY}, "https://example.org/v2", PROXY),
        ({"HTTPS_PROXY": "proxy.example.com:8080"}, "https://example.org/v2", PROXY),
        ({"HTTP_PROXY": PROXY}, "https://example.org/v2", None),
        ({"HTTPS_PROXY": ""}, "https://example.org/v2", None),
        ({"HTTPS_PROXY": PROXY}, "https://localhost/v2", None),
        ({"ALL_PROXY": PROXY}, "http://sandbox/v2", None),
        ({"HTTPS_PROXY": PROXY}, "https://10.1.2.3/v2", PROXY),
    ],
)
def test_the_environment_names_the_proxy(
    variables: dict[str, str], base_url: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For https, and not on the way to this machine."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert proxy_of(base_url) == proxy
    assert proxy_of(base_url, trust_env=False) is None


@pytest.mark.parametrize(
    ("exceptions", "base_url", "is_used"),
    [
        ("example.org", "https://api.example.org/v2", False),
        ("other.org, .example.org", "https://api.example.org/v2", False),
        ("example.org", "https://badexample.org/v2", True),
        ("*", "https://example.org/v2", False),
        ("other.org,*", "https://example.org/v2", False),
        ("10.0.0.0/8", "https://10.1.2.3/v2", False),
        ("192.168.0.0/16,fc00::/7", "https://[fd00::1]/v2", False),
        ("10.0.0.0/8", "https://11.1.2.3/v2", True),
        ("10.0.0.0/99, not a host", "https://10.1.2.3/v2", True),
        ("example.org:8443", "https://example.org:8443/v2", False),
        ("example.org:8443", "https://example.org/v2", True),
    ],
)
def test_no_proxy_excludes_servers(
    exceptions: str, base_url: str, *, is_used: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By name, with its subdomains, by port, by network, or all."""
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", exceptions)

    assert (proxy_of(base_url) is not None) is is_used


def test_an_argument_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the environment, and also on the way to this machine."""
    monkeypatch.setenv("HTTPS_PROXY", "http://other.example.com")

    assert proxy_of("https://example.org/v2", proxy=PROXY) == PROXY
    assert proxy_of("http://localhost/v2", proxy=PROXY) == PROXY


@pytest.mark.parametrize("kind", [TrackingMore, AsyncTrackingMore])
@pytest.mark.parametrize("source", ["proxy=", "HTTPS_PROXY"])
@pytest.mark.parametrize(
    "url",
    [
        "ftp://user:secret@proxy.example.com",
        "http://user:secret@a..b",
        "http://user:secret@" + "a" * 64,
        "http://",
        "://user:secret",
        "http://user:secret@proxy:port",
        "http://user:secret@proxy:99999",
        "http://user:secret@proxy:-1",
        "http://user:secret@[::1",
        "http://user:secret@proxy example",
        "http://user:se/cret@proxy",
    ],
)
def test_a_malformed_proxy_is_rejected_without_being_shown(
    url: str,
    source: str,
    kind: type[TrackingMore | AsyncTrackingMore],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When the client is built, naming where it came from."""
    if source == "HTTPS_PROXY":
        monkeypatch.setenv(source, url)
    with pytest.raises(ConfigurationError, match=source) as caught:
        kind(KEY, proxy=url if source == "proxy=" else None)

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
def test_a_socks_proxy_needs_a_package(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says how to install it."""
    monkeypatch.setattr("trackingmore_v2._transport.proxies.find_spec", lambda _: None)
    with pytest.raises(ConfigurationError, match=r"pip install 'httpx2\[socks\]'"):
        TrackingMore(KEY, proxy=f"{scheme}://localhost:1080")


@pytest.mark.parametrize("value", [5, b"http://localhost", True, "", object()])
def test_a_proxy_is_a_url(value: Any) -> None:
    """Anything else is rejected."""
    with pytest.raises(ConfigurationError, match="proxy="):
        TrackingMore(KEY, proxy=value)
