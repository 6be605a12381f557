"""Output of the commands."""

import click


def failure(message: str) -> click.exceptions.Exit:
    """Print a message in one line, and return the exception that ends the command with status 2."""
    click.echo(f"trackingmore-v2: {message}", err=True)
    return click.exceptions.Exit(2)
