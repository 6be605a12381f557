"""A PostgreSQL server for the tests: a named one, or one of our own while they last."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest

VARIABLE: Final = "TRACKINGMORE_TEST_POSTGRES"
INSTALL: Final = "apt-get install postgresql"
_DEBIAN: Final = Path("/usr/lib/postgresql")


@contextmanager
def server() -> Iterator[str]:
    """
    Yield the URL of a server: the one that the environment names, else one that is started for us.

    Without the programs that this takes, the tests are skipped; in CI they fail.
    """
    named = os.environ.get(VARIABLE)
    if named:
        yield named
        return
    programs = find_programs()
    if programs is None:
        complaint = f"PostgreSQL is not installed: {INSTALL} (or name a server in {VARIABLE})"
        if os.environ.get("CI") == "true":
            pytest.fail(complaint)
        pytest.skip(complaint)
    with _cluster(programs) as url:
        yield url


def find_programs() -> Path | None:
    """Find the newest version that is installed where Debian installs it, else what is in PATH."""
    for folder in sorted(_DEBIAN.glob("*/bin"), key=lambda each: -float(each.parent.name)):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def _cluster(programs: Path) -> Iterator[str]:
    """Run a server that keeps nothing, and listens only in its own folder."""
    # The path of a socket must be short, so it cannot be where pytest keeps its files.
    folder = Path(tempfile.mkdtemp(prefix="tm-pg-"))
    owner = _owner()
    if owner:
        shutil.chown(folder, owner["user"])

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
            [str(programs / program), "-D", str(folder / "data"), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            cwd=folder,
            text=True,
            **owner,
        )
        assert done.returncode == 0, done.stdout

    options = f"-c fsync=off -c listen_addresses='' -c unix_socket_directories={folder}"
    try:
        run("initdb", "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql:///postgres?user=tests&host={quote(str(folder), safe='')}"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _owner() -> dict[str, Any]:
    """Return the options that run PostgreSQL as another user: it does not run as root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
