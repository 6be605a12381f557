# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""The values of `meta.code` and their meaning."""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from msgspec import Struct


class MetaCode(Struct, frozen=True, kw_only=True):
    """One value of `meta.code`."""

    code: int
    type: str
    """The `meta.type` sent with it."""

    name: str
    message: str
    """The documented `meta.message`."""

    retryable: bool
    """Whether the same request may succeed later."""

    pause_seconds: float | None
    """Seconds to wait before any further request; None for no wait."""

    exception: str | None
    """The client's exception class for it."""


class ApiCode(IntEnum):
    """The values of `meta.code`, by name."""

    SUCCESS = 200
    CREATED = 201
    BATCH_TOO_LARGE = 202
    UNAUTHORIZED = 401
    PAYMENT_REQUIRED = 402
    FORBIDDEN = 403
    ROUTE_NOT_FOUND = 404
    METHOD_NOT_ALLOWED = 405
    CONFLICT = 409
    RATE_LIMITED = 429
    SERVER_ERROR = 500
    UNAVAILABLE = 503
    INVALID_KEY = 4001
    DELETED_KEY = 4002
    INVALID_REQUEST = 4012
    MISSING_TRACKING_NUMBER = 4013
    INVALID_TRACKING_NUMBER = 4014
    INVALID_CARRIER = 4015
    TRACKING_EXISTS = 4016
    TRACKING_NOT_FOUND = 4017
    FEATURE_NOT_ACTIVATED = 4018
    INSUFFICIENT_BALANCE = 4019
    TOO_MANY_ITEMS = 4020
    QUOTA_EXHAUSTED = 4021
    NO_RESULT = 4031
    CARRIER_NOT_DETECTED = 4032
    INVALID_STATUS = 4033


