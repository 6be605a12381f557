"""What the server gives of the inspector: files that hold no secret, under strict headers."""

import re
from contextlib import closing
from datetime import timedelta

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.sandbox.harness import ADMIN_TOKEN, SCENARIO, AdminClient, Api
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY, SqliteStore, create_app
from trackingmore_v2_sandbox.inspector import assets

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
}
"""Nothing from elsewhere, nothing written into the page, and no text that becomes markup."""

ADDRESS = re.compile(r"https?://[^\s\"'`)>]+")
HARMLESS = {
    "http://www.w3.org/2000/svg",  # a name, not an address
    "http://127.0.0.1:8000/hook",  # an example
}
SINKS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function"
    r"|srcdoc|DOMParser|createContextualFragment|setHTML"
)
OWN_KEY = "5ec2e7c0-ca4a-4000-8000-0123456789ab"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}


@pytest.fixture
def admin(api: Api) -> AdminClient:
    """Return the admin API of a new sandbox."""
    return AdminClient(api)


def get(admin: AdminClient, path: str, method: str = "GET") -> httpx2.Response:
    """Request a file as a browser does, without token or key."""
    return admin.api.http.request(method, path)


def paths() -> list[str]:
    """Return the paths of the page and of all of its files."""
    return ["/_sandbox/", *(f"/_sandbox/assets/{name}" for name in assets())]


def test_the_page_needs_no_token(admin: AdminClient) -> None:
    """A browser opens the page before it knows the token, and reads each file as what it is."""
    for path in paths():
        response = get(admin, path)

        assert response.status_code == 200
        suffix = ".html" if path.endswith("/") else path[path.rindex(".") :]
        assert response.headers["Content-Type"] == f"{TYPES[suffix]}; charset=utf-8"
    assert len(paths()) > 3


def test_each_file_that_the_page_needs_is_there(admin: AdminClient) -> None:
    """Every script, style and import resolves to a file of the package."""
    page = get(admin, "/_sandbox/").text
    wanted = set(re.findall(r'(?:src|href)="assets/([^"]+)"', page))
    for name, content in assets().items():
        if name.endswith(".js"):
            wanted |= set(re.findall(r'from "\./([^"]+)"', content.decode()))

    assert {"page.js", "style.css", "feed.js"} <= wanted
    assert wanted == set(assets()) - {"index.html"}


