"""Changes to a copy of the contract and its links, for tests of the checks."""

import copy
from collections.abc import Callable
from typing import Any

from tests.contract.document import linked_contract
from website.contract import Json, at, pointer

Change = Callable[[Json], None]
Key = str | int

CREATE = ("paths", "/trackings/post", "post")
BATCH = ("paths", "/trackings/batch", "post")
LIST = ("paths", "/trackings/get", "get")
ONE = ("paths", "/trackings/{carrier_code}/{tracking_number}")
MOVE = ("paths", "/trackings/update", "post")
REALTIME = ("paths", "/trackings/realtime", "post")
JSON = ("content", "application/json")
BATCH_BODY = (*BATCH, "requestBody", *JSON, "schema")
LINKS = (*CREATE, "responses", "200", "links")
SCHEMAS = ("components", "schemas")
EXAMPLES = ("components", "examples")
TRACKING = (*SCHEMAS, "Tracking", "properties")
API_KEY = ("components", "securitySchemes", "apiKey")
CODES = ("x-meta-codes",)  # in order: 200, 201, 202, 401 ...


def changed_contract(*changes: Change) -> Json:
    """Return a copy of the contract with changes."""
    document = copy.deepcopy(linked_contract())
    for change in changes:
        change(document)
    return document


def put(*keys: Key, to: object) -> Change:
    """Set the value under the keys, the last of which may be new."""

    def change(document: Json) -> None:
        _node(document, keys[:-1])[keys[-1]] = to

    return change


def drop(*keys: Key) -> Change:
    """Remove the value under the keys."""

    def change(document: Json) -> None:
        del _node(document, keys[:-1])[keys[-1]]

    return change


def move(*keys: Key, to: str) -> Change:
    """Rename the last of the keys; it becomes the last of its mapping."""

    def change(document: Json) -> None:
        parent = _node(document, keys[:-1])
        parent[to] = parent.pop(keys[-1])

    return change


def add(*keys: Key, item: object) -> Change:
    """Append an item to the list under the keys."""
    return lambda document: _node(document, keys).append(item)


def refer(name: str) -> Json:
    """Return a reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def _node(document: Json, keys: tuple[Key, ...]) -> Any:
    return at(document, pointer("#", *keys))
