"""A terminal on which the console blocks of the documentation run."""

import os
import re
import shlex
from pathlib import Path
from typing import Final

from tests.cli.processes import COMMAND, shell
from tests.cli.running import ESCAPES, Finished, run_command
from trackingmore_v2_sandbox import Sandbox

_TYPED: Final = re.compile(r"^\$ (.*(?:\n> .*)*)\n", re.MULTILINE)
"""What a user types: a line, and those that continue it."""

SHOWN_ADDRESS: Final = "http://127.0.0.1:8642"
"""Address of the sandbox on the pages."""


class Terminal:
    """
    A terminal of 80 columns, whose output is text.

    Args:
        sandbox: The sandbox that commands use; the page shows it on the default port.
        folder: The home of the user.
    """

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self._address = sandbox.base_url.removesuffix("/v2")
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TRACKINGMORE_SANDBOX_URL": sandbox.base_url,
            "TRACKINGMORE_SANDBOX_ADMIN_TOKEN": sandbox.admin_token,
        }

    def transcript(self, block: str) -> str:
        """Return a block with the outputs that its lines have now."""
        return "".join(f"$ {typed}\n{self._run(typed)}" for typed in _TYPED.findall(block))

    def run(self, line: str) -> Finished:
        """Run a line, which is one command."""
        _, *words = shlex.split(line)
        return run_command(*words, environment=self._environment, terminal=80, joined=True)

    def _run(self, typed: str) -> str:
        line = re.sub(r"\n> ", "\n", typed).replace(SHOWN_ADDRESS, self._address)
        output = self._in_shell(line) if re.search(r"[|;<>&$]", line) else self._directly(line)
        shown = screen_of(output).replace(self._address, SHOWN_ADDRESS)
        return shown.replace(self._environment["HOME"], "/home/user")

    def _directly(self, line: str) -> str:
        program, *words = shlex.split(line)
        if program == "export":
            self._environment |= dict(word.split("=", 1) for word in words)
            return ""
        if program != "trackingmore-v2":
            return self._in_shell(line)
        return self.run(line).output.decode()

    def _in_shell(self, line: str) -> str:
        command = f'trackingmore-v2() {{ {shlex.join(COMMAND)} "$@"; }}'
        return shell(f"{command}\n{{ {line}\n}} 2>&1", self._environment).stdout.decode()


def screen_of(output: str) -> str:
    """Return what a terminal shows at the end: bars that were drawn and removed are gone."""
    lines = [""]
    for part in re.split(r"(\r?\n|\r|\x1b\[2K|\x1b\[1A)", output.replace("\ufeff", "")):
        if part.endswith("\n"):
            lines.append("")
        elif part == "\x1b[1A":
            lines.pop()
        elif part in {"\r", "\x1b[2K"}:
            lines[-1] = ""
        else:
            lines[-1] += ESCAPES.sub("", part)
    return "\n".join(line.rstrip() for line in lines)
