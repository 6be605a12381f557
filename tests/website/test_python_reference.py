"""The Python reference: every public name is described once, as it stands in the source."""

import re
from functools import cache

import pytest
from griffe import Function

from website.python_reference.public import GROUPS, ROOT, Library
from website.python_reference.render import render_index, render_page
from website.python_reference.signatures import Writer

PACKAGES = ("overlay/trackingmore_v2", "sandbox/trackingmore_v2_pytest")
RE_EXPORTED = {
    *("trackingmore_v2.importer.report", "trackingmore_v2.importer.sqlite"),
    *("trackingmore_v2.limiters.memory", "trackingmore_v2.limiters.protocol"),
    *("trackingmore_v2.timelines.air_waybill", "trackingmore_v2.timelines.parcel"),
    *("trackingmore_v2.webhooks.logs", "trackingmore_v2.webhooks.logs.memory"),
    "trackingmore_v2.webhooks.logs.sqlite",
}
"""Modules whose names users import from the package above."""

INTERNAL = {"trackingmore_v2_pytest.request_report"}
MODULES = tuple(name for group in GROUPS.values() for name in group)


@cache
def library() -> Library:
    """Read the sources once."""
    return Library.load()


def public_modules() -> set[str]:
    """Return the modules without an underscore in their names."""
    names = set()
    for package in PACKAGES:
        root = (ROOT / package).parent
        for path in (ROOT / package).rglob("*.py"):
            name = ".".join(path.relative_to(root).with_suffix("").parts)
            names.add(name.removesuffix(".__init__"))
    return {name for name in names if not re.search(r"\._", name)}


def test_every_public_module_has_a_page() -> None:
    """A module that users can import is in the index, or is named here with a reason."""
    with_page = {name for name in MODULES if not name.startswith("trackingmore_v2_sandbox")}

    assert public_modules() - RE_EXPORTED - INTERNAL == with_page
    for name in MODULES:
        assert f"({name}.md)" in render_index(library())


@pytest.mark.parametrize("module", sorted(RE_EXPORTED))
def test_a_module_without_a_page_is_described_elsewhere(module: str) -> None:
    """Its names are on the page of the package that exports them."""
    members = library().sources[module].members.values()
    homes = {library().homes.get(each.path) for each in members if not each.is_alias}

    assert any(home and module.startswith(home) for home in homes) or module.endswith(".logs")


def test_every_name_is_described_once() -> None:
    """A name that several modules export has one description, and links to it."""
    described: list[str] = []
    for name in MODULES:
        page = render_page(library(), name)
        names = re.findall(r"^`{7}\{py:\w+\} (\w+)", page, re.MULTILINE)
        described += (f"{name}.{each}" for each in names)
        for exported in library().exports[name].values():
            path = str(library().public_path(exported.path))
            assert path in described or path in page or f"{{py:obj}}`~{path}`" in page

    assert len(described) == len(set(described))
    assert "trackingmore_v2.TrackingMore" in described
    assert "trackingmore_v2.limiters.Limiter" in described


def test_a_signature_has_full_names_and_values() -> None:
    """Sphinx links full names; a private constant is of no use to a reader."""
    client = library().exports["trackingmore_v2"]["TrackingMore"]
    constructor = client.members["__init__"]
    assert isinstance(constructor, Function)
    signature = Writer(library()).signature(constructor)

    assert "limiter: trackingmore_v2.limiters.RateLimiter | None = None" in signature
    assert "timeout: float = 30.0" in signature
    assert signature.startswith("(api_key: str | None = None, *, base_url: str | None = None")


def test_an_overload_is_shown_with_each_of_its_signatures() -> None:
    """A method with overloads has one description below all of them."""
    page = render_page(library(), "trackingmore_v2.types")
    resource = page[page.index("{py:class} TrackingsResource") :]
    forms = re.findall(r"\{py:method\} list\(", resource)

    assert len(forms) == 2
    assert resource.count(":no-index:") >= 1


def test_sections_of_docstrings_are_fields() -> None:
    """No heading of a section is left in the text."""
    for name in MODULES:
        page = render_page(library(), name)

        assert not re.search(r"^\s*(Args|Returns|Raises|Yields|Attributes):$", page, re.MULTILINE)
