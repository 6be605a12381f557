"""The command as a module: `python -m trackingmore_v2_cli`."""

from trackingmore_v2_cli import main

main()
