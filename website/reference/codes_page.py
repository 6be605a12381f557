"""The page of the meta codes."""

import inspect
import re
from collections.abc import Iterator

from trackingmore_v2._errors import API_ERRORS, ApiError, api_error
from trackingmore_v2_api import ApiRejected
from trackingmore_v2_api.operations.account import get_account
from trackingmore_v2_api.salvage import ResponseMeta
from website.contract import Json, contract, operations
from website.reference.errors import error_codes
from website.reference.links import linked, operation_link
from website.reference.markdown import badge, line, page, sections, table, words
from website.reference.parts import codes, described, evidence_of, schema_named

_ABOUT = (
    "Each `meta.code` of a response: what it means, which error of the Python client it raises, "
    "whether the same request may succeed later, and what to do."
)


def codes_page() -> str:
    """Return the page of all codes."""
    return page(
        "# Codes",
        _ABOUT,
        line(described(schema_named("SuccessCode"))),
        table(("Code", "Meaning", "The client raises", "Retry"), map(_row, codes().values())),
        *(block for entry in codes().values() for block in _section(entry)),
        "## Envelope",
        linked(sections(contract()["info"]["description"])["Envelope"]),
    )


def _row(entry: Json) -> tuple[str, str, str, str]:
    number, error = entry["code"], entry["exception"]
    code = words(f"[{number}](#code-{number})", badge(evidence_of(entry)))
    raised = f"`{error}`" if error else "nothing"
    return code, linked(entry["meaning"]), raised, retry(entry)


def retry(entry: Json) -> str:
    """Return whether the same request may succeed later."""
    seconds = entry.get("pause-seconds")
    if seconds:
        return f"after {seconds} s"
    return "yes" if entry["retryable"] else "no"


def _section(entry: Json) -> Iterator[str]:
    number = entry["code"]
    yield f"## Code {number}"
    yield words(linked(entry["meaning"]), badge(evidence_of(entry)))
    facts = {**_texts(entry), **_handling(entry)}
    yield "\n".join(f"- **{name}:** {text}" for name, text in facts.items() if text)


def _texts(entry: Json) -> dict[str, str]:
    """Return the name and the texts that come with a code."""
    types = [entry["type"], *entry.get("other-types", ())]
    messages = [entry["message"], *entry.get("other-messages", ())]
    return {
        "Name": f"`{entry['name']}`",
        "Type": ", or ".join(f"`{each}`" for each in types),
        "Message": ", or ".join(f'"{each}"' for each in messages),
    }


def _handling(entry: Json) -> dict[str, str]:
    """Return what the client does about a code, and what its caller can do."""
    error = API_ERRORS.get(entry["code"])
    if error is None:
        return {"The client raises": "nothing", "What to do": entry["advice"]}
    return {
        "The client raises": f"`{error.__name__}`. {_meaning(error)}",
        "Some methods raise": _others(entry["code"]),
        "Retry the same request": retry(entry),
        "Possibly carried out": "yes" if _in_doubt(entry["code"]) else "no",
        "What to do": words(linked(entry["advice"]), _suggestion(error)),
        "Operations": _operations(entry["code"]),
    }


def _in_doubt(code: int) -> bool:
    """Return whether the client takes a call for possibly carried out."""
    rejected = ApiRejected("getAccount", 200, {}, b"", ResponseMeta(code, "", ""))
    return api_error(rejected, get_account.call()).in_doubt


def _meaning(error: type[ApiError]) -> str:
    """Return what the documentation of an error says, without its source."""
    return line((inspect.getdoc(error) or "").partition("Source:")[0])


def _others(number: int) -> str:
    """Return the other errors that some methods raise for a code, by their documentation."""
    errors = dict.fromkeys(each for code, each in API_ERRORS.items() if code != number)
    found = [each for each in errors if re.search(rf"\b{number}\b", _meaning(each))]
    return " ".join(f"`{each.__name__}`. {_meaning(each)}" for each in found)


def _suggestion(error: type[ApiError]) -> str:
    return f'The message of the error adds: "{error.advice}"' if error.advice else ""


def _operations(number: int) -> str:
    every = list(operations(contract()))
    found = [it.name for it in every if number in error_codes(it)]
    if len(found) == len(every):
        return "all"
    return ", ".join(map(operation_link, found))
