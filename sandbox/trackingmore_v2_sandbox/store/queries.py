"""
Conditions in SQL for the filters of trackings, written so that an index finds what matches.

Only the first condition of a query can use an index. The choice is not left to the database, since
SQLite has no statistics to choose by.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

from trackingmore_v2_sandbox.store.models import TrackingFilter

Parameter: TypeAlias = str | int

ORDER_TIME: Final = "COALESCE(ordered_at, -1)"
"""Time of the order, before all others if there is none. Indexed in this form."""

POLL_PHASE: Final = "first_poll % poll_interval"
"""Time of the scheduled polls within each interval. Indexed in this form."""

HAS_CHANGES: Final = "CASE WHEN due_at IS NULL THEN 0 ELSE 1 END"
"""Whether a change is scheduled. Indexed in this form, before `last_poll`."""

_SCHEDULED_POLL: Final = (
    "CASE WHEN last_poll < ? THEN last_poll"
    " WHEN last_poll IS NOT NULL AND first_poll <= ?"
    " THEN ? - (? - first_poll) % poll_interval END"
)
"""Last scheduled poll up to a time; null without one."""

_LAST_POLL: Final = (
    f"COALESCE(CASE WHEN extra_poll > COALESCE({_SCHEDULED_POLL}, -1)"
    f" THEN extra_poll ELSE {_SCHEDULED_POLL} END, -1)"
)
"""Last poll of the carrier up to a time, before all others if there is none."""

_SEARCHED: Final = ("tracking_number", "title", "order_id")
_CONTAINS: Final = (
    "(" + " OR ".join(f"LOWER({name}) LIKE LOWER(?) ESCAPE '!'" for name in _SEARCHED) + ")"
)


class Condition(NamedTuple):
    """A condition of a WHERE clause, and its parameters."""

    text: str
    parameters: tuple[Parameter, ...]

    def without_index(self) -> "Condition":
        """Return the same condition in a form that cannot use an index."""
        return Condition(f"CASE WHEN {self.text} THEN 1 END = 1", self.parameters)


class Selection(NamedTuple):
    """The trackings of an account that match filters."""

    where: Condition
    order: str
    """
    Expression to order by, for the order of insertion.

    It keeps the database from walking the account in this order where an index finds the matching
    trackings.
    """


def select(account: int, filters: TrackingFilter, poll_intervals: Sequence[int]) -> Selection:
    """
    Return the condition of filters.

    Args:
        account: Number of the account.
        filters: The filters.
        poll_intervals: Intervals of the account's scheduled polls, in seconds, needed if
            `finds_by_poll(filters)`.
    """
    lookups, rest = list(_lookups(filters)), list(_tests(filters))
    if finds_by_poll(filters):
        rest = [*lookups, *rest]
        lookups = [_polled_within(account, filters, poll_intervals)]
    first, *others = lookups + rest
    conditions = (
        Condition("account = ?", (account,)),
        first,
        *(other.without_index() for other in others),
    )
    where = Condition(
        " AND ".join(each.text for each in conditions),
        tuple(value for each in conditions for value in each.parameters),
    )
    return Selection(where, "+sequence" if lookups else "sequence")


def finds_by_poll(filters: TrackingFilter) -> bool:
    """Return whether the matching trackings are found by the times of their polls."""
    return filters.polled_min is not None and not any(_lookups(filters))


def _lookups(filters: TrackingFilter) -> Iterator[Condition]:
    """Yield the conditions that find trackings by an index, those with the fewest matches first."""
    for column, values in (("tracking_number", filters.numbers), ("order_id", filters.orders)):
        if values:
            yield Condition(f"{column} IN ({', '.join('?' * len(values))})", values)
    yield from _range("created_at", filters.created_min, filters.created_max)
    yield from _range(ORDER_TIME, filters.ordered_min, filters.ordered_max)


def _tests(filters: TrackingFilter) -> Iterator[Condition]:
    """
    Yield the conditions that keep the order of insertion.

    The first two can use an index, in this order; the others read each tracking.
    """
    if filters.archived:
        yield Condition("archived", ())
    if filters.status is not None:
        yield Condition("seen_status = ?", (filters.status,))
    if filters.archived is False:
        yield Condition("NOT archived", ())
    moment = (filters.now,) * _LAST_POLL.count("?")
    yield from _range(_LAST_POLL, filters.polled_min, filters.polled_max, moment)
    if filters.text:
        yield Condition(_CONTAINS, (_pattern(filters.text),) * _CONTAINS.count("?"))


def _range(
    expression: str,
    minimum: int | None,
    maximum: int | None,
    parameters: tuple[Parameter, ...] = (),
) -> Iterator[Condition]:
    bounds = [(">=", minimum), ("<=", maximum)]
    given = [(operator, bound) for operator, bound in bounds if bound is not None]
    if given:
        yield Condition(
            " AND ".join(f"{expression} {operator} ?" for operator, _ in given),
            tuple(value for _, bound in given for value in (*parameters, bound)),
        )


def _polled_within(
    account: int, filters: TrackingFilter, poll_intervals: Sequence[int]
) -> Condition:
    """
    Return a condition that holds for all trackings whose last poll is within a window.

    It also holds for trackings with an earlier poll in the window, and for those of which no
    change is scheduled although polls are.
    """
    now = filters.now
    since = filters.polled_min or 0
    until = now if filters.polled_max is None else min(filters.polled_max, now)
    polled = [
        Condition(f"{HAS_CHANGES} IN (0, 1) AND last_poll BETWEEN ? AND ?", (since, until)),
        Condition(f"{HAS_CHANGES} = 0 AND last_poll > ?", (now,)),
        *_range("extra_poll", since, filters.polled_max),
        *(
            Condition(
                f"due_at IS NOT NULL AND poll_interval = ? AND {POLL_PHASE} BETWEEN ? AND ?",
                (interval, *phases),
            )
            for interval in poll_intervals
            for phases in _phases(interval, max(since, now - interval + 1), until)
        ),
    ]
    select = "SELECT sequence FROM trackings WHERE account = ? AND"
    return Condition(
        f"sequence IN ({' UNION ALL '.join(f'{select} {each.text}' for each in polled)})",
        tuple(value for each in polled for value in (account, *each.parameters)),
    )


def _phases(interval: int, since: int, until: int) -> list[tuple[int, int]]:
    """Return the ranges of the remainders of the times in a window, which is no longer than one."""
    if since > until:
        return []
    first, last = since % interval, until % interval
    return [(first, last)] if first <= last else [(0, last), (first, interval - 1)]


def _pattern(text: str) -> str:
    """Return the LIKE pattern that matches values with the given substring."""
    for special in ("!", "%", "_"):
        text = text.replace(special, f"!{special}")
    return f"%{text}%"
