"""What limiters, journals and event logs with a store have in common."""
