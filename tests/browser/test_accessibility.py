"""The inspector for everybody: by keyboard, read aloud, in any light, and on any screen."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.sessions import KEY, SECTIONS, TRACKING, Session, new_session
from trackingmore_v2 import TrackingMoreError
from trackingmore_v2_api.models import TrackingStatus
from trackingmore_v2_pytest.receiver import WebhookReceiver

CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
LANDMARKS: Final[tuple[Literal["banner", "navigation", "main"], ...]] = (
    "banner",
    "navigation",
    "main",
)
NAMELESS = """() => [...document.querySelectorAll("button, input, select, [tabindex='0']")]
    .filter((each) => each.checkVisibility()
        && !(each.ariaLabel || each.labels?.length || each.textContent.trim()))
    .map((each) => each.outerHTML)"""
OVERHANG = """() => [...document.querySelectorAll("body *")]
    .filter((each) => each.checkVisibility() && !each.closest(".skip, svg, .row, pre")
        && each.getBoundingClientRect().right > innerWidth + 0.5)
    .map((each) => each.outerHTML.slice(0, 120))"""
NAME = "(on) => (on.ariaLabel || on.labels?.[0]?.textContent || on.textContent).trim()"
IS_SHOWN = f"""(name) => [...document.querySelectorAll("a, button, input, select, [tabindex]")]
    .some((each) => each.checkVisibility() && ({NAME})(each).startsWith(name))"""
FOCUS = f"""() => {{
    const on = document.activeElement, style = getComputedStyle(on);
    return {{
        name: ({NAME})(on),
        isSeen: on.checkVisibility() && on.getBoundingClientRect().width > 1
            && parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none",
    }};
}}"""


@dataclass
class Keyboard:
    """A user without a mouse."""

    page: Page

    def press(self, *keys: str) -> None:
        """Press one key after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def reach(self, name: str) -> None:
        """Wait until something is shown, and press Tab until it is in focus; each stop is seen."""
        self.page.wait_for_function(IS_SHOWN, arg=name)
        stops: list[str] = []
        for _ in range(60):
            self.press("Tab")
            focus = self.page.evaluate(FOCUS)
            assert focus["isSeen"], focus
            stops.append(focus["name"])
            if focus["name"].startswith(name):
                return
        pytest.fail(f"no way to {name!r}, only {stops}")

    def go(self, section: str) -> None:
        """Open a section with the arrow keys."""
        selected = self.page.get_by_role("tab", selected=True)
        selected.focus()
        for _ in SECTIONS:
            if selected.inner_text() == section:
                expect(selected).to_be_focused()
                return
            self.press("ArrowRight")
        pytest.fail(f"no way to {section}")


@pytest.fixture
def keyboard(inspector: Session) -> Keyboard:
    """Store the mouse away."""
    return Keyboard(inspector.page)


def test_requests_are_read_by_keyboard(inspector: Session, keyboard: Keyboard) -> None:
    """Tab reaches clock, filter and list; arrows walk, Enter opens, Escape leads back."""
    inspector.client.trackings.create(*TRACKING)
    inspector.client.account.get()
    expect(inspector.rows).to_have_count(2)
    active = inspector.page.locator(".row[aria-selected=true]")
    heading = inspector.detail.get_by_role("heading", level=2)

    keyboard.reach("Skip to content")
    keyboard.reach("Requests")
    keyboard.reach("Advance by 1 h")
    keyboard.press("Enter")
    expect(inspector.clock).to_contain_text("13:00:00")
    keyboard.reach("Filter by text")
    keyboard.reach("Requests, newest first")
    keyboard.press("ArrowDown")
    expect(active).to_contain_text("createTracking")
    keyboard.press("Home")
    expect(active).to_contain_text("getAccount")
    keyboard.press("Enter")
    expect(heading).to_contain_text("getuserinfo")
    expect(heading).to_be_focused()
    keyboard.reach("Copy as curl")
    keyboard.press("Space")
    expect(inspector.notice).to_contain_text("Copied the curl command")
    keyboard.press("Escape")
    expect(inspector.detail).to_be_hidden()
    expect(inspector.page.get_by_role("listbox")).to_be_focused()
    keyboard.press("Enter", "Shift+Tab", "ArrowDown")
    expect(heading).to_contain_text("/v2/trackings/post")


