"""
The containers of docs/containers.md as processes of this machine.

The classes have the names and parameters of testcontainers 4.15 that the page uses.
"""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import ClassVar, Final, Self

import httpx2

from tests.docs.pages import blocks, page

PAGE: Final = page("containers.md")
_BLOCKS: Final = {block.section: block.text for block in blocks("containers.md")}
DOCKERFILE: Final = _BLOCKS["The image"]
COMPOSE: Final = _BLOCKS["Docker Compose"]
WORKFLOW: Final = _BLOCKS["GitHub Actions"]
EXAMPLE: Final = _BLOCKS["Testcontainers"]
INSTRUCTIONS: Final = dict(line.split(" ", 1) for line in DOCKERFILE.splitlines())
IN_THE_IMAGE: Final = dict(each.split("=") for each in shlex.split(INSTRUCTIONS["ENV"]))
"""Environment variables that the image sets."""

_COMMAND: Final[list[str]] = json.loads(INSTRUCTIONS["CMD"])
_PROGRAMS: Final = {
    "trackingmore-v2": '-c "from trackingmore_v2_cli import main; main()" "$@"',
    "python": '"$@"',
}
"""Arguments of this interpreter for each program that the page runs."""


def new_machine(folder: Path) -> dict[str, str]:
    """Return the environment of a machine whose programs are in a folder."""
    for name, arguments in _PROGRAMS.items():
        program = folder / name
        program.write_text(f"#!/bin/sh\nexec {shlex.quote(sys.executable)} {arguments}\n")
        program.chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


@contextmanager
def container(machine: dict[str, str], **environment: str) -> Iterator[int]:
    """Run the command of the image, and yield the free port that it listens on."""
    given = {**machine, **IN_THE_IMAGE, **environment, "TRACKINGMORE_SANDBOX_PORT": "0"}
    with subprocess.Popen(_COMMAND, env=given, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - of our own page
        assert process.stdout
        try:
            yield int(process.stdout.readline().partition("/v2")[0].rpartition(":")[2])
        finally:
            process.terminate()


class DockerImage:
    """An image, which is not built."""

    def __init__(self, path: str, *, tag: str, clean_up: bool) -> None:
        self._tag = tag
        assert (path, clean_up) == ("sandbox", False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def __str__(self) -> str:
        return self._tag


class HttpWaitStrategy:
    """The path that responds with 200 when a container is ready."""

    def __init__(self, port: int, path: str) -> None:
        self.port, self.path = port, path


class DockerContainer:
    """A container, whose command runs on this machine."""

    machine: ClassVar[dict[str, str]] = {}
    """The environment of the machine."""

    def __init__(self, image: str) -> None:
        assert image
        self._environment: dict[str, str] = {}
        self._exposed: tuple[int, ...] = ()
        self._strategy: HttpWaitStrategy | None = None
        self._port = 0
        self._running: AbstractContextManager[int]

    def with_env(self, key: str, value: str) -> Self:
        """Set an environment variable."""
        self._environment[key] = value
        return self

    def with_exposed_ports(self, *ports: int) -> Self:
        """Expose ports of the container."""
        self._exposed = ports
        return self

    def waiting_for(self, strategy: HttpWaitStrategy) -> Self:
        """Set what the container waits for when it starts."""
        self._strategy = strategy
        return self

    def __enter__(self) -> Self:
        self._running = container(self.machine, **self._environment)
        self._port = self._running.__enter__()
        if self._strategy:
            port = self.get_exposed_port(self._strategy.port)
            httpx2.get(f"http://localhost:{port}{self._strategy.path}").raise_for_status()
        return self

    def __exit__(self, *error: object) -> None:
        self._running.__exit__(None, None, None)

    def get_container_host_ip(self) -> str:
        """Return the host that reaches the container."""
        return "localhost"

    def get_exposed_port(self, port: int) -> int:
        """Return the port of this machine for a port of the container."""
        assert port in self._exposed
        return self._port
