"""Event logs on each store."""
