"""The async half of the client, written by hand; `_sync/` is derived from it."""
