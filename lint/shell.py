"""
Check shell scripts with shellcheck: `python lint/shell.py` prints each finding.

They are the files of `SCRIPTS`, and the `run` of each step of the workflows.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
SCRIPTS = (".ci/run",)
WORKFLOWS = ".github/workflows/*.yml"


def scripts() -> Iterator[tuple[str, str]]:
    """Yield each script, with the place where it stands."""
    for path in SCRIPTS:
        yield path, (ROOT / path).read_text(encoding="utf-8")
    for workflow in sorted(ROOT.glob(WORKFLOWS)):
        jobs = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
        steps = ((name, step) for name, job in jobs.items() for step in job.get("steps", ()))
        yield from (
            (f"{workflow.name}, job {name}", it["run"]) for name, it in steps if "run" in it
        )


def findings(script: str) -> str:
    """Return what shellcheck prints about a script: nothing if it finds nothing."""
    command = ["shellcheck", "--shell=bash", "--exclude=SC1091", "-"]  # it follows no other file
    run = subprocess.run(command, capture_output=True, check=False, input=script, text=True)  # noqa: S603 - our own command
    return run.stdout + run.stderr


def main() -> int:
    """Print all findings, and return 1 if there are any."""
    found = [f"{place}:{text}" for place, script in scripts() if (text := findings(script))]
    sys.stdout.writelines(found)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
