"""The page of one operation."""

import re
from collections.abc import Iterator

from website.contract import (
    Json,
    Operation,
    answer_schemas,
    contract,
    parameters,
    request_schema,
    resolve,
)
from website.reference.errors import errors
from website.reference.facts import facts
from website.reference.fields import field_list, type_of
from website.reference.links import linked, operation_link
from website.reference.markdown import (
    badge,
    code,
    index,
    json_code,
    line,
    listed,
    page,
    prose,
    words,
)
from website.reference.parts import (
    data_of,
    evidence_of,
    fields_of,
    home_of,
    is_success,
    media_of,
    name_of,
    objects_in,
    parameter_field,
    schema_named,
)
from website.reference.samples import curl, samples

_STATED_LIMIT = re.compile(r"^Rate limit:.*\n?", re.MULTILINE)


def operation_page(operation: Operation) -> str:
    """Return the page of an operation."""
    value = operation.value
    return page(
        f"# {value['summary']}",
        index(operation.name),
        f"`{operation.method.upper()} {operation.path}`",
        f"Operation `{operation.name}` {badge(evidence_of(value))}".strip(),
        linked(prose(_STATED_LIMIT.sub("", value["description"])), operation.name),
        "\n".join(f"- **{name}:** {text}" for name, text in facts(operation)),
        *_code(operation),
        *_parameters(operation),
        *_request(operation),
        *_response(operation),
        *errors(operation),
        *_examples(operation),
        "## Try it",
        f'<div class="try-it" data-operation="{operation.name}"></div>',
    )


def _parameters(operation: Operation) -> Iterator[str]:
    given = parameters(contract(), operation)
    for place in ("path", "query", "header"):
        if found := [parameter_field(each) for each in given if each["in"] == place]:
            yield f"## {place.capitalize()} parameters"
            yield field_list(found, place)


def _request(operation: Operation) -> Iterator[str]:
    schema = request_schema(operation)
    if schema:
        yield "## Request body"
        yield words(operation.value["requestBody"]["description"], f"JSON: {_form(schema)}.")
        yield field_list(fields_of(resolve(contract(), schema.get("items", schema))), "body")


def _form(schema: Json) -> str:
    """Return whether a body is an object or an array, with its limits."""
    items = schema.get("items")
    return type_of({**schema, "items": {"type": "object"}}) if items else "an object"


def _response(operation: Operation) -> Iterator[str]:
    yield "## Response"
    yield operation.value["responses"]["200"]["description"]
    yield "\n".join(f"- {each}" for each in _envelope(operation))
    for name in objects_in(data_of(operation).schema):
        schema = schema_named(name)
        yield words(linked(line(schema["description"])), badge(evidence_of(schema)))
        yield "" if home_of(name) else field_list(fields_of(schema), "data")


def _envelope(operation: Operation) -> Iterator[str]:
    """Yield the fields of the envelope; an object is described with its fields."""
    for field in fields_of(schema_named(name_of(answer_schemas(operation)[0]))):
        about = "" if name_of(field.schema) else linked(line(field.description))
        kind = f"**`{field.name}`** *({type_of(field.schema)}, **required**)*"
        yield words(kind, badge(field.evidence), about)


def _examples(operation: Operation) -> Iterator[str]:
    """Yield the successful examples; that of the story, which the code has, is the first."""
    sent = media_of(operation.value.get("requestBody"))
    received = media_of(operation.value["responses"]["200"])
    first = "## Example"
    for name, response in received.items():
        if is_success(response["value"]["meta"]["code"]):
            yield first or f"### {name}"
            first = ""
            yield from _example(operation, sent.get(name), response)
            if name == next(iter(received)) and len(_successes(received)) > 1:
                yield "## More examples"


def _successes(received: Json) -> list[str]:
    return [name for name, each in received.items() if is_success(each["value"]["meta"]["code"])]


def _example(operation: Operation, sent: Json | None, response: Json) -> Iterator[str]:
    if sent:
        yield from _body("Request", sent, f"{operation.method.upper()} {operation.path}")
    yield from _body("Response", response, "")


def _body(title: str, example: Json, route: str) -> Iterator[str]:
    evidence = badge(evidence_of(example))
    yield words(f"**{title}**", evidence, f"`{route}`" if route else "", example["summary"])
    yield json_code(example["value"])


def _code(operation: Operation) -> Iterator[str]:
    sample = samples()[operation.name]
    yield "## Code"
    yield "### curl"
    yield code("bash", curl(operation))
    yield "### Python"
    yield code("python", sample.sync_code)
    yield "### Python, async"
    yield code("python", sample.async_code)
    yield "### Command line"
    sends = list(map(operation_link, sample.sends))
    yield words(f"The command sends {listed(sends, 'and')}." if sends else "", sample.note)
    for name, text in sample.files.items():
        yield f"`{name}`:"
        yield code("text", text)
    yield code("bash", sample.command)
