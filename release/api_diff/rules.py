"""The rules: the impact of a change of one fact, by the kind of entry that states it."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from release.api_diff.functions import Facts
from release.api_diff.spelling import alternatives
from release.changes import ABSENT, Impact

Rule: TypeAlias = Callable[[Any, Any], Impact]
"""Returns the impact, given the value before and the value now."""


def additive_if(*, fits: bool) -> Impact:
    """Return the impact of a change that does no harm under a condition."""
    return Impact.ADDITIVE if fits else Impact.BREAKING


def identity(_old: Any, _new: Any) -> Impact:
    """Judge a value that has to stay as it is."""
    return Impact.BREAKING


def accepted(old: Any, new: Any) -> Impact:
    """Judge the type of what users pass, which may become wider."""
    known = ABSENT not in (old, new)
    return additive_if(fits=known and set(alternatives(old)) <= set(alternatives(new)))


def returned(old: Any, new: Any) -> Impact:
    """Judge the type of what users receive, which may become narrower."""
    return accepted(new, old)


def grows(old: Any, new: Any) -> Impact:
    """Judge a list, to which items may be added."""
    return additive_if(fits=ABSENT not in (old, new) and set(old) <= set(new))


def may_be_dropped(_old: Any, new: Any) -> Impact:
    """Judge a restriction."""
    return additive_if(fits=new in {ABSENT, False})


def may_be_added(_old: Any, new: Any) -> Impact:
    """Judge an ability."""
    return additive_if(fits=new is True)


def passed(old: Any, new: Any) -> Impact:
    """Judge how an argument is passed; one by position may be passed by keyword as well."""
    both = "positional or keyword"
    return additive_if(fits=new == both and old in {"positional", "keyword"})


def may_be_stated(old: Any, _new: Any) -> Impact:
    """Judge a value that may be added, such as a default, but not changed."""
    return additive_if(fits=old is ABSENT)


RULES: Final[Mapping[tuple[str, str], Rule]] = {
    ("class", "bases"): grows,
    ("class", "frozen"): may_be_dropped,
    ("parameter", "type"): accepted,
    ("parameter", "default"): may_be_stated,
    ("parameter", "passed"): passed,
    ("parameter", "position"): may_be_stated,
    ("field", "default"): may_be_stated,
    ("field", "position"): may_be_stated,
    ("attribute", "type"): returned,
    ("attribute", "writable"): may_be_added,
    ("function", "returns"): returned,
    ("method", "returns"): returned,
    ("method", "overloads"): grows,
    ("method", "abstract"): may_be_dropped,
    ("constant", "keys"): grows,
    ("class method", "returns"): returned,
    ("static method", "returns"): returned,
    ("fixture", "returns"): returned,
    ("option", "names"): grows,
    ("option", "choices"): grows,
    ("option", "required"): may_be_dropped,
    ("option", "variable"): may_be_stated,
    ("argument", "choices"): grows,
    ("argument", "required"): may_be_dropped,
    ("argument", "several"): may_be_added,
}
"""By kind of entry and fact; any other fact has to stay as it is."""


def is_required(facts: Facts) -> bool:
    """Return whether users have to give a value for an entry, or implement it."""
    if facts["kind"] in {"option", "argument"} or facts["kind"] == "key":
        return bool(facts.get("required"))
    if facts["kind"] == "parameter":
        return "default" not in facts and facts["passed"] not in {"*", "**"}
    return "abstract" in facts or (facts["kind"] == "field" and "default" not in facts)
