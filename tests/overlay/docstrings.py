"""
What public docstrings must say. Each rule yields one finding for each thing that is missing.

    Args        exactly the parameters of the signature, with default and unit where they have any
    Returns     what comes back, unless that is nothing or a plain value; `Yields` of iterators
    Raises      errors that exist, and every one that was seen when the function was called
    Source      at the end: what of the contract it stands for
"""

import ast
import inspect
import re
import sys
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Generator,
    Iterable,
    Iterator,
    Mapping,
)
from inspect import Parameter, Signature
from types import NoneType
from typing import Any, Final, Literal, TypeAlias, get_args, get_origin

from msgspec import Struct

import trackingmore_v2
from tests.contract.document import contract
from trackingmore_v2 import ApiError, TrackingMoreError
from trackingmore_v2_api import META_CODES, OPERATIONS

Section: TypeAlias = Mapping[str, str]
"""What is said of each name."""

ITERATORS: Final = (Iterator, Generator, AsyncIterator, AsyncGenerator)
PLAIN: Final = (None, NoneType, bool, int, float, str, bytes)
UNIT: Final = re.compile(
    r"\b(seconds?|requests?|retr(?:y|ies)|calls?|parcels?|trackings?|items?|kilograms?|bytes)\b",
    re.IGNORECASE,
)
SCHEMAS: Final = frozenset(contract()["components"]["schemas"])


class Calls(Struct, frozen=True):
    """What was seen when a verb was called."""

    operations: frozenset[str] = frozenset()
    errors: frozenset[type[TrackingMoreError]] = frozenset()


class Docstring(Struct, frozen=True, kw_only=True):
    """A docstring, taken apart."""

    summary: str = ""
    """The first paragraph."""

    arguments: Section = {}
    attributes: Section = {}
    errors: Section = {}
    returns: str = ""
    yields: str = ""
    source: str = ""
    """What follows on `Source:` at the end."""


class Public(Struct, frozen=True, kw_only=True):
    """A public name, and what is said of it."""

    name: str
    doc: Docstring
    parameters: Mapping[str, Parameter] = {}
    fields: Section = {}
    """What is said of each attribute that a class introduces."""

    types: Mapping[str, Any] = {}
    """Types of those attributes, where they are declared."""

    inherited: frozenset[str] = frozenset()
    """Names of its other attributes, its properties among them."""

    gives: Any = Signature.empty
    """Type of the result, of functions."""

    is_own: bool = False
    """Whether it stands for nothing of the contract."""

    calls: Calls = Calls()
    error: type[BaseException] | None = None
    """The class itself, where it is one of errors."""


Rule: TypeAlias = Callable[[Public], Iterator[str]]

RULES: Final[dict[str, Rule]] = {}


def rule(function: Rule) -> Rule:
    """Register a rule under its name."""
    RULES[function.__name__] = function
    return function


# ---- Rules --------------------------------------------------------------------------------------


@rule
def speaks_in_sentences(public: Public) -> Iterator[str]:
    """It has a docstring, and so has each attribute; its first sentence ends with a full stop."""
    if not public.doc.summary.endswith("."):
        yield f"no sentence with a full stop: {public.doc.summary!r}"
    for name, text in public.fields.items():
        if not text.endswith("."):
            yield f"attribute {name}: no sentence with a full stop: {text!r}"


@rule
def names_its_parameters(public: Public) -> Iterator[str]:
    """`Args` names the parameters of the signature, in their order, and nothing else."""
    wanted = list(map(_starred, public.parameters.values()))
    if list(public.doc.arguments) != wanted:
        yield f"Args are {list(public.doc.arguments)}, the parameters {wanted}"


@rule
def names_its_attributes(public: Public) -> Iterator[str]:
    """`Attributes` names what there is."""
    for name in public.doc.attributes:
        if name not in public.fields and name not in public.inherited:
            yield f"there is no attribute {name}"


@rule
def tells_defaults(public: Public) -> Iterator[str]:
    """Each parameter with a default says what it is, also what None means."""
    for parameter in public.parameters.values():
        told = public.doc.arguments.get(parameter.name, "")
        if parameter.default is not Parameter.empty and "Default" not in told:
            yield f"{parameter.name} does not tell its default"


@rule
def tells_units(public: Public) -> Iterator[str]:
    """Each parameter that is a number tells of what, and so does each attribute that is a float."""
    numbers = {
        parameter.name: public.doc.arguments.get(parameter.name, "")
        for parameter in public.parameters.values()
        if {int, float} & _members(parameter.annotation)
    }
    for name, kind in public.types.items():
        if float in _members(kind):
            numbers[name] = public.fields.get(name, "")
    for name, told in numbers.items():
        if not UNIT.search(told):
            yield f"{name} does not tell its unit"


@rule
def tells_its_result(public: Public) -> Iterator[str]:
    """`Yields` tells of iterators, `Returns` of what is more than a plain value."""
    section = _section_of(public.gives)
    if section and not getattr(public.doc, section.lower()):
        yield f"{section} is missing"
    if public.gives is None and (public.doc.returns or public.doc.yields):
        yield "gives nothing, and tells of a result"


@rule
def names_errors(public: Public) -> Iterator[str]:
    """`Raises` names errors of the tree, bad arguments among them, and all that were seen."""
    for name in public.doc.errors:
        if not _error(name):
            yield f"there is no error {name}"
    for seen in sorted(public.calls.errors, key=lambda error: error.__name__):
        kinds = {cls.__name__ for cls in seen.__mro__} - TOO_WIDE
        if kinds.isdisjoint(public.doc.errors):
            yield f"raised {seen.__name__}, which it does not name"
    if public.calls.operations and public.parameters and "InvalidInput" not in public.doc.errors:
        yield "takes arguments, and does not name InvalidInput"


