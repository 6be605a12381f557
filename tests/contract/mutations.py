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
        "nullable as in OpenAPI 3.0",
        "the title of a new parcel may not be null, since 3.1 does not know `nullable`",
        (
            put(*SCHEMAS, "CreateTrackingRequest", "properties", "title", "type", to="string"),
            put(*SCHEMAS, "CreateTrackingRequest", "properties", "title", "nullable", to=True),
        ),
    ),
    Mutation(
        "number without quotes",
        "the total of a list is a number, where the wire has text",
        (put(*SCHEMAS, "TrackingPage", "properties", "total", "type", to="integer"),),
    ),
    Mutation(
        "number of any kind",
        "days in transit may have a fraction",
        (put(*TRACKING, "itemTimeLength", "type", to=["number", "null"]),),
    ),
    Mutation(
        "one for several",
        "detection answers with one carrier instead of a list",
        (
            put(
                *(*SCHEMAS, "DetectResponse", "properties", "data"),
                to=refer("schemas", "DetectedCarrier"),
            ),
        ),
    ),
    Mutation(
        "alternative lost",
        "the errors of a batch are never JSON inside text",
        (drop(*SCHEMAS, "CreateBatchResult", "properties", "errors", "items", "anyOf", 1),),
    ),
    Mutation(
        "vocabulary lost",
        "the substatus of a parcel is any text",
        (
            drop(*TRACKING, "substatus", "anyOf"),
            put(*TRACKING, "substatus", "type", to=["string", "null"]),
        ),
    ),
    Mutation(
        "value lost",
        "no parcel is undelivered",
        (drop(*SCHEMAS, "TrackingStatus", "enum", 5),),
    ),
    # ---- Fields
    Mutation(
        "spelling corrected",
        "`singed_by` is written as it should be, and not as the wire has it",
        (move(*TRACKING, "singed_by", to="signed_by"),),
    ),
    Mutation(
        "field lost",
        "the webhook tells nothing of the second leg",
        (drop(*SCHEMAS, "TrackingEventData", "properties", "destination_info"),),
    ),
    Mutation(
        "requirement lost",
        "a parcel can be moved without saying to which carrier",
        (drop(*SCHEMAS, "CarrierChange", "required", 2),),
    ),
    Mutation(
        "object closed",
        "a parcel with a field that is new is no parcel",
        (put(*SCHEMAS, "Tracking", "additionalProperties", to=False),),
    ),
    # ---- Operations
    Mutation(
        "method of a client",
        "parcels are listed by POST, as the official PHP client does",
        (move(*LIST, to="post"),),
    ),
    Mutation(
        "status of a proxy",
        "maintenance is told by 502 instead of 503",
        (move(*CREATE, "responses", "503", to="502"),),
    ),
    Mutation(
        "parameter elsewhere",
        "the language of carriers' names goes into the query",
        (put(*CARRIERS, "parameters", 0, "in", to="query"),),
    ),
    Mutation(
        "answer of another operation",
        "stopping updates answers as deletion does",
        (
            put(
                *(*STOP, "responses", "200", *JSON, "schema", "oneOf", 0),
                to=refer("schemas", "DeleteBatchResponse"),
            ),
        ),
    ),
    Mutation(
        "no key",
        "anybody may read the account",
        (put(*ACCOUNT, "security", to=[]),),
    ),
    # ---- Limits, forms and defaults
    Mutation(
        "limit of another operation",
        "two hundred parcels can be created at once",
        (
            put(*BATCH_BODY, "maxItems", to=200),
            put(*BATCH, "x-batch", "max-items", to=200),
        ),
    ),
    Mutation(
        "default of a client",
        "a page has fifty parcels if nothing is said",
        (put(*LIST, "parameters", 1, "schema", "default", to=50),),
    ),
    Mutation(
        "pattern too tight",
        "tracking numbers have capital letters and digits only",
        (put(*SCHEMAS, "TrackingNumber", "pattern", to="^[0-9A-Z]{5,}$"),),
    ),
    Mutation(
        "pattern without ends",
        "a carrier's code has a letter somewhere, and anything around it",
        (put(*SCHEMAS, "CarrierCode", "pattern", to="[0-9A-Za-z_-]+"),),
    ),
    Mutation(
        "format that promises too much",
        "the time of a checkpoint has a zone",
        (put(*SCHEMAS, "Checkpoint", "properties", "Date", "format", to="date-time"),),
    ),
    Mutation(
        "zone",
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
        "pace of another operation",
        "looks on demand are limited to one a second",
        (put(*REALTIME, "x-rate-limit", "requests", to=1),),
    ),
    Mutation(
        "repeated lightly",
        "the creation of a batch is repeated as if nothing had been created",
        (put(*BATCH, "x-retry", to="idempotent"),),
    ),
    Mutation(
        "success unknown",
        "a batch does not succeed with 201",
        (put(*BATCH, "x-success-codes", to=[200]),),
    ),
    Mutation(
        "code lost",
        "a carrier that cannot be detected has no code",
        (drop(*CODES, 25),),
    ),
    Mutation(
        "code of another error",
        "a parcel that does not exist raises that it does",
        (put(*CODES, 19, "exception", to="TrackingExists"),),
    ),
    # ---- Links and examples
    Mutation(
        "link to another operation",
        "to read a change back, the parcel is deleted",
        (
            put(
                *(*ONE, "put", "responses", "200", "links", "GetUpdated", "operationId"),
                to="deleteTracking",
            ),
        ),
    ),
    Mutation(
        "link to what was",
        "a parcel that was moved is looked for under its old carrier",
        (
            put(
                *(*MOVE, "responses", "200", "links", "GetMoved", "parameters", "carrier_code"),
                to="$request.body#/carrier_code",
            ),
        ),
    ),
    Mutation(
        "example of another type",
        "archiving is shown with a boolean, where the wire wants text",
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
