"""The settings of Sphinx."""

from website.sphinx_extension import setup

__all__ = ["setup"]

project = "trackingmore-v2"
extensions = ["myst_parser"]
templates_path = ["templates"]

myst_enable_extensions = ["fieldlist"]
myst_heading_anchors = 4

highlight_language = "none"
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

add_module_names = False
maximum_signature_line_length = 80
python_use_unqualified_type_names = True
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = project
html_static_path = ["static"]
html_css_files = ["site.css", "try_it.css"]
html_js_files = ["site.js", "try_it.js"]
html_permalinks_icon = "#"
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_use_index = False
html_domain_indices = False
