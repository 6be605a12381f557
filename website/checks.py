"""What the built site must not contain: dead links, and scripts, styles and files of others."""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

LINKED_HOSTS: Final = frozenset(
    {
        "docs.python.org",
        "github.com",
        "keepachangelog.com",
        "semver.org",
        "trackingmore-v2.github.io",
        "www.trackingmore.com",
    }
)
"""The hosts to which a link may lead."""

_LOADED: Final = frozenset({"action", "background", "data", "poster", "src", "srcset"})
"""Attributes whose address the browser loads, as it does `href` of anything but a link."""

_LOADED_BY_STYLE: Final = re.compile(r"(?:@import\s+(?!url\()|url\()\s*[\"']?([^\"')\s]+)")


class Page(HTMLParser):
    """The anchors of a page, the addresses that it links and loads, and what stands inline."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.inline: list[str] = []
        self._tag = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect what an element has."""
        self._tag = tag
        for name, value in attrs:
            if name in {"id", "name"}:
                self.anchors.add(value or "")
            elif name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in {"href", *_LOADED}:
                self.loaded.append(value or "")
            elif name == "style" or name.startswith("on"):
                self.inline.append(name)

    def handle_data(self, data: str) -> None:
        """Collect scripts and styles that are not in files."""
        if self._tag in {"script", "style"} and data.strip():
            self.inline.append(self._tag)


def findings(root: Path) -> Iterator[str]:
    """Yield what is wrong in a site, as `page: fault`."""
    pages = {path.resolve(): Page(path.read_text("utf-8")) for path in sorted(root.rglob("*.html"))}
    for path, page in pages.items():
        for fault in (*_faults(page), *_dead_links(root.resolve(), path, pages)):
            yield f"{path.relative_to(root.resolve())}: {fault}"
    for path in sorted(root.rglob("*.css")):
        loaded = _LOADED_BY_STYLE.findall(path.read_text("utf-8"))
        yield from (f"{path.relative_to(root)}: loads {url}" for url in loaded if _is_outside(url))


def _faults(page: Page) -> Iterator[str]:
    yield from (f"{name} in the page itself, not in a file" for name in page.inline)
    yield from (f"loads {url}" for url in page.loaded if _is_outside(url))
    for url in filter(_is_outside, page.links):
        if urlsplit(url).hostname not in LINKED_HOSTS:
            yield f"links to {url}, whose host is not in LINKED_HOSTS"


def _dead_links(root: Path, path: Path, pages: Mapping[Path, Page]) -> Iterator[str]:
    for url in (*pages[path].links, *pages[path].loaded):
        parts = urlsplit(url)
        if parts.scheme or parts.netloc:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if not target.is_relative_to(root) or not target.is_file():
            yield f"dead link to {url}"
        elif parts.fragment and target in pages and parts.fragment not in pages[target].anchors:
            yield f"dead anchor in {url}"


def _is_outside(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme != "data" and bool(parts.scheme or parts.netloc)
