"""The index lists each page once, in an order to read."""

import re

from tests.docs.pages import PAGES, page

ENTRIES = re.findall(r"^- \[([^]]+)\]\(([\w-]+\.md)\): .+\.$", page("index.md"), re.MULTILINE)


def test_each_page_is_listed_once() -> None:
    """A new page has to be given its place."""
    links = [link for _, link in ENTRIES]

    assert sorted(links) == sorted({*PAGES, *links} - {"index.md"})


def test_each_page_has_the_title_of_its_entry() -> None:
    """A reader who follows a link finds the name again."""
    titles = [(page(link).partition("\n")[0].removeprefix("# "), link) for _, link in ENTRIES]

    assert titles == ENTRIES
