"""
What this project demands of its contract, beyond being valid OpenAPI.

Each rule takes the parsed document and yields one finding per violation: where, what is wrong,
and what to do.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from tests.contract.document import (
    Json,
    Operation,
    all_parameters,
    alternatives,
    answer_schemas,
    any_schemas,
    at,
    descriptions,
    dig,
    media,
    operations,
    parameters,
    pointer,
    properties,
    references,
    request_schema,
    resolve,
    schemas,
    types,
    walk,
    webhooks,
)

Rule = Callable[[Json], Iterator[str]]

RULES: dict[str, Rule] = {}

OPERATIONS = {
    "createTracking": ("post", "/trackings/post", "Trackings"),
    "getTracking": ("get", "/trackings/{carrier_code}/{tracking_number}", "Trackings"),
    "updateTracking": ("put", "/trackings/{carrier_code}/{tracking_number}", "Trackings"),
    "deleteTracking": ("delete", "/trackings/{carrier_code}/{tracking_number}", "Trackings"),
    "getLocalizedTracking": (
        "get",
        "/trackings/{carrier_code}/{tracking_number}/{lang}",
        "Trackings",
    ),
    "createTrackingBatch": ("post", "/trackings/batch", "Trackings"),
    "listTrackings": ("get", "/trackings/get", "Trackings"),
    "updateTrackingBatch": ("post", "/trackings/updatemore", "Trackings"),
    "deleteTrackingBatch": ("post", "/trackings/delete", "Trackings"),
    "trackInRealtime": ("post", "/trackings/realtime", "Trackings"),
    "changeCarrier": ("post", "/trackings/update", "Trackings"),
    "getAccount": ("get", "/trackings/getuserinfo", "Account"),
    "countTrackings": ("get", "/trackings/getstatusnumber", "Trackings"),
    "stopTrackingUpdates": ("post", "/trackings/notupdate", "Trackings"),
    "checkRemoteAreas": ("post", "/trackings/remote", "Shipping"),
    "getTransitTimes": ("post", "/trackings/costtime", "Shipping"),
    "trackAirWaybills": ("post", "/trackings/aircargo", "AirWaybills"),
    "listCarriers": ("get", "/carriers", "Carriers"),
    "detectCarrier": ("post", "/carriers/detect", "Carriers"),
}
VERBS = {  # and how what they say may be repeated
    "change": "move",
    "check": "safe",
    "count": "safe",
    "create": "create",
    "delete": "idempotent",
    "detect": "safe",
    "get": "safe",
    "list": "safe",
    "stop": "idempotent",
    "track": "safe",
    "update": "idempotent",
}
ROOT_KEYS = [
    *("openapi", "info", "jsonSchemaDialect", "servers", "security", "tags"),
    *("paths", "webhooks", "components", "x-meta-codes"),
]
OPERATION_KEYS = [
    *("summary", "description", "operationId", "tags", "x-", "security"),
    *("parameters", "requestBody", "responses"),
]
REAL_STATUSES = {
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "405": "MethodNotAllowed",
    "429": "TooManyRequests",
    "500": "ServerError",
    "503": "Unavailable",
    "default": "Unexpected",
}
EVIDENCE = {"documented", "recorded", "inferred"}
META_CODES = [
    *(200, 201, 202, 401, 402, 403, 404, 405, 409, 429, 500, 503),
    *(4001, 4002, 4012, 4013, 4014, 4015, 4016, 4017, 4018, 4019),
    *(4020, 4021, 4031, 4032, 4033),
]
META_KEYS = {"code", "type", "name", "message", "retryable", "exception"}
META_OPTIONS = {"other-messages", "other-types", "pause-seconds", "x-evidence"}
PAGING_KEYS = {"page", "size", "max-size", "items", "total"}
PYTHON_NAMES = {"singed_by", "DepartfromAirport", "ArrivalfromAbroad", "trackinfo"}
LIFE_OF_A_TRACKING = {"getTracking", "updateTracking", "deleteTracking", "listTrackings"}

CAMEL_CASE = re.compile(r"[a-z]+([A-Z][a-z]+)+")
PASCAL_CASE = re.compile(r"([A-Z][a-z0-9]*)+")
SNAKE_CASE = re.compile(r"[a-z]+(_[a-z]+)*")
UPPER_CASE = re.compile(r"[A-Z]+(_[A-Z]+)*")
TIME_NAME = re.compile(
    r".*(_at|_time|_date|_min|_max)|Date|lastUpdateTime|regtime|timeStr"
    r"|ItemReceived|ItemDispatched|DepartfromAirport|ArrivalfromAbroad"
    r"|CustomsClearance|DestinationArrived"
)
TIME_FORM = re.compile(r"zone|local|UTC|Unix|ISO 8601|YYYY|unknown")
EXAMPLE_DATA = re.compile(r"#/components/examples/[^/]+/value|.*/examples/\d+")


def rule(check: Rule) -> Rule:
    """Enter a rule in the registry, under its own name."""
    RULES[check.__name__] = check
    return check


def _both(document: Json) -> Iterator[Operation]:
    yield from operations(document)
    yield from webhooks(document)


def _target(node: Any) -> str:
    """Return the name of the component that a node refers to, or nothing."""
    return str(dig(node, "$ref") or "").rpartition("/")[2]


def _meta_codes(document: Json) -> dict[int, Json]:
    return {entry["code"]: entry for entry in document.get("x-meta-codes", []) if "code" in entry}


def _success_codes(document: Json) -> set[int]:
    table = _meta_codes(document)
    return {code for code, entry in table.items() if entry.get("exception", "") is None}


# ---- Operations ---------------------------------------------------------------------------------


@rule
def root_keys_stand_in_order(document: Json) -> Iterator[str]:
    """The document is read from who and where to what."""
    if list(document) != ROOT_KEYS:
        yield f"#: the keys are {', '.join(document)}; make them {', '.join(ROOT_KEYS)}"


@rule
def operations_are_the_nineteen(document: Json) -> Iterator[str]:
    """The operations, their routes and tags are exactly those of the API."""
    found = {}
    for operation in operations(document):
        if operation.name in found:
            yield f"{operation.name}: stands twice; an operationId names one operation"
        tags = " ".join(operation.value.get("tags", []))
        found[operation.name] = (operation.method, operation.path, tags)
    for name in OPERATIONS.keys() - found.keys():
        yield f"{name}: missing; add it at {' '.join(OPERATIONS[name])}"
    for name in found.keys() - OPERATIONS.keys():
        yield f"{name}: the API has no such operation; remove it at {' '.join(found[name])}"
    for name in found.keys() & OPERATIONS.keys():
        if found[name] != OPERATIONS[name]:
            yield f"{name}: stands at {' '.join(found[name])}; move to {' '.join(OPERATIONS[name])}"


@rule
def operations_need_the_key(document: Json) -> Iterator[str]:
    """Every operation needs the account's key, and the webhook none."""
    schemes = [*document["components"].get("securitySchemes", {})]
    if len(schemes) != 1 or document.get("security") != [{name: []} for name in schemes]:
        yield f"#/security: is {document.get('security')}; demand the one scheme of the components"
    for operation in operations(document):
        if "security" in operation.value:
            yield f"{operation.name}: has a security of its own; remove it"
    for hook in webhooks(document):
        if hook.value.get("security") != []:
            yield f"{hook.name}: wants the key of whom it tells; say security: []"


