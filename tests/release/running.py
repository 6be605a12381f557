"""Commands of the package `release`, as a maintainer runs them."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(
    module: str, *arguments: str, root: Path = ROOT, path: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a module in a folder, with `path` before the installed packages."""
    paths = os.pathsep.join(filter(None, (path, os.environ.get("PYTHONPATH", ""))))
    return subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, "-m", module, *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
