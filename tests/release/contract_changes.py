"""Changes of the contract, each with the lines that the comparison must print."""

from typing import Final

from tests.contract.changes import (
    API_KEY,
    BATCH,
    BATCH_BODY,
    CODES,
    CREATE,
    EXAMPLES,
    JSON,
    LIST,
    SCHEMAS,
    TRACKING,
    Change,
    add,
    drop,
    move,
    put,
    refer,
)

ENTRY = (*SCHEMAS, "CreateTrackingRequest")
WEBHOOK = (*SCHEMAS, "TrackingEventData", "properties")
LIMIT = (*LIST, "parameters", 1, "schema")
STATUS_VALUES = (*SCHEMAS, "TrackingStatus", "enum")
SUBSTATUS = (*SCHEMAS, "Substatus", "x-enum-values")
SUBSTATUSES = (
    ("getTracking, getLocalizedTracking, listTrackings, trackInRealtime", "response"),
    ("trackingUpdated", "webhook"),
)
PAIR = (*CREATE, "responses", "200", *JSON, "schema", "oneOf")
TEXT = {"type": "string", "description": "A note."}
CREATES = "createTracking: "
READS = "getTracking, getLocalizedTracking, listTrackings: "
FIELD = "request field `CreateTrackingRequest."
PAGE = "query parameter `limit`"

