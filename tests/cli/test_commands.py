"""The command group and its commands."""

from pathlib import Path

from trackingmore_v2_cli import commands
from trackingmore_v2_cli._app import app


def test_every_command_is_registered() -> None:
    """Each module under `commands/` is a command of the same name, and there is no other."""
    modules = {path.stem for path in Path(str(commands.__file__)).parent.glob("[!_]*.py")}

    assert {name.replace("-", "_") for name in app.commands} == modules