META_CODES: Final[Mapping[int, MetaCode]] = MappingProxyType(
    {
        200: MetaCode(
            code=200,
            type="Success",
            name="success",
            message="Success",
            retryable=False,
            pause_seconds=None,
            exception=None,
        ),
        201: MetaCode(
            code=201,
            type="Created",
            name="created",
            message="The request was successful and a resource was created.",
            retryable=False,
            pause_seconds=None,
            exception=None,
        ),
        202: MetaCode(
            code=202,
            type="Bad Request",
            name="batch_too_large",
            message="The largest number of 40 each operation.",
            retryable=False,
            pause_seconds=None,
            exception="BatchTooLarge",
        ),
        401: MetaCode(
            code=401,
            type="Unauthorized",
            name="unauthorized",
            message="Authentication failed or user does not have permissions for the requested operation.",
            retryable=False,
            pause_seconds=None,
            exception="InvalidKey",
        ),
        402: MetaCode(
            code=402,
            type="Payment Required",
            name="payment_required",
            message="Payment required.",
            retryable=False,
            pause_seconds=None,
            exception="QuotaExhausted",
        ),
        403: MetaCode(
            code=403,
            type="Forbidden",
            name="forbidden",
            message="Access denied.",
            retryable=False,
            pause_seconds=None,
            exception="AccessDenied",
        ),
        404: MetaCode(
            code=404,
            type="Not Found",
            name="route_not_found",
            message="Resource was not found.",
            retryable=False,
            pause_seconds=None,
            exception="RouteNotFound",
        ),
        405: MetaCode(
            code=405,
            type="Method Not Allowed",
            name="method_not_allowed",
            message="Requested method is not supported for the specified resource.",
            retryable=False,
            pause_seconds=None,
            exception="MethodNotAllowed",
        ),
        409: MetaCode(
            code=409,
            type="Conflict",
            name="conflict",
            message="The request could not be completed due to a conflict.",
            retryable=False,
            pause_seconds=None,
            exception="Conflict",
        ),
        429: MetaCode(
            code=429,
            type="Too Many Requests",
            name="rate_limited",
            message="Exceeded API limits. Pause requests, wait two minute, and try again.",
            retryable=True,
            pause_seconds=120,
            exception="RateLimited",
        ),
        500: MetaCode(
            code=500,
            type="Server error",
            name="server_error",
            message="Server error",
            retryable=True,
            pause_seconds=None,
            exception="ServerFailed",
        ),
        503: MetaCode(
            code=503,
            type="Service Unavailable",
            name="unavailable",
            message="The service is temporary unavailable (e.g. scheduled Platform Maintenance). Try again later.",
            retryable=True,
            pause_seconds=None,
            exception="ServerFailed",
        ),
        4001: MetaCode(
            code=4001,
            type="Unauthorized",
            name="invalid_key",
            message="Invalid API key.",
            retryable=False,
            pause_seconds=None,
            exception="InvalidKey",
        ),
        4002: MetaCode(
            code=4002,
            type="Unauthorized",
            name="deleted_key",
            message="API key has been deleted.",
            retryable=False,
            pause_seconds=None,
            exception="InvalidKey",
        ),
        4012: MetaCode(
            code=4012,
            type="Bad Request",
            name="invalid_request",
            message="The request could not be understood or was missing required parameters.",
            retryable=False,
            pause_seconds=None,
            exception="InvalidParameters",
        ),
        4013: MetaCode(
            code=4013,
            type="Bad Request",
            name="missing_tracking_number",
            message="Tracking_number is required.",
            retryable=False,
            pause_seconds=None,
            exception="InvalidTrackingNumber",
        ),
        4014: MetaCode(
            code=4014,
            type="Bad Request",
            name="invalid_tracking_number",
            message="The value of `tracking_number` is invalid.",
            retryable=False,
            pause_seconds=None,
            exception="InvalidTrackingNumber",
        ),
        4015: MetaCode(
            code=4015,
            type="Bad Request",
            name="invalid_carrier",
            message="The value of `carrier_code` is invalid.",
            retryable=False,
            pause_seconds=None,
            exception="InvalidCarrier",
        ),
        4016: MetaCode(
            code=4016,
            type="Bad Request",
            name="tracking_exists",
            message="Tracking already exists.",
            retryable=False,
            pause_seconds=None,
            exception="TrackingExists",
        ),
        4017: MetaCode(
            code=4017,
            type="Bad Request",
            name="tracking_not_found",
            message="Tracking does not exist.",
            retryable=False,
            pause_seconds=None,
            exception="TrackingNotFound",
        ),
        4018: MetaCode(
            code=4018,
            type="Bad Request",
            name="feature_not_activated",
            message="Due to overload risks this feature requires custom activation. Contact service@trackingmore.org for more information.",
            retryable=False,
            pause_seconds=None,
            exception="AccessDenied",
        ),
        4019: MetaCode(
            code=4019,
            type="Bad Request",
            name="insufficient_balance",
            message="Your balance is insufficient, please recharge in time",
            retryable=False,
            pause_seconds=None,
            exception="QuotaExhausted",
        ),
        4020: MetaCode(
            code=4020,
            type="Bad Request",
            name="too_many_items",
            message="Up to 200 at a time",
            retryable=False,
            pause_seconds=None,
            exception="BatchTooLarge",
        ),
        4021: MetaCode(
            code=4021,
            type="Bad Request",
            name="quota_exhausted",
            message="Remaining quota is deficient, or the 7-day free trial has expired.",
            retryable=False,
            pause_seconds=None,
            exception="QuotaExhausted",
        ),
        4031: MetaCode(
            code=4031,
            type="No Content",
            name="no_result",
            message="The request was successful but the response is empty.",
            retryable=True,
            pause_seconds=None,
            exception="NoResult",
        ),
        4032: MetaCode(
            code=4032,
            type="No Content",
            name="carrier_not_detected",
            message="Cannot detect courier.",
            retryable=False,
            pause_seconds=None,
            exception="CarrierNotDetected",
        ),
        4033: MetaCode(
            code=4033,
            type="No Content",
            name="invalid_status",
            message="The value of `package status` is invalid.",
            retryable=False,
            pause_seconds=None,
            exception="InvalidStatus",
        ),
    }
)
"""Every known meta code, by number."""