@rule
def tags_are_declared_and_used(document: Json) -> Iterator[str]:
    """The tags at the top are those of the operations."""
    declared = {tag["name"] for tag in document.get("tags", [])}
    used = {tag for operation in _both(document) for tag in operation.value.get("tags", [])}
    for tag in used - declared:
        yield f"#/tags: {tag} is used and not declared; describe it there"
    for tag in declared - used:
        yield f"#/tags: {tag} is declared and not used; remove it"


@rule
def webhook_is_tracking_updated(document: Json) -> Iterator[str]:
    """There is one webhook, a POST named for its event, with a named body."""
    found = [(hook.path, hook.method, hook.name) for hook in webhooks(document)]
    if found != [("trackingUpdated", "post", "trackingUpdated")]:
        yield f"#/webhooks: found {found}; have one, trackingUpdated, a POST so named"
    for hook in webhooks(document):
        if not _target(request_schema(hook)):
            yield f"{hook.name}: the body has no name; make it a $ref to a component"


@rule
def operation_keys_stand_in_order(document: Json) -> Iterator[str]:
    """The keys of an operation keep one order, extensions before the parameters."""
    for operation in _both(document):
        keys = ["x-" if key.startswith("x-") else key for key in operation.value]
        for key in set(keys) - set(OPERATION_KEYS):
            yield f"{operation.name}: has the unforeseen key {key}; remove it or foresee it here"
        known = [key for key in keys if key in OPERATION_KEYS]
        if known != sorted(known, key=OPERATION_KEYS.index):
            yield f"{operation.name}: keys stand as {known}; order them as {OPERATION_KEYS}"


def _verb(name: str) -> str:
    """Return the first word of a name in camelCase or PascalCase, in lower case."""
    return re.split("(?<=.)[A-Z]", name)[0].lower()


@rule
def operation_ids_are_verb_and_noun(document: Json) -> Iterator[str]:
    """An operationId reads verbNoun, with a verb of the closed list."""
    for operation in operations(document):
        if not CAMEL_CASE.fullmatch(operation.name) or _verb(operation.name) not in VERBS:
            yield f"{operation.name}: not a verbNoun in camelCase; start with one of {[*VERBS]}"


