"""HTTP layer: requests, bodies, response envelopes, API keys, routes and guards."""
