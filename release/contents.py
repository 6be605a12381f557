"""
Check what a wheel and an sdist hold: `python -m release.contents FOLDER`.

    sdist       all files of the repository, and no others
    wheel       the files of its packages, and no others: no test, no code generator
    packages    each is typed
    contract    the one of the repository
    licences    the project's, and those of what the documentation's pages load
    metadata    valid, with the version of the changelog, addresses, and absolute links only
    SBOM        of this version
"""

import argparse
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from packaging.metadata import Metadata

from release import changelog, sbom
from release.archives import Files, read_sdist, read_wheel
from release.history import ROOT
from release.sources import WRITTEN_BY_SDIST, source_files

URLS: Final = frozenset({"Homepage", "Documentation", "Source", "Changelog", "Issues"})
DOCS: Final = "trackingmore_v2_sandbox/_docs/"
_LINK: Final = re.compile(r"\]\((?!https?://|#)([^)\s]+)\)")
_LICENSES_OF_DOCS: Final = (
    *(f"licenses/{name}.LICENSE.txt" for name in sbom.IN_PAGES),
    "scripts/furo.js.LICENSE.txt",
    "swagger-ui/LICENSE",
    "swagger-ui/NOTICE",
    "swagger-ui/swagger-ui-bundle.js.LICENSE.txt",
)


class Built(NamedTuple):
    """A wheel and an sdist that belong together."""

    wheel: Files
    sdist: Files

    @property
    def folder(self) -> str:
        """The wheel's folder of metadata, with a slash."""
        return next(name for name in self.wheel if name.endswith(".dist-info/METADATA"))[:-8]

    @property
    def packages(self) -> dict[str, str]:
        """The packages of the wheel, with their folders in the sdist."""
        settings = tomllib.loads(self.sdist["pyproject.toml"].decode())
        folders = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
        return {folder.rpartition("/")[2]: folder for folder in folders}


def read(folder: Path) -> Built:
    """Return the only wheel and the only sdist of a folder."""
    (wheel,) = folder.glob("*.whl")
    (sdist,) = folder.glob("*.tar.gz")
    return Built(read_wheel(wheel), read_sdist(sdist))


def find_faults(built: Built, sources: Iterable[str]) -> list[str]:
    """
    Return what is wrong with a wheel and an sdist.

    Args:
        built: Wheel and sdist.
        sources: The files of the repository.
    """
    checks = (check_packages, check_licenses, check_metadata, check_links, check_sbom)
    found = [fault for check in checks for fault in check(built)]
    return [*check_sdist(built, sources), *found]


def check_sdist(built: Built, sources: Iterable[str]) -> Iterator[str]:
    """Yield the files that the sdist lacks, or has without being of the repository."""
    found = {name for name in built.sdist if not name.startswith(f"{sbom.DOCS}/")}
    yield from _differences("sdist", found, {*sources, WRITTEN_BY_SDIST})


def check_packages(built: Built) -> Iterator[str]:
    """Yield the files that the wheel lacks or should not have, and packages without types."""
    wanted = {
        name.removeprefix(folder.removesuffix(package)): content
        for package, folder in built.packages.items()
        for name, content in built.sdist.items()
        if name.startswith(f"{folder}/")
    }
    found = {name for name in built.wheel if not name.startswith(built.folder)}
    yield from _differences("wheel", found, set(wanted))
    yield from (
        f"wheel: {name} differs"
        for name in found & set(wanted)
        if built.wheel[name] != wanted[name]
    )
    yield from _lacking(built, [f"{package}/py.typed" for package in built.packages])
    if built.wheel.get("trackingmore_v2_api/openapi.yaml") != built.sdist.get("openapi.yaml"):
        yield "wheel: its contract is not openapi.yaml; run: nox -s generate"


def check_licenses(built: Built) -> Iterator[str]:
    """Yield the licences that are missing."""
    wanted = ["LICENSE"]
    if has_docs(built):
        wanted += [f"{sbom.DOCS}/_static/{name}" for name in _LICENSES_OF_DOCS]
    yield from _lacking(built, [f"{built.folder}licenses/{name}" for name in wanted])


def check_metadata(built: Built) -> Iterator[str]:
    """Yield what is wrong with name, version, addresses and supported Pythons."""
    text = built.wheel[f"{built.folder}METADATA"]
    if text != built.sdist[WRITTEN_BY_SDIST]:
        yield "METADATA of the wheel and PKG-INFO of the sdist differ"
    try:
        metadata = Metadata.from_email(text)
    except ExceptionGroup as errors:
        yield from (f"METADATA: {error}" for error in errors.exceptions)
        return
    newest = changelog.parse(built.sdist[changelog.FILE].decode())[0].name
    if newest not in {str(metadata.version), "Unreleased"}:
        yield f"the version is {metadata.version}, but {changelog.FILE} begins with {newest}"
    if missing := URLS - set(metadata.project_urls or {}):
        yield f"METADATA: no address of {', '.join(sorted(missing))}"


def check_links(built: Built) -> Iterator[str]:
    """Yield the links of the description that lead nowhere on a package index."""
    description = built.wheel[f"{built.folder}METADATA"].decode().partition("\n\n")[2]
    for link in _LINK.findall(description):
        yield f"README.md: {link} must be an absolute link"


def check_sbom(built: Built) -> Iterator[str]:
    """Yield what is wrong with the bill of materials."""
    name = f"{built.folder}sboms/{sbom.FILE}"
    if name not in built.wheel:
        yield f"wheel: no {name}"
        return
    about = json.loads(built.wheel[name])["metadata"]["component"]
    if f"{about['name'].replace('-', '_')}-{about['version']}.dist-info/" != built.folder:
        yield f"{name} is about {about['name']} {about['version']}"


def check_docs(built: Built, *, without_docs: bool) -> Iterator[str]:
    """Yield that the documentation is missing, or should not be there."""
    if has_docs(built) is without_docs:
        yield "wheel: has documentation" if without_docs else "wheel: no documentation"


def has_docs(built: Built) -> bool:
    """Return whether the wheel carries the documentation."""
    return any(name.startswith(DOCS) for name in built.wheel)


def _differences(archive: str, found: set[str], wanted: set[str]) -> Iterator[str]:
    yield from (f"{archive}: no {name}" for name in sorted(wanted - found))
    yield from (f"{archive}: {name} must not be in it" for name in sorted(found - wanted))


def _lacking(built: Built, names: Iterable[str]) -> Iterator[str]:
    yield from (f"wheel: no {name}" for name in names if name not in built.wheel)


def main() -> None:
    """Check the archives in the folder of the command line."""
    parser = argparse.ArgumentParser(prog="python -m release.contents", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("dist"))
    parser.add_argument("--without-docs", action="store_true", help="expect no documentation")
    arguments = parser.parse_args()
    built = read(arguments.folder)
    faults = [
        *find_faults(built, source_files(ROOT)),
        *check_docs(built, without_docs=arguments.without_docs),
    ]
    if faults:
        sys.exit("\n".join([*faults, f"{len(faults)} faults of the archives"]))
    docs = "with" if has_docs(built) else "without"
    sys.stdout.write(
        f"{len(built.sdist)} files in the sdist, {len(built.wheel)} in the wheel, "
        f"{docs} documentation: all as they must be\n"
    )


if __name__ == "__main__":
    main()
