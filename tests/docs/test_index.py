"""The index lists each page once, in an order to read."""

import re

from tests.docs.pages import PAGES, page

LINKS = re.findall(r"^- \[[^]]+\]\(([\w-]+\.md)\): .+\.$", page("index.md"), re.MULTILINE)


def test_each_page_is_listed_once() -> None:
    """A new page has to be given its place."""
    assert sorted(LINKS) == sorted({*PAGES, *LINKS} - {"index.md"})
