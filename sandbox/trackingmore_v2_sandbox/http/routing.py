"""Which operations a path has."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from trackingmore_v2_api import OPERATIONS, Operation

Operations: TypeAlias = Mapping[str, Operation[Any]]
"""The operations of one path, by method."""

Found: TypeAlias = tuple[Operations, Mapping[str, str]]
"""The operations of a path, and the parameters in it."""

NOTHING: Final[Found] = ({}, {})
_PARAMETER: Final = re.compile(r"\\{([a-z_]+)\\}")


class Routes:
    """
    The paths of the API, with and without a slash at their end.

    Assumed: that slash does no harm to any of them, as the reference says of `/carriers`.

    Most are literal, so looking one up does not try one path after the other.

    Args:
        base_path: What all paths begin with.
    """

    def __init__(self, base_path: str) -> None:
        self._literal: dict[str, Found] = {}
        self._patterns: list[tuple[re.Pattern[str], Operations]] = []
        for path, operations in _by_path().items():
            if "{" in path:
                text = _PARAMETER.sub(r"(?P<\1>[^/]+)", re.escape(base_path + path))
                self._patterns.append((re.compile(f"{text}/?"), operations))
            else:
                self._literal[base_path + path] = operations, {}
                self._literal[base_path + path + "/"] = operations, {}

    def find(self, path: str) -> Found:
        """Give the operations of a decoded path, and its parameters; nothing for a strange one."""
        literal = self._literal.get(path)
        if literal is not None:
            return literal
        for pattern, operations in self._patterns:
            found = pattern.fullmatch(path)
            if found:
                return operations, found.groupdict()
        return NOTHING


def _by_path() -> Mapping[str, Operations]:
    by_path: defaultdict[str, dict[str, Operation[Any]]] = defaultdict(dict)
    for operation in OPERATIONS.values():
        by_path[operation.path][operation.method] = operation
    listing = OPERATIONS["listTrackings"]
    # The official PHP clients send the list's query as a JSON body.
    by_path[listing.path]["POST"] = listing
    return by_path