@rule
def summaries_are_short_sentences(document: Json) -> Iterator[str]:
    """A summary is in sentence case, of at most six words, without a full stop."""
    for operation in _both(document):
        summary = operation.value.get("summary", "")
        words = summary.split()
        if not words or words[0] != words[0].capitalize() or len(words) > 6:
            yield f"{operation.name}: summary {summary!r}; one to six words, the first capitalised"
        if any(word != word.lower() for word in words[1:]):
            yield f"{operation.name}: summary {summary!r}; lower case after the first word"
        if summary.endswith("."):
            yield f"{operation.name}: summary {summary!r}; drop the full stop"


@rule
def summaries_are_imperative(document: Json) -> Iterator[str]:
    """The summary of an operation starts with a verb of the closed list."""
    for operation in operations(document):
        first = operation.value.get("summary", "-").split()[0]
        if first.lower() not in VERBS:
            verbs = ", ".join(VERBS)
            yield f"{operation.name}: the summary starts with {first!r}; start with one of {verbs}"


# ---- Extensions ---------------------------------------------------------------------------------


@rule
def operations_have_a_rate_limit(document: Json) -> Iterator[str]:
    """Every operation states its quota as requests in seconds."""
    for operation in operations(document):
        limit: Json = operation.value.get("x-rate-limit") or {}
        numbers = [dig(limit, "requests"), dig(limit, "seconds")]
        if not all(isinstance(number, int) and number > 0 for number in numbers) or len(limit) > 2:
            yield f"{operation.name}: x-rate-limit is {limit}; say requests and seconds, from 1"


@rule
def operations_say_what_may_be_repeated(document: Json) -> Iterator[str]:
    """Every operation says how it may be repeated, in the word that fits its verb."""
    for operation in operations(document):
        word, verb = operation.value.get("x-retry"), _verb(operation.name)
        if word != VERBS.get(verb):
            yield f"{operation.name}: x-retry is {word}; to {verb} is {VERBS.get(verb)}"


@rule
def operations_say_what_success_is(document: Json) -> Iterator[str]:
    """Every operation lists each meta code that means success, as it is not known which it uses."""
    wanted = sorted(_success_codes(document))
    for operation in operations(document):
        codes = operation.value.get("x-success-codes")
        if codes != wanted:
            yield f"{operation.name}: x-success-codes is {codes}; say {wanted}, which raise nothing"


def _sent_lists(document: Json, operation: Operation) -> Iterator[Json]:
    """Yield the array schemas of a request: the body itself, or a property of it."""
    schema = request_schema(operation)
    for body in alternatives(document, schema) if schema else ():
        for part in [body, *body.get("properties", {}).values()]:
            yield from (s for s in alternatives(document, part) if "array" in types(s))


@rule
def batches_state_their_size(document: Json) -> Iterator[str]:
    """`x-batch` stands where a request holds a list, and agrees with the schema and the codes."""
    for operation in operations(document):
        lists = list(_sent_lists(document, operation))
        batch: Json = operation.value.get("x-batch") or {}
        if bool(lists) != bool(batch):
            yield f"{operation.name}: x-batch is {batch} for {len(lists)} lists sent; need both"
        for schema in lists if batch else ():
            if batch.get("max-items") != schema.get("maxItems"):
                yield f"{operation.name}: x-batch max-items is not the schema's maxItems; agree"
        if batch and batch.get("over-limit-code") not in _meta_codes(document).keys() - {200, 201}:
            yield f"{operation.name}: x-batch over-limit-code is no refusal of x-meta-codes; add it"
        if batch and not batch.keys() <= {"max-items", "over-limit-code", "evidence"}:
            yield f"{operation.name}: x-batch has unforeseen keys {list(batch)}; remove them"


def _page_properties(document: Json, operation: Operation) -> set[str]:
    """Return the names of the properties of `data` in an operation's success answer."""
    success = resolve(document, (answer_schemas(operation) or [{}])[0])
    data = dig(success, "properties", "data") or {}
    return {name for part in alternatives(document, data) for name in part.get("properties", {})}


