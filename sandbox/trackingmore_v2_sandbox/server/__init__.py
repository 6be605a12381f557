"""ASGI app of the sandbox, and the servers that run it."""
