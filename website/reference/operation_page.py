"""The page of one operation."""

import re
from collections.abc import Iterator
from http import HTTPStatus

from tests.contract.document import (
    Json,
    Operation,
    answer_schemas,
    contract,
    parameters,
    request_schema,
    resolve,
)
from website.reference.fields import field_list, type_of
from website.reference.links import linked
from website.reference.markdown import (
    badge,
    code,
    json_code,
    line,
    listed,
    page,
    prose,
    table,
    words,
)
from website.reference.parts import (
    codes,
    data_of,
    evidence_of,
    fields_of,
    file_of,
    home_of,
    is_success,
    media_of,
    name_of,
    objects_in,
    parameter_field,
    schema_named,
)
from website.reference.samples import curl, samples

RETRIES = {
    "safe": "Reads only; it may be retried after any failure.",
    "idempotent": "May be retried after any failure: done twice, it has the same effect.",
    "create": "May be retried; [4016](codes.md#code-4016) may then come from an attempt before.",
    "move": "May be retried; [4016](codes.md#code-4016) and [4017](codes.md#code-4017) may then "
    "come from an attempt before.",
}
_STATED_LIMIT = re.compile(r"^Rate limit:.*\n?", re.MULTILINE)
_CODE = re.compile(r"\b(?:202|40[0-9]{2})\b")


def operation_page(operation: Operation) -> str:
    """Return the page of an operation."""
    value = operation.value
    return page(
        f"# {value['summary']}",
        f"`{operation.method.upper()} {operation.path}`",
        f"Operation `{operation.name}` {badge(evidence_of(value))}".strip(),
        linked(prose(_STATED_LIMIT.sub("", value["description"])), operation.name),
        "\n".join(f"- **{name}:** {text}" for name, text in facts(operation)),
        *_parameters(operation),
        *_request(operation),
        *_response(operation),
        *_errors(operation),
        *_examples(operation),
        *_code(operation),
        "## Try it",
        f'<div class="try-it" data-operation="{operation.name}"></div>',
    )


def facts(operation: Operation) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of the limits, costs and rules of an operation."""
    value = operation.value
    yield "Rate limit", rate_limit(value)
    yield "Retry", RETRIES[value["x-retry"]]
    yield "Quota", quota(value)
    if batch := value.get("x-batch"):
        over = batch["over-limit-code"]
        text = f"{batch['max-items']} items; more fail with [{over}](codes.md#code-{over})"
        yield "Batch limit", words(text, badge(batch.get("evidence", "documented")))
    if paging := value.get("x-pagination"):
        size = f"up to {paging['max-size']} {paging['items']}"
        yield "Pages", f"`{paging['page']}`, starting at 1, of `{paging['size']}` {size}"
    yield "Codes of success", listed(map(_code_link, value["x-success-codes"]), "and")


def rate_limit(operation: Json) -> str:
    """Return the rate limit of an operation in words."""
    rate = operation["x-rate-limit"]
    requests = "request" if rate["requests"] == 1 else "requests"
    seconds = "second" if rate["seconds"] == 1 else f"{rate['seconds']} seconds"
    return f"{rate['requests']} {requests} per {seconds} and account"


def quota(operation: Json) -> str:
    """Return in words what a call costs."""
    cost = operation.get("x-quota")
    if not cost:
        return "no cost is stated"
    unit = "tracking created" if "items" in cost else "calls"
    count = cost.get("items") or cost.get("calls")
    trackings = "tracking" if cost["trackings"] == 1 else "trackings"
    return f"{cost['trackings']} {trackings} of the account's quota for {count} {unit}"


def _code_link(number: int) -> str:
    return f"[{number}](codes.md#code-{number})"


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


def error_codes(operation: Operation) -> list[int]:
    """Return the codes of an operation's errors: those of its examples, and of its description."""
    shown = [body["value"] for body in media_of(operation.value["responses"]["200"]).values()]
    for response in operation.value["responses"].values():
        shown += [body["value"] for body in media_of(resolve(contract(), response)).values()]
    stated = map(int, _CODE.findall(operation.value["description"]))
    found = {each["meta"]["code"] for each in shown} | {*stated}
    return sorted(number for number in found if number in codes() and not is_success(number))


def _errors(operation: Operation) -> Iterator[str]:
    yield "## Errors"
    yield "Sent as HTTP 200, as an [ErrorResponse](objects.md#errorresponse) with such a code:"
    yield table(("Code", "Meaning"), map(_error, error_codes(operation)))
    yield "With other HTTP statuses, such as those that proxies send:"
    yield table(("Status", "Meaning"), _statuses(operation))


def _error(number: int) -> tuple[str, str]:
    entry = codes()[number]
    return words(_code_link(number), badge(evidence_of(entry))), entry["meaning"]


def _statuses(operation: Operation) -> Iterator[tuple[str, str]]:
    for status, given in operation.value["responses"].items():
        response = resolve(contract(), given)
        name = HTTPStatus(int(status)).phrase if status.isdecimal() else "any other"
        if status != "200":
            number = f"{status} {name}" if status.isdecimal() else name
            yield words(number, badge(evidence_of(response))), line(response["description"])


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
    sends = [f"[`{name}`]({file_of(name)}.md)" for name in sample.sends]
    yield words(f"The command sends {listed(sends, 'and')}." if sends else "", sample.note)
    for name, text in sample.files.items():
        yield f"`{name}`:"
        yield code("text", text)
    yield code("bash", sample.command)