@rule
def paging_names_exist(document: Json) -> Iterator[str]:
    """`x-pagination` names real parameters and properties, and the limit's real maximum."""
    for operation in operations(document):
        query = {p["name"]: p for p in parameters(document, operation) if p["in"] == "query"}
        paging = operation.value.get("x-pagination", {})
        if paging and paging.keys() != PAGING_KEYS:
            yield f"{operation.name}: x-pagination has {list(paging)}; say {sorted(PAGING_KEYS)}"
        if "page" in query and not paging:
            yield f"{operation.name}: has pages and no x-pagination; add it"
        for key in paging.keys() & {"page", "size"}:
            if paging[key] not in query:
                yield f"{operation.name}: x-pagination {key}: no parameter {paging[key]}; name one"
        for key in paging.keys() & {"items", "total"}:
            if paging[key] not in _page_properties(document, operation):
                yield f"{operation.name}: x-pagination {key}: no property {paging[key]}; name one"
        limit = dig(query, str(paging.get("size")), "schema", "maximum")
        if limit != paging.get("max-size"):
            yield f"{operation.name}: x-pagination max-size is not the parameter's {limit}; agree"


@rule
def python_names_are_few(document: Json) -> Iterator[str]:
    """Only wire names that are misspelt or irregular have a Python name of their own."""
    named = {}
    for where, name, schema, _ in properties(document):
        if "x-python-name" in schema:
            named[name] = schema["x-python-name"]
            if not SNAKE_CASE.fullmatch(named[name]):
                yield f"{where}: x-python-name {named[name]} is not snake_case; make it so"
        elif name in PYTHON_NAMES:
            yield f"{where}: {name} is irregular and has no x-python-name; give one"
    for name in named.keys() - PYTHON_NAMES:
        yield f"#: property {name} has the x-python-name {named[name]} without need; remove it"


@rule
def evidence_is_known(document: Json) -> Iterator[str]:
    """The word for how sure we are is one of three."""
    for where, node in walk(document):
        for key in ("x-evidence", "evidence"):
            word = dig(node, key)
            if word is not None and word not in EVIDENCE and not EXAMPLE_DATA.match(where):
                yield f"{where}: {key} is {word}; one of {sorted(EVIDENCE)}"


def _doubtful_openings(node: Any, where: str, evidence: str) -> Iterator[tuple[str, str, str]]:
    """Yield texts that open with their evidence: where, the word, and the nearest x-evidence."""
    if isinstance(node, dict):
        evidence = node.get("x-evidence", evidence)
        for key in ("summary", "description"):
            found = re.match("(inferred|recorded)\\b", str(node.get(key, "")), re.IGNORECASE)
            if found:
                yield pointer(where, key), found[1].lower(), evidence
        for key, value in node.items():
            yield from _doubtful_openings(value, pointer(where, key), evidence)


@rule
def evidence_is_not_only_prose(document: Json) -> Iterator[str]:
    """What its text calls inferred or recorded from the first word on says so in `x-evidence`."""
    for where, word, evidence in _doubtful_openings(document, "#", "documented"):
        if word != evidence:
            yield f"{where}: opens with {word!r} under {evidence}; write x-evidence: {word}"


# ---- Bodies, answers and parameters -------------------------------------------------------------


def _is_success(document: Json, schema: Json) -> bool:
    name = _target(schema)
    meta = dig(resolve(document, schema), "properties", "meta")
    return name.endswith("Response") and name != "ErrorResponse" and _target(meta) == "SuccessMeta"


@rule
def answers_are_success_or_refusal(document: Json) -> Iterator[str]:
    """Every 200 is one of two components: its own success, and the common refusal."""
    for operation in operations(document):
        kinds = list(dig(operation.value, "responses", "200", "content") or {})
        if kinds != ["application/json"]:
            yield f"{operation.name}: the 200 has the media types {kinds}; give JSON only"
        branches = answer_schemas(operation)
        if (
            len(branches) != 2
            or not _is_success(document, branches[0])
            or _target(branches[1]) != "ErrorResponse"
        ):
            yield f"{operation.name}: the 200 is {branches}; say oneOf success, ErrorResponse"


@rule
def envelopes_are_whole(document: Json) -> Iterator[str]:
    """An answer always has its verdict and its data, and a verdict its code."""
    for name, schema in document["components"]["schemas"].items():
        whole = ["meta", "data"] if name.endswith("Response") else ["code"]
        if name.endswith("Response") or name in {"SuccessMeta", "ErrorMeta"}:
            found = schema.get("required")
            if found != whole:
                yield f"#/components/schemas/{name}: requires {found}; require {whole}"


@rule
def real_statuses_are_shared(document: Json) -> Iterator[str]:
    """Every operation lists 200 and the same real statuses, ascending, by reference."""
    for operation in operations(document):
        responses = operation.value.get("responses", {})
        if list(responses) != ["200", *REAL_STATUSES]:
            yield f"{operation.name}: has {list(responses)}; list 200, {list(REAL_STATUSES)}"
        for status in responses.keys() & REAL_STATUSES.keys():
            shared = {"$ref": f"#/components/responses/{REAL_STATUSES[status]}"}
            if responses[status] != shared:
                yield f"{operation.name}: {status} is not shared; make it {shared}"


