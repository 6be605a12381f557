"""One logical call of one or more attempts, without I/O."""
