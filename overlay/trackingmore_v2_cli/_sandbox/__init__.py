"""
Control of a sandbox that runs in another process.

    registry.py  files that say which sandboxes run
    target.py    the sandbox and the account that a command means
    admin.py     requests to its admin API
    control.py   the subcommands of `trackingmore-v2 sandbox`
"""
