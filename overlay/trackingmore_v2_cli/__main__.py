"""The command as a module: `python -m trackingmore_v2_cli`."""

from . import main

main()
