"""
Thirty faults that a contributor might well make in the contract, one at a time.

Unlike the faults planted for one rule, these need not be found by any judge in particular.
`python -m tests.contract.mutations [PATH]` shows which judges find each, and writes it as JSON.
"""

import copy
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.contract.document import Json, contract
from tests.contract.faults import (
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
    drop,
    move,
    put,
    refer,
)
from tests.contract.judges import JUDGES


class Mutation(NamedTuple):
    """A fault in the contract: its name, what it does wrong, and the changes that do it."""

    name: str
    effect: str
    changes: tuple[Change, ...]


STOP = ("paths", "/trackings/notupdate", "post")
ACCOUNT = ("paths", "/trackings/getuserinfo", "get")
CARRIERS = ("paths", "/carriers", "get")

MUTATIONS = [
    # ---- Types and values
    Mutation(
        "`nullable` of OpenAPI 3.0",
        "the title of a new tracking cannot be null, because OpenAPI 3.1 has no `nullable`",
        (
            put(*SCHEMAS, "CreateTrackingRequest", "properties", "title", "type", to="string"),
            put(*SCHEMAS, "CreateTrackingRequest", "properties", "title", "nullable", to=True),
        ),
    ),
    Mutation(
        "number instead of a string",
        "the total of a list is a number, but responses contain a string",
        (put(*SCHEMAS, "TrackingPage", "properties", "total", "type", to="integer"),),
    ),
    Mutation(
        "number instead of an integer",
        "days in transit may be fractional",
        (put(*TRACKING, "itemTimeLength", "type", to=["number", "null"]),),
    ),
    Mutation(
        "object instead of an array",
        "detection returns one carrier instead of a list",
        (
            put(
                *(*SCHEMAS, "DetectResponse", "properties", "data"),
                to=refer("schemas", "DetectedCarrier"),
            ),
        ),
    ),
    Mutation(
        "missing alternative",
        "the errors of a batch are never JSON in a string",
        (drop(*SCHEMAS, "CreateBatchResult", "properties", "errors", "items", "anyOf", 1),),
    ),
    Mutation(
        "missing enum",
        "the substatus of a tracking is any string",
        (
            drop(*TRACKING, "substatus", "anyOf"),
            put(*TRACKING, "substatus", "type", to=["string", "null"]),
        ),
    ),
    Mutation(
        "missing enum value",
        "no tracking can be undelivered",
        (drop(*SCHEMAS, "TrackingStatus", "enum", 5),),
    ),
    # ---- Fields
    Mutation(
        "corrected spelling",
        "`singed_by` is spelled correctly, unlike in responses",
        (move(*TRACKING, "singed_by", to="signed_by"),),
    ),
    Mutation(
        "missing field",
        "the webhook has no destination leg",
        (drop(*SCHEMAS, "TrackingEventData", "properties", "destination_info"),),
    ),
    Mutation(
        "missing requirement",
        "a tracking can be moved without a new carrier",
        (drop(*SCHEMAS, "CarrierChange", "required", 2),),
    ),
    Mutation(
        "closed object",
        "a tracking with a new field is invalid",
        (put(*SCHEMAS, "Tracking", "additionalProperties", to=False),),
    ),
    # ---- Operations
    Mutation(
        "HTTP method of a client",
        "trackings are listed by POST, as in the official PHP client",
        (move(*LIST, to="post"),),
    ),
    Mutation(
        "HTTP status of a proxy",
        "maintenance has status 502 instead of 503",
        (move(*CREATE, "responses", "503", to="502"),),
    ),
    Mutation(
        "parameter in the wrong place",
        "the language of carrier names is a query parameter",
        (put(*CARRIERS, "parameters", 0, "in", to="query"),),
    ),
    Mutation(
        "response of another operation",
        "stopping updates has the response of a deletion",
        (
            put(
                *(*STOP, "responses", "200", *JSON, "schema", "oneOf", 0),
                to=refer("schemas", "DeleteBatchResponse"),
            ),
        ),
    ),
    Mutation(
        "no API key",
        "the account can be read without a key",
        (put(*ACCOUNT, "security", to=[]),),
    ),
    # ---- Limits, forms and defaults
    Mutation(
        "limit of another operation",
        "200 trackings can be created in one call",
        (
            put(*BATCH_BODY, "maxItems", to=200),
            put(*BATCH, "x-batch", "max-items", to=200),
        ),
    ),
    Mutation(
        "default of a client",
        "a page has 50 trackings by default",
        (put(*LIST, "parameters", 1, "schema", "default", to=50),),
    ),
    Mutation(
        "pattern too strict",
        "tracking numbers contain only capital letters and digits",
        (put(*SCHEMAS, "TrackingNumber", "pattern", to="^[0-9A-Z]{5,}$"),),
    ),
    Mutation(
        "pattern without anchors",
        "a carrier's code may contain any text around one valid character",
        (put(*SCHEMAS, "CarrierCode", "pattern", to="[0-9A-Za-z_-]+"),),
    ),
    Mutation(
        "format that is too strict",
        "the time of a checkpoint has a time zone",
        (put(*SCHEMAS, "Checkpoint", "properties", "Date", "format", to="date-time"),),
    ),
    Mutation(
        "wrong time zone",
        "checkpoints are in UTC",
        (
            put(
                *(*SCHEMAS, "Checkpoint", "properties", "Date", "description"),
                to="UTC, `YYYY-MM-DD HH:MM:SS` or `YYYY-MM-DD HH:MM`.",
            ),
        ),
    ),
    # ---- Extensions
    Mutation(
        "rate limit of another operation",
        "realtime queries are limited to one per second",
        (put(*REALTIME, "x-rate-limit", "requests", to=1),),
    ),
    Mutation(
        "wrong retry policy",
        "the creation of a batch is retried as if it were idempotent",
        (put(*BATCH, "x-retry", to="idempotent"),),
    ),
    Mutation(
        "missing success code",
        "a batch cannot succeed with 201",
        (put(*BATCH, "x-success-codes", to=[200]),),
    ),
    Mutation(
        "missing meta code",
        "a carrier that cannot be detected has no meta code",
        (drop(*CODES, 25),),
    ),
    Mutation(
        "wrong error class",
        "a missing tracking raises the error for an existing one",
        (put(*CODES, 19, "exception", to="TrackingExists"),),
    ),
    # ---- Links and examples
    Mutation(
        "link to another operation",
        "the link to read an updated tracking deletes it",
        (
            put(
                *(*ONE, "put", "responses", "200", "links", "GetUpdated", "operationId"),
                to="deleteTracking",
            ),
        ),
    ),
    Mutation(
        "link to the old state",
        "the link to a moved tracking uses the old carrier",
        (
            put(
                *(*MOVE, "responses", "200", "links", "GetMoved", "parameters", "carrier_code"),
                to="$request.body#/carrier_code",
            ),
        ),
    ),
    Mutation(
        "example of another type",
        "archiving is shown with a boolean, but requests contain a string",
        (put(*EXAMPLES, "UpdateTrackingArchive", "value", "archived", to=True),),
    ),
]


def mutant(mutation: Mutation) -> Json:
    """Return the contract with one fault."""
    document = copy.deepcopy(contract())
    for change in mutation.changes:
        change(document)
    return document


def judges_that_find(mutation: Mutation) -> Iterator[str]:
    """Name the judges that find a fault, those first that are quick."""
    document = mutant(mutation)
    return (name for name, judge in JUDGES.items() if judge(document))


def report() -> Json:
    """Run every judge on every fault."""
    mutants = [{"name": each.name, "caught_by": [*judges_that_find(each)]} for each in MUTATIONS]
    return {"score": sum(bool(each["caught_by"]) for each in mutants), "mutants": mutants}


def main(path: str | None = None) -> None:
    """Show which judges find each fault; write it to a file if one is named."""
    found = report()
    width = max(len(each["name"]) for each in found["mutants"])
    lines = [f"{each['name']:{width}}  {', '.join(each['caught_by'])}" for each in found["mutants"]]
    sys.stdout.write("\n".join([*lines, f"score {found['score']} of {len(MUTATIONS)}", ""]))
    if path:
        Path(path).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
