# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Operations of the tag air_waybills."""

from . import track_air_waybills

__all__ = [
    "track_air_waybills",
]
