"""
Rules for the contract, beyond those of OpenAPI.

Each rule yields one line for each violation: where, and what is wrong or missing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jsonschema_rs

from tests.contract.document import (
    all_parameters,
    alternatives,
    examples,
    links,
    load_beside,
    reachable,
    schemas,
)
from tests.contract.examples import NUMBERS, placed_values, texts_at
from website.contract import (
    JSON_BODY,
    Json,
    Operation,
    answer_schemas,
    at,
    dig,
    operations,
    parameters,
    pointer,
    request_schema,
    resolve,
    types,
    walk,
    webhooks,
)

Rule = Callable[[Json], Iterator[str]]

RULES: dict[str, Rule] = {}
SCALARS = {"string", "integer", "number", "boolean"}

IDENTITY = {"tracking_number", "carrier_code"}
FORM = load_beside(__file__)


def rule(check: Rule) -> Rule:
    """Add a rule under its name."""
    RULES[check.__name__] = check
    return check


def rule_errors(document: Json) -> Iterator[str]:
    """Yield the violations of every rule."""
    for name, check in RULES.items():
        yield from (f"{name}: {violation}" for violation in check(document))


def _violations(where: str, requirements: Mapping[str, object]) -> Iterator[str]:
    """Yield the requirements that are not met."""
    yield from (f"{where}: {text}" for text, is_met in requirements.items() if not is_met)


def _target(node: Any) -> str:
    """Return the name of the component that a node refers to, or an empty string."""
    return str(dig(node, "$ref") or "").rpartition("/")[2]


def _verb(name: str) -> str:
    """Return the first word of a name in camelCase or PascalCase, in lower case."""
    return re.split("(?<=.)[A-Z]", name)[0].lower()


def _components(document: Json) -> Iterator[tuple[str, str, Json]]:
    for section in ("schemas", "parameters", "responses", "examples"):
        for name, value in document["components"].get(section, {}).items():
            yield pointer("#/components", section, name), name, value


def _sent_object(document: Json, operation: Operation) -> Json:
    """Return the schema of the object that a request is, or is a list of."""
    body = request_schema(operation) or {}
    return resolve(document, body.get("items", body))


@rule
def parts_have_their_form(document: Json) -> Iterator[str]:
    """Each part matches its schema in `rules.yaml`."""
    for error in jsonschema_rs.validator_for(FORM).iter_errors(document):
        schema = at(FORM, pointer("#", *error.schema_path[:-1]))
        violation = dig(schema, "description") or error.message
        yield f"{pointer('#', *error.instance_path)}: {violation}"


@rule
def schemas_are_consistent(document: Json) -> Iterator[str]:
    """A schema requires fields that it has, and names each value of an enum."""
    for where, schema in schemas(document):
        values, names = schema.get("enum", ()), schema.get("x-enum-varnames")
        fields = schema.get("properties", {}).keys()
        requirements = {
            "required fields must exist": {*schema.get("required", ())} <= fields,
            "x-enum-varnames must name each value": not names or len(names) == len(values),
        }
        yield from _violations(where, requirements)


@rule
def enum_values_are_in_the_description(document: Json) -> Iterator[str]:
    """`x-enum-values` has each value; the description, which others show, states what it means."""
    for name, schema in document["components"]["schemas"].items():
        explained = schema.get("x-enum-values")
        text = " ".join(schema.get("description", "").split()).replace("`", "")
        for value, entry in (explained or {}).items():
            meaning = entry["description"].partition(" Evidence: ")[0].rstrip(".")
            is_stated = re.search(rf"\b{value}\b.{{0,40}}?\b{re.escape(meaning)}", text)
            yield from _violations(name, {f"must state {value} {meaning}": is_stated})
        listed = [*map(str, schema.get("enum", ()))]
        requirements = {
            "x-enum-values must have each value": explained is None or [*explained] == listed
        }
        yield from _violations(name, requirements)


@rule
def webhooks_have_a_tag_of_their_own(document: Json) -> Iterator[str]:
    """Webhooks have the last tag, and no operation has it: generators name a class by each tag."""
    used = {tag for operation in operations(document) for tag in operation.value.get("tags", [])}
    last = document["tags"][-1]["name"]
    for webhook in webhooks(document):
        requirements = {
            f"must have the last tag, {last}": webhook.value.get("tags") == [last],
            "no operation may have its tag": last not in used,
        }
        yield from _violations(webhook.name, requirements)


@rule
def batches_state_their_size(document: Json) -> Iterator[str]:
    """`x-batch` is on each request with a list, with the limit of the schema and an error code."""
    errors = {entry["code"] for entry in document["x-meta-codes"] if entry["exception"]}
    for operation in operations(document):
        body = request_schema(operation) or {}
        parts = [body, *_sent_object(document, operation).get("properties", {}).values()]
        kinds = [kind for part in parts for kind in alternatives(document, part)]
        limits = {kind.get("maxItems") for kind in kinds if "array" in types(kind)}
        batch = operation.value.get("x-batch", {})
        requirements = {
            f"x-batch must have max-items {limits}": {batch.get("max-items")} == (limits or {None}),
            "over-limit-code must be an error": not batch or batch.get("over-limit-code") in errors,
        }
        yield from _violations(operation.name, requirements)


@rule
def limits_are_in_the_description(document: Json) -> Iterator[str]:
    """The description states `x-rate-limit` and `x-batch`, and where a message differs from it."""
    messages = {entry["code"]: entry["message"] for entry in document["x-meta-codes"]}
    for operation in operations(document):
        text = " ".join(operation.value["description"].split())
        rate, batch = operation.value.get("x-rate-limit", {}), operation.value.get("x-batch")
        seconds = rate.get("seconds")
        unit = "second" if seconds == 1 else f"{seconds} seconds"
        stated = [f"Rate limit: {rate.get('requests')} per {unit}."]
        if batch:
            evidence = f" ({batch['evidence']})" if "evidence" in batch else ""
            limit, code = batch.get("max-items"), batch.get("over-limit-code")
            stated.append(f"Batch limit: {limit} items; more are rejected with {code}{evidence}.")
            others = {*re.findall("[0-9]+", messages.get(code, ""))} - {str(limit)}
            stated += [f"The message of {code} states {other}" for other in others]
        requirements = {f"the description must state {line}": line in text for line in stated}
        yield from _violations(operation.name, requirements)


@rule
def pagination_names_real_fields(document: Json) -> Iterator[str]:
    """`x-pagination` names parameters, fields of the response and the largest page."""
    for operation in operations(document):
        query = {p["name"]: p["schema"] for p in parameters(document, operation)}
        paging: Json = operation.value.get("x-pagination", {})
        success = resolve(document, (answer_schemas(operation) or [{}])[0])
        data = resolve(document, dig(success, "properties", "data") or {})
        fields = data.get("properties", {})
        wanted = {"page": query, "size": query, "items": fields, "total": fields}
        requirements: dict[str, object] = {
            f"x-pagination must have {key}, one of {[*names]}": paging.get(key) in names
            for key, names in (wanted if "page" in query else {}).items()
        }
        largest = dig(query, str(paging.get("size")), "maximum")
        requirements[f"max-size must be {largest}"] = paging.get("max-size") == largest
        yield from _violations(operation.name, requirements)


@rule
def codes_tell_success_from_error(document: Json) -> Iterator[str]:
    """The codes of success and of errors are enums of the codes in the table."""
    for name, is_error in (("SuccessCode", False), ("ErrorCode", True)):
        entries = [row for row in document["x-meta-codes"] if bool(row["exception"]) == is_error]
        schema = document["components"]["schemas"].get(name, {})
        codes, names = schema.get("enum"), schema.get("x-enum-varnames")
        requirements = {
            "must have the codes of x-meta-codes": codes == [row["code"] for row in entries],
            "must have their names": names == [row["name"].upper() for row in entries],
        }
        yield from _violations(name, requirements)


@rule
def request_fields_have_one_shape(document: Json) -> Iterator[str]:
    """A field of a request is an array or is not: Java generated for both does not compile."""
    for operation in operations(document):
        for name, schema in _sent_object(document, operation).get("properties", {}).items():
            kinds = {kind for part in alternatives(document, schema) for kind in types(part)}
            is_one = "array" not in kinds or kinds <= {"array", "null"}
            yield from _violations(f"{operation.name} {name}", {"must be an array only": is_one})


@rule
def components_are_used(document: Json) -> Iterator[str]:
    """Every component can be reached; enums in responses are open, except that of success."""
    used = reachable(document, document["paths"], document["webhooks"])
    responses = [operation.value["responses"] for operation in operations(document)]
    received = reachable(document, responses, document["webhooks"])
    for where, name, node in _components(document):
        grows = "enum" in node and where in received and name != "SuccessCode"
        is_open = node.get("x-open") is True
        requirements = {
            "must be used": where in used,
            "must have x-open: true": is_open or not grows,
        }
        yield from _violations(where, requirements)


def _table(document: Json, heading: str) -> list[str]:
    """Return the rows of the table in a section of the document's description."""
    section = document["info"]["description"].partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("|")][2:]


