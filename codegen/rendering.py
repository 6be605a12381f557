"""Rendering of generated files: header, templates and formatting."""

import shutil
import subprocess
import sys
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

CODEGEN = Path(__file__).parent
HEADER = "# Generated from openapi.yaml by `nox -s generate`. Do not edit.\n"
LINE_LENGTH = 100


def docstring(text: str) -> str:
    """Return a text as the source code of a docstring."""
    safe = text.strip().replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if "\n" in safe:
        return f'"""\n{safe}\n"""'
    # A quote at the end would merge with the closing quotes.
    return f'"""{safe} """' if safe.endswith('"') else f'"""{safe}"""'


def literal(value: object) -> str:
    """Return a value as Python source code."""
    return repr(value)


FILTERS = {"docstring": docstring, "literal": literal}


def write_package_files(package: Path, facts: dict[str, object]) -> None:
    """Copy the hand-written modules of the package, and render its templates."""
    environment = Environment(
        loader=FileSystemLoader(CODEGEN / "package"),
        autoescape=False,  # noqa: S701 - Python, not HTML
        keep_trailing_newline=True,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters.update(FILTERS)
    for source in sorted((CODEGEN / "package").glob("*.py")):
        shutil.copyfile(source, package / source.name)
    for name in environment.list_templates(extensions=["jinja"]):
        code = environment.get_template(name).render(facts)
        (package / name.removesuffix(".jinja")).write_text(code, encoding="utf-8")
    (package / "py.typed").touch()


def finish(package: Path) -> None:
    """
    Add the header to every module, and format it.

    ruff runs isolated, with all settings passed here, so that no configuration file can change the
    output.
    """
    for module in sorted(package.rglob("*.py")):
        module.write_text(HEADER + module.read_text(encoding="utf-8"), encoding="utf-8")
    first_party = f'lint.isort.known-first-party = ["{package.name}"]'
    rules = ["--select", "F401,I", "--target-version", "py311", "--line-length", str(LINE_LENGTH)]
    unused_in_init = 'lint.per-file-ignores = {"__init__.py" = ["F401"]}'
    settings = ["--config", unused_in_init, "--config", first_party]
    _ruff("check", "--fix", *rules, *settings, str(package))
    _ruff("format", "--target-version", "py311", "--line-length", str(LINE_LENGTH), str(package))


def _ruff(command: str, *arguments: str) -> None:
    run = [sys.executable, "-m", "ruff", command, "--isolated", "--no-cache", "--quiet", *arguments]
    done = subprocess.run(run, check=False, capture_output=True, text=True)  # noqa: S603 - fixed arguments
    if done.returncode or done.stderr:
        raise SystemExit(f"ruff {command} failed:\n{done.stdout}{done.stderr}")