@rule
def bodies_are_named(document: Json) -> Iterator[str]:
    """Every body is a component, an array of one, or a choice of components."""
    for body in media(document):
        schema = body.value["schema"]
        parts = schema.get("oneOf") or [schema.get("items", schema)]
        for part in parts:
            if "$ref" not in part:
                yield f"{body.name}: a body without a name; make it a component and refer to it"


@rule
def request_bodies_are_required(document: Json) -> Iterator[str]:
    """An operation that takes a body cannot be called without it."""
    for operation in _both(document):
        body = operation.value.get("requestBody")
        if body and body.get("required") is not True:
            yield f"{operation.name}: the body may be left out; say required: true"


@rule
def lists_in_queries_are_joined_by_commas(document: Json) -> Iterator[str]:
    """A list in the query travels as one value, joined by commas."""
    for where, parameter in all_parameters(document):
        joined = parameter.get("style") == "form" and parameter.get("explode") is False
        if "array" in types(resolve(document, parameter["schema"])) and not joined:
            yield f"{where}: a list that is not joined by commas; say style: form, explode: false"


@rule
def queries_may_be_empty(document: Json) -> Iterator[str]:
    """A parameter of a query may be sent without a value, as official clients do."""
    for where, parameter in all_parameters(document):
        if parameter["in"] == "query" and parameter.get("allowEmptyValue") is not True:
            yield f"{where}: {parameter['name']} may not be empty; say allowEmptyValue: true"


@rule
def options_may_be_null(document: Json) -> Iterator[str]:
    """What need not be sent may also be sent as null, as official clients do."""
    for operation in operations(document):
        body = request_schema(operation) or {}
        sent = resolve(document, body.get("items", body))
        for name in sent.get("properties", {}).keys() - set(sent.get("required", [])):
            parts = alternatives(document, sent["properties"][name])
            if not any("null" in types(part) for part in parts):
                yield f"{operation.name}: {name} may be left out and not be null; allow null"


@rule
def identity_has_one_form(document: Json) -> Iterator[str]:
    """Paths and sent bodies share the components of carrier code and tracking number."""
    forms = {"tracking_number": "TrackingNumber", "carrier_code": "CarrierCode"}
    for where, parameter in all_parameters(document):
        name = parameter["name"]
        if name in forms and _target(parameter["schema"]) != forms[name]:
            yield f"{where}: has a schema of its own; refer to {forms[name]}"
    for operation in operations(document):
        body = request_schema(operation) or {}
        sent = resolve(document, body.get("items", body)).get("properties", {})
        for name in sent.keys() & forms.keys():
            if _target(sent[name]) != forms[name]:
                yield f"{operation.name}: {name} has a schema of its own; refer to {forms[name]}"


# ---- Schemas ------------------------------------------------------------------------------------


@rule
def components_are_pascal_case(document: Json) -> Iterator[str]:
    """Components become classes, so they are named like classes."""
    for section in ("schemas", "parameters", "responses", "examples"):
        for name in document["components"].get(section, {}):
            if not PASCAL_CASE.fullmatch(name):
                yield f"#/components/{section}/{name}: not PascalCase; rename it"


@rule
def no_component_is_named_meta(document: Json) -> Iterator[str]:
    """`Meta` is taken by the models' library."""
    if "Meta" in document["components"]["schemas"]:
        yield "#/components/schemas/Meta: msgspec has a Meta of its own; rename it"


@rule
def arrays_have_items(document: Json) -> Iterator[str]:
    """Every array says what it holds."""
    for where, schema in schemas(document):
        if "array" in types(schema) and "items" not in schema:
            yield f"{where}: an array without items; say what it holds"


@rule
def objects_have_a_type(document: Json) -> Iterator[str]:
    """A schema with properties says that it is an object, since it allows anything else if not."""
    for where, schema in schemas(document):
        if {"properties", "additionalProperties"} & schema.keys() and types(schema) != ["object"]:
            yield f"{where}: has properties and the types {types(schema)}; say type: object"


@rule
def no_schema_is_a_boolean(document: Json) -> Iterator[str]:
    """A schema is an object, never `true` or `false`."""
    for where, schema in any_schemas(document):
        if not isinstance(schema, dict):
            yield f"{where}: the schema is {schema}; write {{}} or leave it out"


@rule
def required_properties_exist(document: Json) -> Iterator[str]:
    """What is required is also described."""
    for where, schema in schemas(document):
        for name in set(schema.get("required", [])) - schema.get("properties", {}).keys():
            yield f"{where}: requires {name} and does not describe it; add the property"


