"""The pages are Markdown whose links resolve, and which each run writes alike."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.website_reference.reading import all_pages, anchors, items, links, plain, prose, rows
from website.reference import write

PAGES = all_pages()
HTML = ('<a id="', "</a>", '<span class="evidence ', "</span>", '<div class="try-it" ', "</div>")


@pytest.mark.parametrize("name", PAGES)
def test_anchors_are_unique(name: str) -> None:
    """No two headings or fields of a page have one anchor."""
    found = anchors(PAGES[name])

    assert len(found) == len({*found})


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    """Each link leads to a page, and to an anchor of it."""
    for target, anchor in links(PAGES[name]):
        text = PAGES[target or name]
        assert not anchor or anchor in anchors(text), (target, anchor)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_without_description(name: str) -> None:
    """No cell of a table is empty, and no field has no words."""
    assert [row for row in rows(PAGES[name]) if not all(map(plain, row))] == []
    assert [item for item in items(PAGES[name]) if not item.about] == []


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_plain_markdown(name: str) -> None:
    """HTML stands for badges, anchors and what is tried; everything else is Markdown."""
    without_code = re.sub(r"`[^`\n]+`", "", prose(PAGES[name]))
    for tag in re.findall(r"</?\w[^>]*>", without_code):
        assert tag.startswith(HTML), tag


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_key(name: str) -> None:
    """Code reads the key from the environment."""
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-4", PAGES[name])


def test_two_runs_write_the_same(tmp_path: Path) -> None:
    """Pages do not depend on the order of a set."""
    program = "import sys; from pathlib import Path; from website.reference import write; "
    program += "write(Path(sys.argv[1]))"
    write(tmp_path / "0")
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", program, str(tmp_path / seed)]
        subprocess.run(command, env={**environment, "PYTHONHASHSEED": seed}, check=True)  # noqa: S603 - our own words
    runs = [
        {path.name: path.read_bytes() for path in (tmp_path / run).iterdir()}
        for run in ("0", "1", "2")
    ]

    assert runs[0] == runs[1] == runs[2]
    assert {*runs[0]} == {*PAGES}
