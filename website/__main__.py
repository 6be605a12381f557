"""Build the site: `python -m website OUT`, or `python -m website --package` for the sandbox."""

import argparse
import sys
from pathlib import Path

from website.build import SANDBOX_FOLDER, SiteError, build


def main() -> None:
    """Build the site into the folder of the command line."""
    parser = argparse.ArgumentParser(prog="python -m website", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("folder", nargs="?", type=Path, help="folder of the site; replaced")
    where.add_argument(
        "--package", action="store_true", help=f"build into {SANDBOX_FOLDER}, for the wheel"
    )
    parser.add_argument("--without-try-it", action="store_true", help="build without node")
    arguments = parser.parse_args()
    folder = SANDBOX_FOLDER if arguments.package else arguments.folder
    try:
        build(folder, try_it=not arguments.without_try_it)
    except SiteError as error:
        sys.exit(f"{error}")
    sys.stdout.write(f"{folder.resolve()}/index.html\n")


if __name__ == "__main__":
    main()
