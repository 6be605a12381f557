"""The command `trackingmore-v2 sandbox` as a module: `python -m trackingmore_v2_sandbox`."""

from trackingmore_v2_cli import main

main("sandbox")
