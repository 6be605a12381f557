"""
Atheris as the source of a target's inputs: it keeps those that reach new lines of ours.

    python -m tests.fuzz.hostile.harness TARGET [FOLDER...] [-option=value...]

Folders and options are libFuzzer's. `explore.py` calls this for several targets.
"""

import sys
from importlib import import_module
from typing import Any, Final

atheris: Final[Any] = import_module("atheris")  # which is not there for every Python and system

with atheris.instrument_imports(
    include=["trackingmore_v2", "trackingmore_v2_api", "trackingmore_v2_sandbox"]
):
    from .targets import TARGETS


def main() -> None:
    """Fuzz one target until libFuzzer has had enough, or has found something."""
    name, *options = sys.argv[1:]
    atheris.Setup([sys.argv[0], *options], TARGETS[name].run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
