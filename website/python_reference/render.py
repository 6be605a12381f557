"""Pages of Markdown with directives of Sphinx's Python domain."""

from collections.abc import Callable, Iterator, Mapping
from textwrap import indent
from typing import Any, Final

from griffe import Attribute, Class, DocstringSection, Function, Object

from website.python_reference.public import GROUPS, Library, members_of
from website.python_reference.signatures import Writer

_OUTER, _INNER = "`" * 7, "`" * 5
"""Fences of directives: those of code in docstrings are shorter."""

_NAMED_FIELDS: Final = {"parameters": "param", "attributes": "var"}
_SIMPLE_FIELDS: Final = {"returns": "returns", "yields": "Yields"}


def is_exception(thing: Object) -> bool:
    """Return whether an object is an exception class."""
    if not isinstance(thing, Class):
        return False
    return any(str(base) == "Exception" for each in (thing, *thing.mro()) for base in each.bases)


_KINDS: Final[Mapping[str, Callable[[Object], bool]]] = {
    "Classes": lambda thing: thing.is_class and not is_exception(thing),
    "Functions": lambda thing: thing.is_function,
    "Exceptions": is_exception,
    "Values and types": lambda thing: thing.is_attribute,
}


def render_index(library: Library) -> str:
    """Return the page that lists the modules."""
    return "\n".join(_index(library))


def render_page(library: Library, name: str) -> str:
    """Return the page of a module."""
    return "\n".join(_Page(library, Writer(library), name).lines())


def _index(library: Library) -> Iterator[str]:
    yield "# Python reference\n"
    yield "What each package exports, from its docstrings. Names with an underscore are private.\n"
    for title, names in GROUPS.items():
        yield f"## {title}\n"
        yield from (f"- [{name}]({name}.md): {_summary(library.modules[name])}" for name in names)
        yield "\n".join(["", "```{toctree}", ":hidden:", "", *names, "```", ""])


def _summary(thing: Object) -> str:
    text = thing.docstring.value if thing.docstring else ""
    return " ".join(text.partition("\n\n")[0].split())


class _Page:
    """The page of one module."""

    def __init__(self, library: Library, writer: Writer, name: str) -> None:
        self._library = library
        self._writer = writer
        self._name = name

    def lines(self) -> Iterator[str]:
        """Yield the page."""
        described = self._library.described_in(self._name).values()
        yield f"# {self._name}\n"
        yield f"```{{py:module}} {self._name}\n```\n"
        yield "```{highlight} default\n```\n"
        yield from self._docstring(self._library.modules[self._name])
        yield from self._elsewhere()
        for title, is_of_kind in _KINDS.items():
            if things := list(filter(is_of_kind, described)):
                yield f"## {title}\n"
                for thing in things:
                    yield from self._object(thing, _OUTER)

    def _elsewhere(self) -> Iterator[str]:
        """Yield links to the names that are described on another page."""
        exported = self._library.exports[self._name].values()
        homes = [f"{self._library.homes[each.path]}.{each.name}" for each in exported]
        own = {f"{self._name}.{each.name}" for each in exported}
        if others := [path for path in homes if path not in own]:
            links = ", ".join(f"{{py:obj}}`~{path}`" for path in others)
            yield f"It also exports these names, which are described elsewhere: {links}.\n"

    def _object(self, thing: Object, fence: str) -> Iterator[str]:
        if isinstance(thing, Class):
            yield from self._class(thing, fence)
        elif isinstance(thing, Function):
            yield from self._function(thing, fence)
        elif isinstance(thing, Attribute):
            yield from self._attribute(thing, fence)

    def _class(self, thing: Class, fence: str) -> Iterator[str]:
        kind = "exception" if is_exception(thing) else "class"
        yield f"{fence}{{py:{kind}}} {thing.name}{self._constructor(thing)}\n"
        if bases := [role for base in thing.bases if (role := self._writer.role(base))]:
            yield f"Bases: {', '.join(bases)}\n"
        yield from self._docstring(thing)
        for member in members_of(thing, self._library):
            yield from self._object(member, _INNER)
        yield f"{fence}\n"

    def _constructor(self, thing: Class) -> str:
        """Return the signature of a class that users construct: its docstring has `Args`."""
        constructor = thing.members.get("__init__")
        sections = thing.docstring.parsed if thing.docstring else []
        is_public = any(each.kind.value == "parameters" for each in sections)
        if not is_public or not isinstance(constructor, Function):
            return ""
        return self._writer.signature(constructor)

    def _function(self, thing: Function, fence: str) -> Iterator[str]:
        kind = "method" if isinstance(thing.parent, Class) else "function"
        flags = [name for name in ("async", "classmethod", "staticmethod") if name in thing.labels]
        *others, last = thing.overloads or [thing]
        for form in (*others, last):
            arrow = self._writer.returned(form)
            yield f"{fence}{{py:{kind}}} {thing.name}{self._writer.signature(form)}{arrow}"
            yield from (f":{name}:" for name in (*flags, *(["no-index"] if form in others else [])))
            yield ""
            yield from self._docstring(thing) if form is last else ()
            yield f"{fence}\n"

    def _attribute(self, thing: Attribute, fence: str) -> Iterator[str]:
        kind = "property" if "property" in thing.labels else "attribute"
        annotation, value = self._writer.source(thing.annotation), self._writer.value(thing)
        yield f"{fence}{{py:{kind}}} {thing.name}"
        yield from [f":type: {annotation}"] if annotation else []
        yield from [f":value: {value}"] if value and kind == "attribute" else []
        yield from [":no-contents-entry:"] if isinstance(thing.parent, Class) else []
        yield ""
        yield from self._docstring(thing)
        yield f"{fence}\n"

    def _docstring(self, thing: Object) -> Iterator[str]:
        """Yield a docstring: its text as it is, and its sections as fields."""
        for section in thing.docstring.parsed if thing.docstring else []:
            is_text = section.kind.value == "text"
            yield from [section.value] if is_text else self._fields(section)
            yield ""

    def _fields(self, section: DocstringSection) -> Iterator[str]:
        kind: str = section.kind.value
        value: Any = section.value
        if kind in _NAMED_FIELDS:
            for each in value:
                yield _field(f"{_NAMED_FIELDS[kind]} {each.name}", each.description)
        elif kind == "raises":
            for each in value:
                yield _field(f"raises ~{self._writer.source(each.annotation)}", each.description)
        else:
            yield from (_field(_SIMPLE_FIELDS[kind], each.description) for each in value)


def _field(name: str, text: str) -> str:
    return f":{name}: {indent(text, '    ').lstrip()}"
