"""The page of each operation has all that the contract has of it, with its evidence."""

import json
import re

import pytest

from tests.website_reference.reading import (
    DOCUMENTED,
    all_pages,
    evidence_in,
    items,
    plain,
    rows,
    section,
)
from tests.website_reference.wanted import (
    CODES,
    ENVELOPES,
    ERRORS,
    OPERATIONS,
    SCHEMAS,
    assert_listed,
    evidence_of,
    examples_of,
    fields,
    matches,
    object_names,
    parameter_items,
)
from website.contract import Operation, answer_schemas, contract, request_schema, resolve

PAGES = all_pages()

operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda it: it.name)


def page_of(it: Operation) -> str:
    """Return the page of an operation."""
    return PAGES[re.sub("([A-Z])", r"-\1", it.name).lower() + ".md"]


@operation
def test_every_operation_has_a_page(operation: Operation) -> None:
    """The first page leads to it, and it names method, path and operation, to be tried."""
    text, value = page_of(operation), operation.value
    name = next(name for name, each in PAGES.items() if each is text)

    assert text.startswith(f"# {value['summary']}\n")
    assert f"`{operation.method.upper()} {operation.path}`" in text
    assert f'## Try it\n\n<div class="try-it" data-operation="{operation.name}"></div>\n' in text
    rows_of_tags = [row for tag in value["tags"] for row in rows(section(PAGES["index.md"], tag))]
    route = f"`{operation.method.upper()} {operation.path}`"
    assert [f"[{value['summary']}]({name})", route] in rows_of_tags
    assert f"\n{name.removesuffix('.md')}\n" in PAGES["index.md"]


@operation
def test_every_parameter_is_listed(operation: Operation) -> None:
    """Each parameter stands in the section of its place."""
    for place in ("path", "query", "header"):
        listed = items(section(page_of(operation), f"{place.capitalize()} parameters"))
        assert_listed(listed, parameter_items(operation, place))


@operation
def test_every_field_of_a_request_is_listed(operation: Operation) -> None:
    """The body of an operation is on its own page, whether it is shared or not."""
    body = request_schema(operation) or {}
    schema = resolve(contract(), body.get("items", body))

    assert_listed(items(section(page_of(operation), "Request body")), [*fields(schema)])


@operation
def test_the_response_is_listed_or_linked(operation: Operation) -> None:
    """The fields of `data` are on the page, or it links to where they are."""
    text = section(page_of(operation), "Response")
    envelope = resolve(contract(), answer_schemas(operation)[0])
    data = envelope["properties"]["data"]
    objects = [*object_names(data)]

    assert all(f"- **`{name}`**" in text for name in envelope["properties"])
    for name in objects:
        wanted = {item.name for item in fields(SCHEMAS[name])}
        is_linked = f"[{name}](objects.md#{name.lower()})" in text
        assert is_linked or wanted <= {item.name for item in items(text)}


def test_every_field_is_somewhere_and_nothing_else_is() -> None:
    """The lists of all pages have the fields of all objects, with description and evidence."""
    listed = {item for text in PAGES.values() for item in items(text)}
    objects = [schema for name, schema in SCHEMAS.items() if name not in ENVELOPES]
    wanted = {item for schema in objects for item in fields(schema)}
    wanted |= {item for it in OPERATIONS for item in parameter_items(it)}

    assert [item for item in wanted if not any(matches(each, item) for each in listed)] == []
    assert [each for each in listed if not any(matches(each, item) for item in wanted)] == []


@operation
def test_facts_of_an_operation_are_stated(operation: Operation) -> None:
    """Its page states rate limit, retry rule, cost, and the size of batches with its evidence."""
    facts = dict(re.findall(r"^- \*\*(.+?):\*\* (.+)$", page_of(operation), re.MULTILINE))
    value = operation.value
    batch, cost = value.get("x-batch"), value.get("x-quota")

    assert facts["Rate limit"].startswith(f"{value['x-rate-limit']['requests']} request")
    assert facts["Retry"]
    assert ("tracking" in facts["Quota"]) == bool(cost)
    assert ("Batch limit" in facts) == bool(batch)
    if batch:
        assert facts["Batch limit"].startswith(f"{batch['max-items']} items")
        assert evidence_in(facts["Batch limit"]) == batch.get("evidence", DOCUMENTED)
        assert f"codes.md#code-{batch['over-limit-code']})" in facts["Batch limit"]


@operation
def test_every_error_is_linked(operation: Operation) -> None:
    """Codes of the examples and of the description are linked, each with its own evidence."""
    text = section(page_of(operation), "Errors")
    found = {int(plain(row[0])): row[0] for row in rows(text) if plain(row[0]).isdecimal()}
    named = {*map(int, re.findall(r"\b\d{3,4}\b", operation.value["description"]))}
    shown = {each["value"]["meta"]["code"] for each in examples_of(operation, "200")}
    evidence = {entry["code"]: evidence_of(entry) for entry in CODES}

    assert (named | shown) & ERRORS <= {*found}
    assert all(evidence_in(cell) == evidence[code] for code, cell in found.items())


@operation
def test_every_status_is_listed(operation: Operation) -> None:
    """Each other HTTP status has a row, with its evidence."""
    found = rows(section(page_of(operation), "Errors"))
    for status, response in operation.value["responses"].items():
        if status != "200":
            beginning = f"{status} " if status.isdecimal() else "any other"
            (row,) = [row for row in found if plain(row[0]).startswith(beginning)]
            assert evidence_in(row[0]) == evidence_of(resolve(contract(), response))


@operation
def test_examples_have_their_evidence(operation: Operation) -> None:
    """Each successful example is shown as the contract has it, under its summary and badge."""
    pattern = r"^\*\*(?:Request|Response)\*\*([^\n]*)\n\n```json\n(.*?)\n```$"
    shown = re.findall(pattern, page_of(operation), re.MULTILINE | re.DOTALL)
    answers = examples_of(operation, "200")
    succeeded = [each for each in answers if each["value"]["meta"]["code"] not in ERRORS]

    for example in [*examples_of(operation, None), *succeeded]:
        heads = [head for head, body in shown if json.loads(body) == example["value"]]
        assert heads
        assert all(example["summary"] in head for head in heads)
        assert all(evidence_in(head) == evidence_of(example) for head in heads)
