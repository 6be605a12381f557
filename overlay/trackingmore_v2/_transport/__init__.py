"""HTTP: the only code that knows the HTTP library."""
