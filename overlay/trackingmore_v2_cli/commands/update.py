"""The command `trackingmore-v2 update`."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import click

from trackingmore_v2_cli._batch import SHAPE, Ending, carry_out, missing, one_call, print_endings
from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._details import UPDATE_DETAILS, detail_options, given
from trackingmore_v2_cli._reference_tables import CARRIER, NUMBER, is_table, read_rows
from trackingmore_v2_cli._references import (
    Reference,
    find_known_pairs,
    find_pairs,
    read_references,
    reference_of,
    reference_options,
)
from trackingmore_v2_cli._session import Session

_EXAMPLES: Final = (
    "trackingmore-v2 update ups:1Z97X17XYW06605211 --title 'Teapot, blue'",
    "trackingmore-v2 update ups:1Z97X17XYW06605211 --status delivered",
    "trackingmore-v2 update --from numbers.txt --customer-name Sandy",
    "trackingmore-v2 update --from changes.csv",
)


@command(shape=SHAPE, examples=_EXAMPLES, name="update")
@reference_options
@detail_options(UPDATE_DETAILS)
@click.option(
    "--status",
    type=click.Choice(["delivered", "exception", "original"], case_sensitive=False),
    help="Set the status by hand, or take that back.",
)
def update(
    session: Session,
    *,
    arguments: tuple[str, ...],
    carrier: str | None,
    file: str | None,
    **details: str | None,
) -> None:
    """
    Change details of trackings.

    All get the details of the options; those that are not given stay as they are. A table, a file
    such as CSV or JSON Lines, may have columns of the same names for the details of each tracking,
    and the column archived.
    """
    changes = given(details)
    rows = read_rows(file) if file and is_table(file) else []
    items = [Change(reference_of(row, carrier), {**changes, **_details(row)}) for row in rows]
    if arguments or not rows:
        references = read_references(arguments, carrier, None if rows else file)
        items += [Change(each, changes) for each in references]
    if not any(each.changes for each in items):
        raise click.UsageError("nothing to change; pass options such as --title.")
    if any("customer_phone" in each.changes for each in items):
        _update_one(session, items)
    else:
        _update_many(session, items)


class Change(NamedTuple):
    """A tracking and what to change."""

    reference: Reference
    changes: dict[str, str]


def _details(row: dict[str, str]) -> dict[str, str]:
    return {name: cell for name, cell in row.items() if name not in (CARRIER, NUMBER)}


def _update_many(session: Session, items: Sequence[Change]) -> None:
    pairs, unknown = find_known_pairs(session, [each.reference for each in items])
    absent = {*unknown}
    known = (each.changes for each in items if each.reference not in absent)
    updates = [
        {CARRIER: pair.carrier, NUMBER: pair.number, **changes}
        for pair, changes in zip(pairs, known, strict=True)
    ]
    carry_out(session, session.client.trackings.update_many, updates, missing(unknown))


def _update_one(session: Session, items: Sequence[Change]) -> None:
    """Update a tracking by a call of its own, since a batch does not take a telephone number."""
    if len(items) > 1:
        raise click.UsageError("customer_phone can be changed of one tracking at a time.")
    (pair,) = find_pairs(session, [items[0].reference])
    changes: dict[str, Any] = items[0].changes
    with one_call(session, pair):
        session.client.trackings.update(*pair, **changes)
    print_endings(session, [Ending(*pair, "updated")])
