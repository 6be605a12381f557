"""Errors of the libraries of stores."""


def first_line(error: Exception) -> str:
    """Return the first line of an error's message, or else its class."""
    return (str(error) or type(error).__name__).splitlines()[0]
