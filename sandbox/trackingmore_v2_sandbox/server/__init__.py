"""Assembly of the sandbox, and the processes that serve it."""
