"""What wheel and sdist must hold."""

import json

import pytest

from release import sbom
from release.contents import Built, check_docs, find_faults

INFO = "trackingmore_v2-1.0.dist-info/"
METADATA = b"""\
Metadata-Version: 2.4
Name: trackingmore-v2
Version: 1.0
Project-URL: Homepage, https://example.com
Project-URL: Documentation, https://example.com
Project-URL: Source, https://example.com
Project-URL: Changelog, https://example.com
Project-URL: Issues, https://example.com

[docs](https://example.com/docs.md)
"""
SETTINGS = b'[tool.hatch.build.targets.wheel]\npackages = ["generated/trackingmore_v2_api"]\n'
PACKAGE = {"__init__.py": b"", "openapi.yaml": b"openapi: 3.1.0", "py.typed": b""}
SBOM = {"metadata": {"component": {"name": "trackingmore-v2", "version": "1.0"}}}
SDIST = {
    "CHANGELOG.md": b"## [1.0] - 2026-11-30\n\n- All.\n",
    "PKG-INFO": METADATA,
    "openapi.yaml": b"openapi: 3.1.0",
    "pyproject.toml": SETTINGS,
    "tests/test_it.py": b"",
    **{f"generated/trackingmore_v2_api/{name}": data for name, data in PACKAGE.items()},
}
WHEEL = {
    **{f"trackingmore_v2_api/{name}": data for name, data in PACKAGE.items()},
    f"{INFO}METADATA": METADATA,
    f"{INFO}licenses/LICENSE": b"MIT",
    f"{INFO}sboms/{sbom.FILE}": json.dumps(SBOM).encode(),
}
OTHER_SBOM = json.dumps(SBOM).replace("1.0", "0.9").encode()
DOCS = "trackingmore_v2_sandbox/_docs/index.html"
SOURCES = set(SDIST) - {"PKG-INFO"}
Files = dict[str, bytes]


def faults(wheel: Files, sdist: Files) -> list[str]:
    """Return the faults of archives in which files are added or replaced."""
    return find_faults(Built({**WHEEL, **wheel}, {**SDIST, **sdist}), SOURCES)


def test_archives_without_fault_pass() -> None:
    """They are the base of the other tests."""
    assert faults({}, {}) == []


@pytest.mark.parametrize(
    "name", sorted(SDIST.keys() - {"CHANGELOG.md", "PKG-INFO", "pyproject.toml"})
)
def test_the_sdist_has_all_files(name: str) -> None:
    """Of the repository; a package's one is missing in the wheel, too."""
    sdist = {key: value for key, value in SDIST.items() if key != name}

    assert f"sdist: no {name}" in find_faults(Built(WHEEL, sdist), SOURCES)


@pytest.mark.parametrize("name", sorted(WHEEL.keys() - {f"{INFO}METADATA"}))
def test_the_wheel_has_all_files(name: str) -> None:
    """Modules, the mark of typed packages, the contract, the licence and the SBOM."""
    wheel = {key: value for key, value in WHEEL.items() if key != name}

    assert f"wheel: no {name}" in find_faults(Built(wheel, SDIST), SOURCES)


def _wheel(name: str, content: bytes = b"") -> tuple[Files, Files]:
    return {name: content}, {}


def _sdist(name: str, content: bytes = b"") -> tuple[Files, Files]:
    return {}, {name: content}


def _metadata(old: bytes, new: bytes) -> tuple[Files, Files]:
    changed = METADATA.replace(old, new)
    return {f"{INFO}METADATA": changed}, {"PKG-INFO": changed}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (_wheel("tests/__init__.py"), "wheel: tests/__init__.py must not be in it"),
        (_wheel("codegen/generate.py"), "wheel: codegen/generate.py must not be in it"),
        (_wheel("trackingmore_v2_api/stray.py"), "trackingmore_v2_api/stray.py must not be in it"),
        (_wheel("trackingmore_v2_api/__init__.py", b"1"), "__init__.py differs"),
        (_wheel(f"{INFO}sboms/{sbom.FILE}", OTHER_SBOM), "is about trackingmore-v2 0.9"),
        (_sdist("stray.py"), "sdist: stray.py must not be in it"),
        (_sdist("openapi.yaml", b"openapi: 3.2.0"), "its contract is not openapi.yaml"),
        (_sdist("PKG-INFO"), "METADATA of the wheel and PKG-INFO of the sdist differ"),
        (_metadata(b"Version: 1.0", b"Version: x"), "METADATA: 'x' is invalid"),
        (_metadata(b"Version: 1.0", b"Version: 1.1"), "CHANGELOG.md begins with 1.0"),
        (_metadata(b"Issues, ", b"Bugs, "), "no address of Issues"),
        (_metadata(b"https://example.com/docs", b"docs"), "docs.md must be an absolute link"),
        (
            ({DOCS: b""}, {f"sandbox/{DOCS}": b""}),
            "dist-info/licenses/sandbox/trackingmore_v2_sandbox/_docs/_static/swagger-ui/NOTICE",
        ),
    ],
)
def test_each_fault_is_found(change: tuple[Files, Files], fault: str) -> None:
    """By a sentence that names the file."""
    assert any(fault in found for found in faults(*change))


def test_documentation_is_in_the_wheel_if_it_was_built() -> None:
    """Also if the sdist lacks it too, as it does without `artifacts` in pyproject.toml."""
    slim, full = Built(WHEEL, SDIST), Built({**WHEEL, DOCS: b""}, SDIST)

    assert list(check_docs(slim, without_docs=False)) == ["wheel: no documentation"]
    assert list(check_docs(full, without_docs=True)) == ["wheel: has documentation"]
    assert [*check_docs(full, without_docs=False), *check_docs(slim, without_docs=True)] == []


def test_a_package_without_types_is_found() -> None:
    """Also if the repository has no mark for it."""
    mark = "trackingmore_v2_api/py.typed"
    wheel = {name: content for name, content in WHEEL.items() if name != mark}
    sdist = {name: content for name, content in SDIST.items() if not name.endswith(mark)}

    assert find_faults(Built(wheel, sdist), set(sdist) - {"PKG-INFO"}) == [f"wheel: no {mark}"]
