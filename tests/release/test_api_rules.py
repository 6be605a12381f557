"""The comparison of descriptions follows inheritance and aliases, and its rules hold."""

import pytest

from release.api_diff.comparison import Api, compare
from release.api_diff.functions import Facts


def class_with(members: Api, **facts: object) -> Api:
    """Return a description of a class with its members."""
    return {"m.C": {"kind": "class", "bases": [], **facts}, **members}


METHOD = {"kind": "method", "returns": "None"}
PLAIN = {"kind": "parameter", "passed": "positional or keyword", "position": 0, "type": "int"}


def lines(old: Api, new: Api) -> list[str]:
    """Return what the comparison prints."""
    return list(map(str, compare(old, new)))


def test_a_member_that_moves_to_a_base_is_no_change() -> None:
    """What a class inherits from a public class is its member as well."""
    members: Api = {"C.run": METHOD, "C.run(n)": PLAIN}
    old: Api = {"m.B": {"kind": "class", "bases": []}, **class_with({})}
    old["m.C"] = {"kind": "class", "bases": ["m.B"]}
    new = {**old, **{f"m.{name}".replace("C", "B"): facts for name, facts in members.items()}}
    old |= {f"m.{name}": facts for name, facts in members.items()}

    assert lines(old, new) == ["`m.B.run` is new (additive)"]
    assert lines(new, old) == ["`m.B.run` was removed (breaking)"]


def test_a_class_under_another_name_is_compared_once() -> None:
    """A change of a class is reported under one of its names; the loss of a name is another."""
    alias: Api = {"m.D": {"kind": "alias", "of": "m.C"}}
    old = class_with({"m.C.run": METHOD, "m.C.run(n)": PLAIN})
    new = class_with({"m.C.run": {**METHOD, "coroutine": True}, "m.C.run(n)": PLAIN})

    assert lines({**old, **alias}, {**new, **alias}) == ["`m.C.run` is now a coroutine (breaking)"]
    assert lines({**old, **alias}, old) == ["`m.D` was removed (breaking)"]
    assert lines(old, {**old, **alias}) == ["`m.D` is new (additive)"]


def test_a_class_whose_main_name_changes_is_no_change() -> None:
    """A class keeps its members if it gets a shorter name, and the old one stays."""
    old = class_with({"m.C.run": METHOD})
    new: Api = {
        "C": {"kind": "class", "bases": []},
        "C.run": METHOD,
        "m.C": {"kind": "alias", "of": "C"},
    }

    assert lines(old, new) == ["`C` is new (additive)"]


def test_a_class_may_become_mutable_but_not_frozen() -> None:
    """Code that sets attributes of a mutable class fails when it is frozen."""
    mutable, frozen = class_with({}), class_with({}, frozen=True)

    assert lines(mutable, frozen) == ["frozen of `m.C` is now `True`, was missing (breaking)"]
    assert lines(frozen, mutable) == ["frozen of `m.C` is now missing, was `True` (additive)"]


def test_any_change_of_a_protocol_is_breaking() -> None:
    """Users implement it: what callers may leave out, implementations have to do without."""
    old = class_with({"m.C.run": METHOD, "m.C.run(n)": PLAIN}, protocol=True)
    new = {**old, "m.C.run(n)": {**PLAIN, "default": "1"}, "m.C.stop": METHOD}

    assert lines(old, new) == [
        "`m.C.run(n)` is now optional (breaking)",
        "`m.C.stop` is new (breaking)",
    ]


def test_members_of_a_removed_class_are_not_listed() -> None:
    """One line reports a class, a function or a command that was removed or is new."""
    api = class_with({"m.C.run": METHOD, "m.C.run(n)": PLAIN})

    assert lines(api, {}) == ["`m.C` was removed (breaking)"]
    assert lines({}, api) == ["`m.C` is new (additive)"]


