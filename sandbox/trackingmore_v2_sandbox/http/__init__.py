"""HTTP requests, envelopes and routes."""
