"""The wheel's bill of materials."""

import json
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.specifiers import SpecifierSet

from release import sbom
from tests.release.trees import write
from website.licenses import PACKAGES

EXTRAS = {
    "": ["httpx2<3,>=2.16"],
    "cli": ["click>=8.2"],
    "fast": ["uvloop>=0.22; sys_platform != 'win32'", "httpx2<3,>=2.16"],
    "all": ["click>=8.2", "project[cli]"],
}
PINS = [f"{name}==1.{index}" for index, name in enumerate([*sbom.IN_PAGES, "griffelib"])]
SETTINGS = f"[dependency-groups]\nsite = {json.dumps(PINS)}\n"
LOCK = {
    "packages": {
        "": {"dependencies": {"viewer": "1.2.3"}, "devDependencies": {"checker": "4"}},
        "node_modules/viewer": {"version": "1.2.3", "license": "Apache-2.0"},
        "node_modules/checker": {"version": "4.0.0", "license": "MPL-2.0", "dev": True},
    }
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a tree with built documentation."""
    files = {sbom.LOCK: json.dumps(LOCK), "pyproject.toml": SETTINGS}
    return write(tmp_path, {f"{sbom.DOCS}/index.html": "", **files})


def document(root: Path, seconds: int = 0) -> str:
    """Return the document of a project in a tree."""
    project = sbom.describe_project("project", "1.0", "MIT")
    contents = [*sbom.external_components("project", EXTRAS), *sbom.bundled_components(root)]
    return sbom.render(project, contents, seconds)


def components(root: Path) -> dict[str, Any]:
    """Return the components of the document, by name."""
    return {each["name"]: each for each in json.loads(document(root))["components"]}


def test_the_document_is_valid(root: Path) -> None:
    """By the schema of CycloneDX 1.7."""
    validator = JsonStrictValidator(SchemaVersion.V1_7)

    assert validator.validate_str(document(root)) is None
    assert validator.validate_str(document(root).replace('"optional"', '"wanted"')) is not None


def test_the_document_depends_on_its_subject_and_time_only(root: Path) -> None:
    """The serial number is made from name and version."""
    assert document(root) == document(root)
    assert document(root, 1).replace("00:00:01Z", "00:00:00Z") == document(root)
    assert '"urn:uuid:' in document(root)


def test_dependencies_are_named_with_their_range_and_extras(root: Path) -> None:
    """An extra of the project itself is not a dependency."""
    found = components(root)

    assert [*found] == ["click", "httpx2", "uvloop", *sbom.IN_PAGES, "viewer"]
    assert found["httpx2"]["scope"] == "required"
    assert found["httpx2"]["versionRange"] == "vers:pypi/>=2.16|<3"
    assert found["click"]["scope"] == "optional"
    assert [each["value"] for each in found["click"]["properties"]] == ["all", "cli"]
    assert found["uvloop"]["properties"][1]["value"] == 'sys_platform != "win32"'


def test_what_the_documentation_loads_is_contained(root: Path) -> None:
    """With the versions of group and lock file; what only builds or tests use is not contained."""
    found = components(root)
    viewer = found["viewer"]

    assert found["furo"]["purl"] == "pkg:pypi/furo@1.1"
    assert found["sphinx"]["licenses"] == [{"expression": "BSD-2-Clause"}]
    assert viewer["purl"] == "pkg:npm/viewer@1.2.3"
    assert viewer["licenses"] == [{"expression": "Apache-2.0"}]
    assert "isExternal" not in viewer


def test_what_is_contained_has_its_licence() -> None:
    """The site writes the licences of the packages that the bill of materials names."""
    assert {*sbom.IN_PAGES} == {*PACKAGES}


def test_without_documentation_nothing_is_contained(tmp_path: Path) -> None:
    """A wheel can be built without it."""
    assert not list(sbom.bundled_components(tmp_path))


def test_a_range_is_in_the_order_of_versions() -> None:
    """10 comes after 9."""
    assert sbom.version_range(SpecifierSet("<10,!=9.5,>=9")) == "vers:pypi/>=9|!=9.5|<10"