@rule
def names_what_it_calls(public: Public) -> Iterator[str]:
    """`Source` of a verb names the operations that it calls, and no other."""
    named = set(re.findall(r"\b[a-z]+[A-Z]\w+", public.doc.source))
    if public.calls.operations and named != public.calls.operations:
        yield f"calls {sorted(public.calls.operations)}, and names {sorted(named)}"


@rule
def names_its_source(public: Public) -> Iterator[str]:
    """`Source` says which kind of thing it names, and these things stand in the contract."""
    kind, names = _source(public.doc.source)
    if kind is None and not public.is_own:
        yield f"no source that is known: {public.doc.source!r}"
    known = {"operation": OPERATIONS.keys(), "schema": SCHEMAS, "meta code": set(map(str, CODES))}
    for name in names:
        if kind and name not in known[kind]:
            yield f"the contract has no {kind} {name}"


@rule
def names_its_codes(public: Public) -> Iterator[str]:
    """`Source` of a refusal names the meta codes that the contract gives its class."""
    if public.error and issubclass(public.error, ApiError) and not public.is_own:
        _, names = _source(public.doc.source)
        wanted = [str(code) for code in CODES if META_CODES[code].exception == public.name]
        if names != wanted:
            yield f"stands for {wanted}, and names {names}"


CODES: Final = tuple(sorted(META_CODES))
TOO_WIDE: Final = {"TrackingMoreError", "Exception", "BaseException", "object"}


# ---- Reading ------------------------------------------------------------------------------------


def read(text: str | None) -> Docstring:
    """Take a docstring apart."""
    clean = inspect.cleandoc(text or "")
    clean, _, source = clean.partition("Source: ")
    sections = dict(re.findall(r"^(\w+):\n((?: {4}.*\n?|\n(?= ))+)", clean, re.MULTILINE))
    return Docstring(
        summary=_one_line(re.split(r"\n\n|\n\w+:\n", clean, maxsplit=1)[0]),
        arguments=_entries(sections.get("Args", "")),
        attributes=_entries(sections.get("Attributes", "")),
        errors=_entries(sections.get("Raises", "")),
        returns=_one_line(sections.get("Returns", "")),
        yields=_one_line(sections.get("Yields", "")),
        source=_one_line(source),
    )


def definition_of(cls: type) -> ast.ClassDef:
    """Return the definition of a class, which an error's `__module__` does not name."""
    holders = [module for module in tuple(sys.modules.values()) if _holds(module, cls)]
    trees = (ast.parse(inspect.getsource(module)) for module in holders)
    nodes = (node for tree in trees for node in tree.body)
    return next(
        node for node in nodes if isinstance(node, ast.ClassDef) and node.name == cls.__name__
    )


def _holds(module: Any, cls: type) -> bool:
    is_ours = getattr(module, "__name__", "").startswith(("trackingmore_v2", "tests."))
    return is_ours and vars(module).get(cls.__name__) is cls


def read_attributes(cls: type, doc: Docstring) -> Section:
    """Return what is said of each public attribute that a class introduces, in either way."""
    tree = definition_of(cls)
    inherited = {name for base in cls.__mro__[1:] for name in vars(base)} | {
        name for base in cls.__mro__[1:] for name in read(base.__doc__).attributes
    }
    found = dict(_literals(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.setdefault(node.attr, "")
    own = {name: text for name, text in found.items() if name[0] != "_" and name not in inherited}
    return {
        name: text or {**doc.arguments, **doc.attributes}.get(name, "")
        for name, text in own.items()
    }


def read_aliases(module: Any) -> Section:
    """Return what is said of each public name that a module only assigns."""
    return {
        name: text
        for name, text in _literals(ast.parse(inspect.getsource(module)))
        if name[0] != "_" and not name.endswith("T")  # no type variables
    }


def _literals(body: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield each assigned name with the text below it."""
    statements: list[ast.stmt] = getattr(body, "body", [])
    for statement, below in zip(statements, [*statements[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign):
            target: ast.expr = statement.target
        elif isinstance(statement, ast.Assign):
            target = statement.targets[0]
        else:
            continue
        text = ""
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            text = inspect.cleandoc(str(below.value.value))
        if isinstance(target, ast.Name):
            yield target.id, _one_line(text)


def _entries(section: str) -> Section:
    found = re.findall(r"^ {4}(\*{0,2}\w+): (.*(?:\n {8}.*)*)", section, re.MULTILINE)
    return {name: _one_line(text) for name, text in found}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _starred(parameter: Parameter) -> str:
    return ("**" if parameter.kind is Parameter.VAR_KEYWORD else "") + parameter.name


def _members(annotation: Any) -> set[Any]:
    """Return the members of a union, or the type itself."""
    return {annotation, *get_args(annotation)}


def _section_of(gives: Any) -> Literal["Returns", "Yields"] | None:
    if get_origin(gives) in ITERATORS:
        return "Yields"
    return None if gives in (*PLAIN, Signature.empty) else "Returns"


def _error(name: str) -> bool:
    found = getattr(trackingmore_v2, name, None)
    return isinstance(found, type) and issubclass(found, TrackingMoreError)


def _source(text: str) -> tuple[str | None, list[str]]:
    """Return the kind of things that a source names, and their names."""
    found = re.match(r"(operation|schema|meta code)s? (.*)\.$", text)
    if found is None:
        return None, []
    names: Iterable[str] = re.findall(
        r"\b(?:[a-z]+[A-Z]\w*|[A-Z]\w+|\d+)\b", found[2].partition(";")[0]
    )
    return found[1], list(names)
