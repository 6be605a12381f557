"""Links from names in code to the descriptions of what they name."""

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

__all__ = ["connect"]


def connect(app: Sphinx) -> dict[str, bool]:
    """Register the functions below with Sphinx."""
    app.connect("missing-reference", without_link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def without_link(
    _app: Sphinx, _env: BuildEnvironment, node: pending_xref, content: nodes.TextElement
) -> nodes.Element | None:
    """Return the bare name of what is not ours; a name of ours without a description is a fault."""
    is_ours = node["reftarget"].startswith("trackingmore_v2")
    return content if node["refdomain"] == "py" and not is_ours else None
