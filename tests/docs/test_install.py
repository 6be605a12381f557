"""What the page about the installation says is true."""

import re
import tomllib

from tests.docs.pages import DOCS, page

PAGE = page("install.md")
PROJECT = tomllib.loads((DOCS.parent / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def name_of(requirement: str) -> str:
    """Return the name of a required package."""
    return re.split(r"[^\w-]", requirement)[0]


def test_each_extra_is_described() -> None:
    """The table has the extras, in their order, and no others."""
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", PAGE, re.MULTILINE)

    assert {name for name, _ in rows} == EXTRAS.keys()
    for extra, brings in rows:
        named = brings.split(", ")
        assert extra == "all" or set(named) == set(map(name_of, EXTRAS[extra])), extra


def test_the_client_has_the_dependencies_that_are_named() -> None:
    """Without extras, it has these alone."""
    named = re.findall(r"two dependencies: `([\w-]+)` and `([\w-]+)`", PAGE)

    assert [tuple(map(name_of, PROJECT["dependencies"]))] == named


def test_the_oldest_python_is_the_one_that_is_required() -> None:
    """The page has the version of the metadata."""
    assert f"It needs Python {PROJECT['requires-python'].removeprefix('>=')} or newer" in PAGE
