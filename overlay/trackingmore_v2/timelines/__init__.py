"""Timelines: the events of a tracking or an air waybill in chronological order."""

from trackingmore_v2.timelines.air_waybill import (
    AirWaybillTimeline,
    AirWaybillTimelineEvent,
    FlightLeg,
    air_waybill_timeline,
)
from trackingmore_v2.timelines.parcel import LegKind, Timeline, TimelineEvent, timeline

__all__ = [
    "AirWaybillTimeline",
    "AirWaybillTimelineEvent",
    "FlightLeg",
    "LegKind",
    "Timeline",
    "TimelineEvent",
    "air_waybill_timeline",
    "timeline",
]
