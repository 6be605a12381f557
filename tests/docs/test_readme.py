"""What the papers show is true."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from trackingmore_v2 import TrackingMore
from trackingmore_v2_sandbox import Sandbox

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("code", EXAMPLES, ids=["sync", "async"])
def test_the_examples_run(code: str, tmp_path: Path) -> None:
    """Each block of the README runs as it stands, against the sandbox."""
    run = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, check=False, cwd=tmp_path, text=True
    )

    assert run.returncode == 0, run.stderr
    assert run.stdout


def test_the_commands_are_the_ones_that_ci_runs() -> None:
    """CI calls the README's command, word for word."""
    command = "python3 -m pip install nox && python3 -m nox"

    assert f"    {command}\n" in README
    assert f"    {command} -s demo\n" in README
    assert (PROJECT / ".ci" / "run").read_text(encoding="utf-8").endswith(f"\n{command}\n")


PAPERS = [page.name for page in sorted(PROJECT.glob("*.md"))]
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


def leads_to_heading(page: Path, target: str, heading: str) -> bool:
    """Return whether a link on a page leads to a file, and to a heading of it if it names one."""
    path = page.parent / target if target else page
    if not heading:
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