@rule
def meta_codes_are_in_the_description(document: Json) -> Iterator[str]:
    """The description has a table of `x-meta-codes`, which no renderer shows."""
    rows = _table(document, "Meta codes")
    for entry in document["x-meta-codes"]:
        pause = f"after {entry['pause-seconds']} s" if "pause-seconds" in entry else ""
        retry = pause or ("yes" if entry["retryable"] else "no")
        evidence = entry.get("x-evidence", "documented")
        message = f'"{entry["message"]}"'
        cells = (str(entry["code"]), entry["type"], message, retry, evidence)
        row = f"| {' | '.join(cells)} |"
        yield from _violations("info", {f"must have the row {row}": row in rows})
    yield from _violations(
        "info", {"must have no other": len(rows) == len(document["x-meta-codes"])}
    )


@rule
def extensions_are_explained(document: Json) -> Iterator[str]:
    """The description explains each extension that the document has, and no other."""
    explained = {row.split("`")[1] for row in _table(document, "Extensions")}
    nodes = (node for _, node in walk(document) if isinstance(node, dict))
    used = {key for node in nodes for key in node if key.startswith("x-")}
    yield from (f"{name}: must be explained" for name in used - explained)
    yield from (f"{name}: is not in the document" for name in explained - used)


@rule
def errors_have_examples(document: Json) -> Iterator[str]:
    """A 200 has examples of a success, and of errors: key, rate limit, request, and batch."""
    errors = {entry["code"] for entry in document["x-meta-codes"] if entry["exception"]}
    for operation in operations(document):
        received = examples(document, dig(operation.value, "responses", "200", *JSON_BODY))
        codes = {example["meta"]["code"] for example in received.values()}
        needed = {4001, 429, operation.value.get("x-batch", {}).get("over-limit-code", 429)}
        requirements = {
            "200 must have an example of a success": codes - errors,
            f"200 must have an example of {needed - codes}": needed <= codes,
            "200 must have an example of a rejected request": codes & errors - {4001, 429}
            or not (parameters(document, operation) or request_schema(operation)),
        }
        yield from _violations(operation.name, requirements)


