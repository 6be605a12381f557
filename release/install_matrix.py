"""
Install a wheel and use it: `python -m release.install_matrix FOLDER`.

Without extras, with each one alone and with all together, on each Python of this machine that is
supported, with the newest and with the oldest dependencies that are allowed. Status 1: not all
installations work.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from packaging.metadata import Metadata
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from release import pythons
from release.archives import read_wheel
from release.history import ROOT

SMOKE: Final = Path(__file__).with_name("smoke.py")
RESOLUTIONS: Final = {"newest": "highest", "oldest": "lowest-direct"}
"""The dependencies of an installation, and what uv calls them."""

EVERYTHING: Final = "all"
_JOBS: Final = 2


class Case(NamedTuple):
    """An installation."""

    python: str
    extra: str
    """The extra, or "" for none."""

    dependencies: str


class Outcome(NamedTuple):
    """What became of an installation."""

    case: Case
    error: str
    """Why it does not work; empty if it does."""

    versions: str
    """The versions of the dependencies that the wheel names, for a reader."""


def read_metadata(wheel: Path) -> Metadata:
    """Return the metadata of a wheel."""
    files = read_wheel(wheel)
    (name,) = (name for name in files if name.endswith(".dist-info/METADATA"))
    return Metadata.from_email(files[name])


def cases(versions: Iterable[str], extras: Iterable[str]) -> Iterator[Case]:
    """Yield all installations to try."""
    return map(Case._make, product(versions, ["", *extras], RESOLUTIONS))


def requirements(metadata: Metadata, extra: str, python: str) -> list[str]:
    """
    Return what an installation with an extra fetches on a Python.

    uv takes the oldest versions of what it is asked for by name only, not of what a wheel names.
    """
    circumstances = {"extra": extra, "python_version": python}
    return [
        str(each).partition(";")[0].strip()
        for each in metadata.requires_dist or []
        if each.marker is None or each.marker.evaluate(circumstances)
    ]


def used_extras(extra: str, extras: Iterable[str]) -> list[str]:
    """Return the extras that an installation with an extra has."""
    if extra == EVERYTHING:
        return [name for name in extras if name != EVERYTHING]
    return [extra] if extra else []


def table(outcomes: Iterable[Outcome]) -> str:
    """Return a table of the outcomes: a row for each extra, a column for each Python."""
    found = {outcome.case: outcome for outcome in outcomes}
    columns = sorted({(case.python, case.dependencies) for case in found}, key=_by_version)
    rows = [["", *(f"{python} {dependencies}" for python, dependencies in columns)]]
    for extra in dict.fromkeys(case.extra for case in found):
        cells = [found[Case(python, extra, age)] for python, age in columns]
        rows.append([extra or "(none)", *("failed" if cell.error else "ok" for cell in cells)])
    return "".join("  ".join(f"{cell:11}" for cell in row).rstrip() + "\n" for row in rows)


def _by_version(column: tuple[str, str]) -> tuple[int, str]:
    return int(column[0].partition(".")[2]), column[1]


class Matrix:
    """Installations of one wheel, in environments of their own."""

    def __init__(self, wheel: Path, work: Path, services: Mapping[str, str]) -> None:
        self._wheel = wheel.resolve()
        self._metadata = read_metadata(wheel)
        self._work = work
        clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        self._environment = {**clean, **services}

    @property
    def extras(self) -> list[str]:
        """The extras of the wheel."""
        return sorted(self._metadata.provides_extra or [])

    def try_out(self, found: Mapping[str, Path], case: Case) -> Outcome:
        """Install, use what is installed, and remove it."""
        folder = self._work / "-".join(case)
        try:
            versions = self._install(found[case.python], case, folder)
            extras = used_extras(case.extra, self.extras)
            self._run(folder / "bin/python", SMOKE, *extras)
        except subprocess.CalledProcessError as error:
            return Outcome(case, error.stderr, "")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return Outcome(case, "", versions)

    def _install(self, python: Path, case: Case, folder: Path) -> str:
        uv = shutil.which("uv") or "uv"
        self._run(uv, "venv", "--python", python, folder)
        wanted = [f"trackingmore-v2[{case.extra}] @ {self._wheel.as_uri()}".replace("[]", "")]
        wanted += requirements(self._metadata, case.extra, case.python)
        resolution = RESOLUTIONS[case.dependencies]
        install: list[str | Path] = ["--python", folder, "--resolution", resolution, *wanted]
        self._run(uv, "pip", "install", *install)
        return self._run(uv, "pip", "freeze", "--python", folder)

    def _run(self, *command: str | Path) -> str:
        return subprocess.run(  # noqa: S603 - our own commands
            command,
            cwd=self._work,
            env=self._environment,
            capture_output=True,
            check=True,
            text=True,
        ).stdout


def start_services(stack: ExitStack) -> dict[str, str]:
    """Start what installations call, and return the variables that name it."""
    from tests.overlay.limiters.redis_server import redis_server  # noqa: PLC0415 - slow to import
    from tests.sandbox.databases import postgres_server  # noqa: PLC0415 - likewise
    from trackingmore_v2_sandbox import Sandbox  # noqa: PLC0415 - likewise

    sandbox = stack.enter_context(Sandbox())
    return {
        "TRACKINGMORE_API_KEY": sandbox.api_key,
        "TRACKINGMORE_BASE_URL": sandbox.base_url,
        "SMOKE_POSTGRES": stack.enter_context(postgres_server()),
        "SMOKE_REDIS": stack.enter_context(redis_server()).url,
    }


def oldest_versions(outcomes: Iterable[Outcome], metadata: Metadata) -> list[str]:
    """Return the versions of what the wheel names in the oldest installations, for a reader."""
    found: set[str] = set()
    for (python, extra, dependencies), _, versions in outcomes:
        if dependencies == "oldest":
            wanted = requirements(metadata, extra, python)
            names = {canonicalize_name(Requirement(each).name) for each in wanted}
            found |= {line for line in versions.splitlines() if line.partition("==")[0] in names}
    return sorted(found)


def _report(outcome: Outcome) -> Outcome:
    """Print a line, since all of them take minutes."""
    python, extra, dependencies = outcome.case
    words = ["Python", python, f"with {extra or 'no extra'},", dependencies, "dependencies:"]
    sys.stderr.write(f"{' '.join(words)} {'failed' if outcome.error else 'ok'}\n")
    return outcome


def main() -> None:
    """Try all installations of the wheel in the folder of the command line."""
    parser = argparse.ArgumentParser(prog="python -m release.install_matrix", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("dist"))
    wheels = list(parser.parse_args().folder.glob("*.whl"))
    if len(wheels) != 1:
        sys.exit(f"{len(wheels)} wheels instead of one; build it with: nox -s build")
    (wheel,) = wheels
    found = pythons.present(ROOT)
    with ExitStack() as stack:
        work = Path(stack.enter_context(TemporaryDirectory()))
        matrix = Matrix(wheel, work, start_services(stack))
        with ThreadPoolExecutor(_JOBS) as pool:
            tried = pool.map(partial(matrix.try_out, found), cases(found, matrix.extras))
            outcomes = [_report(outcome) for outcome in tried]
    sys.stdout.write(table(outcomes))
    oldest = oldest_versions(outcomes, read_metadata(wheel))
    sys.stdout.write(f"\noldest: {', '.join(oldest)}\n")
    missing = [version for version in pythons.supported(ROOT) if version not in found]
    sys.stdout.write(f"not on this machine: Python {', '.join(missing)}\n" if missing else "")
    failed = [f"{' '.join(outcome.case)}: {outcome.error}" for outcome in outcomes if outcome.error]
    sys.exit("\n".join(failed) or None)


if __name__ == "__main__":
    main()