def test_trackings_and_controls_are_used_by_keyboard(
    inspector: Session, keyboard: Keyboard, receiver: WebhookReceiver
) -> None:
    """In each of the other sections every control is reached, and works with Enter or Space."""
    page = inspector.page
    inspector.client.trackings.create(*TRACKING)

    keyboard.go("Trackings")
    keyboard.reach("Find trackings")
    keyboard.reach("Create tracking")
    keyboard.press("Enter")
    expect(page.get_by_label("Example")).to_be_focused()
    keyboard.reach("Scenario or tracking number")
    page.keyboard.type("SANDBOX-DELIVERED_typed")
    keyboard.press("Enter")
    expect(page.locator(".timeline-panel")).to_contain_text("SANDBOX-DELIVERED_typed")
    expect(page.get_by_role("button", name="SANDBOX-DELIVERED_typed")).to_be_visible()
    keyboard.press("Escape")
    expect(page.locator(".timeline-panel")).to_be_hidden()
    keyboard.reach("SANDBOX-TRANSIT001")
    keyboard.press("Enter")
    expect(page.locator(".steps")).to_be_visible()
    keyboard.press("Escape")
    expect(page.locator(".steps")).to_be_hidden()
    keyboard.go("Webhooks")
    keyboard.reach("URL on this machine")
    page.keyboard.type(receiver.url)
    keyboard.press("Enter")
    expect(page.get_by_text(receiver.url)).to_be_visible()
    keyboard.go("Faults")
    keyboard.reach("Instruction")
    expect(page.get_by_label("Instruction")).to_have_value("status=503")
    keyboard.press("Enter")
    expect(page.get_by_text("1 unused")).to_be_visible()
    keyboard.reach("Remove status=503")
    keyboard.press("Enter")
    expect(page.get_by_text("No faults are planned")).to_be_visible()
    keyboard.go("Account")
    keyboard.reach("Rate limits")
    keyboard.press("Space")
    expect(page.get_by_role("switch", name="Rate limits")).to_be_checked()
    expect(page.get_by_role("switch", name="Rate limits")).to_be_focused()


def test_the_page_has_landmarks_labels_and_live_regions(inspector: Session) -> None:
    """Assistive technology finds its way, and hears of news without being interrupted."""
    page = inspector.page
    for landmark in LANDMARKS:
        expect(page.get_by_role(landmark)).to_have_count(1)
    for section in SECTIONS:
        inspector.go(section)

        assert page.evaluate(NAMELESS) == []
    inspector.go("Trackings")
    inspector.button("Create tracking").click()
    assert page.evaluate(NAMELESS) == []
    page.keyboard.press("Escape")
    assert page.locator("[aria-live=assertive], [role=alert]").count() == 0
    assert page.locator("[role=status]").count() >= 2
    assert page.locator("html[lang=en]").count() == 1


