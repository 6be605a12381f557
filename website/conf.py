"""The settings of Sphinx, and what our pages need besides."""

from website.python_reference.links import connect as setup

__all__ = ["setup"]

project = "trackingmore-v2"
extensions = ["myst_parser"]
exclude_patterns = ["_build"]
highlight_language = "none"
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

myst_enable_extensions = ["fieldlist"]
myst_heading_anchors = 4

add_module_names = False
python_maximum_signature_line_length = 80
python_use_unqualified_type_names = True
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = "trackingmore-v2"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_permalinks_icon = "#"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = ["site.js", "try_it.js"]
templates_path = ["templates"]
