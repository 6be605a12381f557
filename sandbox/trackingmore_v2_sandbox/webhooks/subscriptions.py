"""The webhook targets of an account. Each function belongs inside a transaction."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from trackingmore_v2_api.models import TrackingStatus
from trackingmore_v2_sandbox.store import Corruption, Store, WebhookTarget
from trackingmore_v2_sandbox.webhooks.url_policy import (
    MAX_TARGETS,
    InvalidTarget,
    TooManyTargets,
    UnknownTarget,
    UrlPolicy,
    read_url,
)

_LONGEST_DELAY: Final = 366 * 24 * 3600
_STATUSES: Final = [status.value for status in TrackingStatus]


class _SubscriptionFields(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be said of a target; see `WebhookTarget`."""

    url: str
    statuses: tuple[str, ...] = ()
    version: Literal["2"] = "2"
    callback: bool = True
    duplicate: bool = False
    reorder: bool = False
    corrupt: Corruption | None = None
    delay_seconds: Annotated[int, Meta(ge=0, le=_LONGEST_DELAY)] = 0


def add_target(
    store: Store, account: str, fields: Mapping[str, object], policy: UrlPolicy
) -> WebhookTarget:
    """
    Add a target, or put it in the place of the one with the same URL.

    Args:
        store: Where it is kept.
        account: Whose target it is.
        fields: What `WebhookTarget` says of it; only `url` is required.
        policy: Where webhooks may go.

    Raises:
        InvalidTarget: A field is wrong.
        ForbiddenTarget: The sandbox does not send there.
        TooManyTargets: The account has four others.
    """
    try:
        wanted = msgspec.convert(fields, _SubscriptionFields)
    except msgspec.ValidationError as error:
        raise InvalidTarget(str(error)) from error
    unknown = set(wanted.statuses) - set(_STATUSES)
    if unknown:
        known = ", ".join(_STATUSES)
        raise InvalidTarget(f"{min(unknown)!r} is no status; the statuses are {known}")
    read_url(wanted.url, policy)
    target = WebhookTarget(
        account,
        # One that is added again gets on with its deliveries.
        sha256(wanted.url.encode()).hexdigest()[:12],
        wanted.url,
        wanted.statuses,
        wanted.version,
        wanted.callback,
        wanted.duplicate,
        wanted.reorder,
        wanted.corrupt,
        wanted.delay_seconds,
    )
    others = [known for known in store.targets(account) if known.id != target.id]
    if len(others) >= MAX_TARGETS:
        raise TooManyTargets(f"an account has up to {MAX_TARGETS} targets; remove one first")
    store.save_target(target)
    return target


def list_targets(store: Store, account: str) -> list[WebhookTarget]:
    """Get the targets of an account, the ones added first first."""
    return store.targets(account)


def find_target(store: Store, account: str, target_id: str) -> WebhookTarget:
    """
    Get a target.

    Raises:
        UnknownTarget: The account has none with that id.
    """
    for target in store.targets(account):
        if target.id == target_id:
            return target
    raise UnknownTarget(f"there is no target {target_id!r}; list the targets to see their ids")


def remove_target(store: Store, account: str, target_id: str) -> None:
    """
    Remove a target. What still waits for it fails when it is due.

    Raises:
        UnknownTarget: The account has none with that id.
    """
    store.delete_target(find_target(store, account, target_id))
