# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""The TrackingMore v2 API as typed values: operations, models and meta codes. No I/O."""

from . import models
from .contract import API_KEY_HEADER, BASE_URL, VERSION
from .enums import OpenIntEnum, OpenStrEnum
from .meta_codes import META_CODES, ApiCode, MetaCode
from .operations import OPERATIONS
from .runtime import (
    ApiRejected,
    BatchLimits,
    Bounds,
    Call,
    ContractViolated,
    Operation,
    Pagination,
    RateLimit,
)
from .salvage import Repair, ResponseMeta

__all__ = [
    "API_KEY_HEADER",
    "BASE_URL",
    "META_CODES",
    "OPERATIONS",
    "VERSION",
    "ApiCode",
    "ApiRejected",
    "BatchLimits",
    "Bounds",
    "Call",
    "ContractViolated",
    "MetaCode",
    "OpenIntEnum",
    "OpenStrEnum",
    "Operation",
    "Pagination",
    "RateLimit",
    "Repair",
    "ResponseMeta",
    "models",
]
