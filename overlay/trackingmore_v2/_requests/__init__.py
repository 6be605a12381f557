"""What each method sends, and how its response is read: one module for each resource."""
