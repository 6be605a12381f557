"""
Check public docstrings: `python lint/docstrings.py` prints what each lacks.

    sentence     a sentence with a full stop, for attributes too
    Args         exactly the parameters, in order, with their defaults and the units of numbers
    Attributes   only attributes that exist
    Returns      the result, unless it is None or a plain value; `Yields` for an iterator
    Raises       only errors that exist; at least one where arguments are sent to a server; none
                 that the `Raises` of the class states in the same words

The `Raises` of a class that users instantiate is about the constructor, and that of another class
about all methods. Generated models are exempt, since their docstrings are the contract's, and
pytest fixtures need no sections. `tests/overlay/test_docstrings.py` compares `Raises` and `Source`
with actual calls.
"""

import builtins
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from griffe import Attribute, Class, Function, GriffeLoader, Module, Object

ROOT: Final = Path(__file__).parents[1]
MODULES: Final = (
    *("trackingmore_v2", "trackingmore_v2.air_waybill_numbers", "trackingmore_v2.hooks"),
    *("trackingmore_v2.importer", "trackingmore_v2.importer.report"),
    *("trackingmore_v2.importer.sqlite", "trackingmore_v2.importer.postgres"),
    *("trackingmore_v2.limiters", "trackingmore_v2.limiters.memory"),
    *("trackingmore_v2.limiters.protocol", "trackingmore_v2.limiters.sqlite"),
    *("trackingmore_v2.limiters.redis", "trackingmore_v2.limiters.postgres"),
    *("trackingmore_v2.quota", "trackingmore_v2.serialization"),
    *("trackingmore_v2.timelines", "trackingmore_v2.timelines.air_waybill"),
    *("trackingmore_v2.timelines.parcel", "trackingmore_v2.types"),
    *("trackingmore_v2.webhooks", "trackingmore_v2.webhooks.asgi", "trackingmore_v2.webhooks.wsgi"),
    *("trackingmore_v2.webhooks.logs.memory", "trackingmore_v2.webhooks.logs.sqlite"),
    *("trackingmore_v2.webhooks.logs.redis", "trackingmore_v2.webhooks.logs.postgres"),
    *("trackingmore_v2_pytest", "trackingmore_v2_pytest.receiver", "trackingmore_v2_pytest.tenant"),
    *("trackingmore_v2_sandbox", "trackingmore_v2_sandbox.admin.python_api"),
)
"""Modules of the names that users import or receive instances of."""

OPAQUE: Final = {"Call", "Store"}
"""Classes whose members users do not use: they only pass instances on."""

CONSTRUCTED: Final = re.compile(
    r"(Async)?TrackingMore|(Sqlite|Redis|Postgres)?Limiter|QuotaGuard|Sandbox|SettableClock|SqliteStore|Tenant"
    r"|(Memory|Sqlite|Redis|Postgres)EventLog|TokenFilter|WebhookApp"
)
"""Classes that users instantiate."""

SENDERS: Final = re.compile(r"\w+(Resource|Methods)|AdminApi")
"""Classes whose methods send their arguments to a server."""

NO_DOCSTRING: Final = re.compile(r"TypeVar\(|ParamSpec\(")
"""Values of attributes that need no docstring."""

ARTICLE: Final = re.compile(r"\b(an?|the|another)\b", re.IGNORECASE)
"""Words that make no difference between the descriptions of two errors."""

PLAIN: Final = {"None", "bool", "int", "float", "str", "bytes"}
ITERATOR: Final = re.compile(r"\"?(Async)?(Iterator|Generator)\[")
UNIT: Final = re.compile(
    r"\b(seconds?|requests?|retr(?:y|ies)|calls?|parcels?|trackings?|items?|kilograms?|bytes"
    r"|balance|deliveries|detections|exchanges|integer|port|processes|statuses)\b",
    re.IGNORECASE,
)
BUILTIN_ERRORS: Final = {name for name in dir(builtins) if name.endswith(("Error", "Exception"))}


def find_public(module: Object) -> Iterator[Object]:
    """Yield a module, what it exports, and the public members of exported classes."""
    yield module
    for member in module.members.values():
        if member.is_public and member.name[0] != "_" and not member.is_module:
            exported = member.final_target if member.is_alias else member
            yield exported
            if exported.is_class and exported.name not in OPAQUE:
                yield from (each for name, each in exported.members.items() if name[0] != "_")


def find_errors(module: Object) -> Iterator[str]:
    """Yield the names of the exception classes in a package."""
    for member in module.members.values():
        if isinstance(member, Module):
            yield from find_errors(member)
        elif isinstance(member, Class):
            bases = {str(base) for each in (member, *member.mro()) for base in each.bases}
            if bases & BUILTIN_ERRORS:
                yield member.name


