"""What "Try it" needs: the contract as a script, and Swagger UI."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Final

from website.contract import contract

BUNDLE: Final = (
    *("swagger-ui-bundle.js", "swagger-ui-bundle.js.LICENSE.txt"),
    *("LICENSE", "NOTICE"),
)
"""The script, the licences of what it contains, and its own."""

_MANIFEST: Final = ("package.json", "package-lock.json")


def write_contract(folder: Path) -> None:
    """Write the contract as a script: browsers do not let a page read a file."""
    text = json.dumps(contract(), ensure_ascii=False, separators=(",", ":"))
    (folder / "contract.js").write_text(f"window.CONTRACT = {text};\n", "utf-8")


def add_bundle(folder: Path, work: Path) -> None:
    """
    Install Swagger UI as the lock file says, and copy it and its licences.

    Args:
        folder: Where the pages load it from.
        work: Folder of the installation.
    """
    bundle = install(work) / "swagger-ui-dist"
    (folder / "swagger-ui").mkdir()
    for name in BUNDLE:
        shutil.copy(bundle / name, folder / "swagger-ui" / name)


def install(work: Path) -> Path:
    """Install the packages of the lock file, without running their scripts; return their folder."""
    work.mkdir(parents=True, exist_ok=True)
    for name in _MANIFEST:
        shutil.copy(Path(__file__).with_name(name), work / name)
    npm = shutil.which("npm") or "npm"
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=work, check=True)  # noqa: S603 - our own lock file
    return work / "node_modules"