@rule
def retries_follow_the_status(document: Json) -> Iterator[str]:
    """Examples of 429 and 5xx may be retried; others may not, for mocks send them as they are."""
    retryable = {entry["code"]: entry["retryable"] for entry in document["x-meta-codes"]}
    for operation in operations(document):
        for status, response in operation.value.get("responses", {}).items():
            received = examples(document, dig(resolve(document, response), *JSON_BODY))
            wanted = status == "429" or status.startswith("5")
            found = {retryable.get(example["meta"]["code"]) for example in received.values()}
            text = f"{status}: x-meta-codes must have retryable {wanted} for its examples"
            yield from _violations(operation.name, {text: status == "200" or found == {wanted}})


@rule
def request_bodies_are_told_apart(document: Json) -> Iterator[str]:
    """No two operations describe their request bodies in the same words."""
    names: dict[str, str] = {}
    for operation in [*operations(document), *webhooks(document)]:
        text = dig(operation.value, "requestBody", "description")
        if text and names.setdefault(text, operation.name) != operation.name:
            yield f"{operation.name} request: is described like that of {names[text]}"


@rule
def examples_quote_the_meta_codes(document: Json) -> Iterator[str]:
    """The `meta` of an example quotes `x-meta-codes`; an error has no data."""
    table = {entry["code"]: entry for entry in document["x-meta-codes"]}
    for name, example in document["components"]["examples"].items():
        if meta := dig(example, "value", "meta"):
            entry = table.get(meta.get("code"), {})
            is_error = entry.get("exception", "unknown") is not None
            # The documented sample of `listCarriers` has the code alone.
            others = [] if is_error else [None, *entry.get("other-types", ())]
            texts = [] if is_error else [None, *entry.get("other-messages", ())]
            requirements = {
                "type must be that of the code": meta.get("type") in [entry.get("type"), *others],
                "message must be one of the code": meta.get("message")
                in [entry.get("message"), *texts],
                "an error must have data: []": not is_error or example["value"]["data"] == [],
            }
            yield from _violations(name, requirements)


