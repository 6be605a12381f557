"""
Planted faults: for each rule, small changes to the contract that this rule must find.

A fault names its rule, what it does wrong, a part of the finding it must cause, and the change.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.contract import rules
from tests.contract.document import Json
from tests.contract.rules import Rule

Change = Callable[[Json], None]


class Fault(NamedTuple):
    """A change to the contract, and the finding that it must cause."""

    rule: Rule
    name: str
    finding: str
    change: Change


def _at(document: Json, keys: tuple[str | int, ...]) -> Any:
    node: Any = document
    for key in keys:
        node = node[key]
    return node


def put(*keys: str | int, to: object) -> Change:
    """Write a value under the keys, the last of which may be new."""

    def change(document: Json) -> None:
        _at(document, keys[:-1])[keys[-1]] = to

    return change


def drop(*keys: str | int) -> Change:
    """Remove what stands under the keys."""

    def change(document: Json) -> None:
        del _at(document, keys[:-1])[keys[-1]]

    return change


def move(*keys: str | int, to: str) -> Change:
    """Rename the last of the keys; it becomes the last of its mapping."""

    def change(document: Json) -> None:
        parent = _at(document, keys[:-1])
        parent[to] = parent.pop(keys[-1])

    return change


def copy(*keys: str | int, to: str) -> Change:
    """Repeat what stands under the keys, under another name beside it."""

    def change(document: Json) -> None:
        parent = _at(document, keys[:-1])
        parent[to] = parent[keys[-1]]

    return change


def add(*keys: str | int, item: object) -> Change:
    """Append to the list under the keys."""

    def change(document: Json) -> None:
        _at(document, keys).append(item)

    return change


def refer(section: str, name: str) -> Json:
    """Refer to a component."""
    return {"$ref": f"#/components/{section}/{name}"}


PATHS = ("paths",)
CREATE = ("paths", "/trackings/post", "post")
ONE = ("paths", "/trackings/{carrier_code}/{tracking_number}")
LIST = ("paths", "/trackings/get", "get")
BATCH = ("paths", "/trackings/batch", "post")
BATCH_BODY = (*BATCH, "requestBody", "content", "application/json", "schema")
REALTIME = ("paths", "/trackings/realtime", "post")
MOVE = ("paths", "/trackings/update", "post")
CARGO = ("paths", "/trackings/aircargo", "post")
HOOK = ("webhooks", "trackingUpdated", "post")
SCHEMAS = ("components", "schemas")
EXAMPLES = ("components", "examples")
JSON = ("content", "application/json")
CREATE_BODY = (*CREATE, "requestBody", *JSON)
CREATE_200 = (*CREATE, "responses", "200", *JSON)
LINKS = (*CREATE, "responses", "200", "links")
TRACKING = (*SCHEMAS, "Tracking", "properties")
LEG = (*SCHEMAS, "Leg", "properties")
CODES = ("x-meta-codes",)  # in order: 200, 201, 202, 401 ...

FAULTS = [
    # ---- Operations
    Fault(rules.root_keys_stand_in_order, "tags last", "#:", move("tags", to="tags")),
    Fault(rules.root_keys_stand_in_order, "stray key", "x-stray", put("x-stray", to=1)),
    Fault(
        rules.operations_are_the_nineteen, "one missing", "createTracking: missing", drop(*CREATE)
    ),
    Fault(
        rules.operations_are_the_nineteen,
        "one more",
        "archiveTracking: the API has no",
        put(*PATHS, "/archive", to={"post": {"operationId": "archiveTracking"}}),
    ),
    Fault(
        rules.operations_are_the_nineteen,
        "other path",
        "createTracking: stands at",
        move(*PATHS, "/trackings/post", to="/trackings"),
    ),
    Fault(
        rules.operations_are_the_nineteen,
        "other method",
        "createTracking: stands at",
        move(*CREATE, to="put"),
    ),
    Fault(
        rules.operations_are_the_nineteen,
        "other tag",
        "createTracking: stands at",
        put(*CREATE, "tags", to=["Carriers"]),
    ),
    Fault(
        rules.operations_are_the_nineteen,
        "same operationId twice",
        "createTracking: stands twice",
        put(*BATCH, "operationId", to="createTracking"),
    ),
    Fault(
        rules.operations_need_the_key,
        "no key for all",
        "#/security: is []",
        put("security", to=[]),
    ),
    Fault(
        rules.operations_need_the_key,
        "second scheme",
        "#/security: is",
        copy("components", "securitySchemes", "apiKey", to="query"),
    ),
    Fault(
        rules.operations_need_the_key,
        "no key for one",
        "createTracking: has a security of its own",
        put(*CREATE, "security", to=[]),
    ),
    Fault(
        rules.operations_need_the_key,
        "key of the webhook",
        "trackingUpdated: wants the key",
        drop(*HOOK, "security"),
    ),
    Fault(
        rules.tags_are_declared_and_used,
        "undeclared",
        "Billing is used",
        put(*CREATE, "tags", to=["Billing"]),
    ),
    Fault(
        rules.tags_are_declared_and_used,
        "unused",
        "Billing is declared",
        add("tags", item={"name": "Billing"}),
    ),
    Fault(
        rules.webhook_is_tracking_updated,
        "second webhook",
        "found",
        copy("webhooks", "trackingUpdated", to="trackingDeleted"),
    ),
    Fault(
        rules.webhook_is_tracking_updated,
        "inline body",
        "trackingUpdated: the body has no name",
        put(*HOOK, "requestBody", *JSON, "schema", to={"type": "object"}),
    ),
    Fault(
        rules.operation_keys_stand_in_order,
        "summary last",
        "createTracking: keys stand",
        move(*CREATE, "summary", to="summary"),
    ),
    Fault(
        rules.operation_keys_stand_in_order,
        "extension last",
        "createTracking: keys stand",
        move(*CREATE, "x-retry", to="x-retry"),
    ),
    Fault(
        rules.operation_keys_stand_in_order,
        "unforeseen key",
        "unforeseen key callbacks",
        put(*CREATE, "callbacks", to={}),
    ),
    Fault(
        rules.operation_ids_are_verb_and_noun,
        "snake case",
        "create_tracking",
        put(*CREATE, "operationId", to="create_tracking"),
    ),
    Fault(
        rules.operation_ids_are_verb_and_noun,
        "noun first",
        "trackingCreate",
        put(*CREATE, "operationId", to="trackingCreate"),
    ),
    Fault(
        rules.summaries_are_short_sentences,
        "full stop",
        "drop the full stop",
        put(*CREATE, "summary", to="Create a tracking."),
    ),
    Fault(
        rules.summaries_are_short_sentences,
        "title case",
        "lower case",
        put(*CREATE, "summary", to="Create a Tracking"),
    ),
    Fault(
        rules.summaries_are_short_sentences,
        "too long",
        "one to six words",
        put(*CREATE, "summary", to="Create a tracking of a parcel for the account"),
    ),
    Fault(
        rules.summaries_are_short_sentences,
        "missing",
        "one to six words",
        drop(*HOOK, "summary"),
    ),
    Fault(
        rules.summaries_are_imperative,
        "noun",
        "starts with 'Tracking'",
        put(*CREATE, "summary", to="Tracking creation"),
    ),
    # ---- Extensions
    Fault(
        rules.operations_have_a_rate_limit,
        "missing",
        "createTracking: x-rate-limit is {}",
        drop(*CREATE, "x-rate-limit"),
    ),
    Fault(
        rules.operations_have_a_rate_limit,
        "zero",
        "createTracking: x-rate-limit",
        put(*CREATE, "x-rate-limit", "requests", to=0),
    ),
    Fault(
        rules.operations_say_what_may_be_repeated,
        "missing",
        "createTracking: x-retry is None",
        drop(*CREATE, "x-retry"),
    ),
    Fault(
        rules.operations_say_what_may_be_repeated,
        "unknown word",
        "createTracking: x-retry is always",
        put(*CREATE, "x-retry", to="always"),
    ),
    Fault(
        rules.operations_say_what_may_be_repeated,
        "word of another verb",
        "deleteTrackingBatch: x-retry is create",
        put("paths", "/trackings/delete", "post", "x-retry", to="create"),
    ),
    Fault(
        rules.operations_say_what_success_is,
        "missing",
        "createTracking: x-success-codes",
        drop(*CREATE, "x-success-codes"),
    ),
    Fault(
        rules.operations_say_what_success_is,
        "a refusal",
        "createTracking: x-success-codes",
        put(*CREATE, "x-success-codes", to=[200, 202]),
    ),
    Fault(
        rules.operations_say_what_success_is,
        "one of two",
        "createTracking: x-success-codes",
        put(*CREATE, "x-success-codes", to=[200]),
    ),
    Fault(
        rules.batches_state_their_size,
        "missing for an array",
        "createTrackingBatch: x-batch is {}",
        drop(*BATCH, "x-batch"),
    ),
    Fault(
        rules.batches_state_their_size,
        "missing for a list in the body",
        "trackAirWaybills: x-batch is {}",
        drop(*CARGO, "x-batch"),
    ),
    Fault(
        rules.batches_state_their_size,
        "without a list",
        "createTracking: x-batch is",
        put(*CREATE, "x-batch", to={"max-items": 40, "over-limit-code": 202}),
    ),
    Fault(
        rules.batches_state_their_size,
        "other size",
        "createTrackingBatch: x-batch max-items",
        put(*BATCH, "x-batch", "max-items", to=41),
    ),
    Fault(
        rules.batches_state_their_size,
        "unknown code",
        "createTrackingBatch: x-batch over-limit-code",
        put(*BATCH, "x-batch", "over-limit-code", to=4999),
    ),
    Fault(
        rules.batches_state_their_size,
        "unforeseen key",
        "createTrackingBatch: x-batch has unforeseen keys",
        put(*BATCH, "x-batch", "size", to=40),
    ),
    Fault(
        rules.paging_names_exist,
        "missing",
        "listTrackings: has pages",
        drop(*LIST, "x-pagination"),
    ),
    Fault(
        rules.paging_names_exist,
        "incomplete",
        "listTrackings: x-pagination has",
        drop(*LIST, "x-pagination", "total"),
    ),
    Fault(
        rules.paging_names_exist,
        "no such parameter",
        "no parameter number",
        put(*LIST, "x-pagination", "page", to="number"),
    ),
    Fault(
        rules.paging_names_exist,
        "no such property",
        "no property trackings",
        put(*LIST, "x-pagination", "items", to="trackings"),
    ),
    Fault(
        rules.paging_names_exist,
        "other maximum",
        "listTrackings: x-pagination max-size",
        put(*LIST, "x-pagination", "max-size", to=1000),
    ),
    Fault(
        rules.python_names_are_few,
        "missing",
        "singed_by is irregular",
        drop(*TRACKING, "singed_by", "x-python-name"),
    ),
    Fault(
        rules.python_names_are_few,
        "without need",
        "property title",
        put(*TRACKING, "title", "x-python-name", to="name"),
    ),
    Fault(
        rules.python_names_are_few,
        "camel case",
        "trackInfo is not snake_case",
        put(*LEG, "trackinfo", "x-python-name", to="trackInfo"),
    ),
    Fault(
        rules.evidence_is_known,
        "unknown word",
        "x-evidence is guessed",
        put(*TRACKING, "title", "x-evidence", to="guessed"),
    ),
    Fault(
        rules.evidence_is_known,
        "unknown word of a batch",
        "evidence is guessed",
        put(*BATCH, "x-batch", "evidence", to="guessed"),
    ),
    Fault(
        rules.evidence_is_not_only_prose,
        "inferred in prose only",
        "write x-evidence: inferred",
        put(*TRACKING, "title", "description", to="Inferred from the name."),
    ),
    Fault(
        rules.evidence_is_not_only_prose,
        "another word above",
        "write x-evidence: recorded",
        put(*EXAMPLES, "CreatedTrackingRecorded", "x-evidence", to="inferred"),
    ),
    # ---- Bodies, answers and parameters
    Fault(
        rules.answers_are_success_or_refusal,
        "no refusal",
        "createTracking: the 200 is",
        drop(*CREATE_200, "schema", "oneOf", 1),
    ),
    Fault(
        rules.answers_are_success_or_refusal,
        "no component",
        "createTracking: the 200 is",
        put(*CREATE_200, "schema", "oneOf", 0, to={"type": "object"}),
    ),
    Fault(
        rules.answers_are_success_or_refusal,
        "not a success",
        "createTracking: the 200 is",
        put(*CREATE_200, "schema", "oneOf", 0, to=refer("schemas", "CreatedTracking")),
    ),
    Fault(
        rules.answers_are_success_or_refusal,
        "second media type",
        "createTracking: the 200 has the media types",
        copy(*CREATE_200, to="text/html"),
    ),
    Fault(
        rules.envelopes_are_whole,
        "answer without data",
        "TrackingResponse: requires ['meta']",
        drop(*SCHEMAS, "TrackingResponse", "required", 1),
    ),
    Fault(
        rules.envelopes_are_whole,
        "verdict without code",
        "ErrorMeta: requires None",
        drop(*SCHEMAS, "ErrorMeta", "required"),
    ),
    Fault(
        rules.real_statuses_are_shared,
        "one missing",
        "createTracking: has [",
        drop(*CREATE, "responses", "429"),
    ),
    Fault(
        rules.real_statuses_are_shared,
        "out of order",
        "createTracking: has [",
        move(*CREATE, "responses", "401", to="401"),
    ),
    Fault(
        rules.real_statuses_are_shared,
        "inline",
        "createTracking: 429 is not shared",
        put(*CREATE, "responses", "429", to={"description": "Over the limit."}),
    ),
    Fault(
        rules.real_statuses_are_shared,
        "another status's answer",
        "createTracking: 429 is not shared",
        put(*CREATE, "responses", "429", to=refer("responses", "ServerError")),
    ),
    Fault(
        rules.bodies_are_named,
        "inline request",
        "createTracking request: a body without a name",
        put(*CREATE_BODY, "schema", to={"type": "object"}),
    ),
    Fault(
        rules.bodies_are_named,
        "array of inline items",
        "createTrackingBatch request: a body without a name",
        put(*BATCH, "requestBody", *JSON, "schema", "items", to={"type": "object"}),
    ),
    Fault(
        rules.bodies_are_named,
        "inline shared answer",
        "Unauthorized: a body without a name",
        put("components", "responses", "Unauthorized", *JSON, "schema", to={}),
    ),
    Fault(
        rules.request_bodies_are_required,
        "optional",
        "createTracking: the body may be left out",
        drop(*CREATE, "requestBody", "required"),
    ),
    Fault(
        rules.lists_in_queries_are_joined_by_commas,
        "exploded",
        "a list that is not joined",
        drop(*LIST, "parameters", 10, "explode"),
    ),
    Fault(
        rules.queries_may_be_empty,
        "own parameter",
        "numbers may not be empty",
        drop(*LIST, "parameters", 10, "allowEmptyValue"),
    ),
    Fault(
        rules.queries_may_be_empty,
        "shared parameter",
        "created_at_min may not be empty",
        put("components", "parameters", "CreatedAtMin", "allowEmptyValue", to=False),
    ),
    Fault(
        rules.options_may_be_null,
        "plain text",
        "trackInRealtime: comment",
        put(*SCHEMAS, "RealtimeQuery", "properties", "comment", "type", to="string"),
    ),
    Fault(
        rules.options_may_be_null,
        "choice",
        "updateTrackingBatch: archived",
        drop(*SCHEMAS, "UpdateTrackingItem", "properties", "archived", "anyOf", 1),
    ),
    Fault(
        rules.identity_has_one_form,
        "own schema in the path",
        "refer to CarrierCode",
        put("components", "parameters", "CarrierCode", "schema", to={"type": "string"}),
    ),
    Fault(
        rules.identity_has_one_form,
        "own schema in a body",
        "createTracking: tracking_number",
        put(
            *SCHEMAS,
            "CreateTrackingRequest",
            "properties",
            "tracking_number",
            to={"type": "string"},
        ),
    ),
    # ---- Schemas
    Fault(
        rules.components_are_pascal_case,
        "snake case",
        "#/components/schemas/tracking: not PascalCase",
        move(*SCHEMAS, "Tracking", to="tracking"),
    ),
    Fault(
        rules.components_are_pascal_case,
        "camel case example",
        "#/components/examples/noResult: not PascalCase",
        move(*EXAMPLES, "NoResult", to="noResult"),
    ),
    Fault(
        rules.no_component_is_named_meta,
        "Meta",
        "#/components/schemas/Meta",
        move(*SCHEMAS, "SuccessMeta", to="Meta"),
    ),
    Fault(
        rules.arrays_have_items,
        "component's property",
        "TrackingPage/properties/items: an array without",
        drop(*SCHEMAS, "TrackingPage", "properties", "items", "items"),
    ),
    Fault(
        rules.arrays_have_items,
        "one type of several",
        "customer_email: an array without",
        drop(*TRACKING, "customer_email", "items"),
    ),
    Fault(
        rules.objects_have_a_type,
        "component",
        "schemas/Tracking: has properties",
        drop(*SCHEMAS, "Tracking", "type"),
    ),
    Fault(
        rules.objects_have_a_type,
        "map",
        "data: has properties and the types ['array']",
        put(*SCHEMAS, "AirWaybillsResponse", "properties", "data", "type", to="array"),
    ),
    Fault(
        rules.no_schema_is_a_boolean,
        "property",
        "title: the schema is True",
        put(*TRACKING, "title", to=True),
    ),
    Fault(
        rules.no_schema_is_a_boolean,
        "items",
        "items: the schema is False",
        put(*SCHEMAS, "ErrorResponse", "properties", "data", "items", to=False),
    ),
    Fault(
        rules.required_properties_exist,
        "undescribed",
        "Tracking: requires colour",
        add(*SCHEMAS, "Tracking", "required", item="colour"),
    ),
    Fault(
        rules.enums_have_one_type,
        "text among numbers",
        "SettableStatus: enum",
        add(*SCHEMAS, "SettableStatus", "enum", item="9"),
    ),
    Fault(
        rules.enums_have_one_type,
        "no type",
        "SettableStatus: enum",
        drop(*SCHEMAS, "SettableStatus", "type"),
    ),
    Fault(
        rules.enums_are_components,
        "in a property",
        "Tracking/properties/title: an enum without a name",
        put(*TRACKING, "title", to={"type": "string", "enum": ["a"]}),
    ),
    Fault(
        rules.enums_are_components,
        "in a parameter",
        "schema: an enum without a name",
        put(*LIST, "parameters", 11, "schema", "enum", to=["true", "false"]),
    ),
    Fault(
        rules.enum_members_are_named,
        "numbers without names",
        "SettableStatus: numbers without names",
        drop(*SCHEMAS, "SettableStatus", "x-enum-varnames"),
    ),
    Fault(
        rules.enum_members_are_named,
        "one name too few",
        "SettableStatus: 3 names for 4 values",
        add(*SCHEMAS, "SettableStatus", "enum", item=9),
    ),
    Fault(
        rules.enum_members_are_named,
        "lower case",
        "SettableStatus: x-enum-varnames has delivered",
        put(*SCHEMAS, "SettableStatus", "x-enum-varnames", 0, to="delivered"),
    ),
    Fault(
        rules.answered_enums_are_open,
        "closed in an answer",
        "#/components/schemas/TrackingStatus: answered",
        drop(*SCHEMAS, "TrackingStatus", "x-open"),
    ),
    Fault(
        rules.integers_are_bounded,
        "no maximum",
        "UnixSeconds: an integer without bounds",
        drop(*SCHEMAS, "UnixSeconds", "maximum"),
    ),
    Fault(
        rules.integers_are_bounded,
        "one type of several",
        "itemTimeLength: an integer without bounds",
        drop(*TRACKING, "itemTimeLength", "minimum"),
    ),
    Fault(
        rules.integers_are_bounded,
        "format",
        "UnixSeconds: an integer with a format",
        put(*SCHEMAS, "UnixSeconds", "format", to="int64"),
    ),
    Fault(
        rules.texts_have_no_format,
        "property",
        "Date: has the format date-time",
        put(*SCHEMAS, "Checkpoint", "properties", "Date", "format", to="date-time"),
    ),
    # ---- Texts
    Fault(
        rules.everything_is_described,
        "tag",
        "tag Trackings: has no description",
        drop("tags", 0, "description"),
    ),
    Fault(
        rules.everything_is_described,
        "operation",
        "createTracking: has no description",
        drop(*CREATE, "description"),
    ),
    Fault(
        rules.everything_is_described,
        "parameter",
        "parameters/CarrierCode: has no description",
        drop("components", "parameters", "CarrierCode", "description"),
    ),
    Fault(
        rules.everything_is_described,
        "answer",
        "createTracking 200: has no description",
        put(*CREATE, "responses", "200", "description", to=" "),
    ),
    Fault(
        rules.everything_is_described,
        "schema",
        "schemas/Tracking: has no description",
        drop(*SCHEMAS, "Tracking", "description"),
    ),
    Fault(
        rules.everything_is_described,
        "property",
        "properties/title: has no description",
        drop(*TRACKING, "title", "description"),
    ),
    Fault(
        rules.everything_is_described,
        "target of a bare reference",
        "Tracking/properties/status: has no description",
        drop(*SCHEMAS, "TrackingStatus", "description"),
    ),
    Fault(
        rules.everything_is_described,
        "link",
        "createTracking link GetCreated: has no description",
        drop(*LINKS, "GetCreated", "description"),
    ),
    Fault(
        rules.examples_are_summarised,
        "no summary",
        "#/components/examples/NoResult",
        drop(*EXAMPLES, "NoResult", "summary"),
    ),
    Fault(
        rules.texts_are_english,
        "description",
        "'Ü'",
        put(*TRACKING, "title", "description", to="\u00dcberschrift."),
    ),
    Fault(
        rules.texts_are_english,
        "name",
        "'é'",
        put(*TRACKING, "caf\u00e9", to={"type": "string"}),
    ),
    Fault(
        rules.times_state_their_form,
        "property",
        "Tracking/properties/created_at",
        put(*TRACKING, "created_at", "description", to="When it was created."),
    ),
    Fault(
        rules.times_state_their_form,
        "object that holds times",
        "Flight/properties/depart_time",
        put(*SCHEMAS, "Flight", "description", to="One flight."),
    ),
    Fault(
        rules.times_state_their_form,
        "parameter",
        "#/components/parameters/CreatedAtMin",
        put(
            *("components", "parameters", "CreatedAtMin"),
            to={"name": "created_at_min", "schema": {"type": "integer"}},
        ),
    ),
    # ---- Examples, references and links
    Fault(
        rules.bodies_have_examples,
        "request",
        "createTracking request: has no examples",
        drop(*CREATE_BODY, "examples"),
    ),
    Fault(
        rules.bodies_have_examples,
        "answer",
        "createTracking 200: has no examples",
        put(*CREATE_200, "examples", to={}),
    ),
    Fault(
        rules.bodies_have_examples,
        "inline",
        "createTracking request: the example minimal is inline",
        put(*CREATE_BODY, "examples", "minimal", to={"value": {}}),
    ),
    Fault(
        rules.examples_have_one_id_for_each_parcel,
        "two ids",
        "TrackingPending/value/data: another id",
        put(*EXAMPLES, "TrackingPending", "value", "data", "id", to="0" * 32),
    ),
    Fault(
        rules.examples_have_one_id_for_each_parcel,
        "two parcels",
        "TrackingPending/value/data: the id of",
        put(*EXAMPLES, "TrackingPending", "value", "data", "carrier_code", to="usps"),
    ),
    Fault(
        rules.references_resolve,
        "no such schema",
        "#/components/schemas/Parcel leads nowhere",
        put(*TRACKING, "status", to=refer("schemas", "Parcel")),
    ),
    Fault(
        rules.references_resolve,
        "another document",
        "other.yaml leads nowhere",
        put(*TRACKING, "status", to={"$ref": "other.yaml"}),
    ),
    Fault(
        rules.components_are_used,
        "schema",
        "schemas/Unused: not used",
        copy(*SCHEMAS, "TrackingKey", to="Unused"),
    ),
    Fault(
        rules.components_are_used,
        "schema that only refers to itself",
        "schemas/Unused: not used",
        put(*SCHEMAS, "Unused", to={"items": refer("schemas", "Unused")}),
    ),
    Fault(
        rules.components_are_used,
        "example",
        "examples/TrackingPending: not used",
        drop(*ONE, "get", "responses", "200", *JSON, "examples", "pending"),
    ),
    Fault(
        rules.links_lead_to_operations,
        "no such operation",
        "no operation getParcel",
        put(*LINKS, "GetCreated", "operationId", to="getParcel"),
    ),
    Fault(
        rules.links_lead_to_operations,
        "no such parameter",
        "getTracking has no parameter id",
        put(*LINKS, "GetCreated", "parameters", "id", to="1"),
    ),
    Fault(
        rules.links_lead_to_operations,
        "parameter missing",
        "getTracking needs the parameter carrier_code",
        drop(*LINKS, "GetCreated", "parameters", "carrier_code"),
    ),
    Fault(
        rules.links_lead_to_operations,
        "body missing",
        "gives deleteTrackingBatch nothing",
        drop(*LINKS, "DeleteCreatedInBatch", "requestBody"),
    ),
    Fault(
        rules.links_lead_to_operations,
        "body to an operation without one",
        "getTracking takes no body",
        put(*LINKS, "GetCreated", "requestBody", to={}),
    ),
    Fault(
        rules.links_quote_real_fields,
        "answer",
        "$response.body#/data/number leads nowhere",
        put(
            *(*LINKS, "GetCreated", "parameters", "tracking_number"),
            to="$response.body#/data/number",
        ),
    ),
    Fault(
        rules.links_quote_real_fields,
        "request",
        "$request.body#/number leads nowhere",
        put(
            *(*LINKS, "StopUpdatesOfCreated", "requestBody", 0, "tracking_number"),
            to="$request.body#/number",
        ),
    ),
    Fault(
        rules.creation_links_to_its_life,
        "no way to delete",
        "no link to deleteTracking",
        drop(*LINKS, "DeleteCreated"),
    ),
    Fault(
        rules.links_begin_with_the_verb,
        "another operation",
        "createTracking link GetCreated: leads to delete",
        put(*LINKS, "GetCreated", "operationId", to="deleteTracking"),
    ),
    Fault(
        rules.links_begin_with_the_verb,
        "name in camel case",
        "createTracking link created",
        move(*LINKS, "GetCreated", to="createdIsRead"),
    ),
    Fault(
        rules.links_reach_every_parcel,
        "in one step",
        "stopTrackingUpdates: no links lead there",
        drop(*LINKS, "StopUpdatesOfCreated"),
    ),
    Fault(
        rules.links_reach_every_parcel,
        "no way in",
        "changeCarrier: no links lead there",
        put(*LINKS, to={}),
    ),
    # ---- Meta codes
    Fault(rules.meta_codes_are_the_known_ones, "one missing", "201 is missing", drop(*CODES, 1)),
    Fault(
        rules.meta_codes_are_the_known_ones,
        "one more",
        "4501 is not a code",
        add(*CODES, item={"code": 4501}),
    ),
    Fault(
        rules.meta_codes_are_the_known_ones,
        "same code twice",
        "twice or out of order",
        put(*CODES, 1, "code", to=200),
    ),
    Fault(
        rules.meta_codes_are_the_known_ones,
        "same name twice",
        "2 codes have the name success",
        put(*CODES, 1, "name", to="success"),
    ),
    Fault(
        rules.meta_codes_are_complete,
        "key missing",
        "202 has no message",
        drop(*CODES, 2, "message"),
    ),
    Fault(
        rules.meta_codes_are_complete,
        "unforeseen key",
        "202 has the unforeseen key retry",
        put(*CODES, 2, "retry", to=True),
    ),
    Fault(
        rules.meta_codes_are_complete,
        "name in camel case",
        "202 has the name batchTooLarge",
        put(*CODES, 2, "name", to="batchTooLarge"),
    ),
    Fault(
        rules.meta_codes_are_complete,
        "retryable in words",
        "202 is neither",
        put(*CODES, 2, "retryable", to="later"),
    ),
    Fault(
        rules.meta_codes_are_complete,
        "pause without repeat",
        "202 asks for a pause",
        put(*CODES, 2, "pause-seconds", to=120),
    ),
    Fault(
        rules.refusals_have_an_exception,
        "success that raises",
        "200 is a success",
        put(*CODES, 0, "exception", to="Success"),
    ),
    Fault(
        rules.refusals_have_an_exception,
        "refusal that does not",
        "202 is a refusal",
        put(*CODES, 2, "exception", to=None),
    ),
    Fault(
        rules.examples_quote_the_meta_codes,
        "other message",
        "#/components/examples/TrackingExists",
        put(*EXAMPLES, "TrackingExists", "value", "meta", "message", to="Exists."),
    ),
    Fault(
        rules.examples_quote_the_meta_codes,
        "other type",
        "#/components/examples/TrackingExists",
        put(*EXAMPLES, "TrackingExists", "value", "meta", "type", to="Conflict"),
    ),
    Fault(
        rules.examples_quote_the_meta_codes,
        "unknown code",
        "#/components/examples/TrackingExists",
        put(*EXAMPLES, "TrackingExists", "value", "meta", "code", to=4999),
    ),
    Fault(
        rules.examples_quote_the_meta_codes,
        "refusal with data",
        "#/components/examples/TrackingExists",
        put(*EXAMPLES, "TrackingExists", "value", "data", to={}),
    ),
    Fault(
        rules.examples_quote_the_meta_codes,
        "success with the words of a refusal",
        "#/components/examples/CreatedTracking:",
        put(*EXAMPLES, "CreatedTracking", "value", "meta", "message", to="Server error"),
    ),
]
