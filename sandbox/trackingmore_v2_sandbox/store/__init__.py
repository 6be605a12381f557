"""Storage of the sandbox's state; other packages use only the interface `Store`."""