PLANTED: Final[dict[str, tuple[tuple[Change, ...], list[str]]]] = {
    "operation removed": (
        (drop("paths", "/carriers"),),
        ["listCarriers: the operation was removed (breaking)"],
    ),
    "operation added": (
        (put("paths", "/new", to={"get": {"operationId": "listNew", "responses": {}}}),),
        ["listNew: the operation is new (additive)"],
    ),
    "operation renamed": (
        (put(*CREATE, "operationId", to="addTracking"),),
        ["addTracking: operationId is now addTracking, was createTracking (breaking)"],
    ),
    "path changed": (
        (move("paths", "/trackings/post", to="/trackings/create"),),
        [f"{CREATES}is now POST /trackings/create, was POST /trackings/post (breaking)"],
    ),
    "method changed": (
        (move("paths", "/trackings/get", "get", to="post"),),
        ["listTrackings: is now POST /trackings/get, was GET /trackings/get (breaking)"],
    ),
    "meta code removed": (
        (drop(*CODES, 26),),
        ["meta code 4033 was removed (breaking)"],
    ),
    "meta code added": (
        (add(*CODES, item={"code": 4034, "name": "new"}),),
        ["meta code 4034 is new (additive)"],
    ),
    "meta code no longer to be retried": (
        (put(*CODES, 10, "retryable", to=False),),
        ["retryable of meta code 500 is now false, was true (breaking)"],
    ),
    "meta code with a longer wait": (
        (put(*CODES, 9, "pause-seconds", to=180),),
        ["pause-seconds of meta code 429 is now 180, was 120 (breaking)"],
    ),
    "meta code with another error class": (
        (put(*CODES, 9, "exception", to="TooFast"),),
        ['exception of meta code 429 is now "TooFast", was "RateLimited" (breaking)'],
    ),
    "meta code with another message": (
        (put(*CODES, 0, "message", to="OK"),),
        ["message of meta code 200 changed (wording)"],
    ),
    "meta code with stronger evidence": (
        (drop(*CODES, 2, "x-evidence"),),
        ['x-evidence of meta code 202 is now "documented", was "recorded" (wording)'],
    ),
    "request field required": (
        (add(*ENTRY, "required", item="order_id"),),
        [f"{CREATES}{FIELD}order_id` is now required (breaking)"],
    ),
    "request field optional": (
        (put(*ENTRY, "required", to=["tracking_number"]),),
        [f"{CREATES}{FIELD}carrier_code` is now optional (additive)"],
    ),
    "request field removed": (
        (drop(*ENTRY, "properties", "title"),),
        [f"{CREATES}{FIELD}title` was removed (breaking)"],
    ),
    "request field added": (
        (put(*ENTRY, "properties", "note", to=TEXT),),
        [f"{CREATES}{FIELD}note` is new (additive)"],
    ),
    "required request field added": (
        (put(*ENTRY, "properties", "note", to=TEXT), add(*ENTRY, "required", item="note")),
        [f"{CREATES}{FIELD}note` is new and required (breaking)"],
    ),
    "request type narrowed": (
        (put(*ENTRY, "properties", "title", "type", to="string"),),
        [f"{CREATES}{FIELD}title` may no longer be null (breaking)"],
    ),
    "request type widened": (
        (put(*ENTRY, "properties", "title", "type", to=["string", "integer", "null"]),),
        [f'{CREATES}type of {FIELD}title` is now ["integer", "string"], was "string" (additive)'],
    ),
    "request format added": (
        (put(*ENTRY, "properties", "customer_email", "format", to="email"),),
        [f'{CREATES}format of {FIELD}customer_email` is now "email", was missing (breaking)'],
    ),
    "request limit tightened": (
        (put(*BATCH_BODY, "maxItems", to=20),),
        ["createTrackingBatch: maxItems of request body is now 20, was 40 (breaking)"],
    ),
    "request limit widened": (
        (put(*BATCH_BODY, "maxItems", to=60),),
        ["createTrackingBatch: maxItems of request body is now 60, was 40 (additive)"],
    ),
    "request minimum raised": (
        (put(*LIMIT, "minimum", to=10),),
        [f"listTrackings: minimum of {PAGE} is now 10, was 1 (breaking)"],
    ),
    "default changed": (
        (put(*LIMIT, "default", to=50),),
        [f"listTrackings: default of {PAGE} is now 50, was 100 (breaking)"],
    ),
    "parameter removed": (
        (drop(*LIST, "parameters", 1),),
        [f"listTrackings: {PAGE} was removed (breaking)"],
    ),
    "parameter required": (
        (put(*LIST, "parameters", 1, "required", to=True),),
        [f"listTrackings: {PAGE} is now required (breaking)"],
    ),
    "optional parameter added": (
        (add(*LIST, "parameters", item={"name": "q", "in": "query", "schema": TEXT}),),
        ["listTrackings: query parameter `q` is new (additive)"],
    ),
    "parameter written in another style": (
        (put(*LIST, "parameters", 10, "explode", to=True),),
        ["listTrackings: explode of query parameter `numbers` is now true, was false (breaking)"],
    ),
    "request enum narrowed": (
        (put(*SCHEMAS, "ArchivedText", "enum", to=["true"]),),
        [
            (
                "updateTracking, updateTrackingBatch: request schema `ArchivedText`"
                " no longer has the value `false` (breaking)"
            )
        ],
    ),
    "open enum widened": (
        (add(*STATUS_VALUES, item="lost"),),
        [
            "7 operations: response schema `TrackingStatus` has the new value `lost` (additive)",
            "listTrackings: request schema `TrackingStatus` has the new value `lost` (additive)",
            "trackingUpdated: webhook schema `TrackingStatus` has the new value `lost` (additive)",
        ],
    ),
    "open enum narrowed": (
        (put(*SCHEMAS, "CarrierType", "enum", to=["express"]),),
        [
            (
                "listCarriers: response schema `CarrierType` no longer has the value `globalpost`"
                " (breaking)"
            )
        ],
    ),
    "open enum closed": (
        (put(*SCHEMAS, "CarrierType", "x-open", to=False),),
        ["listCarriers: x-open of response schema `CarrierType` is now false, was true (additive)"],
    ),
    "closed enum widened": (
        (add(*SCHEMAS, "SuccessCode", "enum", item=202),),
        [
            "every operation: response schema `SuccessCode` has the new value `202` (breaking)",
            "trackingUpdated: webhook schema `SuccessCode` has the new value `202` (breaking)",
        ],
    ),
    "member of an enum renamed": (
        (put(*SCHEMAS, "SuccessCode", "x-enum-varnames", to=["OK", "CREATED"]),),
        [
            f"{operation}: {kind} schema `SuccessCode` has another name for the value `200`:"
            " OK, was SUCCESS (breaking)"
            for operation, kind in (("every operation", "response"), ("trackingUpdated", "webhook"))
        ],
    ),
    "response field removed": (
        (drop(*TRACKING, "title"),),
        [f"{READS}response field `Tracking.title` was removed (breaking)"],
    ),
    "response field added": (
        (put(*TRACKING, "note", to=TEXT),),
        [f"{READS}response field `Tracking.note` is new (additive)"],
    ),
    "response field may be absent": (
        (put(*SCHEMAS, "Carrier", "required", to=["name"]),),
        ["listCarriers: response field `Carrier.code` may now be absent (breaking)"],
    ),
    "response field always present": (
        (put(*SCHEMAS, "Carrier", "required", to=["name", "code", "phone"]),),
        ["listCarriers: response field `Carrier.phone` is now always present (additive)"],
    ),
    "response field may be null": (
        (put(*TRACKING, "id", "type", to=["string", "null"]),),
        [f"{READS}response field `Tracking.id` may now be null (breaking)"],
    ),
    "response type narrowed": (
        (put(*TRACKING, "title", "type", to="string"),),
        [f"{READS}response field `Tracking.title` may no longer be null (additive)"],
    ),
    "response limit widened": (
        (put(*SCHEMAS, "TrackingPage", "properties", "count", "maximum", to=5000),),
        [
            (
                "listTrackings: maximum of response field `TrackingPage.count`"
                " is now 5000, was 2000 (breaking)"
            )
        ],
    ),
    "response has another alternative": (
        (add(*PAIR, item=refer("TrackingResponse")),),
        [f"{CREATES}response 200 may now be TrackingResponse (breaking)"],
    ),
    "response status removed": (
        (drop(*CREATE, "responses", "429"),),
        [f"{CREATES}response 429 was removed (breaking)"],
    ),
    "webhook field removed": (
        (drop(*WEBHOOK, "title"),),
        ["trackingUpdated: webhook field `TrackingEventData.title` was removed (breaking)"],
    ),
    "webhook response added": (
        (
            put(
                "webhooks", "trackingUpdated", "post", "responses", "202", to={"description": "Ok."}
            ),
        ),
        ["trackingUpdated: webhook response 202 is new (additive)"],
    ),
    "webhook field added": (
        (put(*WEBHOOK, "note", to=TEXT),),
        ["trackingUpdated: webhook field `TrackingEventData.note` is new (additive)"],
    ),
    "rate limit lowered": (
        (put(*CREATE, "x-rate-limit", to={"requests": 1, "seconds": 2}),),
        [
            (
                f'{CREATES}x-rate-limit is now {{"requests": 1, "seconds": 2}},'
                ' was {"requests": 1, "seconds": 1} (breaking)'
            )
        ],
    ),
    "rate limit raised": (
        (put(*CREATE, "x-rate-limit", "requests", to=2),),
        [
            (
                f'{CREATES}x-rate-limit is now {{"requests": 2, "seconds": 1}},'
                ' was {"requests": 1, "seconds": 1} (additive)'
            )
        ],
    ),
    "no longer safe to retry": (
        (put(*LIST, "x-retry", to="create"),),
        ['listTrackings: x-retry is now "create", was "safe" (breaking)'],
    ),
    "smaller batches": (
        (put(*BATCH, "x-batch", "max-items", to=30),),
        ["createTrackingBatch: x-batch max-items is now 30, was 40 (breaking)"],
    ),
    "another code for a batch that is too large": (
        (put(*BATCH, "x-batch", "over-limit-code", to=4020),),
        ["createTrackingBatch: x-batch over-limit-code is now 4020, was 202 (breaking)"],
    ),
    "larger pages": (
        (put(*LIST, "x-pagination", "max-size", to=5000),),
        ["listTrackings: x-pagination max-size is now 5000, was 2000 (additive)"],
    ),
    "another code of success": (
        (put(*CREATE, "x-success-codes", to=[200]),),
        [f"{CREATES}x-success-codes is now [200], was [200, 201] (breaking)"],
    ),
    "key in another header": (
        (put(*API_KEY, "name", to="Api-Key"),),
        ['name of security scheme apiKey is now "Api-Key", was "Trackingmore-Api-Key" (breaking)'],
    ),
    "authentication required": (
        (put(*CREATE, "security", to=[{"apiKey": [], "token": []}]),),
        [
            (
                f'{CREATES}security is now [{{"apiKey": [], "token": []}}],'
                ' was [{"apiKey": []}] (breaking)'
            )
        ],
    ),
    "server removed": (
        (drop("servers", 1),),
        ["server http://127.0.0.1:8642/v2 was removed (breaking)"],
    ),
    "evidence of a field weakened": (
        (put(*TRACKING, "title", "x-evidence", to="inferred"),),
        [
            (
                f"{READS}evidence of response field `Tracking.title` is now"
                ' "inferred", was "documented" (breaking)'
            )
        ],
    ),
    "evidence of a field strengthened": (
        (drop(*TRACKING, "weight", "x-evidence"),),
        [
            (
                f"{READS}evidence of response field `Tracking.weight` is now"
                ' "documented", was "recorded" (wording)'
            )
        ],
    ),
    "evidence of an operation weakened": (
        (put(*CREATE, "x-evidence", to="inferred"),),
        [f'{CREATES}evidence is now "inferred", was "documented" (breaking)'],
    ),
    "evidence of a limit strengthened": (
        (drop("paths", "/trackings/delete", "post", "x-batch", "evidence"),),
        ['deleteTrackingBatch: x-batch evidence is now "documented", was "inferred" (wording)'],
    ),
    "evidence of a value weakened": (
        (put(*SUBSTATUS, "notfound001", "x-evidence", to="inferred"),),
        [
            (
                f"{who}: evidence of the value `notfound001` of {kind} schema `Substatus` is now"
                ' "inferred", was "documented" (breaking)'
            )
            for who, kind in SUBSTATUSES
        ],
    ),
    "value described in other words": (
        (put(*SUBSTATUS, "notfound001", "description", to="Known."),),
        [
            f"{who}: {kind} schema `Substatus` describes the value `notfound001`"
            " differently (wording)"
            for who, kind in SUBSTATUSES
        ],
    ),
    "field described in other words": (
        (put(*TRACKING, "title", "description", to="Title."),),
        [f"{READS}description of response field `Tracking.title` changed (wording)"],
    ),
    "operation described in other words": (
        (put(*CREATE, "description", to="Create."),),
        [f"{CREATES}description changed (wording)"],
    ),
    "another example": (
        (put(*EXAMPLES, "CreateTrackingMinimal", "summary", to="Another."),),
        [f"{CREATES}examples of request body changed (wording)"],
    ),
    "unknown extension changed": (
        (put(*CREATE, "x-idempotency", to="key"),),
        [f'{CREATES}x-idempotency is now "key", was missing (additive)'],
    ),
}
