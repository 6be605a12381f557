"""
Use what is installed: `python smoke.py EXTRA...`, with the Python of an installation.

It is run by its path, and imports nothing of `release`. The sandbox that it calls is named by the
variables that the client reads; PostgreSQL and Redis by `SMOKE_POSTGRES` and `SMOKE_REDIS`.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from trackingmore_v2 import TrackingExists, TrackingMore
from trackingmore_v2_api import OPERATIONS


def check(*, holds: bool, what: str) -> None:
    """Raise an error unless a statement holds; an `assert` is left out by `python -O`."""
    if not holds:
        raise RuntimeError(what)


def use_client() -> None:
    """Create a tracking that may exist, and read it."""
    with TrackingMore() as client:
        with suppress(TrackingExists):
            client.trackings.create("china-ems", "LK664578623CN")
        found = client.trackings.get("china-ems", "LK664578623CN")
    check(holds=found.tracking_number == "LK664578623CN", what=repr(found))


def use_cli() -> None:
    """Run the command: its version, its help, and a table of trackings."""
    installed = version("trackingmore-v2")
    check(holds=_command("--version").strip() == installed, what=f"--version is not {installed}")
    check(holds="track" in _command("--help"), what="--help lists no command")
    check(holds="LK664578623CN" in _command("list"), what="list shows no tracking")


def use_sandbox() -> None:
    """Start a sandbox, and call it."""
    sandbox: Any = import_module("trackingmore_v2_sandbox")
    with (
        sandbox.Sandbox() as server,
        TrackingMore(server.api_key, base_url=server.base_url) as client,
    ):
        check(holds=bool(client.carriers.list()), what="the sandbox has no carriers")


def use_postgres() -> None:
    """Reserve a request in a rate limiter that is shared by PostgreSQL."""
    limiters: Any = import_module("trackingmore_v2.limiters.postgres")
    _limited(limiters.PostgresLimiter(os.environ["SMOKE_POSTGRES"], timeout=30.0))


def use_redis() -> None:
    """Reserve a request in a rate limiter that is shared by Redis."""
    limiters: Any = import_module("trackingmore_v2.limiters.redis")
    _limited(limiters.RedisLimiter(os.environ["SMOKE_REDIS"], timeout=30.0))


def use_keyring() -> None:
    """Return what the system's keyring has for a key: on a server without one, an error says so."""
    keyring: Any = import_module("keyring")
    with suppress(keyring.errors.NoKeyringError):
        keyring.get_password("trackingmore-v2", "smoke")


def use_excel() -> None:
    """Write and read a sheet with the packages of the command."""
    openpyxl: Any = import_module("openpyxl")
    check(
        holds=openpyxl.load_workbook(_written("excel", "xlsx")).active["A2"].value == "A1",
        what="no row",
    )


def use_parquet() -> None:
    """Write and read a file of columns."""
    parquet: Any = import_module("pyarrow.parquet")
    table = parquet.read_table(_written("parquet", "parquet"))
    check(holds=table.to_pylist() == [{"tracking_number": "A1"}], what="no row")


def _written(module: str, suffix: str) -> Path:
    writing = "trackingmore_v2_cli._tables.writing"
    columns: Any = import_module(f"{writing}.columns")
    texts: Any = import_module(f"{writing}.texts")
    layout = columns.Layout(columns.columns_of(["tracking_number"]), texts.Texts())
    path = Path(f"smoke.{suffix}")
    with path.open("wb") as stream:
        write = getattr(import_module(f"{writing}.{module}"), f"write_{module}")
        write(stream, [{"tracking_number": "A1"}], layout)
    return path


def _limited(limiter: Any) -> None:  # noqa: ANN401 - one of two classes
    slot = limiter.reserve("smoke", OPERATIONS["getAccount"])
    limiter.release(slot)
    limiter.close()


def _command(*arguments: str) -> str:
    program = Path(sys.executable).with_name("trackingmore-v2")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)  # noqa: S603 - ours
    check(holds=done.returncode == 0, what=f"{arguments}: {done.stderr}")
    return done.stdout


USES: dict[str, Callable[[], None]] = {
    "cli": use_cli,
    "sandbox": use_sandbox,
    "postgres": use_postgres,
    "redis": use_redis,
    "keyring": use_keyring,
    "excel": use_excel,
    "parquet": use_parquet,
}


def main() -> None:
    """Use the client, and the extras of the command line."""
    use_client()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        for extra in sys.argv[1:]:
            USES[extra]()


if __name__ == "__main__":
    main()