@rule
def enums_have_one_type(document: Json) -> Iterator[str]:
    """The values of an enum are all text or all integers, as its type says."""
    kinds = {"string": str, "integer": int}
    for where, schema in schemas(document):
        kind = kinds.get(str(schema.get("type")), type(None))
        if any(type(value) is not kind for value in schema.get("enum", [])):
            yield f"{where}: enum {schema['enum']} mixes types or has none; name one type"


@rule
def enums_are_components(document: Json) -> Iterator[str]:
    """Every enum has a name of its own."""
    for where, schema in schemas(document):
        if "enum" in schema and where.count("/") != 3:
            yield f"{where}: an enum without a name; make it a component and refer to it"


@rule
def enum_members_are_named(document: Json) -> Iterator[str]:
    """Enums of numbers name each value, once, in upper case."""
    for where, schema in schemas(document):
        values, names = schema.get("enum", []), schema.get("x-enum-varnames")
        if names is None and any(isinstance(value, int) for value in values):
            yield f"{where}: numbers without names; add x-enum-varnames"
        if names and len(set(names)) != len(values):
            yield f"{where}: {len(names)} names for {len(values)} values; give each value one name"
        for name in names or []:
            if not UPPER_CASE.fullmatch(name):
                yield f"{where}: x-enum-varnames has {name}; write it in upper case"


@rule
def answered_enums_are_open(document: Json) -> Iterator[str]:
    """An enum that the API answers with may grow, so unknown values must decode."""
    answers = [op.value["responses"] for op in operations(document)]
    hooks = [hook.value["requestBody"] for hook in webhooks(document)]
    for where in _reachable(document, [*answers, *hooks]):
        node = at(document, where)
        if "enum" in node and node.get("x-open") is not True:
            yield f"{where}: answered and closed; say x-open: true"


@rule
def integers_are_bounded(document: Json) -> Iterator[str]:
    """Every integer has a smallest and a largest value, or is an enum; none has a format."""
    for where, schema in schemas(document):
        if "integer" in types(schema):
            if not ("enum" in schema or {"minimum", "maximum"} <= schema.keys()):
                yield f"{where}: an integer without bounds; say minimum and maximum"
            if "format" in schema:
                yield f"{where}: an integer with a format; say minimum and maximum instead"


@rule
def texts_have_no_format(document: Json) -> Iterator[str]:
    """No text has a format: times lack their zone or differ in precision, addresses may be ""."""
    for where, schema in schemas(document):
        if "format" in schema and "integer" not in types(schema):
            yield f"{where}: has the format {schema['format']}; describe the form in words instead"


# ---- Texts --------------------------------------------------------------------------------------


@rule
def everything_is_described(document: Json) -> Iterator[str]:
    """Tags, operations, parameters, answers, schemas and properties all have a description."""
    described: list[tuple[str, Json]] = [(f"tag {tag['name']}", tag) for tag in document["tags"]]
    described += [(operation.name, operation.value) for operation in _both(document)]
    described += all_parameters(document)
    for section in ("schemas", "responses", "securitySchemes"):
        for name, value in document["components"].get(section, {}).items():
            described.append((pointer("#/components", section, name), value))
    for operation in _both(document):
        for status, response in operation.value.get("responses", {}).items():
            described.append((f"{operation.name} {status}", resolve(document, response)))
        for name, link in (dig(operation.value, "responses", "200", "links") or {}).items():
            described.append((f"{operation.name} link {name}", link))
    for where, _, schema, _ in properties(document):
        described.append((where, schema if "description" in schema else resolve(document, schema)))
    for where, node in described:
        if not str(node.get("description", "")).strip():
            yield f"{where}: has no description; write one sentence"


@rule
def examples_are_summarised(document: Json) -> Iterator[str]:
    """Every example says what it shows, and what it is worth."""
    for name, example in document["components"].get("examples", {}).items():
        if not example.get("summary") or "value" not in example:
            yield f"#/components/examples/{name}: needs a summary and a value; add them"


@rule
def texts_are_english(document: Json) -> Iterator[str]:
    """Outside of examples, letters are those of English."""
    for where, node in walk(document):
        if EXAMPLE_DATA.match(where):
            continue
        text = node if isinstance(node, str) else "".join(node) if isinstance(node, dict) else ""
        foreign = "".join(letter for letter in text if letter.isalpha() and not letter.isascii())
        if foreign:
            yield f"{where}: has the letters {foreign!r}; write plain English"


@rule
def times_state_their_form(document: Json) -> Iterator[str]:
    """The description of a time, or of what holds it, gives its format or its zone."""
    for where, name, texts in descriptions(document):
        if TIME_NAME.fullmatch(name) and not any(map(TIME_FORM.search, texts)):
            yield f"{where}: a time of unstated form; describe its format or zone, or say unknown"


# ---- Examples, references and links -------------------------------------------------------------


