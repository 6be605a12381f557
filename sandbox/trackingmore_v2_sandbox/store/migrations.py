"""The database schema, as a sequence of migrations."""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from trackingmore_v2_sandbox.store.queries import HAS_CHANGES, ORDER_TIME, POLL_PHASE

_DETAILS: Final = (
    "carrier_code TEXT NOT NULL",
    "tracking_number TEXT NOT NULL",
    "created_at BIGINT NOT NULL",
    "title TEXT",
    "logistics_channel TEXT",
    "customer_name TEXT",
    "customer_email TEXT",
    "customer_phone TEXT",
    "order_id TEXT",
    "order_create_time TEXT",
    "ordered_at BIGINT",
    "comment TEXT",
    "destination_code TEXT",
)
"""Columns of the trackings that version 2 took over from version 1."""

_SCRIPTS: Final = (
    """
    CREATE TABLE accounts (
        account TEXT PRIMARY KEY,
        trackings INTEGER NOT NULL,
        detections INTEGER NOT NULL
    );
    CREATE TABLE charges (id TEXT PRIMARY KEY);
    CREATE TABLE parcels (
        sequence {sequence},
        account TEXT NOT NULL,
        {details},
        archived BOOLEAN NOT NULL,
        status TEXT,
        looked_at BIGINT,
        stopped_at BIGINT,
        UNIQUE (account, tracking_number, carrier_code)
    );
    CREATE INDEX parcels_by_account ON parcels (account{then_sequence});
    """,
    # `charges` now holds the pairs without a current tracking; version 1 kept too little to derive
    # them. The `seen_` columns start with defaults and are filled in when the overdue changes are
    # applied, as `due_at` is set to the creation. Integer account numbers keep the indexes small.
    """
    DROP TABLE charges;
    CREATE TABLE charges (
        account TEXT NOT NULL,
        carrier_code TEXT NOT NULL,
        tracking_number TEXT NOT NULL,
        PRIMARY KEY (account, tracking_number, carrier_code)
    );

    ALTER TABLE accounts ADD COLUMN key_hint TEXT NOT NULL DEFAULT '';
    ALTER TABLE accounts ADD COLUMN quota BIGINT;
    ALTER TABLE accounts ADD COLUMN balance BIGINT;
    ALTER TABLE accounts ADD COLUMN anchor_machine BIGINT;
    ALTER TABLE accounts ADD COLUMN anchor_virtual BIGINT NOT NULL DEFAULT 0;
    ALTER TABLE accounts ADD COLUMN clock_speed DOUBLE PRECISION NOT NULL DEFAULT 1;
    ALTER TABLE accounts ADD COLUMN rate_limited BOOLEAN;
    ALTER TABLE accounts ADD COLUMN pace TEXT NOT NULL DEFAULT '{{}}';
    ALTER TABLE accounts ADD COLUMN key_deleted BOOLEAN NOT NULL DEFAULT FALSE;
    ALTER TABLE accounts ADD COLUMN has_faults BOOLEAN NOT NULL DEFAULT FALSE;

    CREATE TABLE parcel_counts (account TEXT PRIMARY KEY, parcels BIGINT NOT NULL);
    INSERT INTO parcel_counts SELECT account, COUNT(*) FROM parcels GROUP BY account;

    DROP INDEX parcels_by_account;
    ALTER TABLE parcels RENAME TO parcels_before;
    CREATE TABLE parcels (
        sequence {sequence},
        account BIGINT NOT NULL,
        {details},
        archived BOOLEAN NOT NULL DEFAULT FALSE,
        status TEXT,
        looked_at BIGINT,
        stopped_at BIGINT,
        seen_status TEXT NOT NULL DEFAULT 'pending',
        seen_substatus TEXT,
        due_at BIGINT,
        first_round BIGINT NOT NULL DEFAULT 0,
        round_interval BIGINT NOT NULL DEFAULT 1,
        last_round BIGINT,
        other_look BIGINT,
        UNIQUE (account, tracking_number, carrier_code)
    );
    INSERT INTO parcels (
        account, {detail_names}, archived, status, looked_at, stopped_at, due_at
    ) SELECT
        {account_number}, {detail_names}, archived, status, looked_at, stopped_at, created_at
    FROM parcels_before ORDER BY sequence;
    DROP TABLE parcels_before;
    CREATE INDEX parcels_by_account ON parcels (account{then_sequence});
    CREATE INDEX parcels_by_status ON parcels (account, seen_status{then_sequence});
    CREATE INDEX parcels_by_due_time ON parcels (account, due_at{then_sequence})
        WHERE due_at IS NOT NULL;

    CREATE TABLE webhook_targets (
        sequence {sequence},
        account TEXT NOT NULL,
        id TEXT NOT NULL,
        url TEXT NOT NULL,
        statuses TEXT NOT NULL,
        version TEXT NOT NULL,
        callback BOOLEAN NOT NULL,
        duplicate BOOLEAN NOT NULL,
        reorder BOOLEAN NOT NULL,
        corrupt TEXT,
        delay_seconds BIGINT NOT NULL,
        UNIQUE (account, id)
    );
    CREATE TABLE deliveries (
        sequence {sequence},
        account TEXT NOT NULL,
        id TEXT NOT NULL,
        target_id TEXT NOT NULL,
        tracking_id TEXT NOT NULL,
        status TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        due_at BIGINT,
        body TEXT NOT NULL,
        attempt BIGINT NOT NULL,
        state TEXT NOT NULL,
        attempts TEXT NOT NULL,
        claimed_at BIGINT,
        UNIQUE (account, id)
    );
    CREATE INDEX deliveries_by_account ON deliveries (account{then_sequence});
    CREATE INDEX deliveries_by_due_time ON deliveries (account, due_at{then_sequence})
        WHERE due_at IS NOT NULL;
    CREATE TABLE fault_plans (
        sequence {sequence},
        plan TEXT NOT NULL UNIQUE,
        account TEXT NOT NULL,
        instructions TEXT NOT NULL,
        seed BIGINT,
        probability DOUBLE PRECISION
    );
    CREATE INDEX fault_plans_by_account ON fault_plans (account{then_sequence});
    """,
    # Names as in the records.
    """
    ALTER TABLE parcels RENAME TO trackings;
    ALTER TABLE trackings RENAME COLUMN looked_at TO polled_at;
    ALTER TABLE trackings RENAME COLUMN first_round TO first_poll;
    ALTER TABLE trackings RENAME COLUMN round_interval TO poll_interval;
    ALTER TABLE trackings RENAME COLUMN last_round TO last_poll;
    ALTER TABLE trackings RENAME COLUMN other_look TO extra_poll;
    ALTER TABLE parcel_counts RENAME TO tracking_counts;
    ALTER TABLE tracking_counts RENAME COLUMN parcels TO trackings;
    ALTER TABLE accounts RENAME COLUMN pace TO rate_limit_state;
    """,
    """
    ALTER TABLE webhook_targets ADD COLUMN form TEXT NOT NULL DEFAULT 'now';
    ALTER TABLE webhook_targets ADD COLUMN re_sign BOOLEAN NOT NULL DEFAULT TRUE;
    """,
    """
    ALTER TABLE accounts ADD COLUMN reads_need_quota BOOLEAN NOT NULL DEFAULT FALSE;
    """,
    # The request log of several workers, on PostgreSQL only.
    """
    CREATE TABLE exchanges (
        sequence {sequence},
        account TEXT NOT NULL,
        masked_key TEXT,
        at DOUBLE PRECISION NOT NULL,
        arrived_at DOUBLE PRECISION NOT NULL,
        weight BIGINT NOT NULL,
        content BYTEA NOT NULL
    );
    CREATE INDEX exchanges_by_account ON exchanges (account{then_sequence});
    """,
    # Each filter finds its trackings by an index, and a page by the number of those before it.
    """
    CREATE INDEX trackings_by_creation ON trackings (account, created_at{then_sequence});
    CREATE INDEX trackings_by_order_time ON trackings (account, {order_time}{then_sequence});
    CREATE INDEX trackings_by_order ON trackings (account, order_id) WHERE order_id IS NOT NULL;
    CREATE INDEX trackings_by_archived ON trackings (account{then_sequence}) WHERE archived;
    CREATE INDEX trackings_by_last_poll ON trackings (account, ({has_changes}), last_poll);
    CREATE INDEX trackings_by_extra_poll ON trackings (account, extra_poll)
        WHERE extra_poll IS NOT NULL;
    CREATE INDEX trackings_by_poll_phase ON trackings (account, poll_interval, ({poll_phase}))
        WHERE due_at IS NOT NULL;

    DROP TABLE tracking_counts;
    CREATE TABLE status_counts (
        account BIGINT NOT NULL,
        status TEXT NOT NULL,
        trackings BIGINT NOT NULL,
        PRIMARY KEY (account, status)
    );
    INSERT INTO status_counts
        SELECT account, seen_status, COUNT(*) FROM trackings GROUP BY account, seen_status;
    CREATE TABLE block_counts (
        account BIGINT NOT NULL,
        block BIGINT NOT NULL,
        trackings BIGINT NOT NULL,
        PRIMARY KEY (account, block)
    );
    INSERT INTO block_counts
        SELECT account, sequence / 4096, COUNT(*) FROM trackings GROUP BY account, sequence / 4096;
    """,
    # Claims are locks of a process, and not stored.
    """
    ALTER TABLE deliveries DROP COLUMN claimed_at;
    CREATE INDEX deliveries_by_target ON deliveries (account, target_id, due_at{then_sequence})
        WHERE due_at IS NOT NULL;
    """,
)
"""Migrations; each one leads from a version of the schema to the next."""

