"""Storage of the sandbox's state; other packages use only the methods of `Store`."""