@rule
def bodies_have_examples(document: Json) -> Iterator[str]:
    """Every body, sent or answered, has examples: named, and components."""
    for body in media(document):
        if not body.value.get("examples"):
            yield f"{body.name}: has no examples; refer to one by a name"
        for name, example in body.value.get("examples", {}).items():
            if not _target(example):
                yield f"{body.name}: the example {name} is inline; move it to the components"


@rule
def examples_have_one_id_for_each_parcel(document: Json) -> Iterator[str]:
    """In examples as in the API, a pair of carrier and number has one id, and an id one pair."""
    seen: dict[Any, Any] = {}
    for where, node in walk(document["components"].get("examples", {}), "#/components/examples"):
        if isinstance(node, dict) and {"id", "carrier_code", "tracking_number"} <= node.keys():
            parcel = (node["carrier_code"], node["tracking_number"])
            if seen.setdefault(parcel, node["id"]) != node["id"]:
                yield f"{where}: another id than {seen[parcel]} for {parcel}; use that one"
            if seen.setdefault(node["id"], parcel) != parcel:
                yield f"{where}: the id of {seen[node['id']]} for {parcel}; use another one"


@rule
def references_resolve(document: Json) -> Iterator[str]:
    """Every reference leads to something in this document."""
    for where, target in references(document):
        try:
            at(document, target)
        except LookupError:
            yield f"{where}: {target} leads nowhere; add the component or mend the name"


def _reachable(document: Json, roots: Any) -> set[str]:
    """Return every reference that can be reached from the roots."""
    found: set[str] = set()
    waiting = [target for _, target in references(roots)]
    while waiting:
        target = waiting.pop()
        if target not in found:
            found.add(target)
            waiting += [further for _, further in references(at(document, target))]
    return found


@rule
def components_are_used(document: Json) -> Iterator[str]:
    """Every component can be reached from an operation or the webhook."""
    used = _reachable(document, [document["paths"], document["webhooks"]])
    for section in ("schemas", "parameters", "responses", "examples"):
        for name in document["components"].get(section, {}):
            if pointer("#/components", section, name) not in used:
                yield f"#/components/{section}/{name}: not used; use it or remove it"


def _links(document: Json) -> Iterator[tuple[Operation, str, Json]]:
    for operation in operations(document):
        for name, link in (dig(operation.value, "responses", "200", "links") or {}).items():
            yield operation, name, link


@rule
def links_lead_to_operations(document: Json) -> Iterator[str]:
    """A link names an operation, and gives it what it needs and nothing else."""
    known = {operation.name: operation for operation in operations(document)}
    for operation, name, link in _links(document):
        where = f"{operation.name} link {name}"
        if link.get("operationId") not in known:
            yield f"{where}: no operation {link.get('operationId')}; name an existing one"
            continue
        target = known[link["operationId"]]
        accepted = {p["name"]: p for p in parameters(document, target)}
        needed = {parameter for parameter in accepted if accepted[parameter].get("required")}
        given = link.get("parameters", {}).keys()
        for parameter in given - accepted.keys():
            yield f"{where}: {target.name} has no parameter {parameter}; remove it"
        for parameter in needed - given:
            yield f"{where}: {target.name} needs the parameter {parameter}; give it"
        if not given and "requestBody" not in link:
            yield f"{where}: gives {target.name} nothing; give parameters or a body"
        if "requestBody" in link and "requestBody" not in target.value:
            yield f"{where}: {target.name} takes no body; remove it"


def _leads_somewhere(document: Json, schema: Json, path: list[str]) -> bool:
    """Return whether a value of the schema may have something under the path."""
    if not path:
        return True
    for part in alternatives(document, schema):
        inner = part.get("items") if path[0].isdecimal() else dig(part, "properties", path[0])
        if inner is not None and _leads_somewhere(document, inner, path[1:]):
            return True
    return False


@rule
def links_quote_real_fields(document: Json) -> Iterator[str]:
    """A link takes its values from fields that the request or the answer has."""
    for operation, name, link in _links(document):
        schemas_of = {
            "$request.body": request_schema(operation) or {},
            "$response.body": (answer_schemas(operation) or [{}])[0],
        }
        for _, text in walk([link.get("parameters"), link.get("requestBody")]):
            source, _, path = str(text).partition("#/")
            if source.startswith("$") and not _leads_somewhere(
                document, schemas_of.get(source, {}), path.split("/")
            ):
                yield f"{operation.name} link {name}: {text} leads nowhere; quote an existing field"


@rule
def links_begin_with_the_verb(document: Json) -> Iterator[str]:
    """The name of a link begins with the verb of the operation that it leads to."""
    for operation, name, link in _links(document):
        verb = _verb(str(link.get("operationId")))
        if _verb(name) != verb:
            yield f"{operation.name} link {name}: leads to {verb}; lead elsewhere, or name it so"


