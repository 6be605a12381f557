"""The rules hold for parts of OpenAPI that the contract does not use, or not in every way."""

from typing import Any

import pytest

from release.contract_diff.comparison import compare
from release.contract_diff.document import Node, resolve

TEXT: Node = {"type": "string"}
BODY: Node = {"content": {"application/json": {"schema": TEXT}}}
CSV: Node = {"content": {**BODY["content"], "text/csv": {"schema": TEXT}}}


def document(operation: Node, **more: Any) -> Node:
    """Return a document with one operation."""
    return resolve({"paths": {"/run": {"post": {"operationId": "run", **operation}}}, **more})


def lines(old: Node, new: Node) -> list[str]:
    """Return what the comparison prints about two operations."""
    return list(map(str, compare(document(old), document(new))))


def request(**schema: Any) -> Node:
    """Return an operation with a schema of its request."""
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


def response(**schema: Any) -> Node:
    """Return an operation with a schema of its response."""
    return {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}


def headers(**found: Node) -> Node:
    """Return an operation with headers of its response."""
    return {"responses": {"200": {"headers": found}}}


CASES: list[tuple[Node, Node, str]] = [
    ({"requestBody": BODY}, {}, "request body was removed (breaking)"),
    ({}, {"requestBody": BODY}, "request body is new (additive)"),
    (
        {},
        {"requestBody": {**BODY, "required": True}},
        "request body is new and required (breaking)",
    ),
    (
        {"requestBody": BODY},
        {"requestBody": {**BODY, "required": True}},
        "request body is now required (breaking)",
    ),
    (
        {"requestBody": {**BODY, "required": True}},
        {"requestBody": BODY},
        "request body is now optional (additive)",
    ),
    (
        {"requestBody": CSV},
        {"requestBody": BODY},
        "request body no longer has the media type text/csv (breaking)",
    ),
    (
        {"requestBody": BODY},
        {"requestBody": CSV},
        "request body has the new media type text/csv (additive)",
    ),
    (
        {"responses": {"200": BODY}},
        {"responses": {"200": BODY, "404": BODY}},
        "response 404 is new (breaking)",
    ),
    (
        {"responses": {"default": BODY}},
        {"responses": {"default": BODY, "404": BODY}},
        "response 404 is new (additive)",
    ),
    (
        {},
        {"parameters": [{"name": "q", "in": "query", "required": True, "schema": TEXT}]},
        "query parameter `q` is new and required (breaking)",
    ),
    (
        {"parameters": [{"name": "q", "in": "query", "allowEmptyValue": True}]},
        {"parameters": [{"name": "q", "in": "query"}]},
        "allowEmptyValue of query parameter `q` is now missing, was true (breaking)",
    ),
    (headers(Age={"schema": TEXT}), headers(), "response header `Age` was removed (breaking)"),
    (headers(), headers(Age={"schema": TEXT}), "response header `Age` is new (additive)"),
    (
        headers(Age={"schema": {"type": "integer"}}),
        headers(Age={"schema": {"type": "number"}}),
        'type of response header `Age` is now "number", was "integer" (breaking)',
    ),
    (
        {"security": [{"key": []}]},
        {"security": []},
        'security is now [], was [{"key": []}] (additive)',
    ),
    (
        {"security": []},
        {"security": [{"key": []}]},
        'security is now [{"key": []}], was [] (breaking)',
    ),
    (
        {"security": [{"key": []}]},
        {"security": [{"token": []}, {"key": []}]},
        'security is now [{"token": []}, {"key": []}], was [{"key": []}] (additive)',
    ),
    ({}, {"deprecated": True}, "deprecated is now true, was missing (additive)"),
    (
        {"x-rate-limit": {"requests": 2, "seconds": 1}},
        {"x-rate-limit": {"requests": 1, "seconds": 0.5}},
        (
            'x-rate-limit is now {"requests": 1, "seconds": 0.5},'
            ' was {"requests": 2, "seconds": 1} (breaking)'
        ),
    ),
    (
        {"x-rate-limit": {"requests": 2, "seconds": 1}},
        {},
        'x-rate-limit is now missing, was {"requests": 2, "seconds": 1} (additive)',
    ),
    ({"x-retry": "create"}, {"x-retry": "move"}, 'x-retry is now "move", was "create" (breaking)'),
    ({"x-retry": "create"}, {"x-retry": "safe"}, 'x-retry is now "safe", was "create" (additive)'),
    ({"x-own": 1}, {"x-own": 2}, "x-own is now 2, was 1 (breaking)"),
    (
        request(type="object"),
        request(type="object", additionalProperties=False),
        "request body may no longer have other fields (breaking)",
    ),
    (
        response(type="object", additionalProperties=False),
        response(type="object", additionalProperties=TEXT),
        "response 200 may now have other fields (breaking)",
    ),
    (
        response(additionalProperties={"type": "integer"}),
        response(additionalProperties={"type": ["string", "integer"]}),
        'type of response field `[]` is now ["integer", "string"], was "integer" (breaking)',
    ),
    (
        response(type="object", additionalProperties=False),
        response(type="object", additionalProperties=False, properties={"a": TEXT}),
        "response field `a` is new (breaking)",
    ),
    (
        request(items={"type": "integer"}),
        request(items={"type": "number"}),
        'type of request field `[]` is now "number", was "integer" (additive)',
    ),
    (
        request(type="string"),
        request(type="string", enum=["a"]),
        'enum of request body is now ["a"], was missing (breaking)',
    ),
    (
        response(type="string", pattern="a"),
        response(type="string", pattern="b"),
        'pattern of response 200 is now "b", was "a" (breaking)',
    ),
    (
        response(type="string", pattern="a"),
        response(type="string"),
        'pattern of response 200 is now missing, was "a" (breaking)',
    ),
    (
        request(type="integer", exclusiveMaximum=5),
        request(type="integer"),
        "exclusiveMaximum of request body is now missing, was 5 (additive)",
    ),
    (
        response(type="integer", minimum=1),
        response(type="integer", minimum=0),
        "minimum of response 200 is now 0, was 1 (breaking)",
    ),
    (
        request(anyOf=[TEXT, {"type": "integer"}]),
        request(type="string"),
        "request body may no longer be integer (breaking)",
    ),
    (
        response(anyOf=[TEXT, {"type": "integer"}]),
        response(type="string"),
        "response 200 may no longer be integer (additive)",
    ),
    (
        request(required=["a"], properties={"a": TEXT}),
        request(required=["a", "b"], properties={"a": TEXT}),
        "request field `b` is new and required (breaking)",
    ),
    (
        headers(Age={"schema": TEXT, "required": True}),
        headers(Age={"schema": TEXT}),
        "response header `Age` is now optional (breaking)",
    ),
    (
        headers(Age={"schema": TEXT}),
        headers(Age={"schema": TEXT, "description": "Seconds."}),
        "description of response header `Age` changed (wording)",
    ),
    (
        {"parameters": [{"name": "q", "in": "query", **CSV}]},
        {"parameters": [{"name": "q", "in": "query", **BODY}]},
        "query parameter `q` no longer has the media type text/csv (breaking)",
    ),
    (
        {"requestBody": BODY},
        {"requestBody": {"content": {"application/json": {"schema": TEXT, "encoding": {}}}}},
        "encoding of request body is now {}, was missing (breaking)",
    ),
    (
        {},
        {"x-quota": {"trackings": 1, "calls": 5}},
        'x-quota is now {"trackings": 1, "calls": 5}, was missing (breaking)',
    ),
    (
        {"x-quota": {"trackings": 1, "calls": 5}},
        {"x-quota": {"trackings": 1, "calls": 4}},
        (
            'x-quota is now {"trackings": 1, "calls": 4},'
            ' was {"trackings": 1, "calls": 5} (breaking)'
        ),
    ),
    (
        {"x-quota": {"trackings": 2, "items": 1}},
        {"x-quota": {"trackings": 1, "items": 1}},
        (
            'x-quota is now {"trackings": 1, "items": 1},'
            ' was {"trackings": 2, "items": 1} (additive)'
        ),
    ),
    (
        {"x-quota": {"trackings": 1, "items": 1}},
        {},
        'x-quota is now missing, was {"trackings": 1, "items": 1} (additive)',
    ),
    (
        request(type="object"),
        request(type="object", patternProperties={"^x": TEXT}),
        (
            'patternProperties of request body is now {"^x": {"type": "string"}},'
            " was missing (breaking)"
        ),
    ),
    (
        request(items=True),
        request(items=False),
        "not of request field `[]` is now {}, was missing (breaking)",
    ),
    (
        response(anyOf=[TEXT, {"type": "integer"}, {"type": "null"}]),
        response(anyOf=[TEXT, {"type": "integer"}]),
        "response 200 may no longer be null (additive)",
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), CASES, ids=[case[2] for case in CASES])
def test_a_change_is_classed(old: Node, new: Node, expected: str) -> None:
    """A change has one sentence and one class."""
    assert lines(old, new) == [f"run: {expected}"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            {"anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
            {"anyOf": [{"required": ["b"]}, {"required": ["a"]}]},
        ),
        (
            {"type": ["string", "integer", "null"]},
            {"oneOf": [{"type": "null"}, {"type": "integer"}, TEXT]},
        ),
        ({"additionalProperties": {}}, {"additionalProperties": True}),
        ({"items": {}}, {"items": True}),
    ],
    ids=["order of alternatives", "types as alternatives", "other fields", "items of any type"],
)
def test_another_way_to_write_a_schema_is_no_change(old: Node, new: Node) -> None:
    """In either direction."""
    for place in (request, response):
        assert lines(place(**old), place(**new)) == []
        assert lines(place(**new), place(**old)) == []