VERSION: Final = len(_SCRIPTS)


def statements(
    since: int, *, sequence: str, then_sequence: str, account_number: str
) -> Iterator[str]:
    """
    Yield the statements that bring the schema up to date.

    Args:
        since: Current version of the schema; 0 for an empty database.
        sequence: Type of an auto-increment column, which numbers rows in the order of insertion.
        then_sequence: Index columns that order rows with equal keys by insertion; may be empty.
        account_number: SQL expression for the number of the account in the column `account`.
    """
    for script in _SCRIPTS[since:]:
        text = script.format(
            sequence=sequence,
            then_sequence=then_sequence,
            account_number=account_number,
            details=", ".join(_DETAILS),
            order_time=ORDER_TIME,
            has_changes=HAS_CHANGES,
            poll_phase=POLL_PHASE,
            detail_names=", ".join(column.partition(" ")[0] for column in _DETAILS),
        )
        # No statement contains a semicolon.
        yield from filter(str.strip, text.split(";"))


@lru_cache(maxsize=4096)
def number_of(account: str) -> int:
    """Return the number of an account in the table of trackings."""
    # With 64 bits, a million accounts collide with a probability below 1 in 30 million.
    return int.from_bytes(blake2b(account.encode(), digest_size=8).digest(), signed=True)
