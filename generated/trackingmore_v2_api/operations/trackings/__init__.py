# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Operations of the tag trackings."""

from . import (
    change_carrier,
    count_trackings,
    create_tracking,
    create_tracking_batch,
    delete_tracking,
    delete_tracking_batch,
    get_localized_tracking,
    get_tracking,
    list_trackings,
    stop_tracking_updates,
    track_in_realtime,
    update_tracking,
    update_tracking_batch,
)

__all__ = [
    "change_carrier",
    "count_trackings",
    "create_tracking",
    "create_tracking_batch",
    "delete_tracking",
    "delete_tracking_batch",
    "get_localized_tracking",
    "get_tracking",
    "list_trackings",
    "stop_tracking_updates",
    "track_in_realtime",
    "update_tracking",
    "update_tracking_batch",
]
