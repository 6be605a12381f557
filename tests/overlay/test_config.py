"""Settings: what is accepted, what is rejected, and that the key stays hidden."""

import pickle
from collections.abc import Mapping
from typing import Any

import pytest

from trackingmore_v2 import AsyncTrackingMore, ConfigurationError, TrackingMore
from trackingmore_v2._config import ApiKey, Config, build_config
from trackingmore_v2_api import BASE_URL

KEY = "5e91b9a4-0000-4d0c-9c1e-2f6f0c7d8a11"


def build(
    api_key: str | None = KEY,
    base_url: str | None = None,
    timeout: float = 30.0,
    environment: Mapping[str, str] | None = None,
    **settings: Any,
) -> Config:
    """Build settings, by default in an empty environment."""
    return build_config(
        api_key=api_key,
        base_url=base_url,
        timeout=timeout,
        environment=environment or {},
        **settings,
    )


def test_defaults_to_the_live_api() -> None:
    """Without further settings the client talks to the contract's server."""
    config = build()

    assert config.base_url == BASE_URL
    assert config.base_url.startswith("https://")


def test_reads_the_environment() -> None:
    """Key and base URL come from the environment when they are not given."""
    variables = {"TRACKINGMORE_API_KEY": KEY, "TRACKINGMORE_BASE_URL": "http://localhost:1/v2"}
    config = build(api_key=None, environment=variables)

    assert config.api_key.reveal() == KEY
    assert config.base_url == "http://localhost:1/v2"


def test_arguments_win_over_the_environment() -> None:
    """What is given beats what is in the environment."""
    variables = {"TRACKINGMORE_API_KEY": "other", "TRACKINGMORE_BASE_URL": "http://localhost:1/v2"}
    config = build(base_url="https://example.org/v2", environment=variables)

    assert config.api_key.reveal() == KEY
    assert config.base_url == "https://example.org/v2"


def test_an_empty_base_url_variable_counts_as_unset() -> None:
    """A variable set to nothing does not hide the live API."""
    assert build(environment={"TRACKINGMORE_BASE_URL": ""}).base_url == BASE_URL


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(None, id="missing"),
        pytest.param("", id="empty"),
        pytest.param(" " + KEY, id="leading-blank"),
        pytest.param(KEY + "\n", id="line-end"),
        pytest.param("ke\x00y-secret", id="control"),
        pytest.param("schlüssel-secret", id="non-ascii"),
        pytest.param(b"key-secret", id="bytes"),
        pytest.param(17, id="number"),
    ],
)
def test_a_bad_key_is_rejected_without_being_shown(key: str | None) -> None:
    """A missing, empty or malformed key is a typed error that does not show the key."""
    with pytest.raises(ConfigurationError) as caught:
        build(api_key=key)

    assert KEY not in repr(caught.value)
    assert "secret" not in repr(caught.value)


@pytest.mark.parametrize("character", ["ü", "§", "\u200b"])
def test_no_character_of_a_key_is_shown(character: str) -> None:
    """The message names the place of an invalid character, since a key may be that short."""
    with pytest.raises(ConfigurationError, match="at index 0") as caught:
        build(api_key=character)

    assert character not in str(caught.value)
    assert ascii(character).strip("'") not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.trackingmore.com/v2",
        "//api.trackingmore.com/v2",
        "ftp://api.trackingmore.com/v2",
        "https://",
        "https:///v2",
        "http://api.trackingmore.com/v2",
        "http://10.0.0.1/v2",
        "http://localhost.example.org/v2",
        "http://127.0.0.1.example.org/v2",
        "https://user:password@example.org/v2",
        "https://example.org/v2?key=1",
        "https://example.org/v2#part",
        "https://example.org:99999/v2",
        "https://example.org:port/v2",
        "https://exa mple.org/v2",
        "https://example.org/v2\n",
        "https://[::1/v2",
        "https://a..b/v2",
        "https://.org/v2",
        "https://exa%mple.org/v2",
        "https://exa*mple.org/v2",
        f"https://{'a' * 64}.org/v2",
        17,
    ],
)
def test_a_bad_base_url_is_rejected(url: str) -> None:
    """No scheme, no host, plain http off the machine, credentials: each is a typed error."""
    with pytest.raises(ConfigurationError):
        build(base_url=url)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8642/v2",
        "http://127.0.0.1:8642/v2",
        "http://127.8.9.10/v2",
        "http://[::1]:8642/v2",
        "https://example.org/v2/",
        "HTTPS://example.org/v2",
    ],
)
def test_a_good_base_url_is_kept(url: str) -> None:
    """Plain http is fine on the machine itself, https everywhere."""
    assert build(base_url=url).base_url == url.rstrip("/")


