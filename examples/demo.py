"""
A tour of the client: an air waybill, three trackings, and typed errors.

Without TRACKINGMORE_API_KEY in the environment, the demo starts a sandbox and runs against it. With
a key, it runs against the real API, or the server in TRACKINGMORE_BASE_URL. It then uses the quota
of up to three trackings, and deletes those that it created at the end.
"""

import os
from collections.abc import Iterable, Sequence

from trackingmore_v2 import ItemResult, TrackingExists, TrackingMore, TrackingNotFound, models

AIR_WAYBILL = "172-28891936"
TRACKINGS = (
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
    """Run the demo against the real API if a key is set, else against a sandbox."""
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
    """Run all steps and print a summary."""
    flights = show_air_waybill(client)
    created = create_trackings(client)
    try:
        counts = show_trackings(client)
        errors = show_errors(client)
    finally:
        # Trackings that existed before the demo are kept.
        deleted = delete_trackings(client, created)
    print("Summary")
    print(f"  {flights} flights of one air waybill read")
    print(f"  {len(created)} trackings created with one call, {deleted} deleted with another")
    print(f"  {counts} trackings counted by status, {errors} errors handled")


def show_air_waybill(client: TrackingMore) -> int:
    """Print the flights and events of an air waybill, and return the number of flights."""
    waybill = client.air_waybills.track(AIR_WAYBILL)[AIR_WAYBILL]
    details = waybill.return_data
    airline = waybill.airline_info.name if waybill.airline_info else ""
    if details is None:
        print(f"Air waybill {AIR_WAYBILL}: no data\n")
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


def create_trackings(client: TrackingMore) -> list[models.CreateTrackingItem]:
    """Create the trackings with one call, and return those that did not exist before."""
    report = client.trackings.create_many(TRACKINGS)
    print(f"Created {len(report.created)} of {len(report)} trackings with one call")
    for outcome in report:
        if outcome.result is not ItemResult.CREATED:
            print(f"  {outcome.summary}: {outcome.item}")
    print()
    return [TRACKINGS[outcome.index] for outcome in report.created]


def show_trackings(client: TrackingMore) -> int:
    """Query a carrier, then update, list and count trackings; return the total count."""
    first, second, third = TRACKINGS
    current = client.trackings.realtime(first.carrier_code, first.tracking_number)
    print(f"{first.title}, queried in real time: {current.status}, {current.last_event}")
    client.trackings.update(
        second.carrier_code, second.tracking_number, status=models.SettableStatus.DELIVERED
    )
    client.trackings.update(third.carrier_code, third.tracking_number, title="Desk lamp, black")
    found = client.trackings.list(numbers=[tracking.tracking_number for tracking in TRACKINGS])
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


def show_errors(client: TrackingMore) -> int:
    """Show that the API's errors, which come as HTTP 200, are raised as typed exceptions."""
    errors = 0
    try:
        client.trackings.create(TRACKINGS[0].carrier_code, TRACKINGS[0].tracking_number)
    except TrackingExists as error:
        errors += 1
        print(f"TrackingExists: {error}")
    try:
        client.trackings.get("dhl", "0000000000")
    except TrackingNotFound as error:
        errors += 1
        print(f"TrackingNotFound: {error}")
    print()
    return errors


def delete_trackings(client: TrackingMore, trackings: Iterable[models.CreateTrackingItem]) -> int:
    """Delete trackings with one call, and return how many were deleted."""
    return len(client.trackings.delete_many(trackings).deleted)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table with columns as wide as their widest cell."""
    lines = [head, *([("" if cell is None else str(cell)) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  " + "  ".join(map(str.ljust, line, widths)).rstrip())
    print()


if __name__ == "__main__":
    main()
