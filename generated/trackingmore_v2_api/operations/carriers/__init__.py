# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Operations of the tag carriers."""

from . import detect_carrier, list_carriers

__all__ = [
    "detect_carrier",
    "list_carriers",
]
