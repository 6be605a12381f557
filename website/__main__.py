"""
Build the documentation site: `python -m website FOLDER`.

`python -m website --package` builds it into the sandbox's package, for the wheel. That needs npm,
as CI does; elsewhere, a site that is built without npm has no requests to try.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from website.build import SANDBOX_FOLDER, SiteError, build


def main() -> None:
    """Build the site into the folder of the command line."""
    parser = argparse.ArgumentParser(prog="python -m website", description="Build the site.")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "folder", nargs="?", type=Path, help="folder of the site; a site in it is replaced"
    )
    where.add_argument("--package", action="store_true", help="build into the sandbox's package")
    arguments = parser.parse_args()
    with_npm = shutil.which("npm") is not None
    if not with_npm and (arguments.package or os.environ.get("CI") == "true"):
        sys.exit("npm is not installed; run: apt-get install npm")
    if not with_npm:
        sys.stderr.write("warning: without npm, the site has no requests to try\n")
    folder: Path = SANDBOX_FOLDER if arguments.package else arguments.folder
    try:
        build(folder, with_try_it=with_npm)
    except SiteError as error:
        sys.exit(str(error))
    except subprocess.CalledProcessError:
        sys.exit("npm failed to install Swagger UI; its own message is above")
    sys.stdout.write(f"{folder.resolve() / 'index.html'}\n")


if __name__ == "__main__":
    main()
