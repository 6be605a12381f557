"""Comparison of two descriptions of the Python API and of the command line."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple, TypeAlias

from release.api_diff.functions import Facts
from release.api_diff.rules import RULES, identity, is_required
from release.changes import ABSENT, Change, Impact, differing, is_list

Api: TypeAlias = dict[str, Facts]

_PREDICATES: Final = {
    ("default", True): "is now optional",
    ("default", False): "is now required",
    ("required", True): "is now required",
    ("required", False): "is now optional",
    ("abstract", True): "is now abstract",
    ("abstract", False): "is no longer abstract",
    ("coroutine", True): "is now a coroutine",
    ("coroutine", False): "is no longer a coroutine",
}
"""Sentences for facts that are now stated, or no longer."""

_WORDS: Final = {"returns": "return type", "wire": "name in JSON"}


class _Entry(NamedTuple):
    """An entry under one of the names that users may write."""

    origin: str
    """The name under which it is described."""

    facts: Facts


_Entries: TypeAlias = dict[str, _Entry]


def compare(old: Api, new: Api) -> list[Change]:
    """Return the changes between two descriptions."""
    before, now = _complete(old), _complete(new)
    names = sorted(before.keys() | now.keys())
    return [change for name in names for change in _compare_name(name, before, now)]


def _complete(api: Api) -> _Entries:
    """Return all names with their entries: those of aliases and inherited ones as well."""
    entries = {name: _Entry(name, facts) for name, facts in api.items()}
    for name, facts in api.items():
        for base in facts.get("bases", ()):
            _copy_members(base, name, entries)
    for name, facts in api.items():
        if facts["kind"] == "alias":
            entries[name] = entries[facts["of"]]
            _copy_members(facts["of"], name, entries)
    return entries


def _copy_members(source: str, name: str, entries: _Entries) -> None:
    """Add to a class, or an alias, the members and parameters of another, unless it has its own."""
    prefixes = (f"{source}.", f"{source}(")
    for member in [each for each in entries if each.startswith(prefixes)]:
        function, target = member.partition("(")[0], f"{name}{member.removeprefix(source)}"
        # A method of its own has parameters of its own.
        owner = entries.get(target.partition("(")[0])
        if function == member or (owner and owner.origin == entries[function].origin):
            entries.setdefault(target, entries[member])


def _compare_name(name: str, before: _Entries, now: _Entries) -> Iterator[Change]:
    old, new = before.get(name), now.get(name)
    if old and new:
        if name != old.origin == new.origin:
            return  # compared under the other name
        yield from _compare_facts(
            name, old.facts, new.facts, is_implemented=_is_implemented(name, now)
        )
    elif old and not _is_explained(name, old, before, now):
        yield Change(f"`{name}` was removed", Impact.BREAKING)
    elif new and not _is_explained(name, new, now, before):
        yield _new(name, new.facts, is_implemented=_is_implemented(name, now))


def _is_explained(name: str, entry: _Entry, here: _Entries, there: _Entries) -> bool:
    """Return whether another name that is on this side only explains why this one is."""
    parent = _parent(name)
    is_part = parent in here and parent not in there
    return is_part or (entry.origin != name and entry.origin not in there)


def _parent(name: str) -> str:
    """Return the class, function or command that a name is a part of."""
    function, is_parameter, _ = name.partition("(")
    return function if is_parameter else name.rpartition(" " if " " in name else ".")[0]


def _is_implemented(name: str, entries: _Entries) -> bool:
    """Return whether a name is a part of a protocol, which users may implement."""
    while (name := _parent(name)) in entries:
        if entries[name].facts.get("protocol"):
            return True
    return False


def _new(name: str, facts: Facts, *, is_implemented: bool) -> Change:
    required = is_required(facts)
    impact = Impact.BREAKING if required or is_implemented else Impact.ADDITIVE
    return Change(f"`{name}` is new{' and required' if required else ''}", impact)


def _compare_facts(name: str, old: Facts, new: Facts, *, is_implemented: bool) -> Iterator[Change]:
    if old["kind"] != new["kind"]:
        yield Change(_describe(name, "kind", old["kind"], new["kind"]), Impact.BREAKING)
        return
    for fact, before, now in differing(old, new):
        impact = RULES.get((old["kind"], fact), identity)(before, now)
        sentence = _describe(name, fact, before, now)
        yield Change(sentence, Impact.BREAKING if is_implemented else impact)


def _describe(name: str, fact: str, before: Any, now: Any) -> str:
    if is_list(before) and is_list(now):
        return f"`{name}` {_describe_lists(before, now)} in its {fact}"
    is_stated = now not in {ABSENT, False}
    if (fact, is_stated) in _PREDICATES and (not is_stated or before in {ABSENT, False}):
        return f"`{name}` {_PREDICATES[fact, is_stated]}"
    return f"{_WORDS.get(fact, fact)} of `{name}` is now {_spell(now)}, was {_spell(before)}"


def _describe_lists(before: list[str], now: list[str]) -> str:
    lost, gained = sorted({*before} - {*now}), sorted({*now} - {*before})
    parts = [
        f"{word} {', '.join(names)}" for word, names in (("lost", lost), ("got", gained)) if names
    ]
    return " and ".join(parts) or "changed the order"


def _spell(value: Any) -> str:
    return "missing" if value is ABSENT else f"`{value}`"
