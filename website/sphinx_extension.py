"""What our pages need of Sphinx besides its settings."""

import re
from typing import Any, Final

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.search.en import SearchEnglish

__all__ = ["setup"]

_LINES: Final = re.compile(r"<dl>\n((?:<dd>.*</dd>\n)+)</dl>")
"""A signature of several lines, as Sphinx writes it: a list of definitions without terms."""


def setup(app: Sphinx) -> None:
    """Register what this module contains with Sphinx."""
    app.connect("missing-reference", without_link)
    app.connect("html-page-context", write_valid_signatures)
    app.connect("html-page-context", describe)
    app.add_search_language(SearchWithNumbers)


def without_link(
    _app: Sphinx, _env: BuildEnvironment, node: pending_xref, content: nodes.TextElement
) -> nodes.Element | None:
    """Return the bare name of what is not ours; a name of ours without a description is a fault."""
    is_ours = node["reftarget"].startswith("trackingmore_v2")
    return content if node["refdomain"] == "py" and not is_ours else None


def write_valid_signatures(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Replace the lists in signatures, which screen readers would announce."""
    context["body"] = _LINES.sub(_spans, context.get("body", ""))


def describe(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], doctree: nodes.Node | None
) -> None:
    """Describe a page, for search engines, by its first paragraph that is a sentence."""
    paragraphs = doctree.findall(nodes.paragraph) if doctree else ()
    texts = (" ".join(each.astext().split()) for each in paragraphs)
    context["description"] = next((text for text in texts if text.endswith(".")), "")


def _spans(lines: re.Match[str]) -> str:
    spans = lines[1].replace("<dd>", '<span class="sig-line">').replace("</dd>", "</span>")
    return f'<span class="sig-lines">\n{spans}</span>'


class SearchWithNumbers(SearchEnglish):
    """English with numbers, such as the codes of the API; `static/search.js` looks for them."""

    def word_filter(self, word: str) -> bool:
        """Return whether a word is in the index."""
        return (word.isdigit() and len(word) > 2) or super().word_filter(word)  # noqa: PLR2004 - shorter ones are everywhere
