# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Facts of the contract as a whole."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

VERSION: Final = "2.0.0"
BASE_URL: Final = "https://api.trackingmore.com/v2"
API_KEY_HEADER: Final = "Trackingmore-Api-Key"
OPERATION_COUNT: Final = 19
CONTRACT_SHA256: Final = "06386c1350aad445ecc63a887c4a69436292b3579359a161577eba1a50c41855"
GENERATORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "datamodel-code-generator": "0.89.0",
        "openapi-python-client": "0.29.1",
        "ruff": "0.17.6",
    }
)
