# Derived from _async/__init__.py by codegen/derive_sync.py; do not edit.
"""The sync half of the client, written by hand; `_sync/` is derived from it."""
