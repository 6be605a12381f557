"""What the pages must have, read from the contract."""

import re
from collections.abc import Iterator
from typing import Any

from tests.website_reference.reading import DOCUMENTED, Item, plain
from website.contract import (
    JSON_BODY,
    Json,
    Operation,
    answer_schemas,
    contract,
    dig,
    operations,
    parameters,
    resolve,
)

SCHEMAS: dict[str, Json] = contract()["components"]["schemas"]
CODES: list[Json] = contract()["x-meta-codes"]
ERRORS = {entry["code"] for entry in CODES if entry["exception"]}
OPERATIONS = list(operations(contract()))
ENVELOPES = {answer_schemas(it)[0]["$ref"].rpartition("/")[2] for it in OPERATIONS}


def words_of(node: Json) -> str:
    """Return the description of a part, without its evidence and without values of an enum."""
    schema = resolve(contract(), node)
    text = str(node.get("description") or schema.get("description", ""))
    if "description" not in node and "x-enum-values" in schema:
        text = text.partition(". ")[0].rstrip(".") + "."
    return " ".join(re.sub(r"\s*Evidence: \w+\.$", "", text.strip()).split())


def fields(schema: Json) -> Iterator[Item]:
    """Yield the fields of a schema, as they must be listed."""
    inherited = schema.get("x-evidence", DOCUMENTED)
    for name, node in schema.get("properties", {}).items():
        yield Item(name, node.get("x-evidence", inherited), words_of(node))


def matches(listed: Item, wanted: Item) -> bool:
    """Return whether a list has a field: its words, perhaps with an example behind them."""
    is_same = (listed.name, listed.evidence) == (wanted.name, wanted.evidence)
    rest = listed.about.removeprefix(plain(wanted.about))
    return is_same and re.fullmatch(r"( In Python: `\w+`\.)?( Example: `.+`\.)?", rest) is not None


def assert_listed(listed: list[Item], wanted: list[Item]) -> None:
    """Check that a list begins with fields, in their order; inner fields may follow each."""
    rest = iter(listed)
    missing = [item for item in wanted if not any(matches(each, item) for each in rest)]
    assert missing == []


def object_names(schema: Json) -> Iterator[str]:
    """Yield the names of the objects that a value may be or contain."""
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if "properties" in SCHEMAS.get(name, {}):
        yield name
    for key in ("items", "additionalProperties"):
        yield from object_names(schema[key]) if key in schema else ()


def examples_of(it: Operation, status: str | None) -> list[Any]:
    """Return the examples of a response, or of the request."""
    holder = it.value["responses"][status] if status else it.value.get("requestBody")
    return [
        resolve(contract(), each) for each in (dig(holder, *JSON_BODY, "examples") or {}).values()
    ]


def parameter_items(it: Operation, place: str = "") -> list[Item]:
    """Return the parameters of an operation, or those in one place, as they must be listed."""
    return [
        Item(node["name"], node.get("x-evidence", DOCUMENTED), words_of(node))
        for node in parameters(contract(), it)
        if node["in"] == place or not place
    ]


def evidence_of(part: Json) -> str:
    """Return the evidence of a part that inherits none."""
    return str(part.get("x-evidence", DOCUMENTED))
