# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Operations of the tag shipping."""

from . import check_remote_areas, get_transit_times

__all__ = [
    "check_remote_areas",
    "get_transit_times",
]
