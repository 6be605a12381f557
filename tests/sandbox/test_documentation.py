"""The documentation that the server has: files without secrets, under strict headers."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.sandbox.harness import Api
from trackingmore_v2_sandbox.documentation import HEADERS, documentation_routes

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
"""Nothing from elsewhere, nothing written into the page, and requests to this sandbox alone."""

FILES = {
    "index.html": "text/html; charset=utf-8",
    "reference/create-tracking.html": "text/html; charset=utf-8",
    "_static/try_it.js": "text/javascript; charset=utf-8",
    "_static/site.css": "text/css; charset=utf-8",
    "_static/swagger-ui/LICENSE": "text/plain; charset=utf-8",
    "_images/inspector.png": "image/png",
    "_images/icon.svg": "image/svg+xml",
    "objects.inv": "application/octet-stream",
}
OUTSIDE = (
    *("../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "reference/../../secret.txt"),
    *(
        "%2fetc/passwd",
        "/etc/passwd",
        "..%5csecret.txt",
        "link.txt",
        "absent.html",
        "%00",
        "x" * 300,
    ),
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Write a small site, with a secret beside it and a link to that secret."""
    site = tmp_path / "site"
    for name in FILES:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(name)
    (tmp_path / "secret.txt").write_text("secret")
    (site / "link.txt").symlink_to(tmp_path / "secret.txt")
    return site


@pytest.fixture
def http(site: Path) -> TestClient:
    """Return a client of a server that has only the documentation."""
    routes = documentation_routes("/_sandbox/docs", site)
    return TestClient(Starlette(routes=routes), follow_redirects=False)


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_served_as_what_it_is(http: TestClient, name: str) -> None:
    """Browsers take each file for what it is, as they must not guess."""
    response = http.get(f"/_sandbox/docs/{name}")

    assert response.status_code == 200
    assert response.text == name
    assert response.headers["Content-Type"] == FILES[name]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_folder_is_its_index(http: TestClient) -> None:
    """The address of the site is that of its first page, with a trailing slash."""
    assert http.get("/_sandbox/docs/").text == "index.html"
    redirect = http.get("/_sandbox/docs")
    assert (redirect.status_code, redirect.headers["Location"]) == (308, "/_sandbox/docs/")


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_other_file_is_served(http: TestClient, path: str) -> None:
    """No path and no link leads out of the folder."""
    response = http.get(f"/_sandbox/docs/{path}")

    assert response.status_code == 404
    assert "secret" not in response.text


@pytest.mark.parametrize("path", ["", "_static/site.css", "absent.html"])
def test_the_policy_is_strict(http: TestClient, path: str) -> None:
    """Whatever is served, the page takes nothing from elsewhere, and belongs in no frame."""
    headers = http.get(f"/_sandbox/docs/{path}").headers

    assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Sandbox"] == "1"


def test_a_file_is_kept_until_it_changes(http: TestClient, site: Path) -> None:
    """A browser asks again, and gets the content only if it is another one."""
    first = http.get("/_sandbox/docs/index.html")
    known = {"If-None-Match": first.headers["ETag"]}
    second = http.get("/_sandbox/docs/index.html", headers=known)
    (site / "index.html").write_text("changed")
    third = http.get("/_sandbox/docs/index.html", headers=known)

    assert first.headers["Cache-Control"] == "no-cache"
    assert (second.status_code, second.content) == (304, b"")
    assert (third.status_code, third.text) == (200, "changed")


def test_a_head_request_has_no_body(http: TestClient) -> None:
    """HEAD has the headers of GET, and other methods are not allowed."""
    head = http.head("/_sandbox/docs/index.html")
    post = http.post("/_sandbox/docs/index.html")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len("index.html"))
    assert (post.status_code, post.headers["Allow"]) == (405, "GET, HEAD")


def test_without_the_site_one_line_names_the_command(tmp_path: Path) -> None:
    """An installation without the site says how to build it."""
    routes = documentation_routes("/_sandbox/docs", tmp_path / "absent")
    response = TestClient(Starlette(routes=routes)).get("/_sandbox/docs/")

    assert response.status_code == 404
    assert "python3 -m nox -s build" in response.text
    assert "\n" not in response.text


def test_the_sandbox_has_the_documentation_without_a_token(api: Api) -> None:
    """A browser opens it as it opens the inspector."""
    response = api.http.get("/_sandbox/docs/")

    assert response.status_code in {200, 404}  # A checkout may lack the site.
    assert response.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
