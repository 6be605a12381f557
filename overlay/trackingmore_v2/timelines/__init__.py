"""Timelines: the events of a tracking or an air waybill in chronological order."""

from trackingmore_v2.timelines.air_waybill import (
    AirWaybillTimeline as AirWaybillTimeline,
    AirWaybillTimelineEvent as AirWaybillTimelineEvent,
    FlightLeg as FlightLeg,
    air_waybill_timeline as air_waybill_timeline,
)
from trackingmore_v2.timelines.parcel import (
    LegKind as LegKind,
    Timeline as Timeline,
    TimelineEvent as TimelineEvent,
    timeline as timeline,
)
