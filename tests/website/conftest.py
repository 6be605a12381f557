from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.programs import report_missing
from tests.website.readers import Reader
from trackingmore_v2_sandbox import Sandbox, documentation

BUILT = Path(__file__).parents[2] / "build/site"
"""Where `nox -s docs` builds the site before it runs these tests."""


@pytest.fixture(scope="session")
def site() -> Path:
    """Return the folder of the built site."""
    if not BUILT.is_dir():
        pytest.fail("the site is not built; run: python -m website build/site")
    return BUILT


@pytest.fixture(scope="session")
def tried_site(site: Path) -> Path:
    """Return the folder of a site that was built with npm."""
    if not (site / "_static/swagger-ui").is_dir():
        report_missing("the site was built without npm; run: apt-get install npm")
    return site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start a browser."""
    path = chromium.find()
    if path is None:
        report_missing(chromium.MISSING)
    with chromium.running(path) as browser:
        yield browser


@pytest.fixture(scope="session")
def sandbox(site: Path) -> Iterator[Sandbox]:
    """Start a sandbox that serves the built site."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documentation, "FOLDER", site)
        with Sandbox() as sandbox:
            yield sandbox


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[Reader]:
    """Open a window that all tests share, since each new one would compile Swagger UI anew."""
    with Reader.start(browser) as reader:
        yield reader


@pytest.fixture
def reader(window: Reader) -> Iterator[Reader]:
    """Yield a reader, and check that nothing went wrong in its window."""
    yield window
    window.check()


@pytest.fixture
def files(site: Path) -> str:
    """Return the address of the site as files."""
    return site.as_uri()


@pytest.fixture
def served(sandbox: Sandbox) -> str:
    """Return the address of the site as the sandbox serves it."""
    return served_by(sandbox)


def served_by(sandbox: Sandbox) -> str:
    """Return the address of the site that a sandbox serves."""
    return f"{sandbox.base_url.removesuffix('/v2')}/_sandbox/docs"
