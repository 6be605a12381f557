"""One call of one or more attempts, as a sans-I/O generator with a sync and an async driver."""
