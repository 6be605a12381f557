"""
The contract compared with that of the last release: `python -m release.contract_diff`.

References are resolved first, so that only what a request or a response may contain is compared:
the order of keys and the names of components do not matter.
"""
