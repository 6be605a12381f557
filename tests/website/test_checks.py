"""What a build rejects: each fault is found in a page that has it."""

from pathlib import Path

import pytest

from website.checks import findings

CLEAN = '<h1 id="top">Title</h1><a href="other.html#part">x</a><a href="#top">y</a>'
FAULTS = {
    '<a href="absent.html">x</a>': "dead link to absent.html",
    '<a href="other.html#absent">x</a>': "dead anchor in other.html#absent",
    '<a href="#absent">x</a>': "dead anchor in #absent",
    '<a href="../outside.html">x</a>': "dead link to ../outside.html",
    '<img src="absent.png">': "dead link to absent.png",
    '<script src="https://cdn.example.com/x.js"></script>': "loads https://cdn.example.com/x.js",
    '<script src="//cdn.example.com/x.js"></script>': "loads //cdn.example.com/x.js",
    '<link rel="stylesheet" href="https://fonts.example.com/x">': "loads https://fonts.example.com/x",
    "<script>alert()</script>": "script in the page itself, not in a file",
    "<style>p {}</style>": "style in the page itself, not in a file",
    '<p style="color: red">x</p>': "style in the page itself, not in a file",
    '<p onclick="x()">x</p>': "onclick in the page itself, not in a file",
    '<a href="https://example.com/">x</a>': (
        "links to https://example.com/, whose host is not in LINKED_HOSTS"
    ),
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Write a site without faults, below a page that does not belong to it."""
    (tmp_path / "outside.html").write_text("")
    root = tmp_path / "site"
    root.mkdir()
    (root / "index.html").write_text(CLEAN)
    (root / "other.html").write_text('<p id="part"></p><a href="https://docs.python.org/3/">x</a>')
    (root / "style.css").write_text('p { background: url("data:image/svg+xml,x") }')
    return root


def test_a_site_without_faults_passes(site: Path) -> None:
    """Links within the site and to known hosts are allowed."""
    assert list(findings(site)) == []


@pytest.mark.parametrize(("markup", "fault"), FAULTS.items(), ids=FAULTS.values())
def test_a_fault_is_found(site: Path, markup: str, fault: str) -> None:
    """Each fault is reported, with its page."""
    (site / "index.html").write_text(CLEAN + markup)

    assert list(findings(site)) == [f"index.html: {fault}"]


@pytest.mark.parametrize(
    "rule",
    ['@import "https://x.org/y";', "@import url(https://x.org/y);", "p {src: url('//x.org/y')}"],
)
def test_a_style_sheet_loads_nothing_from_elsewhere(site: Path, rule: str) -> None:
    """Fonts and imports of others are found in style sheets."""
    (site / "style.css").write_text(rule)

    (fault,) = findings(site)
    assert fault.startswith("style.css: loads ")
