"""Batches: items cut into calls, and one result for each item."""
