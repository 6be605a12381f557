"""Settings of a sandbox."""

from functools import cache
from typing import Annotated, Final, get_type_hints

import msgspec
from msgspec import Meta, Struct

from trackingmore_v2_api import RateLimit
from trackingmore_v2_sandbox.core.clock import AccountClock
from trackingmore_v2_sandbox.core.quota import LOCK_SECONDS
from trackingmore_v2_sandbox.scenarios.carrier_list import LISTED, CarrierList
from trackingmore_v2_sandbox.validation import explain

_YEAR: Final = 366 * 24 * 3600


class Settings(Struct, frozen=True, kw_only=True):
    """
    Settings of a sandbox; all have defaults.

    Raises:
        ValueError: A value is of another type, or out of range.
    """

    quota: Annotated[int, Meta(ge=0, le=2**31)] = 1_000_000
    """Number of trackings that each account may create. Default: 1,000,000."""

    rate_limited: bool = False
    """Whether rate limits apply to accounts without a setting of their own. Default: False."""

    rate_limit: RateLimit | None = None
    """Rate limit of every operation for `rate_limited` accounts. Default: None, the contract's."""

    lock_seconds: Annotated[float, Meta(ge=0, le=_YEAR)] = LOCK_SECONDS
    """Length of the lock-out after exceeding a rate limit, in seconds. Default: 120."""

    strict: bool = False
    """
    Whether to reject requests that break the contract but that the live API accepts.

    The code is 4012, or 4015 for a carrier that is not listed.

    Default: False.
    """

    carriers: CarrierList = LISTED
    """
    Carriers that `GET /carriers` returns, as `read_carriers()` reads them from a file.

    A `strict` sandbox rejects all others. Default: those of the package.
    """

    max_body_bytes: Annotated[int, Meta(ge=0)] = 10 * 1024 * 1024
    """Maximum size of a request body; a larger one is rejected with 4012. Default: 10 MiB."""

    allowed_hosts: frozenset[str] = frozenset()
    """Host names accepted in addition to those of the loopback interface. Default: none."""

    cors_origins: frozenset[str] = frozenset()
    """
    Origins of web pages that may call the API, such as `http://localhost:5173`. Default: none.

    They may not call `/_sandbox`.
    """

    log_exchanges: Annotated[int, Meta(ge=0)] = 500
    """Number of latest requests kept in the log of each account. Default: 500."""

    default_clock: AccountClock | None = None
    """Clock of accounts that have not set their own. Default: None, the machine's clock."""

    email: str = "user@example.com"
    """E-mail address of all accounts; webhooks are signed with it. Default: "user@example.com"."""

    webhook_hosts: frozenset[str] = frozenset()
    """
    Webhook destinations allowed in addition to this machine. Default: none.

    Each is a host name, an address, a network such as `10.1.0.0/16`, or `*` for all public
    addresses.
    """

    webhook_private: bool = False
    """
    Whether webhooks may be sent to private addresses and to names that resolve to them.

    Default: False.
    """

    webhook_attempts: Annotated[int, Meta(ge=1)] = 14
    """Maximum number of attempts per delivery; the delay doubles each time. Default: 14."""

    webhook_timeout: Annotated[float, Meta(gt=0, le=30)] = 10.0
    """Timeout of a delivery attempt, in seconds, up to 30. Default: 10."""

    def __post_init__(self) -> None:
        """Check all values."""
        for name, (kind, allowed) in _OBJECTS.items():
            if not isinstance(getattr(self, name), kind):
                raise ValueError(f"invalid settings: {name} must be {allowed}")  # noqa: TRY004 - one error for all settings
        if self.rate_limit is not None and not _is_valid(self.rate_limit):
            raise ValueError(f"invalid settings: rate_limit must be above 0, not {self.rate_limit}")
        values = {name: getattr(self, name) for name in self.__struct_fields__}
        try:
            msgspec.convert(
                {name: value for name, value in values.items() if name not in _OBJECTS}, _checked()
            )
        except msgspec.ValidationError as error:
            raise ValueError(f"invalid settings: {explain(error, _checked())}") from None


_OBJECTS: Final = {
    "rate_limit": (RateLimit | None, "a RateLimit or None"),
    "carriers": (CarrierList, "a CarrierList, as read_carriers() returns"),
    "default_clock": (AccountClock | None, "a clock, as start_clock() returns, or None"),
}
"""Fields whose values are checked by their class: msgspec would take a dict as well."""


@cache
def _checked() -> type[Struct]:
    """Return a struct with the other fields, which msgspec checks."""
    hints = get_type_hints(Settings, include_extras=True)
    return msgspec.defstruct(
        "Checked", [(name, kind) for name, kind in hints.items() if name not in _OBJECTS]
    )


def _is_valid(limit: RateLimit) -> bool:
    # NaN fails the comparison.
    return limit.requests >= 1 and limit.seconds > 0
