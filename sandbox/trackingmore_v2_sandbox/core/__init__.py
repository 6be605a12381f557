"""The state of an account over time: clock, tracking states, quota."""
