"""Checks of the contract, by name."""

from collections.abc import Callable, Iterator

from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.contract.examples import example_errors, payload_errors
from tests.contract.exchanges import exchange_errors, link_errors
from tests.contract.fields import field_errors
from tests.contract.rules import rule_errors
from website.contract import Json

Check = Callable[[Json], Iterator[str]]


def openapi_errors(document: Json) -> Iterator[str]:
    """Yield what is not valid OpenAPI 3.1."""
    return (error.message for error in OpenAPIV31SpecValidator(document).iter_errors())


# Quick ones first. That `generated/` is up to date is not among them: any change would fail it.
CHECKS: dict[str, Check] = {
    "fields": field_errors,
    "payloads": payload_errors,
    "examples": example_errors,
    "rules": rule_errors,
    "exchanges": exchange_errors,
    "links": link_errors,
    "openapi": openapi_errors,
}