@rule
def scalars_have_examples(document: Json) -> Iterator[str]:
    """Every parameter and scalar has an example, as the bodies have it where they have any."""
    placed = placed_values(document)
    for where, node in all_parameters(document):
        yield from _violations(where, {"must have an example": "example" in node})
    for where, schema in schemas(document):
        values = schema.get("examples", [])
        requirements = {
            "must have examples": values or not SCALARS & {*types(schema)},
            "the examples must be in those of the bodies": where not in placed
            or all(value in placed[where] for value in values),
        }
        yield from _violations(where, requirements)


@rule
def examples_are_paired(document: Json) -> Iterator[str]:
    """The first examples of request and response have one name: a mock sends the first."""
    for operation in operations(document):
        sent = examples(document, dig(operation.value, "requestBody", *JSON_BODY))
        received = examples(document, dig(operation.value, "responses", "200", *JSON_BODY))
        begin_alike = not sent or [*sent][:1] == [*received][:1]
        yield from _violations(operation.name, {"both must begin with one name": begin_alike})


@rule
def examples_are_of_one_story(document: Json) -> Iterator[str]:
    """The description introduces every number of an example, and no other."""
    introduced = {row.split("`")[1] for row in _table(document, "Examples")}
    used = {*texts_at(document["components"]["examples"], *NUMBERS)}
    yield from (f"{number}: must be introduced in the description" for number in used - introduced)
    yield from (f"{number}: is in no example" for number in introduced - used)


@rule
def links_lead_where_they_say(document: Json) -> Iterator[str]:
    """The name of a link begins with the verb of its operation, which has all its parameters."""
    accepted = {
        op.name: {p["name"] for p in parameters(document, op)} for op in operations(document)
    }
    for operation, name, link in links(document):
        target, given = str(link.get("operationId")), set(link.get("parameters", ()))
        requirements = {
            f"must begin with {_verb(target)}": _verb(name) == _verb(target),
            f"must lead to an operation with {given}": given <= accepted.get(target, set()),
        }
        yield from _violations(f"{operation.name} link {name}", requirements)


@rule
def links_reach_every_tracking(document: Json) -> Iterator[str]:
    """From operations that need no existing tracking, links lead to each that does."""
    rest = set()
    for operation in operations(document):
        required = {*_sent_object(document, operation).get("required", ())}
        required |= {parameter["name"] for parameter in parameters(document, operation)}
        if required >= IDENTITY and _verb(operation.name) != "create":
            rest.add(operation.name)
    for _ in range(len(rest)):
        rest -= {link.get("operationId") for op, _, link in links(document) if op.name not in rest}
    yield from (f"{name}: must be the target of a link in links.yaml" for name in rest)
