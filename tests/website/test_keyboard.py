"""The site on narrow screens, used with the keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.website.readers import Reader

FOCUSED = """() => {
    const { x, y } = document.activeElement.getBoundingClientRect();
    return [document.activeElement.ariaLabel ?? document.activeElement.textContent.trim(), x, y];
}"""
STILL = "() => document.getAnimations().every((each) => each.playState === 'finished')"
NAVIGATION = "Toggle site navigation sidebar"
CONTENTS = "Toggle table of contents sidebar"


@pytest.fixture
def phone(browser: Browser, files: str) -> Iterator[Page]:
    """Yield a page on a narrow screen."""
    with Reader.start(browser, viewport={"width": 400, "height": 800}) as reader:
        reader.page.goto(f"{files}/first-tracking.html")
        yield reader.page


def press(page: Page, key: str) -> str:
    """Press a key, and return what has the focus then; fail if that is beside the screen."""
    page.keyboard.press(key)
    page.wait_for_function(STILL)
    name, x, _ = page.evaluate(FOCUSED)
    assert 0 <= x < 400, name
    return str(name)


def test_closed_menus_are_skipped(phone: Page) -> None:
    """Tab goes from the header to the text, and never to a link that cannot be seen."""
    focused = [press(phone, "Tab") for _ in range(6)]

    assert focused[:3] == [NAVIGATION, CONTENTS, "Skip to content"]
    assert focused[5] == "Install", "the first link of the text"


@pytest.mark.parametrize(
    ("menu", "link"), [(NAVIGATION, ".sidebar-tree a"), (CONTENTS, ".toc-tree ul ul a")]
)
def test_a_menu_opens_with_space_and_closes_with_escape(phone: Page, menu: str, link: str) -> None:
    """Its links are visible in between, and then the focus is where it was."""
    while press(phone, "Tab") != menu:
        pass
    first = phone.locator(link).first
    assert not first.is_visible()
    press(phone, "Space")
    assert first.is_visible()

    assert press(phone, "Escape") == menu
    assert not first.is_visible()


def test_the_focus_of_the_search_is_visible(browser: Browser, files: str) -> None:
    """The field has an outline while it has the focus."""
    with Reader.start(browser, viewport={"width": 1400, "height": 800}) as reader:
        reader.page.goto(f"{files}/index.html")
        field = reader.page.locator("input[name=q]").first
        field.focus()

        assert field.evaluate("(field) => getComputedStyle(field).outlineStyle") == "auto"
