# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Operations of the tag account."""

from . import get_account

__all__ = [
    "get_account",
]
