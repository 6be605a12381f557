"""The errors of an operation: its codes, and other HTTP statuses."""

import re
from collections.abc import Iterator
from http import HTTPStatus

from website.contract import Operation, contract, resolve
from website.reference.links import code_link
from website.reference.markdown import badge, line, table, words
from website.reference.parts import codes, evidence_of, is_success, media_of

_CODE = re.compile(r"\b[0-9]{3,4}\b")


def error_codes(operation: Operation) -> list[int]:
    """Return the codes of an operation's errors: those of its examples, and of its description."""
    bodies = [resolve(contract(), each) for each in operation.value["responses"].values()]
    shown = [example["value"] for body in bodies for example in media_of(body).values()]
    found = {each["meta"]["code"] for each in shown}
    found |= {*map(int, _CODE.findall(operation.value["description"]))}
    return sorted(number for number in found if number in codes() and not is_success(number))


def errors(operation: Operation) -> Iterator[str]:
    """Yield the section of the errors."""
    yield "## Errors"
    yield "Sent as HTTP 200, as an [ErrorResponse](objects.md#errorresponse) with such a code:"
    yield table(("Code", "Meaning"), map(_error, error_codes(operation)))
    yield "With other HTTP statuses, such as those that proxies send:"
    yield table(("Status", "Meaning"), _statuses(operation))


def _error(number: int) -> tuple[str, str]:
    entry = codes()[number]
    return words(code_link(number), badge(evidence_of(entry))), entry["meaning"]


def _statuses(operation: Operation) -> Iterator[tuple[str, str]]:
    for status, given in operation.value["responses"].items():
        response = resolve(contract(), given)
        name = HTTPStatus(int(status)).phrase if status.isdecimal() else "any other"
        if status != "200":
            number = f"{status} {name}" if status.isdecimal() else name
            yield words(number, badge(evidence_of(response))), line(response["description"])
