"""Seeding of an account with trackings."""

from collections.abc import Iterable, Sequence

from msgspec.structs import asdict

from trackingmore_v2_sandbox.admin.insertion import insert
from trackingmore_v2_sandbox.admin.pairs import Pair, pairs_of, require_valid
from trackingmore_v2_sandbox.admin.pieces import Pieces, split
from trackingmore_v2_sandbox.admin.schemas import SeedTrackingInput, read, utc
from trackingmore_v2_sandbox.core.time_engine import TimeEngine
from trackingmore_v2_sandbox.scenarios import grammar
from trackingmore_v2_sandbox.scenarios.carrier_list import LISTED, CarrierList
from trackingmore_v2_sandbox.scenarios.corrections import correction
from trackingmore_v2_sandbox.store.models import Standing, TrackingRecord
from trackingmore_v2_sandbox.store.sql import Store


def seed(
    engine: TimeEngine,
    account: str,
    trackings: Iterable[SeedTrackingInput],
    carriers: CarrierList = LISTED,
) -> Pieces:
    """
    Add trackings to an account, and charge it for them.

    The status changes since an earlier `created_at` are applied, and sent to webhooks. Other
    requests may come between two pieces: a pair that one of them creates stays as it is.

    Raises:
        ValueError: A carrier or number is invalid, a pair is a duplicate or already exists, or a
            `created_at` is in the future; nothing was changed.
    """
    with engine.store.transaction(write=False):
        now = int(engine.now(engine.store.find_account(account)).timestamp())
    new: list[TrackingRecord] = []
    seen: set[Pair] = set()
    for piece in split(trackings):
        records = [_new_record(tracking, account, now) for tracking in piece]
        pairs = pairs_of(records)
        _require_carriers(pairs, carriers)
        require_valid(pairs, carriers.accepts)
        _require_scenarios(pairs)
        _require_first(pairs, seen)
        _require_new(engine.store, account, pairs)
        new += records
        yield
    yield from insert(engine, account, new)


def _new_record(tracking: SeedTrackingInput, account: str, now: int) -> TrackingRecord:
    created_at = now
    if tracking.created_at is not None:
        created_at = int(utc(tracking.created_at).timestamp())
    if created_at > now:
        raise ValueError(f"created_at of {tracking.tracking_number!r} is in the future")
    # All changes since then are overdue.
    stored = {"account": account, "created_at": created_at, "due_at": created_at}
    return read({**asdict(tracking), **stored}, TrackingRecord)


def _require_carriers(pairs: Iterable[Pair], carriers: CarrierList) -> None:
    for carrier_code in {carrier_code for carrier_code, _ in pairs}:
        meant = None if carriers.accepts(carrier_code) else carriers.meant_by(carrier_code)
        if meant:
            raise ValueError(f"unknown carrier code {carrier_code!r} (did you mean {meant}?)")


def _require_scenarios(pairs: Iterable[Pair]) -> None:
    for _, tracking_number in pairs:
        if grammar.is_scenario(tracking_number) and not grammar.parse(tracking_number):
            meant = correction(tracking_number)
            advice = f" (did you mean {meant}?)" if meant else ""
            raise ValueError(
                f"invalid scenario {tracking_number!r}{advice}; expected a number such as "
                f"{grammar.EXAMPLE!r}"
            )


def _require_first(pairs: Iterable[Pair], seen: set[Pair]) -> None:
    for pair in pairs:
        if pair in seen:
            raise ValueError(f"duplicate pair {pair!r}")
        seen.add(pair)


def _require_new(store: Store, account: str, pairs: Sequence[Pair]) -> None:
    with store.transaction(write=False):
        standings = store.standings(account, pairs)
    for pair, standing in standings.items():
        if standing is Standing.TRACKED:
            raise ValueError(f"the pair {pair!r} already exists in the account")
