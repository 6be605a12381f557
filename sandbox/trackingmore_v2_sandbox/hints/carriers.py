"""Hints on carriers that the sandbox does not list."""

from collections.abc import Iterator
from typing import Final

from trackingmore_v2_sandbox.hints.advice import named_pairs
from trackingmore_v2_sandbox.hints.hint import Hint, shown
from trackingmore_v2_sandbox.http.request import Received
from trackingmore_v2_sandbox.http.routing import CONTRACT_PATH
from trackingmore_v2_sandbox.scenarios.carrier_list import CarrierList, is_well_formed

_SEE: Final = f"{CONTRACT_PATH}#/components/schemas/CarrierCode"


def carrier_hints(received: Received, body: object, carriers: CarrierList) -> Iterator[Hint]:
    """Yield a hint for each carrier in a request that has the form of a code and is not listed."""
    for place, fields in named_pairs(received, body):
        for name in ("carrier_code", "update_carrier_code"):
            code = fields.get(name)
            if isinstance(code, str) and code not in carriers.by_code and is_well_formed(code):
                yield Hint(f"{place}/{name}", _expected(code, carriers), shown(code), _SEE)


def _expected(code: str, carriers: CarrierList) -> str:
    meant = carriers.meant_by(code)
    if meant:
        return f"a carrier code that listCarriers returns (did you mean {meant}?)"
    return "a carrier code that listCarriers returns (the API may know more, see --carriers)"
