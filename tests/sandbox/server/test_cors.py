"""Requests of web pages of other origins."""

import httpx2
import pytest

from tests.sandbox.harness import ADMIN_TOKEN, Api, NewApi
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY, Settings
from trackingmore_v2_sandbox.http.guards import TOKEN_HEADER
from trackingmore_v2_sandbox.server.cors import parse_origin

PAGE = "http://localhost:5173"
OTHER = "http://evil.example"
ALLOWED = "Access-Control-Allow-Origin"


@pytest.fixture
def api(new_api: NewApi) -> Api:
    """Return a sandbox that one origin may call."""
    return new_api(Settings(cors_origins=frozenset({PAGE})))


def preflight(api: Api, path: str, origin: str = PAGE) -> httpx2.Response:
    """Ask as a browser does before it sends a POST with a key."""
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": f"content-type,{API_KEY_HEADER.lower()}",
    }
    return api.http.options(path, headers=asked)


def call(api: Api, origin: str) -> httpx2.Response:
    """Call the API as a page does."""
    headers = {API_KEY_HEADER: API_KEY, "Origin": origin}
    return api.http.get("/v2/trackings/getuserinfo", headers=headers)


def test_a_page_of_an_allowed_origin_calls_the_api(api: Api) -> None:
    """The preflight allows the key's header, and the page can read the response and its hints."""
    asked, response = preflight(api, "/v2/trackings/post"), call(api, PAGE)

    assert (asked.status_code, asked.headers[ALLOWED]) == (200, PAGE)
    assert API_KEY_HEADER.lower() in asked.headers["Access-Control-Allow-Headers"].lower()
    assert asked.headers["X-Sandbox"] == "1"
    assert response.headers[ALLOWED] == PAGE
    assert "X-Sandbox-Hint" in response.headers["Access-Control-Expose-Headers"]


def test_other_origins_stay_out(api: Api) -> None:
    """Their preflight is granted nothing, and their pages cannot read a response."""
    assert ALLOWED not in preflight(api, "/v2/trackings/post", OTHER).headers
    assert ALLOWED not in call(api, OTHER).headers


@pytest.mark.parametrize("origins", [frozenset[str](), frozenset({PAGE})])
def test_a_rejected_preflight_is_explained_in_the_log(
    new_api: NewApi, origins: frozenset[str]
) -> None:
    """The browser hides the response from the page, and sends no key with the preflight."""
    api = new_api(Settings(cors_origins=origins))
    preflight(api, "/v2/trackings/post", OTHER)
    query = {"scope": "without_account"}
    response = api.http.get("/_sandbox/log", params=query, headers={TOKEN_HEADER: ADMIN_TOKEN})
    (exchange,) = response.json()["data"]["items"]
    (hint,) = exchange["hints"]

    assert exchange["method"] == "OPTIONS"
    assert hint["pointer"] == "header/Origin"
    assert hint["expected"] == "an origin allowed with --cors-origin"
    assert hint["got"] == f'"{OTHER}"'


def test_the_admin_api_stays_closed(api: Api) -> None:
    """Even an allowed origin with the token is rejected, and reads no response."""
    headers = {"X-Sandbox-Token": ADMIN_TOKEN, "Origin": PAGE, API_KEY_HEADER: API_KEY}
    response = api.http.get("/_sandbox/account", headers=headers)

    assert response.status_code == 403
    assert ALLOWED not in response.headers
    assert ALLOWED not in preflight(api, "/_sandbox/reset").headers


def test_no_origin_is_allowed_by_default(new_api: NewApi) -> None:
    """Without the setting there is no such header."""
    api = new_api()

    assert ALLOWED not in preflight(api, "/v2/trackings/post").headers
    assert ALLOWED not in call(api, PAGE).headers


@pytest.mark.parametrize(
    "text", ["http://localhost:5173", "https://Shop.example", "http://[::1]:3"]
)
def test_an_origin_is_scheme_host_and_port(text: str) -> None:
    """Browsers send it in lower case."""
    assert parse_origin(text) == text.lower()


@pytest.mark.parametrize(
    "text",
    [
        *("*", "", "null", "localhost:5173", "http://", "http://a.example/", "ftp://a.example"),
        *("http://me@a.example", "http://a.example:port", "http://a.example:99999", "http://[::1"),
    ],
)
def test_what_is_no_origin_is_rejected(text: str) -> None:
    """The error shows what one looks like."""
    with pytest.raises(ValueError, match="http://localhost:5173"):
        parse_origin(text)
