"""
The command `trackingmore-v2`.

A separate package, so that the client does not depend on click or the sandbox.
"""

import sys


def main(*command: str) -> None:
    """
    Run the command, or exit with a message that names the missing dependency.

    Args:
        *command: Arguments that stand before those of the command line. Default: none.
    """
    try:
        from trackingmore_v2_cli._app import app  # noqa: PLC0415 - click is an extra
    except ModuleNotFoundError as missing:
        sys.stderr.write(
            f"trackingmore-v2: {missing.name} is not installed; "
            "run: python3 -m pip install 'trackingmore-v2[cli,sandbox]'\n"
        )
        raise SystemExit(2) from None
    app([*command, *sys.argv[1:]], prog_name="trackingmore-v2")
