"""What the page about the inspector shows is true."""

import re
import webbrowser

import httpx2
import pytest

from tests.docs.pages import DOCS, examples, page
from trackingmore_v2_sandbox.inspector import assets

PAGE = page("inspector.md")
EXAMPLE = examples(PAGE)["Open the inspector"]
MOST_BYTES = 150_000


def test_the_example_opens_the_inspector(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address that the example opens is that of a page, while it waits for Enter."""
    opened: list[str] = []

    def wait(_prompt: str) -> str:
        address, _, fragment = opened[0].partition("#")
        assert "<title>Sandbox inspector</title>" in httpx2.get(address, trust_env=False).text
        assert fragment.startswith("token=")
        return ""

    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr("builtins.input", wait)
    exec(compile(EXAMPLE, "docs/inspector.md", "exec"), {})  # noqa: S102 - our own words

    assert len(opened) == 1


def test_the_figures_are_those_of_the_code() -> None:
    """How much is kept stands in the page as the code has it."""
    feed = assets()["feed.js"].decode()

    assert "newest 100,000 requests" in PAGE
    assert "const MAX_REQUESTS = 100_000;" in feed
    assert "newest 10,000 requests" in PAGE
    assert "const MAX_EXPORTED = 10_000;" in assets()["requests.js"].decode()
    assert "128 MB" in PAGE
    assert "const MAX_CHARACTERS = 128 * 1024 * 1024;" in feed


def test_its_sections_are_those_of_the_inspector() -> None:
    """The table has a row for each section, in its order."""
    sections = re.findall(r'role="tab"[^>]*>([^<]+)<', assets()["index.html"].decode())

    assert re.findall(r"^\| ([A-Z]\w+) \|", PAGE, re.MULTILINE) == sections


def test_its_pictures_are_there_and_small() -> None:
    """Each picture is in the repository, and no burden to it."""
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", PAGE)

    assert pictures
    for picture in pictures:
        content = (DOCS / picture).read_bytes()
        assert content.startswith(b"\x89PNG")
        assert len(content) < MOST_BYTES
