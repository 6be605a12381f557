"""
The documentation site: one static folder from openapi.yaml, `docs/` and the docstrings.

    build.py             the steps in order
    pages.py             the Markdown pages, with the navigation of `docs/index.md`
    contract.py          openapi.yaml as data, for the reference and for tests
    reference/           the reference of the API, from the contract
    python_reference/    the reference of the Python packages, from the docstrings
    try_it.py            the contract as a script, and Swagger UI
    licenses.py          the licences of what Sphinx and the theme put into the pages
    checks.py            what the built site must not contain: dead links, and files of others
    conf.py, sphinx_extension.py    the settings of Sphinx, and what we add to it
"""