LOOPBACK = ["localhost", "sandbox.localhost", "a.b.localhost", "127.0.0.1", "0.0.0.0", "[::1]"]  # noqa: S104 - of a URL
PRIVATE = [
    *("sandbox", "trackingmore_sandbox", "host.docker.internal", "printer.local", "api.test"),
    *("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.1.1"),
    *("[fc00::1]", "[fdff::1]", "[fe80::1]"),
]
PUBLIC = [
    *("example.org", "local.example.org", "notlocalhost.org", "localhost.example.org"),
    *("172.17.0.2.example.org", "example.internal.org", "test.org", "mytest.com", "sandbox."),
    *("172.15.0.1", "172.32.0.1", "192.169.0.1", "11.0.0.1", "8.8.8.8", "[2001:db8::1]"),
    *("134744072", "0x8080808", "8.0x808", "8.8.8.8.", "evil.org%5c.localhost"),
]


def accepts(host: str, *, sandbox_only: bool) -> bool:
    """Return whether plain http is accepted for a host."""
    try:
        build(base_url=f"http://{host}:8642/v2", sandbox_only=sandbox_only)
    except ConfigurationError:
        return False
    return True


@pytest.mark.parametrize("host", LOOPBACK)
def test_plain_http_may_go_to_this_machine(host: str) -> None:
    """The key does not leave it, and requests are not rate-limited."""
    assert accepts(host, sandbox_only=False)
    assert build(base_url=f"http://{host}/v2").is_local


@pytest.mark.parametrize("host", PRIVATE)
def test_plain_http_to_private_networks_needs_sandbox_only(host: str) -> None:
    """A sandbox in another container is there, and the live API is not."""
    assert accepts(host, sandbox_only=True)
    assert not accepts(host, sandbox_only=False)
    assert not build(base_url=f"https://{host}/v2").is_local


@pytest.mark.parametrize("host", PUBLIC)
def test_plain_http_never_goes_to_other_hosts(host: str) -> None:
    """Neither to names that only look alike, nor to addresses in other notations."""
    assert not accepts(host, sandbox_only=True)


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf"), True, "5", None])
def test_a_bad_timeout_is_rejected(timeout: float) -> None:
    """Every wait is finite."""
    with pytest.raises(ConfigurationError):
        build(timeout=timeout)


@pytest.mark.parametrize("size", [0, -1, 1.5, True, "5", None])
def test_a_bad_size_is_rejected(size: int) -> None:
    """No client takes responses without limit, or none at all."""
    with pytest.raises(ConfigurationError):
        build(max_response_size=size)


@pytest.mark.parametrize("kind", [TrackingMore, AsyncTrackingMore])
def test_both_clients_check_their_settings(kind: type[TrackingMore | AsyncTrackingMore]) -> None:
    """A bad setting stops either client at construction."""
    with pytest.raises(ConfigurationError):
        kind("two words")
    with pytest.raises(ConfigurationError):
        kind(KEY, base_url="http://example.org")


def test_the_key_hides() -> None:
    """No way of showing the settings shows the key, and it cannot be pickled."""
    config = build()

    assert KEY not in repr(config)
    assert KEY not in str(config.api_key)
    with pytest.raises(TypeError):
        pickle.dumps(ApiKey(KEY))


def test_no_part_of_a_password_is_shown() -> None:
    """Python's error for a bad port quotes it, and a slash in a password makes a part of it one."""
    with pytest.raises(ConfigurationError) as caught:
        build(base_url="https://user:secret/word@example.org/v2")

    assert "secret" not in str(caught.value)
