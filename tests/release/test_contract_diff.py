"""The comparison of contracts classes every change, and says what it is about."""

import copy
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from release.changes import in_order
from release.contract_diff.comparison import compare
from release.contract_diff.document import Node, resolve
from release.contract_diff.rules import SCHEMA
from release.contract_diff.schemas import STRUCTURE
from tests.contract.changes import (
    CREATE,
    JSON,
    SCHEMAS,
    TRACKING,
    Change,
    changed_contract,
    move,
    put,
    refer,
)
from tests.contract.document import linked_contract
from tests.release.contract_changes import PLANTED
from tests.release.running import run
from website.contract import contract, walk


@cache
def today() -> Node:
    """Return the contract, resolved."""
    return resolve(linked_contract())


def lines(changes: Iterable[Change]) -> list[str]:
    """Return what the comparison prints about changes of the contract."""
    return list(map(str, in_order(compare(today(), resolve(changed_contract(*changes))))))


@pytest.mark.parametrize("name", PLANTED)
def test_a_change_is_classed_and_named(name: str) -> None:
    """A change is reported in one line, with its impact and the operations that have it."""
    changes, expected = PLANTED[name]

    assert lines(changes) == expected


def test_all_changes_at_once_are_reported() -> None:
    """No change hides another one."""
    together = [
        "meta code removed", "request field required", "response field removed", "default changed",
        "request limit tightened", "evidence of a field strengthened", "rate limit lowered",
        "open enum narrowed", "webhook field removed", "path changed",
    ]  # fmt: skip
    changes = [change for name in together for change in PLANTED[name][0]]

    assert sorted(lines(changes)) == sorted(line for name in together for line in PLANTED[name][1])


def reverse_keys(node: Any) -> Any:
    """Return a node with the keys of each mapping in the opposite order."""
    if isinstance(node, dict):
        return {key: reverse_keys(node[key]) for key in reversed(node)}
    return [reverse_keys(each) for each in node] if isinstance(node, list) else node


def rename_component(document: Node) -> None:
    """Rename a schema, and every reference to it."""
    for _, node in walk(document):
        if isinstance(node, dict) and node.get("$ref") == "#/components/schemas/Leg":
            node["$ref"] = "#/components/schemas/Part"
    move(*SCHEMAS, "Leg", to="Part")(document)


def name_inline_schema(document: Node) -> None:
    """Move the schema of a field into a component."""
    schemas = document["components"]["schemas"]
    for name in ("title", "weight", "substatus"):
        schemas[f"New{name}"] = schemas["Tracking"]["properties"][name]
        put(*TRACKING, name, to=refer(f"New{name}"))(document)


def inline_component(document: Node) -> None:
    """Write a component where it is used, instead of a reference."""
    body = copy.deepcopy(document["components"]["schemas"]["CreateTrackingRequest"])
    put(*CREATE, "requestBody", *JSON, "schema", to=body)(document)


def write_null_as_an_alternative(document: Node) -> None:
    """Write a field that may be null with `anyOf` instead of a list of types."""
    title = document["components"]["schemas"]["Tracking"]["properties"]["title"]
    alternatives = [{"type": "string", "examples": title.pop("examples")}, {"type": "null"}]
    del title["type"]
    title["anyOf"] = alternatives


def shuffle_lists(document: Node) -> None:
    """Change the order of lists whose order has no meaning."""
    schemas = document["components"]["schemas"]
    schemas["CreateTrackingRequest"]["required"].reverse()
    schemas["TrackingStatus"]["enum"].reverse()
    document["x-meta-codes"].reverse()


@pytest.mark.parametrize(
    "change",
    [
        rename_component,
        name_inline_schema,
        inline_component,
        write_null_as_an_alternative,
        shuffle_lists,
    ],
)
def test_another_way_to_write_the_same_is_no_change(change: Change) -> None:
    """Only what requests and responses may contain is compared."""
    assert lines([change]) == []


def test_the_order_of_keys_is_no_change() -> None:
    """A document with all keys in another order is equal."""
    assert compare(today(), resolve(reverse_keys(linked_contract()))) == []


def test_every_key_of_a_schema_has_a_rule() -> None:
    """A new keyword or extension of the contract is judged on purpose, not by the default rule."""
    used: set[str] = set()
    waiting = list(contract()["components"]["schemas"].values())
    while waiting:
        schema = waiting.pop()
        used |= schema.keys()
        for key in ("items", "additionalProperties"):
            waiting += [schema[key]] if isinstance(schema.get(key), dict) else []
        waiting += schema.get("properties", {}).values()
        waiting += [each for key in ("anyOf", "oneOf") for each in schema.get(key, ())]

    assert used - SCHEMA.keys() - set(STRUCTURE) == {"$ref"}


def write(folder: Path, name: str, *changes: Change) -> str:
    """Write a changed contract, and return the path of the file."""
    path = folder / name
    path.write_text(json.dumps(changed_contract(*changes)), encoding="utf-8")
    return str(path)


def test_the_command_compares_files(tmp_path: Path) -> None:
    """Files have no version, so the changes are printed and none is rejected."""
    changes, expected = PLANTED["meta code removed"]
    old, new = write(tmp_path, "old.json"), write(tmp_path, "new.json", *changes)
    done = run("release.contract_diff", old, new)

    assert done.stdout.splitlines()[1:] == [
        *expected,
        "changes: 1 breaking, 0 additive, 0 wording",
    ]
    assert (done.stderr, done.returncode) == ("", 0)


def test_the_command_rejects_an_unknown_revision() -> None:
    """A revision that does not exist is a usage error, in one line."""
    done = run("release.contract_diff", "no-such-tag")

    assert (done.stdout, done.returncode) == ("", 2)
    assert done.stderr.startswith("fatal: ")
    assert "no-such-tag" in done.stderr