@pytest.mark.parametrize(
    ("old", "new", "impact"),
    [
        ({"passed": "keyword"}, {"passed": "positional or keyword", "position": 0}, "additive"),
        ({"passed": "positional or keyword", "position": 0}, {"passed": "keyword"}, "breaking"),
        ({"default": "1"}, {"default": "2"}, "breaking"),
        ({"default": "1"}, {}, "breaking"),
        ({}, {"default": "1"}, "additive"),
        ({"type": "int"}, {"type": "int | str"}, "additive"),
        ({"type": "int | str"}, {"type": "int"}, "breaking"),
        ({"type": "int"}, {"type": "str"}, "breaking"),
        ({"type": "list[int | str]"}, {"type": "list[int]"}, "breaking"),
        ({"type": "int | str"}, {"type": "str | int"}, "additive"),
        ({"type": "Literal['a']"}, {"type": "Literal['a', 'b'] | None"}, "additive"),
        ({"type": "Literal['a', 'b']"}, {"type": "Literal['a']"}, "breaking"),
        ({"type": "int"}, {}, "breaking"),
        ({"passed": "**"}, {"passed": "keyword"}, "breaking"),
    ],
)
def test_a_parameter_may_only_accept_more(
    old: dict[str, object], new: dict[str, object], impact: str
) -> None:
    """A wider type, a default and another way to pass it are additive, all else is breaking."""
    base = {"kind": "parameter", "passed": "keyword"}
    found = compare({"m.f(n)": {**base, **old}}, {"m.f(n)": {**base, **new}})

    assert {change.impact.name.lower() for change in found} == {impact}


BASES: dict[str, Facts] = {
    "option": {"names": ["-v", "--verbose"], "default": "0", "choices": ["a"], "required": True},
    "argument": {"names": ["file"], "type": "text", "choices": ["a"], "required": True},
    "attribute": {"type": "int | None"},
    "fixture": {"returns": "int | None", "scope": "function"},
    "function": {"returns": "int | None"},
    "class method": {"returns": "int | None"},
    "static method": {"returns": "int | None"},
    "key": {"type": "int", "required": True},
    "method": {"overloads": ["n: int"]},
    "constant": {"keys": ["a"]},
    "field": {"type": "int", "wire": "n"},
}


@pytest.mark.parametrize(
    ("kind", "changed", "impact"),
    [
        ("option", {"default": "1"}, "breaking"),
        ("option", {"names": ["-v", "--verbose", "--loud"]}, "additive"),
        ("option", {"names": ["--verbose"]}, "breaking"),
        ("option", {"choices": ["a", "b"]}, "additive"),
        ("option", {"choices": ["b"]}, "breaking"),
        ("option", {"required": False}, "additive"),
        ("argument", {"choices": ["a", "b"]}, "additive"),
        ("argument", {"required": False}, "additive"),
        ("argument", {"several": True}, "additive"),
        ("argument", {"type": "integer"}, "breaking"),
        ("attribute", {"type": "int"}, "additive"),
        ("attribute", {"type": "int | str | None"}, "breaking"),
        ("attribute", {"writable": True}, "additive"),
        ("fixture", {"returns": "int"}, "additive"),
        ("fixture", {"scope": "session"}, "breaking"),
        ("function", {"returns": "int"}, "additive"),
        ("class method", {"returns": "int"}, "additive"),
        ("static method", {"returns": "int"}, "additive"),
        ("field", {"position": 0}, "additive"),
        ("key", {"required": False}, "breaking"),  # users may read it as well as pass it
        ("key", {"type": "int | str"}, "breaking"),
        ("method", {"overloads": ["n: int", "n: str"]}, "additive"),
        ("method", {"overloads": ["n: str"]}, "breaking"),
        ("method", {"abstract": True}, "breaking"),
        ("constant", {"keys": ["a", "b"]}, "additive"),
        ("option", {"variable": "NAME"}, "additive"),
        ("field", {"type": "int | str"}, "breaking"),
        ("field", {"wire": "N"}, "breaking"),
        ("field", {"default": "1"}, "additive"),
    ],
)
def test_a_fact_may_only_become_more_generous(kind: str, changed: Facts, impact: str) -> None:
    """What users pass may become wider, what they receive narrower; all else is breaking."""
    base = {"kind": kind, **BASES[kind]}
    found = compare({"m.thing": base}, {"m.thing": {**base, **changed}})

    assert [change.impact.name.lower() for change in found] == [impact]
