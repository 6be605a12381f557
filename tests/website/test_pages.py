"""The navigation of the site, from the list of the pages."""

import tomllib

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
    assert start.startswith(":caption: Start\n\ninstall\nfirst-tracking\n```")
    assert ":caption: Project" not in text


def test_the_generated_parts_follow() -> None:
    """The references have no page in the repository, and come after the pages that have one."""
    text = with_navigation(INDEX)

    assert ":caption: API\n\nreference/index\n" in text
    assert ":caption: Python\n\npython/index\n" in text


def test_links_stay_in_the_site() -> None:
    """A reader without a network reaches each page that the site has."""
    text = f"[API]({URLS['Documentation']}reference/index.html), [news]({URLS['Changelog']})"
    outside = f"[parts]({REPOSITORY}/blob/main/ARCHITECTURE.md)"

    assert with_own_links(text) == "[API](reference/index.md), [news](changelog.md)"
    assert with_own_links(outside) == outside
