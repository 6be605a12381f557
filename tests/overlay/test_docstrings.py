"""Public docstrings give shape, unit, default, errors and source; each rule can tell a fault."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from msgspec import Struct
from msgspec.structs import replace

import trackingmore_v2
from tests.overlay import docstrings as rules
from tests.overlay.docstrings import RULES, Calls, Public, Rule, read
from tests.overlay.public import OWN, everything, function_of, members_of
from trackingmore_v2 import TimedOut, TrackingExists
from trackingmore_v2_api import OPERATIONS

CALLS = Calls(frozenset({"getTracking"}), frozenset({TimedOut}))


def flawless(_number: str, _seconds: float = 1.0) -> list[str]:
    """
    Ask for a parcel.

    Args:
        _number: The parcel's number.
        _seconds: Seconds to wait. Default 1.

    Returns:
        What is new.

    Raises:
        InvalidInput: The number is wrong.
        TransportError: No answer came.

    Source: operation getTracking.
    """
    return []


class Mute(Struct):
    """A class with an attribute that nobody explains."""

    mute: str
    told: str
    """What it is."""


class Unitless(Struct):
    """A class with a number of something."""

    length: float
    """How long it is."""


class Haunted:
    """
    A class that tells of what it has not.

    Attributes:
        ghost: Nothing.
        body: Something.
    """

    def __init__(self) -> None:
        self.body = "here"


def endless() -> Iterator[int]:
    """
    Yield numbers.

    Returns:
        Numbers.
    """
    yield 0


def silent() -> None:
    """
    Do something.

    Returns:
        Nothing.
    """


class Fault(NamedTuple):
    """A public name with a fault, and the finding that it must cause."""

    rule: Rule
    finding: str
    public: Public


def spoilt(before: str, after: str) -> Public:
    """Return the flawless function with other words in its docstring."""
    public = function_of("flawless", flawless, CALLS)
    text = flawless.__doc__ or ""
    assert before in text
    return replace(public, doc=read(text.replace(before, after)))


def refusal(source: str) -> Public:
    """Return a refusal that stands for these meta codes."""
    return Public(name="TrackingExists", doc=read(f"No. {source}"), error=TrackingExists)


NO_RESULT = spoilt("    Returns:\n        What is new.\n", "")
FAULTS = [
    Fault(rules.speaks_in_sentences, "full stop: 'Ask", spoilt("a parcel.", "a parcel")),
    Fault(rules.speaks_in_sentences, "full stop: ''", Public(name="mute", doc=read(None))),
    Fault(rules.speaks_in_sentences, "attribute mute:", members_of(Mute)["Mute"]),
    Fault(rules.names_its_parameters, "Args are", spoilt("_number: T", "_digits: T")),
    Fault(
        rules.names_its_parameters,
        "Args are",
        spoilt("        _number: The parcel's number.\n", ""),
    ),
    Fault(rules.names_its_attributes, "no attribute ghost", members_of(Haunted)["Haunted"]),
    Fault(rules.tells_defaults, "_seconds does not", spoilt(" Default 1.", "")),
    Fault(rules.tells_units, "_seconds does not", spoilt("Seconds to wait", "How long to wait")),
    Fault(rules.tells_units, "length does not", members_of(Unitless)["Unitless"]),
    Fault(rules.tells_its_result, "Returns is missing", NO_RESULT),
    Fault(rules.tells_its_result, "Yields is missing", function_of("endless", endless)),
    Fault(rules.tells_its_result, "gives nothing", function_of("silent", silent)),
    Fault(rules.names_errors, "no error TransportFault", spoilt("TransportE", "TransportFault")),
    Fault(rules.names_errors, "raised TimedOut", spoilt("TransportError", "ApiError")),
    Fault(rules.names_errors, "InvalidInput", spoilt("InvalidInput", "ConfigurationError")),
    Fault(rules.names_what_it_calls, "names ['getAccount']", spoilt("getTracking", "getAccount")),
    Fault(rules.names_its_source, "no operation getParcel", spoilt("getTracking", "getParcel")),
    Fault(
        rules.names_its_source, "no schema Parcel", spoilt("operation getTracking", "schema Parcel")
    ),
    Fault(rules.names_its_source, "no source", spoilt("Source: operation getTracking.", "")),
    Fault(rules.names_its_source, "no meta code 4000", refusal("Source: meta code 4000.")),
    Fault(rules.names_its_codes, "stands for ['4016']", refusal("Source: meta code 4017.")),
    Fault(
        rules.names_its_codes, "stands for ['4016']", refusal("Source: meta codes 4016 and 4017.")
    ),
]


@pytest.mark.parametrize("name", RULES)
def test_public_docstrings_keep_the_rule(name: str) -> None:
    """No rule finds anything in what users see."""
    findings = [
        f"{public.name}: {finding}"
        for public in everything().values()
        for finding in RULES[name](public)
    ]

    assert findings == [], "\n".join(findings)


@pytest.mark.parametrize(
    "fault", FAULTS, ids=lambda fault: f"{fault.rule.__name__}-{fault.finding}"
)
def test_the_rule_finds_the_planted_fault(fault: Fault) -> None:
    """A docstring with a fault causes its finding."""
    assert [finding for finding in fault.rule(fault.public) if fault.finding in finding]


@pytest.mark.parametrize("name", RULES)
def test_the_rule_finds_nothing_where_nothing_is_wrong(name: str) -> None:
    """The sample that the faults are planted in has none of its own."""
    assert list(RULES[name](function_of("flawless", flawless, CALLS))) == []


def test_every_rule_has_a_planted_fault() -> None:
    """No rule is trusted that was never seen to find something."""
    assert set(RULES.values()) == {fault.rule for fault in FAULTS}


def test_no_public_name_is_left_out() -> None:
    """Models say what the contract says of them; all else that is exported is looked at."""
    covered = {name.removesuffix("()") for name in everything()}

    modules = {"limiters", "models", "timelines", "types"}

    assert set(dir(trackingmore_v2)) - covered == modules


def test_every_operation_is_named() -> None:
    """Whoever looks for an operation of the contract finds its verb."""
    sources = " ".join(public.doc.source for public in everything().values())

    assert [operation for operation in OPERATIONS if operation not in sources] == []


def test_inventions_are_inventions() -> None:
    """What is said to stand for nothing in the contract is there, and names no source."""
    names = [name for some in OWN.values() for name in some]

    assert len(names) == len(set(names))
    assert [name for name in names if everything()[name].doc.source] == []
