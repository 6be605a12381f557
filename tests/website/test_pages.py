"""The navigation of the site, from the list of the pages, and the heads of pages."""

import re
import tomllib
from html import unescape
from pathlib import Path

from website.pages import REPOSITORY, ROOT, with_navigation, with_own_links

URLS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]

INDEX = """# Documentation

Words.

## Start

- [Install](install.md): the package.
- [First tracking](first-tracking.md): from nothing to a parcel, see [install](install.md#extras).

## Project

- [Changelog](https://example.com/CHANGELOG.md): what changed.
"""


def test_headings_and_links_are_the_navigation() -> None:
    """Each heading with pages is a part of the navigation, in the order of the pages."""
    text = with_navigation(INDEX)
    start = text[text.index(":caption: Start") :]

    assert text.startswith(INDEX)
    assert start.startswith(
        ":caption: Start\n\nInstall <install>\nFirst tracking <first-tracking>\n```"
    )
    assert ":caption: Project" not in text


def test_the_generated_parts_follow() -> None:
    """The references have no page in the repository, and come after the pages that have one."""
    text = with_navigation(INDEX)

    assert ":caption: API\n\nreference/index\n" in text
    assert ":caption: Python\n\npython/index\n" in text


def test_the_head_of_a_page_says_what_it_is_about(site: Path) -> None:
    """Every page has a language, a title of its own, a description and an icon, all in itself."""
    pages = {page: page.read_text("utf-8") for page in site.rglob("*.html")}
    titles = {re.findall("<title>(.+?)</title>", text)[0] for text in pages.values()}

    assert len(titles) == len(pages)
    for page, text in pages.items():
        (description,) = re.findall('<meta name="description" content="(.+)">', text) or [""]
        assert unescape(description).endswith(".") or page.name == "search.html"
        assert "<" not in unescape(description)
        assert '<html class="no-js" lang="en"' in text
        assert text.count('<link rel="icon" href="data:') == 1


def test_links_stay_in_the_site() -> None:
    """A reader without a network reaches each page that the site has."""
    text = f"[API]({URLS['Documentation']}reference/index.html), [news]({URLS['Changelog']})"
    outside = f"[parts]({REPOSITORY}/blob/main/ARCHITECTURE.md)"

    assert with_own_links(text) == "[API](reference/index.md), [news](changelog.md)"
    assert with_own_links(outside) == outside
