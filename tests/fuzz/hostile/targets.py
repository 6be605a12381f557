"""All targets of hostile bytes, by name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from . import answers, app, arguments, faults, requests, scenarios, snapshots, webhooks
from .target import Target

TARGETS: Final[Mapping[str, Target]] = MappingProxyType(
    {
        module.TARGET.name: module.TARGET
        for module in (
            *(answers, webhooks, requests, arguments),
            *(scenarios, faults, snapshots, app),
        )
    }
)
