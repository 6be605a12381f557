"""
The workflows of GitHub Actions: what must hold without a run of them.

`nox -s workflows` checks their form and security with tools that need node.
"""

import ast
import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

from trackingmore_v2 import __version__

PROJECT = Path(__file__).parents[1]
GITHUB = PROJECT / ".github"
FILES = sorted((GITHUB / "workflows").iterdir())

Part: TypeAlias = Mapping[str, Any]


def read(name: str) -> Part:
    """Read a workflow."""
    workflow: Part = yaml.safe_load((GITHUB / "workflows" / name).read_text(encoding="utf-8"))
    return workflow


ALL = {path.name: read(path.name) for path in FILES}
JOBS = {(name, job): part for name, each in ALL.items() for job, part in each["jobs"].items()}


def scripts(job: Part) -> list[str]:
    """Return the commands of a job."""
    return [step["run"] for step in job.get("steps", ()) if "run" in step]


def sessions(job: Part) -> Iterator[str]:
    """Yield the nox sessions that a job runs."""
    for found in re.finditer(r"nox -s (\S+)", "\n".join(scripts(job))):
        if found[1] == '"$SESSION"':
            yield from job["strategy"]["matrix"]["session"]
        else:
            yield found[1]


def defined_sessions() -> set[str]:
    """Return the names of the functions of noxfile.py that are sessions."""
    module = ast.parse((PROJECT / "noxfile.py").read_text(encoding="utf-8"))
    functions = (node for node in module.body if isinstance(node, ast.FunctionDef))
    return {it.name for it in functions if "nox.session" in map(ast.unparse, decorators(it))}


def default_sessions() -> list[str]:
    """Return the names of the sessions that plain `nox` runs."""
    module = ast.parse((PROJECT / "noxfile.py").read_text(encoding="utf-8"))
    (names,) = (
        ast.literal_eval(node.value)
        for node in module.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "nox.options.sessions"
    )
    return [str(name) for name in names]


def decorators(function: ast.FunctionDef) -> list[ast.expr]:
    """Return the decorators of a function, without their arguments."""
    return [it.func if isinstance(it, ast.Call) else it for it in function.decorator_list]


def test_the_workflows_run_sessions_that_exist() -> None:
    """Each session that a workflow names is in noxfile.py."""
    assert {it for job in JOBS.values() for it in sessions(job)} - defined_sessions() == set()


def test_pull_requests_are_checked_as_by_plain_nox() -> None:
    """The default sessions run for each pull request."""
    named = {it for job in ALL["ci.yml"]["jobs"].values() for it in sessions(job)}

    assert set(default_sessions()) <= named


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_actions_are_pinned_by_hash(path: Path) -> None:
    """Each action is named by a full commit hash, with its tag as a comment."""
    uses = re.findall(r"uses: *(.*)", path.read_text(encoding="utf-8"))

    assert uses
    assert [it for it in uses if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+", it)] == []


def test_one_action_has_one_hash() -> None:
    """All workflows use the same version of an action."""
    text = "".join(path.read_text(encoding="utf-8") for path in FILES)
    versions = set(re.findall(r"uses: *(\S+)@(\S+ # \S+)", text))

    assert len(versions) == len({action for action, _ in versions})


@pytest.mark.parametrize("name", ALL)
def test_workflows_have_no_permissions(name: str) -> None:
    """Permissions are given to jobs only, and each job states its own."""
    assert ALL[name]["permissions"] == {}
    assert [job for job, part in ALL[name]["jobs"].items() if "permissions" not in part] == []


def test_only_jobs_without_code_can_prove_their_identity() -> None:
    """Jobs with an identity token run no command and have no checkout, and have an environment."""
    holders = {name: job for name, job in JOBS.items() if "id-token" in job["permissions"]}

    assert set(holders) == {("ci.yml", "pages"), ("release.yml", "publish")}
    for job in holders.values():
        assert job["environment"]
        assert scripts(job) == []
        assert not any("checkout" in step["uses"] for step in job["steps"])


def test_writing_jobs_run_no_code_of_the_project() -> None:
    """A job that may write has no checkout, so it runs nothing that a change can alter."""
    writers = [job for job in JOBS.values() if "write" in job["permissions"].values()]

    assert len(writers) == 3
    assert "actions/checkout" not in json.dumps(writers)


def test_checkouts_keep_no_credentials() -> None:
    """No step after a checkout can use its token."""
    steps = [step for job in JOBS.values() for step in job["steps"]]
    settings = [step["with"] for step in steps if "actions/checkout@" in step.get("uses", "")]

    assert settings
    assert all(it["persist-credentials"] is False for it in settings)


def test_the_required_job_waits_for_all_others() -> None:
    """No job of ci.yml fails without failing the job that branch protection requires."""
    jobs = ALL["ci.yml"]["jobs"]

    assert set(jobs["required"]["needs"]) == set(jobs) - {"required", "pages"}


@pytest.mark.parametrize(
    ("results", "passes"),
    [
        ("success,success", True),
        ("success,failure", False),
        ("success,cancelled", False),
        ("skipped,success", False),
    ],
)
def test_the_required_job_needs_successes(results: str, *, passes: bool) -> None:
    """A job that failed, was cancelled or was skipped is not enough."""
    (script,) = scripts(ALL["ci.yml"]["jobs"]["required"])

    assert (run_step(script, PROJECT, RESULTS=results) == 0) == passes


def test_the_release_has_the_section_of_its_version(tmp_path: Path) -> None:
    """The notes are the section of the changelog, without those of other versions."""
    (script,) = (it for it in scripts(ALL["release.yml"]["jobs"]["build"]) if "notes.md" in it)
    text = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_text(
        text.replace("## [Unreleased]\n", "## [Unreleased]\n\nSecret.\n"), encoding="utf-8"
    )

    assert run_step(script, tmp_path, GITHUB_REF_NAME=f"v{__version__}") == 0
    notes = (tmp_path / "notes.md").read_text(encoding="utf-8")
    assert "### Client" in notes
    assert "Secret" not in notes
    assert run_step(script, tmp_path, GITHUB_REF_NAME="v99.0") != 0


def run_step(script: str, folder: Path, **environment: str) -> int:
    """Run the script of a step as Actions does, and return its exit status."""
    environment |= {"PATH": "/usr/local/bin:/usr/bin:/bin"}
    command = ["bash", "-e", "-c", script]
    return subprocess.call(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - our own script


def test_the_lock_file_has_hashes_and_no_addresses() -> None:
    """Node packages are verified by hash, and come from the registry that is configured."""
    lock = json.loads((GITHUB / "package-lock.json").read_text(encoding="utf-8"))
    packages = [package for name, package in lock["packages"].items() if name]

    assert packages
    for package in packages:
        assert package["integrity"].startswith("sha512-")
        assert "resolved" not in package
