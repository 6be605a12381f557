"""Management of an account's webhook targets. Call each function inside a transaction."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import asdict

from trackingmore_v2_api.models import TrackingStatus
from trackingmore_v2_api.webhooks import WebhookForm
from trackingmore_v2_sandbox.store.models import Corruption, WebhookTarget
from trackingmore_v2_sandbox.store.sql import Store
from trackingmore_v2_sandbox.validation import explain
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
    """The input fields of a target; see `WebhookTarget`."""

    url: str
    statuses: tuple[str, ...] = ()
    version: Literal["2"] = "2"
    callback: bool = True
    duplicate: bool = False
    reorder: bool = False
    corrupt: Corruption | None = None
    delay_seconds: Annotated[int, Meta(ge=0, le=_LONGEST_DELAY)] = 0
    form: WebhookForm = "now"
    re_sign: bool = True


def add_target(
    store: Store, account: str, fields: Mapping[str, object], policy: UrlPolicy
) -> WebhookTarget:
    """
    Add a target, or replace the target with the same URL.

    Args:
        store: The store.
        account: The account.
        fields: Fields of `WebhookTarget` without `account` and `id`; only `url` is required.
        policy: The policy for target URLs.

    Raises:
        InvalidTarget: A field is invalid.
        ForbiddenTarget: The policy does not allow the URL.
        TooManyTargets: The account already has four other targets.
    """
    try:
        options = msgspec.convert(fields, _SubscriptionFields)
    except msgspec.ValidationError as error:
        raise InvalidTarget(explain(error, _SubscriptionFields)) from error
    unknown = set(options.statuses) - set(_STATUSES)
    if unknown:
        known = ", ".join(_STATUSES)
        raise InvalidTarget(f"unknown status {min(unknown)!r}; expected one of {known}")
    # Checked now for an early error; each attempt checks the URL again.
    read_url(options.url, policy)
    # Derived from the URL, so that a target that is removed and added again keeps its deliveries.
    target_id = sha256(options.url.encode()).hexdigest()[:12]
    target = WebhookTarget(account, target_id, **asdict(options))
    # Replacing a target does not count against the limit.
    others = [other for other in store.targets(account) if other.id != target.id]
    if len(others) >= MAX_TARGETS:
        raise TooManyTargets(f"an account can have up to {MAX_TARGETS} targets; remove one first")
    store.save_target(target)
    return target


def find_target(store: Store, account: str, target_id: str) -> WebhookTarget:
    """
    Return a target.

    Raises:
        UnknownTarget: The account has no target with that id.
    """
    for target in store.targets(account):
        if target.id == target_id:
            return target
    raise UnknownTarget(f"unknown target {target_id!r}; list the targets to see their ids")


def remove_target(store: Store, account: str, target_id: str) -> None:
    """
    Remove a target. Its waiting deliveries fail when they are due.

    Raises:
        UnknownTarget: The account has no target with that id.
    """
    store.delete_target(find_target(store, account, target_id))
