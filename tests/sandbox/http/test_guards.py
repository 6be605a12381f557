import httpx2
import pytest

from tests.sandbox.harness import ADMIN_TOKEN, Api, NewApi
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY, Settings
from trackingmore_v2_sandbox.http.guards import (
    TOKEN_HEADER,
    is_host_allowed,
    is_own_origin,
    is_token_valid,
)

OURS = frozenset({"sandbox", "10.1.2.3"})


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8080",
        "localhost.",
        "127.0.0.1",
        "127.0.0.1:65535",
        "127.1.2.3:80",
        "[::1]:8080",
        "[::1]",
        "sandbox:80",
        "Sandbox",
        "10.1.2.3:8080",
    ],
)
def test_own_hosts_are_allowed(host: str) -> None:
    """Loopback names and addresses, and those of the settings."""
    assert is_host_allowed([host], OURS)


@pytest.mark.parametrize(
    "host",
    [
        "",
        ":80",
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evil.example:127.0.0.1",
        "evil.example#localhost",
        "user@127.0.0.1",
        "127.0.0.1@evil.example",
        "localhost, evil.example",
        "10.1.2.4",
        "0.0.0.0",  # noqa: S104 - rejected, not bound
        "[::]",
        "[::ffff:10.0.0.1]",
        "2130706433",
        "0x7f.1",
        "sandbox.evil.example",
        "localhost\x00",
    ],
)
def test_other_hosts_are_rejected(host: str) -> None:
    """A foreign name that resolves to this machine gives no access."""
    assert not is_host_allowed([host], OURS)


@pytest.mark.parametrize("hosts", [[], ["localhost", "localhost"], ["localhost", "evil.example"]])
def test_there_is_exactly_one_host(hosts: list[str]) -> None:
    """A request without a host, or with two, cannot say whom it means."""
    assert not is_host_allowed(hosts, OURS)


def test_the_called_address_is_allowed() -> None:
    """A sandbox that listens to other machines can be called by its address, not by any name."""
    assert is_host_allowed(["10.9.8.7:80"], OURS, "10.9.8.7")
    assert is_host_allowed(["[fd00::1]:80"], OURS, "fd00::1")
    assert not is_host_allowed(["10.9.8.7:80"], OURS, "10.9.8.6")
    assert not is_host_allowed(["10.9.8.7", "10.9.8.7"], OURS, "10.9.8.7")
    assert not is_host_allowed(["evil.example"], OURS, "evil.example")
    assert not is_host_allowed([""], OURS, "")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://127.0.0.1:8080"},
        {"origin": "HTTP://127.0.0.1:8080"},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "http://127.0.0.1:8080"},
    ],
)
def test_programs_and_the_inspector_are_allowed(headers: dict[str, str]) -> None:
    """A program names no origin, the inspector its own, and an address bar none."""
    assert is_own_origin({"host": "127.0.0.1:8080", **headers})


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://127.0.0.1:8081"},
        {"origin": "http://localhost:8080"},
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:8080.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": ""},
        {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8080"},
        {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
    ],
)
def test_pages_of_other_origins_are_rejected(headers: dict[str, str]) -> None:
    """Another port of this machine is another origin too."""
    assert not is_own_origin({"host": "127.0.0.1:8080", **headers})


def test_only_the_token_gives_access() -> None:
    """Neither a part of it nor an empty one; an empty token gives no access at all."""
    assert is_token_valid({"x-sandbox-token": "secret"}, "secret")
    for given in ("", "secre", "secret ", "Secret", "s\xe9cret"):
        assert not is_token_valid({"x-sandbox-token": given}, "secret")
    assert not is_token_valid({}, "secret")
    assert not is_token_valid({}, "")
    assert not is_token_valid({"x-sandbox-token": ""}, "")


def get(api: Api, path: str, headers: dict[str, str]) -> httpx2.Response:
    """Send a request with a good key and other headers."""
    return api.http.get(f"http://localhost{path}", headers={API_KEY_HEADER: API_KEY, **headers})


@pytest.mark.behaviour("safety.hosts")
@pytest.mark.parametrize("path", ["/v2/carriers", "/", "/_sandbox/", "/nowhere"])
def test_a_foreign_host_is_rejected_everywhere(api: Api, path: str) -> None:
    """For every path."""
    response = get(api, path, {"Host": "evil.example"})

    assert response.status_code == 403
    assert response.headers["X-Sandbox"] == "1"
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["X-Sandbox-Hint"] == (
        "header/Host: expected localhost, this machine's address, or a host allowed with"
        ' --allow-host, got "evil.example" (see /_sandbox/openapi.yaml#/x-meta-codes)'
    )
    assert response.content == (
        b'{"meta":{"code":403,"type":"Forbidden","message":"Access denied."},"data":[]}'
    )


def test_a_rejected_host_is_in_the_log(api: Api) -> None:
    """Without an account, even if the key is valid."""
    get(api, "/v2/carriers", {"Host": "sandbox:8642"})
    headers = {TOKEN_HEADER: ADMIN_TOKEN}
    query = {"scope": "without_account"}
    response = api.http.get("/_sandbox/log", params=query, headers=headers)
    (exchange,) = response.json()["data"]["items"]
    (hint,) = exchange["hints"]

    assert (exchange["path"], exchange["status"], exchange["code"]) == ("/v2/carriers", 403, 403)
    assert exchange["key"] == f"****{API_KEY[-4:]}"
    assert (hint["pointer"], hint["got"]) == ("header/Host", '"sandbox:8642"')


@pytest.mark.parametrize("host", ["http://sandbox:8642", "sandbox:8642", "*.example.com", ""])
def test_an_allowed_host_is_a_name(new_api: NewApi, host: str) -> None:
    """Anything else would never match, without a word."""
    with pytest.raises(ValueError, match="is not a host name"):
        new_api(Settings(allowed_hosts=frozenset({host})))


@pytest.mark.behaviour("safety.hosts")
def test_more_hosts_can_be_allowed(new_api: NewApi) -> None:
    """For a sandbox in a container, or on another machine; in either case."""
    api = new_api(Settings(allowed_hosts=frozenset({"Sandbox"})))

    assert get(api, "/v2/carriers", {"Host": "sandbox:8080"}).status_code == 200
    assert get(api, "/v2/carriers", {"Host": "127.0.0.1:8080"}).status_code == 200
    assert get(api, "/v2/carriers", {"Host": "sandbox.evil.example"}).status_code == 403


def test_no_page_of_another_origin_may_read_the_api(api: Api) -> None:
    """The API's responses grant nothing to other origins, asked beforehand or not."""
    asked = api.http.options(
        "http://localhost/v2/carriers",
        headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"},
    )
    sent = get(api, "/v2/carriers", {"Origin": "https://evil.example"})

    for response in (asked, sent):
        assert not [name for name in response.headers if name.lower().startswith("access-control")]
