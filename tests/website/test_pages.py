"""The navigation of the site, from the list of the pages."""

from website.pages import with_navigation

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
