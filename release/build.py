"""
Build wheel and sdist: `python -m release.build FOLDER`.

Equal sources give equal bytes, for any user and in any folder: they are copied first, without what
git does not track, and the archives show the day of the version in CHANGELOG.md as their time.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from release.changelog import read_entries
from release.history import ROOT
from release.sources import EPOCH, copy_sources, source_date

ARCHIVES: Final = ("trackingmore_v2-*.whl", "trackingmore_v2-*.tar.gz")
_PACKAGES: Final = ("generated", "overlay", "sandbox", ".")


def build(root: Path, out: Path, *, docs: bool = True) -> list[Path]:
    """
    Build the sdist, and the wheel from the sdist; earlier archives are replaced.

    Args:
        root: The source tree.
        out: Folder of the archives.
        docs: Whether the wheel carries the documentation. Default: True.
    """
    with TemporaryDirectory() as folder:
        source = copy_sources(root, Path(folder) / "source")
        environment = build_environment(os.environ, source)
        if docs:
            _run(source, environment, "website", "--package")
        made = Path(folder) / "made"
        _run(source, environment, "build", "--no-isolation", "--outdir", str(made), ".")
        return replace_archives(made, out)


def build_environment(given: Mapping[str, str], source: Path) -> dict[str, str]:
    """Return the environment of the commands that build."""
    return {
        **given,
        EPOCH: str(source_date(given, read_entries(source))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join(str(source / name) for name in _PACKAGES),
    }


def _run(source: Path, environment: Mapping[str, str], module: str, *arguments: str) -> None:
    command = [sys.executable, "-m", module, *arguments]
    subprocess.run(command, cwd=source, env=environment, check=True)  # noqa: S603 - our own commands


def replace_archives(made: Path, out: Path) -> list[Path]:
    """Move archives into a folder in place of earlier ones; none is ever there in part."""
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out) as near:  # on the same disk, where a move is one step
        copies = [Path(shutil.copy(path, near)) for path in sorted(made.iterdir())]
        for pattern in ARCHIVES:
            for old in out.glob(pattern):
                old.unlink()
        return [copy.replace(out / copy.name) for copy in copies]


def main() -> None:
    """Build into the folder of the command line."""
    parser = argparse.ArgumentParser(prog="python -m release.build", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("dist"))
    parser.add_argument("--without-docs", action="store_true", help="build no documentation")
    arguments = parser.parse_args()
    docs = not arguments.without_docs
    if docs and shutil.which("npm") is None:
        sys.exit("npm is not installed; install it, or build without documentation: --without-docs")
    try:
        paths = build(ROOT, arguments.folder, docs=docs)
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.cmd[2]} failed, as it says above; {arguments.folder} is as it was")
    sys.stdout.write("".join(f"{path}\n" for path in paths))


if __name__ == "__main__":
    main()
