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
    *("codegen", "lint", "overlay", "sandbox", "website"),
    *("tests", "examples", "noxfile.py"),
]
BENCHES = [
    *("decode_page", "malformed_page", "import_time", "one_call", "many"),
    *("sandbox_list", "sandbox_growth", "sandbox_snapshot", "sandbox_seed"),
    *("sandbox_kill", "sandbox_load", "sandbox_start"),
    *("inspector", "import_journal", "webhook"),
    *("cli_start", "cli_export", "cli_import"),
]
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
    session.run("mypy", GENERATED, "overlay", "sandbox", "website", "examples", "tests", pages)
    session.run("pyright")
    session.run("pyright", pages)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests."""
    _install(session, "tests")
    rest = ["--ignore=tests/fuzz", "--ignore=tests/codegen", "--ignore=tests/website"]
    session.run("pytest", "--numprocesses=auto", *rest, *session.posargs, env=OURS_ONLY)


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
    """Build the wheel and the sdist into dist/."""
    session.install("build>=1.6")
    session.run("python", "-m", "build", *session.posargs)
