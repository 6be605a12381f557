"""
The admin API of a sandbox: clocks, faults, webhooks, accounts, request log, and snapshots.

    openapi.json     contract of the HTTP API under `/_sandbox`
    schemas.py       its inputs as msgspec structs
    views.py         its outputs as msgspec structs, derived from openapi.json
    service.py       implementation of the operations, used by both interfaces
    serializers.py   conversion of stored records to the schemas
    timeline.py      past and future events of a tracking
    snapshots.py     snapshot, restore, reset, and seed of an account
    routes.py        HTTP interface
    python_api.py    Python interface: methods of `Sandbox`
"""
