"""Batches: items split into calls, with one outcome for each item."""