@pytest.mark.parametrize("path", paths())
def test_the_page_loads_nothing_from_other_origins(admin: AdminClient, path: str) -> None:
    """Each file says that the page takes nothing from elsewhere, and belongs in no frame."""
    response = get(admin, path)

    assert set(response.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["X-Sandbox"] == "1"


@pytest.mark.parametrize("path", [*paths(), "/_sandbox", "/_sandbox/assets/other.js"])
def test_nothing_is_cached(admin: AdminClient, path: str) -> None:
    """After an update of the package, browsers load the new page."""
    assert get(admin, path).headers["Cache-Control"] == "no-store"


def test_no_file_names_another_origin() -> None:
    """The page works without a network, and sends no request elsewhere."""
    for name, content in assets().items():
        assert set(ADDRESS.findall(content.decode())) <= HARMLESS, name


def test_no_script_writes_html() -> None:
    """Data becomes text nodes and attributes, never HTML."""
    for name, content in assets().items():
        assert not SINKS.search(content.decode()), name


def test_the_page_has_no_scripts_or_styles_within() -> None:
    """Everything that the policy would refuse is in files of its own."""
    page = assets()["index.html"].decode()

    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=", page)


def test_no_file_holds_a_key_or_a_token(admin: AdminClient) -> None:
    """Public files reveal nothing about the sandbox's use."""
    admin.api.http.get("/v2/trackings", headers={API_KEY_HEADER: OWN_KEY})
    for path in paths():
        response = get(admin, path)

        assert OWN_KEY not in response.text
        assert ADMIN_TOKEN not in response.text
        assert "Set-Cookie" not in response.headers


def test_the_commands_have_the_key_that_the_sandbox_prints() -> None:
    """The page offers a first request with a key that is public and the same in every sandbox."""
    assert f'export const KEY = "{API_KEY}";' in assets()["first_request.js"].decode()


def test_the_address_without_its_last_slash_leads_to_the_page(admin: AdminClient) -> None:
    """The fragment with the token survives, as a browser carries it along."""
    response = get(admin, "/_sandbox")

    assert response.status_code == 308
    assert response.headers["Location"] == "/_sandbox/"


@pytest.mark.parametrize(
    "path",
    [
        "/_sandbox/assets/other.js",
        "/_sandbox/assets/__init__.py",
        "/_sandbox/assets/..%2f__init__.py",
        "/_sandbox/assets/..%2f..%2fsettings.py",
        "/_sandbox/assets/",
    ],
)
def test_only_the_files_of_the_page_are_served(admin: AdminClient, path: str) -> None:
    """Other files of the package or the machine are not served."""
    response = get(admin, path)

    assert response.status_code in {401, 404}
    assert "import" not in response.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_files_can_only_be_read(admin: AdminClient, method: str) -> None:
    """Another method is rejected, and the response names the allowed ones."""
    response = get(admin, "/_sandbox/", method)

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"


def test_a_foreign_host_gets_no_page(admin: AdminClient) -> None:
    """A page of another origin cannot open the inspector under a name of its own."""
    response = admin.api.http.get("/_sandbox/", headers={"Host": "evil.example"})

    assert response.status_code == 403
    assert b"<html" not in response.content


def test_without_the_admin_api_there_is_no_page() -> None:
    """An app that is made without a token has neither admin API nor inspector."""
    with closing(SqliteStore()) as store:
        http = TestClient(create_app(store), base_url="http://localhost")

        assert b"<html" not in http.get("/_sandbox/").content


# What the page relies on


def test_the_log_can_be_read_backwards(admin: AdminClient) -> None:
    """Earlier exchanges can be read page by page, without a gap."""
    for number in range(7):
        admin.api.http.get(f"/v2/{number}", headers={API_KEY_HEADER: API_KEY})
    newest = admin.send("GET", "/log", limit=3).data["items"]
    older = admin.send("GET", "/log", limit=3, before=newest[0]["sequence"]).data["items"]
    first, last = older[0]["sequence"], newest[-1]["sequence"]
    between = admin.send("GET", "/log", after=first, before=last).data["items"]

    assert [each["path"] for each in (*older, *newest)] == [f"/v2/{n}" for n in range(1, 7)]
    assert [each["path"] for each in between] == [f"/v2/{n}" for n in range(2, 6)]
    assert admin.send("GET", "/log", before=0).code == 422


def test_the_clock_has_the_time_of_the_next_change(admin: AdminClient) -> None:
    """It names the next change that has not happened yet, and none when nothing will change."""
    assert admin.send("GET", "/clock").data["next_at"] is None
    admin.send("POST", "/seed", {"trackings": [SCENARIO]})
    next_at = admin.send("GET", "/clock").data["next_at"]
    assert next_at == "2026-03-01T13:00:00Z"
    admin.api.clock.advance(timedelta(minutes=30))
    assert admin.send("GET", "/clock").data["next_at"] == next_at
    admin.api.clock.advance(timedelta(minutes=30))
    assert admin.send("GET", "/clock").data["next_at"] is None


def test_timeline_events_name_their_leg(admin: AdminClient) -> None:
    """Events of both carriers are distinguished; other events have no leg."""
    pair = {**SCENARIO, "tracking_number": "SANDBOX-TRANSIT-1H-TO-US-TRANSIT004-1H-DELIVERED"}
    admin.send("POST", "/seed", {"trackings": [pair]})
    details = admin.send("GET", f"/trackings/{pair['carrier_code']}/{pair['tracking_number']}").data
    legs = [(each["kind"], each["leg"]) for each in details["timeline"]]

    assert [leg for kind, leg in legs if kind == "carrier"] == [
        "origin",
        "destination",
        "destination",
    ]
    assert {leg for kind, leg in legs if kind != "carrier"} == {None}
