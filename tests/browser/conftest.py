from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import chromium
from tests.browser.sessions import PATIENT, Session, new_session
from tests.programs import report_missing
from trackingmore_v2_pytest.receiver import WebhookReceiver


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a browser; no longer than needed, as its driver keeps an event loop in this thread."""
    path = chromium.find()
    if path is None:
        report_missing(chromium.MISSING)
    expect.set_options(timeout=PATIENT)
    with chromium.running(path) as browser:
        yield browser


@pytest.fixture
def session(browser: Browser) -> Iterator[Session]:
    """Yield a session with a new sandbox."""
    with new_session(browser) as session:
        yield session


@pytest.fixture
def inspector(session: Session) -> Session:
    """Return a session with the page open."""
    session.open()
    return session


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    """Yield a receiver of webhooks."""
    with WebhookReceiver() as receiver:
        yield receiver
