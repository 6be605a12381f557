"""The HTTP transport, sync and async."""