def test_what_stands_beside_the_operations_of_a_path_is_theirs() -> None:
    """Unless an operation states its own."""
    old, new = (
        resolve({"paths": {"/run": {"servers": each, "post": {"operationId": "run"}}}})
        for each in ([{"url": "https://a"}], [{"url": "https://b"}])
    )

    assert list(map(str, compare(old, new))) == [
        'run: servers is now [{"url": "https://b"}], was [{"url": "https://a"}] (breaking)'
    ]


def test_a_webhook_may_send_more() -> None:
    """What a sender always adds requires nothing of its receiver."""
    sent: Node = {"parameters": [{"name": "X", "in": "header", "required": True}]}
    old, new = (
        resolve({"webhooks": {"done": {"post": {"operationId": "done", **each}}}})
        for each in (dict[str, Any](), {**sent, "requestBody": {**BODY, "required": True}})
    )

    assert list(map(str, compare(old, new))) == [
        "done: header parameter `X` is new (additive)",
        "done: webhook body is new (additive)",
    ]


def test_an_open_enum_that_becomes_open_widens_responses_only() -> None:
    """Callers that never expected other values may fail; requests stay the same."""
    closed = {"type": "string", "enum": ["a"], "x-open": False}
    opened = {**closed, "x-open": True}

    assert lines(request(**closed), request(**opened)) == [
        "run: x-open of request body is now true, was false (wording)"
    ]
    assert lines(response(**closed), response(**opened)) == [
        "run: x-open of response 200 is now true, was false (breaking)"
    ]


