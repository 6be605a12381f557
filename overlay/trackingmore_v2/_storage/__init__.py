"""What limiters and journals with a store have in common."""
