"""State of an account over time: clock, tracking states, quota."""
