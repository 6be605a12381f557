"""What the papers show is true."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from trackingmore_v2 import TrackingMore
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox import Sandbox

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", README, re.DOTALL)
URLS = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
SITE = URLS["Documentation"]
CHECKOUT = f"{URLS['Source']}/blob/main/"
RAW = CHECKOUT.replace("github.com", "raw.githubusercontent.com").replace("/blob/", "/")
MADE_BY_THE_SITE = ("reference/index.html", "python/index.html")
"""Pages that are made from the contract and the docstrings."""


@pytest.mark.parametrize(("code", "output"), EXAMPLES, ids=["sync", "async"])
def test_the_examples_print_what_is_shown(code: str, output: str, tmp_path: Path) -> None:
    """Each block of the README runs as it stands, against the sandbox."""
    run = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, check=False, cwd=tmp_path, text=True
    )

    assert run.returncode == 0, run.stderr
    assert run.stdout == output


def test_no_example_is_left_out() -> None:
    """Each block of code has its output below."""
    assert len(EXAMPLES) == README.count("```python") == README.count("```text")


def test_the_number_of_operations_is_that_of_the_contract() -> None:
    """The table of alternatives has it."""
    assert f"| operations with a method | {len(OPERATIONS)} |" in README


def test_the_commands_are_the_ones_that_ci_runs() -> None:
    """CI calls the README's command, word for word."""
    command = "python3 -m pip install nox && python3 -m nox"

    assert f"    {command}\n" in README
    assert f"    {command} -s demo\n" in README
    assert (PROJECT / ".ci" / "run").read_text(encoding="utf-8").endswith(f"\n{command}\n")


PAPERS = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]
PAGES = [f"docs/{page.name}" for page in sorted((PROJECT / "docs").glob("*.md"))]


@pytest.mark.parametrize("paper", PAPERS)
def test_the_papers_name_what_is_there(paper: str) -> None:
    """Every path in code style exists."""
    text = (PROJECT / paper).read_text(encoding="utf-8")
    paths = re.findall(r"`((?:codegen|generated|overlay|sandbox|tests)/[\w/.-]*)`", text)

    assert [path for path in paths if not (PROJECT / path).exists()] == []


@pytest.mark.parametrize("paper", [*PAPERS, *PAGES])
def test_links_lead_to_pages_and_headings(paper: str) -> None:
    """Every linked page exists, and has the heading that the link names."""
    page = PROJECT / paper
    links = re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not leads_to_heading(page, *link)] == []


@pytest.mark.parametrize("paper", [*PAPERS, *PAGES])
def test_links_to_this_project_lead_to_files(paper: str) -> None:
    """Each absolute link to the site or the repository has a file, and the heading it names."""
    text = (PROJECT / paper).read_text(encoding="utf-8")
    links = [link for link in absolute_links(text) if link.startswith((SITE, CHECKOUT, RAW))]

    assert [link for link in links if not leads_to_file(link)] == []


def test_the_readme_has_links_to_this_project_alone() -> None:
    """They are absolute, for package indexes, and begin with an address of the metadata."""
    links = absolute_links(README)

    assert links
    assert [link for link in links if not link.startswith((SITE, CHECKOUT, RAW))] == []
    assert re.findall(r"\]\((?!https:)[^)]*\)", README) == []


def absolute_links(text: str) -> list[str]:
    """Return the addresses of links and images."""
    return re.findall(r"""(?:\]\(|(?:src|srcset|href)=")(https?://[^)"]+)""", text)


def leads_to_file(link: str) -> bool:
    """Return whether a link to the site or the repository has a file in the checkout."""
    address, _, heading = link.partition("#")
    if address.startswith(SITE):
        path = address.removeprefix(SITE)
        page = (path or "index.html").replace(".html", ".md")
        return path in MADE_BY_THE_SITE or leads_to_heading(
            PROJECT / "docs" / "index.md", page, heading
        )
    path = address.removeprefix(CHECKOUT).removeprefix(RAW)
    return leads_to_heading(PROJECT / "README.md", path, heading)


def leads_to_heading(page: Path, target: str, heading: str) -> bool:
    """Return whether a link on a page leads to a file, and to a heading of it if it names one."""
    path = page.parent / target if target else page
    if not heading or not path.exists():
        return path.exists()
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return heading in {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_demo_prints_every_part(tmp_path: Path) -> None:
    """Flights and events, trackings from creation to deletion, errors, and a summary."""
    run = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, str(PROJECT / "examples" / "demo.py")],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        text=True,
    )

    for part in ("CV7493", "C80066", "DLV", "Created 3 of 3", "TrackingExists", "TrackingNotFound"):
        assert part in run.stdout
    assert run.stdout.endswith("  3 trackings counted by status, 2 errors handled\n")
    assert run.stderr == ""


def test_the_demo_deletes_only_what_it_created() -> None:
    """A tracking that the account followed before is still followed afterwards."""
    with Sandbox() as sandbox, TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        client.trackings.create("china-ems", "LK664578623CN")
        environment = {
            **os.environ,
            "TRACKINGMORE_API_KEY": sandbox.api_key,
            "TRACKINGMORE_BASE_URL": sandbox.base_url,
        }
        run = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, str(PROJECT / "examples" / "demo.py")],
            capture_output=True,
            check=True,
            env=environment,
            text=True,
        )
        left = [tracking.tracking_number for tracking in client.trackings.list()]

    assert "Created 2 of 3" in run.stdout
    assert left == ["LK664578623CN"]