@rule
def creation_links_to_its_life(document: Json) -> Iterator[str]:
    """From a created tracking, links lead to reading, changing, deleting and listing it."""
    linked = {
        link.get("operationId") for op, _, link in _links(document) if op.name == "createTracking"
    }
    for name in LIFE_OF_A_TRACKING - linked:
        yield f"createTracking: has no link to {name}; add it"


def _acts_on_a_parcel(document: Json, operation: Operation) -> bool:
    """Return whether an operation names a parcel of the account, which must exist by then."""
    body = request_schema(operation) or {}
    sent = resolve(document, body.get("items", body)).get("required", [])
    named = {*sent, *(p["name"] for p in parameters(document, operation) if p.get("required"))}
    return {"carrier_code", "tracking_number"} <= named and VERBS.get(
        _verb(operation.name)
    ) != "create"


@rule
def links_reach_every_parcel(document: Json) -> Iterator[str]:
    """From operations that need no parcel, links lead to each that does, directly or not."""
    acting = {op.name for op in operations(document) if _acts_on_a_parcel(document, op)}
    reached = {operation.name for operation in operations(document)} - acting
    steps = [(op.name, str(link.get("operationId"))) for op, _, link in _links(document)]
    while found := {target for source, target in steps if source in reached} - reached:
        reached |= found
    for name in acting - reached:
        yield f"{name}: no links lead there from a creation; link to it where its parcel is named"


# ---- Meta codes ---------------------------------------------------------------------------------


@rule
def meta_codes_are_the_known_ones(document: Json) -> Iterator[str]:
    """The table lists every code once, ascending, and under a name of its own."""
    table = document.get("x-meta-codes", [])
    codes = [entry["code"] for entry in table if "code" in entry]
    for code in set(META_CODES) - set(codes):
        yield f"#/x-meta-codes: {code} is missing; add it"
    for code in set(codes) - set(META_CODES):
        yield f"#/x-meta-codes: {code} is not a code of the API; remove it"
    if codes != sorted(set(codes)):
        yield "#/x-meta-codes: a code stands twice or out of order; sort them"
    for name, count in Counter(entry.get("name") for entry in table).items():
        if count > 1:
            yield f"#/x-meta-codes: {count} codes have the name {name}; give each its own"


@rule
def meta_codes_are_complete(document: Json) -> Iterator[str]:
    """Every code has the keys that the code generator reads, in their forms."""
    for entry in document.get("x-meta-codes", []):
        where = f"#/x-meta-codes: {entry.get('code')}"
        for key in META_KEYS - entry.keys():
            yield f"{where} has no {key}; add it"
        for key in entry.keys() - META_KEYS - META_OPTIONS:
            yield f"{where} has the unforeseen key {key}; remove it"
        if not SNAKE_CASE.fullmatch(entry.get("name", "")):
            yield f"{where} has the name {entry.get('name')}; write it in snake_case"
        if not isinstance(entry.get("retryable"), bool):
            yield f"{where} is neither retryable nor not; say true or false"
        if "pause-seconds" in entry and entry.get("retryable") is not True:
            yield f"{where} asks for a pause before a repeat that is pointless; make it retryable"


@rule
def refusals_have_an_exception(document: Json) -> Iterator[str]:
    """200 and 201 raise nothing; every other code names the class that it raises."""
    for code, entry in _meta_codes(document).items():
        exception = entry.get("exception")
        if code in {200, 201} and exception is not None:
            yield f"#/x-meta-codes: {code} is a success and raises {exception}; make it null"
        if code not in {200, 201} and not PASCAL_CASE.fullmatch(exception or ""):
            yield f"#/x-meta-codes: {code} is a refusal and raises {exception}; name a class"


@rule
def examples_quote_the_meta_codes(document: Json) -> Iterator[str]:
    """An example of a refusal quotes the table and has no data; one of a success quotes it too."""
    table = _meta_codes(document)
    for name, example in document["components"].get("examples", {}).items():
        meta = dig(example, "value", "meta")
        if meta is None:
            continue
        entry = table.get(meta["code"], {})
        where = f"#/components/examples/{name}"
        if entry.get("exception", "") is None:
            said = [entry["type"], *entry.get("other-types", []), None]
            messages = [entry["message"], *entry.get("other-messages", []), None]
            if meta.get("type") not in said or meta.get("message") not in messages:
                yield f"{where}: {meta} is not in x-meta-codes; quote the table"
        elif example["value"] != {"meta": _quoted(entry), "data": []}:
            yield f"{where}: {meta} is not in x-meta-codes, or has data; quote the table"


def _quoted(entry: Json) -> Json:
    return {key: entry.get(key) for key in ("code", "type", "message")}
