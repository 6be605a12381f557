"""The command in a process of its own, where its streams or signals are those of the system."""

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Final

COMMAND: Final = (sys.executable, "-m", "trackingmore_v2_cli")
LIMIT: Final = 60
"""Seconds after which a process has failed."""


def process_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process that imports the packages from where this one does."""
    return {**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def shell(script: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
    """Run a script of bash, in which `$T` is the command; a failed part of a pipe fails it."""
    return subprocess.run(  # noqa: S603 - our own script
        ["bash", "-o", "pipefail", "-c", script],  # noqa: S607 - the user's shell
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**process_environment(environment), "T": " ".join(COMMAND)},
        timeout=LIMIT,
        check=False,
    )
