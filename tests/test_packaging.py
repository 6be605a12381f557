"""What users install: built, installed into an empty environment elsewhere, and called."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from release import sbom
from release.contents import find_faults, read
from release.sources import source_files
from trackingmore_v2 import __version__
from trackingmore_v2_sandbox import Sandbox
from trackingmore_v2_sandbox.inspector import assets

PROJECT = Path(__file__).parent.parent
CALL = """
import sys
from pathlib import Path
import trackingmore_v2
from trackingmore_v2 import TrackingMore
assert Path(trackingmore_v2.__file__).is_relative_to(sys.prefix), trackingmore_v2.__file__
with TrackingMore() as client:
    print(client.account.get().email)
"""


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command elsewhere, with nothing of this project on its path."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(  # noqa: S603 - our own commands
        [str(part) for part in command],
        capture_output=True,
        check=False,
        cwd=cwd,
        env=clean | environment,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, and the wheel from the sdist, as an index would get them."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "release.build", "--without-docs", out, cwd=PROJECT)
    return out


def test_wheel_and_sdist_hold_what_they_must(built: Path) -> None:
    """The sdist all files of the repository, and the wheel the packages and their data alone."""
    archives = read(built)

    assert find_faults(archives, source_files(PROJECT)) == []
    assert {*archives.packages} == {
        "trackingmore_v2",
        "trackingmore_v2_api",
        "trackingmore_v2_cli",
        "trackingmore_v2_pytest",
        "trackingmore_v2_sandbox",
    }
    static = {f"trackingmore_v2_sandbox/inspector/static/{name}" for name in assets()}
    assert {"trackingmore_v2_sandbox/scenarios/data/carriers.json", *static} <= {*archives.wheel}


def test_the_bill_of_materials_is_valid(built: Path) -> None:
    """The one in the wheel, by the schema of CycloneDX."""
    archives = read(built)
    document = archives.wheel[f"{archives.folder}sboms/{sbom.FILE}"].decode()

    assert JsonStrictValidator(SchemaVersion.V1_7).validate_str(document) is None
    assert json.loads(document)["metadata"]["component"]["version"] == __version__


def test_the_wheel_registers_the_fixtures(built: Path) -> None:
    """The plugin of pytest is found under the name of its module."""
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (path,) = (name for name in archive.namelist() if name.endswith("/entry_points.txt"))
        entries = archive.read(path).decode()
    plugin = "trackingmore_v2_pytest"

    assert f"[pytest11]\n{plugin} = {plugin}\n" in entries


def test_the_wheel_works_in_an_empty_environment(built: Path, tmp_path: Path) -> None:
    """Installed with its two dependencies only, the client makes a call."""
    (wheel,) = built.glob("*.whl")
    home = tmp_path / "venv"
    venv.create(home, with_pip=True)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run(python, "-m", "pip", "install", "--quiet", wheel, cwd=tmp_path)
    with Sandbox() as sandbox:
        answer = run(
            *(python, "-c", CALL),
            cwd=tmp_path,
            TRACKINGMORE_API_KEY=sandbox.api_key,
            TRACKINGMORE_BASE_URL=sandbox.base_url,
        )

    assert answer == "user@example.com\n"
