"""The sandbox without the packages that it needs."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("package", ["starlette", "uvicorn"])
def test_the_message_names_the_extra(package: str) -> None:
    """Both a package's name and the command to install it."""
    code = (
        f"import sys; sys.modules[{package!r}] = None; from trackingmore_v2_sandbox import Sandbox"
    )
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, check=False, text=True
    )
    message = done.stderr.splitlines()[-1]

    assert f"{package} is not installed" in message
    assert "python3 -m pip install 'trackingmore-v2[sandbox]'" in message
