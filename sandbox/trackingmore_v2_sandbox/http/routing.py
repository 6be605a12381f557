"""Routing of paths to the contract's operations."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from trackingmore_v2_api import OPERATIONS, Operation

Operations: TypeAlias = Mapping[str, Operation[Any]]
"""The operations of one path, by HTTP method."""

RouteMatch: TypeAlias = tuple[Operations, Mapping[str, str]]
"""The operations of a path and its path parameters."""

ADMIN_PATH: Final = "/_sandbox"
CONTRACT_PATH: Final = f"{ADMIN_PATH}/openapi.yaml"
"""Path of the contract, to which hints refer."""

NO_MATCH: Final[RouteMatch] = ({}, {})
_PARAMETER: Final = re.compile(r"\\{([a-z_]+)\\}")


class Routes:
    """
    The paths of the API, with and without a trailing slash.

    Assumed: a trailing slash is allowed on every path, as the reference says of `/carriers`. So an
    empty language, which the official PHP client sends, is no language.

    Args:
        base_path: Prefix of all paths.
    """

    def __init__(self, base_path: str) -> None:
        # Most paths have no parameters; a dict lookup finds them without trying each pattern.
        self._literal: dict[str, RouteMatch] = {}
        self._patterns: list[tuple[re.Pattern[str], Operations]] = []
        for path, operations in _by_path().items():
            if "{" in path:
                text = _PARAMETER.sub(r"(?P<\1>[^/]+)", re.escape(base_path + path))
                self._patterns.append((re.compile(f"{text}/?"), operations))
            else:
                self._literal[base_path + path] = operations, {}
                self._literal[base_path + path + "/"] = operations, {}

    def find(self, path: str) -> RouteMatch:
        """Return the operations and parameters of a decoded path; both empty if it is unknown."""
        literal = self._literal.get(path)
        if literal is not None:
            return literal
        for pattern, operations in self._patterns:
            found = pattern.fullmatch(path)
            if found:
                return operations, found.groupdict()
        return NO_MATCH


def _by_path() -> Mapping[str, Operations]:
    by_path: defaultdict[str, dict[str, Operation[Any]]] = defaultdict(dict)
    for operation in OPERATIONS.values():
        by_path[operation.path][operation.method] = operation
    # Official clients send the queries of these by POST.
    for name in ("listTrackings", "countTrackings"):
        by_path[OPERATIONS[name].path]["POST"] = OPERATIONS[name]
    # The official Python client sends the body of this one by GET.
    detection = OPERATIONS["detectCarrier"]
    by_path[detection.path]["GET"] = detection
    return by_path
