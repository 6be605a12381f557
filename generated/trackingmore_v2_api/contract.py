# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Facts of the contract as a whole."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

VERSION: Final = "2.0.0"
BASE_URL: Final = "https://api.trackingmore.com/v2"
API_KEY_HEADER: Final = "Trackingmore-Api-Key"
OPERATION_COUNT: Final = 19
CONTRACT_SHA256: Final = "74b3af66d59ce64f424ced045639db52f0f1a7d004bddbe4a74ca67aa309aabf"
GENERATORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "datamodel-code-generator": "0.89.0",
        "openapi-python-client": "0.29.1",
        "ruff": "0.17.6",
    }
)
