"""What users install: built, installed into an empty environment elsewhere, and called."""

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

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
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, PROJECT, cwd=out)
    return out


def test_the_wheel_holds_the_packages_and_their_data(built: Path) -> None:
    """The client, its command, the models and the sandbox, with its data, and nothing else."""
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    packages = {
        "trackingmore_v2",
        "trackingmore_v2_api",
        "trackingmore_v2_pytest",
        "trackingmore_v2_sandbox",
    }
    found = {name.split("/")[0] for name in names if ".dist-info/" not in name}

    assert found == {*packages, "trackingmore_v2_cli"}
    for package in packages:
        assert f"{package}/py.typed" in names
    assert "trackingmore_v2_api/openapi.yaml" in names
    assert any(name.endswith("carriers.json") for name in names)
    assert {f"trackingmore_v2_sandbox/inspector/static/{name}" for name in assets()} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_registers_the_fixtures(built: Path) -> None:
    """The plugin of pytest is found under the name of its module."""
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (path,) = (name for name in archive.namelist() if name.endswith("/entry_points.txt"))
        entries = archive.read(path).decode()
    plugin = "trackingmore_v2_pytest"

    assert f"[pytest11]\n{plugin} = {plugin}\n" in entries


def test_the_sdist_holds_the_contract_and_the_code_generator(built: Path) -> None:
    """Who has the sdist can regenerate and test."""
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert {"openapi.yaml", "noxfile.py", "pyproject.toml", "README.md", "LICENSE"} <= names
    assert {"codegen/generate.py", "tests/conftest.py", "examples/demo.py"} <= names


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
