"""Parameter types and callbacks of options that several commands may share."""

from datetime import UTC, datetime

import click


def parse_time(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> datetime | None:
    """Parse an ISO 8601 time; one without a zone is in UTC."""
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is not an ISO 8601 time such as 2026-03-01T12:00:00Z"
        ) from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)
