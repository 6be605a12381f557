"""
Everything once: an air waybill, a few parcels, a refusal.

Without TRACKINGMORE_API_KEY in the environment it runs against a sandbox that it starts itself.
With a key it runs against the real API, unless TRACKINGMORE_BASE_URL says otherwise, and spends
the account's quota for three parcels; those that it created it deletes at the end.
"""

import os
from collections.abc import Iterable, Sequence

from trackingmore_v2 import ItemResult, TrackingExists, TrackingMore, TrackingNotFound, models

AIR_WAYBILL = "172-28891936"
PARCELS = (
    models.CreateTrackingItem(
        carrier_code="china-ems",
        tracking_number="LK664578623CN",
        title="Teapot",
        order_id="#1001",
    ),
    models.CreateTrackingItem(
        carrier_code="singapore-post",
        tracking_number="RP893531375SG",
        title="Camera strap",
        order_id="#1002",
    ),
    models.CreateTrackingItem(
        carrier_code="ups",
        tracking_number="1Z97X17XYW06605211",
        title="Desk lamp",
        order_id="#1003",
    ),
)


def main() -> None:
    """Run the demo against the real API if there is a key, else against a sandbox."""
    if os.environ.get("TRACKINGMORE_API_KEY"):
        with TrackingMore() as client:
            show(client)
        return

    from trackingmore_v2_sandbox import Sandbox  # noqa: PLC0415 - an extra, not needed with a key

    with (
        Sandbox() as sandbox,
        TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client,
    ):
        print(f"Sandbox ready: {sandbox.base_url}\n")
        show(client)


def show(client: TrackingMore) -> None:
    """Tell the whole story."""
    flights = show_air_waybill(client)
    created = create_parcels(client)
    try:
        counts = show_parcels(client)
        refusals = show_refusals(client)
    finally:
        # Only those: what the account followed before is not ours to delete.
        deleted = delete_parcels(client, created)
    print("Summary")
    print(f"  {flights} flights of one air waybill read")
    print(f"  {len(created)} parcels created with one call, {deleted} deleted with another")
    print(f"  {counts} parcels counted by status, {refusals} refusals understood")


def show_air_waybill(client: TrackingMore) -> int:
    """Print the flights and events of the documented air waybill."""
    waybill = client.air_waybills.track(AIR_WAYBILL)[AIR_WAYBILL]
    details = waybill.return_data
    airline = waybill.airline_info.name if waybill.airline_info else ""
    if details is None:
        print(f"Air waybill {AIR_WAYBILL}: nothing is known\n")
        return 0
    print(
        f"Air waybill {AIR_WAYBILL}, {airline}: {details.piece} pieces, {details.weight}, "
        f"{details.origin} to {details.destination}"
    )
    flights = sorted(
        (details.flight_info or {}).items(), key=lambda item: item[1].depart_time or ""
    )
    table(
        ("Flight", "From", "Departed", "To", "Arrived"),
        [
            (
                number,
                flight.depart_station,
                flight.depart_time,
                flight.arrival_station,
                flight.arrival_time,
            )
            for number, flight in flights
        ],
    )
    events = sorted(details.track_info or [], key=lambda event: event.actual_date or "")
    table(
        ("Local time", "Station", "Status", "Flight", "Event"),
        [
            (event.actual_date, event.station, event.status, event.flight_number, event.event)
            for event in events
        ],
    )
    return len(flights)


def create_parcels(client: TrackingMore) -> list[models.CreateTrackingItem]:
    """Create the parcels with one call; those that exist already are welcome too."""
    report = client.trackings.create_many(PARCELS)
    print(f"Created {len(report.created)} of {len(report)} parcels with one call")
    for outcome in report:
        if outcome.result is not ItemResult.CREATED:
            print(f"  {outcome.summary}: {outcome.item}")
    print()
    return [PARCELS[outcome.index] for outcome in report.created]


def show_parcels(client: TrackingMore) -> int:
    """Ask a carrier, update, list and count."""
    first, second, third = PARCELS
    now = client.trackings.realtime(first.carrier_code, first.tracking_number)
    print(f"{first.title}, asked in real time: {now.status}, {now.last_event}")
    client.trackings.update(
        second.carrier_code, second.tracking_number, status=models.SettableStatus.DELIVERED
    )
    client.trackings.update(third.carrier_code, third.tracking_number, title="Desk lamp, black")
    found = client.trackings.list(numbers=[parcel.tracking_number for parcel in PARCELS])
    table(
        ("Carrier", "Number", "Status", "Title", "Newest event"),
        [
            (item.carrier_code, item.tracking_number, item.status, item.title, item.last_event)
            for item in found
        ],
    )
    counts = client.trackings.count_by_status()
    named = [(name, getattr(counts, name)) for name in models.TrackingStatus]
    print("By status: " + ", ".join(f"{count} {name}" for name, count in named if count) + "\n")
    return sum(count for _, count in named)


def show_refusals(client: TrackingMore) -> int:
    """Show that a refusal, which comes under HTTP 200, is a typed error here."""
    refusals = 0
    try:
        client.trackings.create(PARCELS[0].carrier_code, PARCELS[0].tracking_number)
    except TrackingExists as error:
        refusals += 1
        print(f"TrackingExists: {error}")
    try:
        client.trackings.get("dhl", "0000000000")
    except TrackingNotFound as error:
        refusals += 1
        print(f"TrackingNotFound: {error}")
    print()
    return refusals


def delete_parcels(client: TrackingMore, parcels: Iterable[models.CreateTrackingItem]) -> int:
    """Delete parcels with one call."""
    return len(client.trackings.delete_many(parcels).deleted)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table with columns as wide as they must be."""
    lines = [head, *([("" if cell is None else str(cell)) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  " + "  ".join(map(str.ljust, line, widths)).rstrip())
    print()


if __name__ == "__main__":
    main()
