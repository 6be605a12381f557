"""Hints on numbers that an account has in another case of their letters."""

from typing import Final

from trackingmore_v2_sandbox.api.parsing import Pair, SandboxRequest
from trackingmore_v2_sandbox.hints.hint import MAX_HINTS, Hint, shown
from trackingmore_v2_sandbox.http.routing import CONTRACT_PATH

_SEE: Final = f"{CONTRACT_PATH}#/components/parameters/TrackingNumber"
_EXPECTED: Final = "one case of the letters (numbers that differ in case are two trackings)"


def hint_at_other_case(request: SandboxRequest, pair: Pair) -> None:
    """
    Add a hint if the account has a tracking whose number differs only in case.

    Assumed: the case of letters counts, so `1z…` and `1Z…` are two trackings and two charges.
    """
    number = pair.tracking_number
    for other in sorted({number.upper(), number.lower()} - {number}):
        found = request.store.find(request.account, pair.carrier_code, other)
        if found and len(request.hints) < MAX_HINTS:
            got = f"{shown(number)}, and the account has {shown(other)}"
            request.hints.append(Hint("account", _EXPECTED, got, _SEE))
