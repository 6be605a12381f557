"""
Hand the contract to other tools, and write what they make of it into docs/conformance.md.

    python -m tests.foreign_tools WORK [TOOL ...]

WORK is a folder in which the packages of `package.json` are installed. The page is written only if
no tool is named.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import msgspec
import yaml

from trackingmore_v2_sandbox import Sandbox

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]
PAGE: Final = ROOT / "docs" / "conformance.md"
MARKS: Final = ("<!-- foreign tools: begin -->\n", "<!-- foreign tools: end -->")
PACKAGES: Final[dict[str, str]] = json.loads((HERE / "package.json").read_text())["dependencies"]
NOT_APPLICABLE: Final = "not applicable"


class Tool(msgspec.Struct):
    """A tool, and the shell commands that use it."""

    name: str
    package: str
    needs: list[str]
    run: str
    generate: str = ""
    compile: str = ""
    programs: str = ""
    remark: str = ""
    expects: dict[str, str] = {}


class Data(msgspec.Struct):
    """The content of `tools.yaml`."""

    variables: dict[str, str]
    steps: dict[str, str]
    tools: list[Tool]


DATA: Final = msgspec.convert(yaml.safe_load((HERE / "tools.yaml").read_text()), Data)
KNOWN: Final = DATA.steps["get"]


def environment(work: Path) -> dict[str, str]:
    """Return the variables of all commands."""
    jar = Path(getattr(find_spec("openapi_generator_cli"), "origin", "")).parent
    folders = [work / "node_modules" / ".bin", Path(sys.executable).parent, os.environ["PATH"]]
    return {
        **os.environ,
        **DATA.variables,
        "CONTRACT": str(ROOT / "openapi.yaml"),
        "GENERATOR_JAR": str(jar / "openapi-generator.jar"),
        "KNOWN": KNOWN,
        "PATH": os.pathsep.join(map(str, folders)),
    }


def execute(command: str, folder: Path, env: dict[str, str]) -> tuple[str, str]:
    """Run a command, and return its output, and `yes` or why it failed."""
    result = subprocess.run(  # noqa: S602 - the commands of tools.yaml
        command, shell=True, check=False, cwd=folder, env=env, capture_output=True, text=True
    )
    lines = re.sub(r"\x1b\[[\d;]*m", "", result.stdout + result.stderr).splitlines()
    reasons = [line.strip() for line in lines if re.search(r":\d+:\d+: |(?i:error)", line)]
    reason = "".join((reasons or lines[-1:])[:1])[:160].replace("|", "")
    return result.stdout, f"no: `{reason}`" if result.returncode else "yes"


def judge(tool: Tool, output: str, outcome: str) -> str:
    """Return the outcome, or the steps that printed something else than expected."""
    printed = dict(line.split(": ", 1) for line in output.splitlines() if ": " in line)
    expected = {**DATA.steps, **tool.expects} if tool.programs else {}
    if expected and not printed:
        return "no"
    steps = {name: printed.get(name, "not run")[:160] for name in expected}
    return "; ".join(f"{it}: `{steps[it]}`" for it in steps if steps[it] != expected[it]) or outcome


def cells(tool: Tool, work: Path, env: dict[str, str]) -> Iterator[str]:
    """Use a tool, and yield whether it generates, compiles and runs."""
    missing = [name for name in tool.needs if shutil.which(name, path=env["PATH"]) is None]
    if missing:
        yield from [f"not tried: `{missing[0]}` is missing"] * 3
        return
    folder = work / re.sub(r"\W+", "-", tool.name)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HERE / "programs" / tool.programs, folder)
    for command in (tool.generate, tool.compile):
        yield execute(command, folder, env)[1] if command else NOT_APPLICABLE
    with Sandbox() as sandbox:
        sandbox.seed([{"carrier_code": DATA.variables["CARRIER"], "tracking_number": KNOWN}])
        sandbox.clock.freeze()
        sandbox.clock.advance(timedelta(days=30))
        server = {"BASE_URL": sandbox.base_url, "API_KEY": sandbox.api_key}
        yield judge(tool, *execute(tool.run, folder, env | server))


def main(work: Path, *names: str) -> None:
    """Use the tools, print a row for each, and write the table into the page."""
    env = environment(work)
    lines = ["| tool | version | generates | compiles | runs | remarks |", f"|{'---|' * 6}"]
    for tool in (each for each in DATA.tools if not names or each.name in names):
        pinned = PACKAGES.get(tool.package) or version(tool.package)
        lines.append(f"| {' | '.join([tool.name, pinned, *cells(tool, work, env), tool.remark])} |")
        print(lines[-1], flush=True)
    if not names:
        before, begin, rest = PAGE.read_text(encoding="utf-8").partition(MARKS[0])
        table = "".join(f"{line}\n" for line in lines)
        _, end, after = rest.partition(MARKS[1])
        PAGE.write_text(before + begin + table + end + after, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), *sys.argv[2:])
