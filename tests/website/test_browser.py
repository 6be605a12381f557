"""The built site in a real browser, as files and served by a sandbox, without a network."""

from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import pytest
from playwright.sync_api import Browser

from tests.website.conftest import served_by
from tests.website.readers import OVERHANG, Reader
from trackingmore_v2_api import OPERATIONS, ApiCode
from trackingmore_v2_sandbox import API_KEY, Sandbox

Scheme: TypeAlias = Literal["light", "dark"]

AXE: Final = Path(__file__).parents[2] / "build/website/node/node_modules/axe-core/axe.min.js"
FINDINGS: Final = """() => axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`)))"""
SAMPLES: Final = (
    *("index.html", "webhooks.html", "command-line.html", "reliability.html"),
    *("reference/index.html", "reference/create-tracking.html", "reference/list-trackings.html"),
    *("reference/codes.html", "reference/oddities.html", "python/index.html"),
    *("python/trackingmore_v2.quota.html", "search.html?q=webhook"),
)
"""Pages of each kind."""


def pages_of(site: Path) -> list[str]:
    """Return all pages of a site, by their paths in it."""
    return sorted(page.relative_to(site).as_posix() for page in site.rglob("*.html"))


@cache
def operation_pages(site: Path) -> dict[str, str]:
    """Return the page of each operation that has a form, by the operation's id."""
    pages = {page: (site / page).read_text("utf-8") for page in pages_of(site)}
    return {
        operation: page
        for operation in OPERATIONS
        for page, text in pages.items()
        if f'data-operation="{operation}"' in text
    }


@pytest.mark.parametrize("source", ["files", "served"])
def test_every_page_renders(
    browser: Browser, site: Path, source: str, request: pytest.FixtureRequest
) -> None:
    """No page has an error in the console, loads anything from elsewhere, or scrolls sideways."""
    address = request.getfixturevalue(source)
    too_wide: dict[str, list[str]] = {}
    with Reader.start(browser, viewport={"width": 400, "height": 800}) as reader:
        for page in pages_of(site):
            reader.page.goto(f"{address}/{page}")
            if found := reader.page.evaluate(OVERHANG):
                too_wide[page] = found[:3]
            assert reader.page.locator("h1").count() >= 1 or page == "search.html"

    assert too_wide == {}


@pytest.mark.parametrize("source", ["files", "served"])
@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("4016", "reference/codes.html"),
        ("delivered", "reference/statuses.html"),
        ("create_many", "python/trackingmore_v2.types.html"),
        ("createTracking", "reference/create-tracking.html"),
    ],
)
def test_the_search_finds(
    reader: Reader, source: str, words: str, page: str, request: pytest.FixtureRequest
) -> None:
    """Codes, statuses and names are found among the first, from files too."""
    found = reader.search(request.getfixturevalue(source), words)

    assert page in [each.partition("#")[0] for each in found[:3]]


def test_every_operation_can_be_tried(tried_site: Path) -> None:
    """The page of each operation has a form."""
    assert operation_pages(tried_site).keys() == OPERATIONS.keys()


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_a_request_gets_a_response(
    reader: Reader, tried_site: Path, sandbox: Sandbox, operation: str
) -> None:
    """The form sends its example, with a key that the sandbox knows, to the sandbox alone."""
    reader.page.goto(f"{served_by(sandbox)}/{operation_pages(tried_site)[operation]}")
    form = reader.try_it()
    with reader.page.expect_response("**/v2/**") as response:
        form.locator(".execute").click()
    form.locator(".live-responses-table .response-col_status").last.wait_for()
    (exchange,) = sandbox.log(api_key=API_KEY)[-1:]

    assert response.value.json()["meta"]["code"] in set(ApiCode)
    assert exchange.operation == operation
    assert API_KEY not in " ".join(reader.requested)


def test_the_key_of_a_request_is_chosen(reader: Reader, tried_site: Path, sandbox: Sandbox) -> None:
    """Another key is another account, and stays out of all addresses."""
    key = "5ec2e7c0-ca4a-4000-8000-0123456789ab"
    page = operation_pages(tried_site)["getAccount"]
    reader.page.goto(f"{served_by(sandbox)}/{page}")
    form = reader.try_it()
    form.get_by_label("API key").fill(key)
    with reader.page.expect_response("**/v2/**") as response:
        form.locator(".execute").click()

    assert response.value.json()["meta"]["code"] == 200
    assert response.value.request.headers["trackingmore-api-key"] == key
    assert key not in " ".join(reader.requested)


def test_a_file_says_how_to_send_requests(reader: Reader, site: Path, files: str) -> None:
    """Without a sandbox behind the page, the form is a sentence, and loads nothing."""
    page = operation_pages(site)["createTracking"]
    reader.page.goto(f"{files}/{page}")
    reader.page.locator(".try-it summary").click()
    sentence = reader.page.locator(".try-it p")

    assert "trackingmore-v2 sandbox --port 8642" in sentence.inner_text()
    link = sentence.get_by_role("link").get_attribute("href")
    assert link == f"http://127.0.0.1:8642/_sandbox/docs/{page}"
    assert not any("swagger-ui" in url for url in reader.requested)


def test_without_npm_the_form_says_so(browser: Browser, site: Path, sandbox: Sandbox) -> None:
    """A site without Swagger UI names the command that adds it."""
    page = operation_pages(site)["createTracking"]
    with browser.new_context() as context:
        reader = Reader(context.new_page())
        reader.page.route("**/swagger-ui/*", lambda route: route.fulfill(status=404))
        reader.page.goto(f"{served_by(sandbox)}/{page}")
        reader.page.locator(".try-it summary").click()

        assert "nox -s docs" in reader.page.locator(".try-it p").inner_text()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 400)])
def test_axe_finds_nothing_serious(
    browser: Browser, tried_site: Path, served: str, scheme: Scheme, width: int
) -> None:
    """Pages of each kind are accessible, and so is the form with a response."""
    options: dict[str, Any] = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}
    found: dict[str, list[str]] = {}
    with Reader.start(browser, bypass_csp=True, **options) as reader:
        for page in SAMPLES:
            reader.page.goto(f"{served}/{page}")
            if page in operation_pages(tried_site).values():
                form = reader.try_it()
                form.locator(".execute").click()
                form.locator(".live-responses-table .response-col_status").last.wait_for()
                assert reader.page.evaluate(OVERHANG) == []
            reader.page.add_script_tag(path=AXE)
            if serious := reader.page.evaluate(FINDINGS):
                found[page] = serious

    assert found == {}
