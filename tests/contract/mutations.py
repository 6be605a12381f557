"""
Mutations of the contract: thirty typical mistakes, made one at a time.

`python -m tests.contract.mutations [PATH]` lists the checks that find each; PATH receives JSON.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.contract.changes import (
    BATCH,
    BATCH_BODY,
    CODES,
    CREATE,
    EXAMPLES,
    JSON,
    LIST,
    MOVE,
    ONE,
    REALTIME,
    SCHEMAS,
    TRACKING,
    Change,
    changed_contract,
    drop,
    move,
    put,
    refer,
)
from tests.contract.checks import CHECKS

ACCOUNT = ("paths", "/trackings/getuserinfo", "get")
CARRIERS = ("paths", "/carriers", "get")
CREATE_TITLE = (*SCHEMAS, "CreateTrackingRequest", "properties", "title")
DATE = (*SCHEMAS, "Checkpoint", "properties", "Date")
DETECTED = (*SCHEMAS, "DetectResponse", "properties", "data")
EVENT = (*SCHEMAS, "TrackingEventData", "properties")
GET_MOVED = (*MOVE, "responses", "200", "links", "GetMoved", "parameters", "carrier_code")
GET_UPDATED = (*ONE, "put", "responses", "200", "links", "GetUpdated", "operationId")
STOP_200 = ("paths", "/trackings/notupdate", "post", "responses", "200", *JSON, "schema", "oneOf")

MUTATIONS: dict[str, tuple[Change, ...]] = {
    # ---- Types and values
    # OpenAPI 3.1 has no `nullable`, so the title could not be null.
    "`nullable` of OpenAPI 3.0": (
        put(*CREATE_TITLE, "type", to="string"),
        put(*CREATE_TITLE, "nullable", to=True),
    ),
    "number instead of a string": (
        put(*SCHEMAS, "TrackingPage", "properties", "total", "type", to="integer"),
    ),
    "number instead of an integer": (
        put(*TRACKING, "itemTimeLength", "type", to=["number", "null"]),
    ),
    "object instead of an array": (put(*DETECTED, to=refer("DetectedCarrier")),),
    # The errors of a batch may be JSON in a string.
    "missing alternative": (
        drop(*SCHEMAS, "CreateBatchResult", "properties", "errors", "items", "anyOf", 1),
    ),
    "missing enum": (
        drop(*TRACKING, "substatus", "anyOf"),
        put(*TRACKING, "substatus", "type", to=["string", "null"]),
    ),
    "missing enum value": (drop(*SCHEMAS, "TrackingStatus", "enum", 5),),
    # ---- Fields
    "corrected spelling": (move(*TRACKING, "singed_by", to="signed_by"),),
    "missing field": (drop(*EVENT, "destination_info"),),
    "missing requirement": (drop(*SCHEMAS, "CarrierChange", "required", 2),),
    "closed object": (put(*SCHEMAS, "Tracking", "additionalProperties", to=False),),
    # ---- Operations
    # The official PHP client sends POST.
    "HTTP method of a client": (move(*LIST, to="post"),),
    # Maintenance has status 503.
    "HTTP status of a proxy": (move(*CREATE, "responses", "503", to="502"),),
    "parameter in the wrong place": (put(*CARRIERS, "parameters", 0, "in", to="query"),),
    "response of another operation": (put(*STOP_200, 0, to=refer("DeleteBatchResponse")),),
    "no API key": (put(*ACCOUNT, "security", to=[]),),
    # ---- Limits, forms and defaults
    "limit of another operation": (
        put(*BATCH_BODY, "maxItems", to=200),
        put(*BATCH, "x-batch", "max-items", to=200),
    ),
    "default of a client": (put(*LIST, "parameters", 1, "schema", "default", to=50),),
    "pattern too strict": (put(*SCHEMAS, "TrackingNumber", "pattern", to="^[0-9A-Z]{5,}$"),),
    "pattern without anchors": (put(*SCHEMAS, "CarrierCode", "pattern", to="[0-9A-Za-z_-]+"),),
    # The time of a checkpoint has no time zone, and is local.
    "format that is too strict": (put(*DATE, "format", to="date-time"),),
    "wrong time zone": (
        put(*DATE, "description", to="UTC, `YYYY-MM-DD HH:MM:SS` or `YYYY-MM-DD HH:MM`."),
    ),
    # ---- Extensions
    "rate limit of another operation": (put(*REALTIME, "x-rate-limit", "requests", to=1),),
    "wrong retry policy": (put(*BATCH, "x-retry", to="idempotent"),),
    "missing success code": (put(*BATCH, "x-success-codes", to=[200]),),
    "missing meta code": (drop(*CODES, 25),),
    "wrong error class": (put(*CODES, 19, "exception", to="TrackingExists"),),
    # ---- Links and examples
    "link to another operation": (put(*GET_UPDATED, to="deleteTracking"),),
    "link to the old state": (put(*GET_MOVED, to="$request.body#/carrier_code"),),
    # Requests contain the string "true".
    "example of another type": (
        put(*EXAMPLES, "UpdateTrackingArchive", "value", "archived", to=True),
    ),
}


def checks_that_find(name: str) -> Iterator[str]:
    """Yield the names of the checks that find a mutation, one by one."""
    document = changed_contract(*MUTATIONS[name])
    return (check for check, errors in CHECKS.items() if any(errors(document)))


def main(path: str | None = None) -> None:
    """Print the checks that find each mutation; write them to a file if one is named."""
    mutants = [{"name": name, "caught_by": [*checks_that_find(name)]} for name in MUTATIONS]
    score = sum(bool(mutant["caught_by"]) for mutant in mutants)
    for mutant in mutants:
        sys.stdout.write(f"{mutant['name']:32} {', '.join(mutant['caught_by'])}\n")
    sys.stdout.write(f"score {score} of {len(mutants)}\n")
    if path:
        text = json.dumps({"score": score, "mutants": mutants}, indent=1)
        Path(path).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