def create_invalid_tracking(session: Session) -> None:
    """Open the form for a new tracking, and have its number rejected."""
    session.button("Create tracking").click()
    dialog = session.page.get_by_role("dialog", name="Create a tracking")
    dialog.get_by_label("Scenario or tracking number").fill("SANDBOX-" + "DELIVERD-" * 9)
    session.page.keyboard.press("Enter")
    expect(dialog.get_by_role("status")).to_contain_text("invalid scenario")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read(browser: Browser, scheme: Literal["light", "dark"]) -> None:
    """Each text stands out from its ground by 4.5 at least, each control's edge by 3."""
    with new_session(browser, color_scheme=scheme) as session:
        statuses = [status.upper() for status in TrackingStatus]
        session.sandbox.webhooks.add("http://127.0.0.1:9/hook", api_key=KEY)
        for status in statuses:
            session.client.trackings.create("ups", f"SANDBOX-{status}_x")
        session.client.trackings.create("ups", "SANDBOX-" + "-1D-".join(statuses[1:]))
        session.sandbox.clock.advance(timedelta(days=3.5), api_key=KEY)
        session.http.post(
            f"{session.sandbox.base_url}/trackings/post", content='{"carrier_code":5}'
        )
        session.sandbox.faults.plan({"getAccount": ["code=4031"], "*": ["delay=1"]}, api_key=KEY)
        with suppress(TrackingMoreError):
            session.client.account.get()
        session.open()
        measured = 0
        for section in SECTIONS:
            panel = session.go(section)
            if section == "Requests":
                session.rows.nth(1).click()
                expect(session.detail).to_be_visible()
            if section == "Trackings":
                panel.get_by_role("button", name="SANDBOX-NOTFOUND-1D").click()
                expect(panel.locator(".steps")).to_be_visible()
            if section == "Webhooks":
                panel.locator(".delivery summary").first.click()
            if section in {"Faults", "Account"}:
                expect(panel.locator(".wide .card").first).to_be_visible()
            session.page.mouse.move(0, 0)
            found = session.page.evaluate(CONTRAST)
            measured += found["count"]

            assert found["bad"] == []
        session.go("Webhooks")
        for name in ("Add target", "+1 h"):
            session.page.get_by_role("button").filter(has_text=name).first.hover()
            assert session.page.evaluate(CONTRAST)["bad"] == []
        session.go("Trackings")
        create_invalid_tracking(session)
        assert session.page.evaluate(CONTRAST)["bad"] == []
        session.page.keyboard.press("Escape")
        session.go("Requests")
        for stream, rows in (("All accounts", 11), ("Without account", 0)):
            session.choose(stream)
            expect(session.rows).to_have_count(rows)
            assert session.page.evaluate(CONTRAST)["bad"] == []
        assert measured > 300
        expect(session.page.locator("body")).to_have_css(
            "background-color", "rgb(246, 247, 249)" if scheme == "light" else "rgb(15, 19, 24)"
        )


def test_a_narrow_screen_is_enough(browser: Browser) -> None:
    """On 400 pixels nothing sticks out sideways, and what is opened takes the list's place."""
    with new_session(browser, viewport={"width": 400, "height": 720}) as session:
        session.client.trackings.create(*TRACKING, title="A title that is quite long " * 4)
        session.sandbox.webhooks.add("http://127.0.0.1:9/a/rather/long/path/of/a/hook", api_key=KEY)
        session.sandbox.clock.advance(timedelta(days=2), api_key=KEY)
        session.sandbox.faults.plan({"createTrackingBatch": ["wrong-type=/data/0"]}, api_key=KEY)
        session.open()
        for section in SECTIONS:
            panel = session.go(section)
            assert session.page.evaluate(OVERHANG) == []
            opened = {"Requests": session.rows.first, "Trackings": panel.locator(".tracking").first}
            if section not in opened:
                continue
            opened[section].click()
            expect(panel.get_by_role("button", name="Close")).to_be_in_viewport()
            expect(opened[section]).to_be_hidden()
            assert session.page.evaluate(OVERHANG) == []
            session.page.keyboard.press("Escape")
            expect(opened[section]).to_be_visible()
        session.go("Trackings")
        create_invalid_tracking(session)
        assert session.page.evaluate(OVERHANG) == []
        session.page.keyboard.press("Escape")
        session.go("Requests")
        for stream, rows in (("All accounts", 1), ("Without account", 0)):
            session.choose(stream)
            expect(session.rows).to_have_count(rows)
            expect(session.page.get_by_text("Each account has its own clock")).to_be_visible()
            assert session.page.evaluate(OVERHANG) == []
        session.choose("89ab")
        expect(session.page.get_by_label("Set to")).to_be_hidden()
        session.button("More").click()
        expect(session.page.get_by_label("Set to")).to_be_visible()
