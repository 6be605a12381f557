"""
Everything that judges a contract, by name.

That `generated/` is current is no judge: it would find any change, right or wrong.
"""

from collections.abc import Callable

from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.contract.document import Json
from tests.contract.examples import closed, complaints, payload_complaints
from tests.contract.exchanges import exchange_complaints, link_complaints
from tests.contract.fields import field_errors
from tests.contract.rules import RULES

Judge = Callable[[Json], list[str]]


def rule_findings(document: Json) -> list[str]:
    """Return what the rules find."""
    return [f"{name}: {finding}" for name, rule in RULES.items() for finding in rule(document)]


def openapi_errors(document: Json) -> list[str]:
    """Return what makes a document something else than OpenAPI 3.1."""
    return [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()]


JUDGES: dict[str, Judge] = {
    "fields": lambda document: list(field_errors(document)),
    "payloads": payload_complaints,
    "examples": lambda document: complaints(document) + complaints(closed(document)),
    "rules": rule_findings,
    "exchanges": exchange_complaints,
    "links": link_complaints,
    "openapi": openapi_errors,
}
"""Each gives its findings, one line each; the quick ones first."""