def test_evidence_is_inherited() -> None:
    """Evidence that is stated for the whole instead of each part is no change."""
    part = {"type": "string", "x-evidence": "recorded"}
    parts = response(properties={"a": part, "b": part}, **{"x-evidence": "recorded"})
    whole = response(properties={"a": TEXT, "b": TEXT}, **{"x-evidence": "recorded"})
    weaker = response(properties={"a": TEXT, "b": TEXT}, **{"x-evidence": "inferred"})

    assert lines(parts, whole) == []
    assert lines(whole, weaker) == [
        'run: evidence of response 200 is now "inferred", was "recorded" (breaking)'
    ]


def test_a_schema_may_contain_itself() -> None:
    """A component that refers to itself is compared once."""
    tree: Node = {"properties": {"child": {"$ref": "#/components/schemas/Tree"}, "name": TEXT}}
    changed: Node = {"properties": {**tree["properties"], "name": {"type": "integer"}}}
    body = response(**{"$ref": "#/components/schemas/Tree"})
    old, new = (document(body, components={"schemas": {"Tree": each}}) for each in (tree, changed))

    assert list(map(str, compare(old, new))) == [
        'run: type of response field `Tree.name` is now "integer", was "string" (breaking)'
    ]


def test_schemas_may_contain_each_other() -> None:
    """Wherever such a circle is entered, all of it is compared."""
    leaf, pair = ({"$ref": f"#/components/schemas/{name}"} for name in ("Leaf", "Pair"))
    old, new = (
        resolve(
            {
                "components": {
                    "schemas": {
                        "Leaf": {"properties": {"pair": pair}},
                        "Pair": {"properties": {"leaf": leaf, "name": each}},
                    }
                },
                "paths": {"/run": {"post": {"operationId": "run", **response(**leaf)}}},
            }
        )
        for each in (TEXT, {"type": "integer"})
    )

    assert list(map(str, compare(old, new))) == [
        'run: type of response field `Pair.name` is now "integer", was "string" (breaking)'
    ]


def test_the_first_server_is_the_default() -> None:
    """Another order of the servers changes where clients send requests."""
    first, second = {"url": "https://a"}, {"url": "https://b"}
    old, new = (document({}, servers=each) for each in ([first, second], [second, first]))

    assert list(map(str, compare(old, new))) == [
        "the first server is now https://b, was https://a (breaking)"
    ]


def test_other_parts_of_the_document() -> None:
    """What describes the document is wording; the version of OpenAPI may break tools."""
    old = document({}, info={"title": "A"}, openapi="3.0.0")
    new = document({}, info={"title": "B"}, openapi="3.1.0")

    assert list(map(str, compare(old, new))) == [
        "info changed (wording)",
        'openapi is now "3.1.0", was "3.0.0" (breaking)',
    ]
