"""
The wheel's bill of materials, as PEP 770 wants it, in CycloneDX 1.7.

It names what the wheel contains, and what it expects to be installed. hatchling loads this file by
its path when it builds a wheel, so it imports nothing of this project.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from hatchling.__about__ import __version__ as hatchling_version
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.builders.utils import get_reproducible_timestamp
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

Json = dict[str, Any]
FILE: Final = "trackingmore-v2.cdx.json"
DOCS: Final = "sandbox/trackingmore_v2_sandbox/_docs"
LOCK: Final = "website/package-lock.json"
IN_PAGES: Final = {
    "accessible-pygments": "BSD-3-Clause",
    "furo": "MIT",
    "snowballstemmer": "BSD-3-Clause",
    "sphinx": "BSD-2-Clause",
    "sphinx-basic-ng": "MIT",
}
"""Packages of the group site whose scripts and styles are in the pages, with their licences."""


class SbomHook(BuildHookInterface[Any]):
    """A hook of hatchling that adds the bill of materials to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - of the interface
        """Write the file, and have it added."""
        # hatchling does not say of what its class is generic.
        metadata: Any = self.metadata  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - as said
        core = metadata.core
        self._folder = TemporaryDirectory()
        project = describe_project(core.name, metadata.version, core.license_expression)
        extras = {"": core.dependencies, **core.optional_dependencies}
        contents = [*external_components(core.name, extras), *bundled_components(Path(self.root))]
        path = Path(self._folder.name, FILE)
        path.write_text(render(project, contents, get_reproducible_timestamp()), encoding="utf-8")
        build_data["sbom_files"].append(str(path))

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - likewise
        """Remove the file, which is in the wheel by now."""
        self._folder.cleanup()


def describe_project(name: str, version: str, license_id: str) -> Json:
    """Return the component that the document is about."""
    return _component("pypi", name, version, license_id)


def external_components(project: str, extras: Mapping[str, list[str]]) -> Iterator[Json]:
    """
    Yield what an installation fetches: the dependencies, with the versions that are allowed.

    Args:
        project: The project, which is not a dependency of itself.
        extras: The requirements of each extra; those without one under "".
    """
    wanted: dict[str, set[str]] = {}
    for extra, texts in extras.items():
        for text in texts:
            wanted.setdefault(text, set()).add(extra)
    for text, names in sorted(wanted.items()):
        requirement = Requirement(text)
        if requirement.name != project:
            yield _external(requirement, sorted(names))


def bundled_components(root: Path) -> Iterator[Json]:
    """Yield what of others the wheel contains: what the documentation's pages load."""
    if (root / DOCS).is_dir():
        yield from _of_python(root)
        yield from _of_node(root)


def _of_python(root: Path) -> Iterator[Json]:
    """Yield the theme and the search, with the versions of the dependency group."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    pins = dict(pin.split("==") for pin in settings["dependency-groups"]["site"])
    for name, license_id in IN_PAGES.items():
        yield _component("pypi", name, pins[name], license_id)


def _of_node(root: Path) -> Iterator[Json]:
    """Yield what the lock file names, except what only tests use."""
    packages = json.loads((root / LOCK).read_text(encoding="utf-8"))["packages"]
    for name in sorted(packages[""]["dependencies"]):
        package = packages[f"node_modules/{name}"]
        yield _component("npm", name, package["version"], package["license"])


def render(project: Json, components: list[Json], seconds: int) -> str:
    """Return the document; equal arguments give equal bytes."""
    time = datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
    tool = {"type": "application", "name": "hatchling", "version": hatchling_version}
    references = [component["bom-ref"] for component in components]
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.7.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "serialNumber": uuid5(NAMESPACE_URL, project["purl"]).urn,
        "version": 1,
        "metadata": {
            "timestamp": time,
            "lifecycles": [{"phase": "build"}],
            "tools": {"components": [tool]},
            "component": project,
        },
        "components": components,
        "dependencies": [{"ref": project["bom-ref"], "dependsOn": references}],
    }
    return json.dumps(document, indent=2) + "\n"


def _component(kind: str, name: str, version: str, license_id: str) -> Json:
    return {"type": "library", **_identity(kind, name, version), **_license(license_id)}


def _external(requirement: Requirement, extras: list[str]) -> Json:
    facts = [("extra", extra) for extra in extras if extra]
    if requirement.marker:
        facts.append(("marker", str(requirement.marker)))
    properties = [{"name": f"trackingmore-v2:{name}", "value": value} for name, value in facts]
    return {
        "type": "library",
        **_identity("pypi", requirement.name),
        "isExternal": True,
        "scope": "required" if "" in extras else "optional",
        "versionRange": version_range(requirement.specifier),
        **({"properties": properties} if properties else {}),
    }


def version_range(specifiers: SpecifierSet) -> str:
    """Return specifiers in the syntax of package URLs, in the order of their versions."""
    ordered = sorted(specifiers, key=lambda each: Version(each.version))
    return f"vers:pypi/{'|'.join(map(str, ordered))}"


def _identity(kind: str, name: str, version: str = "") -> Json:
    url = f"pkg:{kind}/{name}" + (f"@{version}" if version else "")
    return {"bom-ref": url, "name": name, "purl": url} | ({"version": version} if version else {})


def _license(expression: str) -> Json:
    return {"licenses": [{"expression": expression}]}