def sections_of(thing: Object) -> dict[str, Any]:
    """Return the sections of a docstring by kind; those about names and errors as dicts."""
    found = thing.docstring.parse(warnings=False) if thing.docstring else []
    sections = {each.kind.value: each.value for each in reversed(found)}
    for kind in sections.keys() & {"attributes", "parameters"}:
        sections[kind] = {entry.name.strip("*"): entry.description for entry in sections[kind]}
    raises = sections.get("raises", ())
    sections["raises"] = {str(entry.annotation): entry.description for entry in raises}
    return sections


def check(thing: Object, errors: set[str]) -> Iterator[str]:
    """Yield what the docstring of a public object lacks."""
    sections = sections_of(thing)
    text = sections.get("text", "")
    if isinstance(thing, Attribute):
        yield from check_attribute(thing, text)
    elif not text.partition("\n\n")[0].endswith("."):
        yield "no sentence with a full stop"
    yield from (f"there is no error {name}" for name in sorted(sections["raises"].keys() - errors))
    if isinstance(thing, Class):
        absent = sections.get("attributes", {}).keys() - thing.all_members.keys()
        yield from (f"there is no attribute {name}" for name in sorted(absent))
        if CONSTRUCTED.fullmatch(thing.name):
            yield from check_parameters(thing, sections)
    if isinstance(thing, Function) and not any(
        each.callable_path == "pytest.fixture" for each in thing.decorators
    ):
        yield from check_parameters(thing, sections)
        yield from check_function(thing, sections)


def check_attribute(thing: Attribute, text: str) -> Iterator[str]:
    """Yield what the description of an attribute, a property or an alias lacks."""
    if isinstance(thing.parent, Class):
        sections = sections_of(thing.parent)
        texts = sections.get("parameters", {}) | sections.get("attributes", {})
        text = text or texts.get(thing.name, "")
        if any(thing.name in base.members for base in thing.parent.mro()):
            return
    if not text.partition("\n\n")[0].endswith(".") and not NO_DOCSTRING.match(str(thing.value)):
        yield "no sentence with a full stop"
    if "float" in str(thing.annotation).split(" | ") and not UNIT.search(text):
        yield "no unit"


def check_parameters(thing: Class | Function, sections: dict[str, Any]) -> Iterator[str]:
    """Yield what `Args` lacks."""
    texts = sections.get("parameters", {})
    parameters = {each.name: each for each in thing.parameters if each.name != "self"}
    if list(texts) != list(parameters):
        yield f"Args are {list(texts)}, the parameters {list(parameters)}"
    for name in texts.keys() & parameters.keys():
        if parameters[name].default is not None and "Default" not in texts[name]:
            yield f"{name}: no default"
        kinds = str(parameters[name].annotation).split(" | ")
        if {"int", "float"}.intersection(kinds) and not UNIT.search(texts[name]):
            yield f"{name}: no unit"


def check_function(thing: Function, sections: dict[str, Any]) -> Iterator[str]:
    """Yield what `Returns`, `Yields` and `Raises` lack."""
    result = str(thing.returns)
    section = "yields" if ITERATOR.match(result) else "returns"
    if section not in sections and result not in PLAIN:
        yield f"no {section.capitalize()}"
    if section in sections and result == "None":
        yield "Returns of a function that returns None"
    raised, parent = sections["raises"], thing.parent
    if isinstance(parent, Class) and not CONSTRUCTED.fullmatch(parent.name):
        general = sections_of(parent)["raises"]
        for name in raised.keys() & general.keys():
            if words_of(raised[name]) == words_of(general[name]):
                yield f"{name} is in the Raises of {parent.name} already"
    arguments = {each.name for each in thing.parameters} - {"self", "api_key"}
    if arguments and not raised and parent and SENDERS.fullmatch(parent.name):
        yield "no Raises"


def words_of(description: str) -> list[str]:
    """Return the words of a description without articles."""
    return ARTICLE.sub("", description).split()


def findings() -> Iterator[str]:
    """Yield what public docstrings lack, as `file:line: name: reason`."""
    folders = [ROOT / name for name in ("generated", "overlay", "sandbox")]
    loader = GriffeLoader(search_paths=folders, docstring_parser="google")
    for name in ("trackingmore_v2_api", *MODULES):
        loader.load(name.partition(".")[0])
    loader.resolve_aliases()
    modules = [loader.modules_collection[name] for name in MODULES]
    errors = {"msgspec.DecodeError", *BUILTIN_ERRORS}.union(*map(find_errors, modules))
    public = {thing.path: thing for module in modules for thing in find_public(module)}
    for path, thing in public.items():
        for reason in check(thing, errors):
            yield f"{thing.relative_filepath}:{thing.lineno or 1}: {path}: {reason}"


if __name__ == "__main__":
    found = list(findings())
    sys.stdout.writelines(f"{line}\n" for line in found)
    sys.exit(f"{len(found)} docstrings to complete; see CONTRIBUTING.md" if found else 0)
