# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Facts of the contract as a whole."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

VERSION: Final = "2.0.0"
BASE_URL: Final = "https://api.trackingmore.com/v2"
API_KEY_HEADER: Final = "Trackingmore-Api-Key"
OPERATION_COUNT: Final = 19
CONTRACT_SHA256: Final = "c9f895394db5b35e24e3fd6e2bed45c4f712d38ef1961d04fd8fe49f34726477"
GENERATORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "datamodel-code-generator": "0.89.0",
        "openapi-python-client": "0.29.1",
        "ruff": "0.17.6",
    }
)
