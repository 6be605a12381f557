"""The description of the Python API and of the command line, and the file that holds it."""

import json
from types import FunctionType, ModuleType
from typing import Any, Final, TypeAlias, get_origin

from release.api_diff.classes import OURS, Describer
from release.api_diff.commands import describe_commands
from release.api_diff.functions import Entries, Facts, describe_function
from release.api_diff.modules import public_modules, public_names
from release.api_diff.spelling import spell_type, spell_value

Api: TypeAlias = dict[str, Facts]
FILE: Final = "release/api.json"


def describe_api() -> Api:
    """Return an entry for each public name."""
    modules = {module.__name__: public_names(module) for module in public_modules()}
    places = _places(modules)
    describer = Describer({cls: name for cls, name in places.items() if isinstance(cls, type)})
    api: Api = dict(describe_commands())
    for module, names in modules.items():
        for key, value in names.items():
            name = f"{module}.{key}"
            if _is_defined(value) and places[value] != name:
                api[name] = {"kind": "alias", "of": places[value]}
            else:
                api |= dict(_describe(name, value, describer))
    return dict(sorted(api.items()))


def _is_defined(value: Any) -> bool:
    """Return whether a value is a class or a function of this project."""
    return isinstance(value, type | FunctionType) and value.__module__.startswith(OURS)


def _places(modules: dict[str, dict[str, Any]]) -> dict[Any, str]:
    """Return the shortest public name of each class and function."""
    found = [
        (f"{module}.{name}", value)
        for module, names in modules.items()
        for name, value in names.items()
        if _is_defined(value)
    ]
    found.sort(key=lambda pair: (pair[0].count("."), pair[0]), reverse=True)
    return {value: name for name, value in found}


def _describe(name: str, value: Any, describer: Describer) -> Entries:
    if _is_defined(value):
        is_class = isinstance(value, type)
        yield from (describer.describe if is_class else describe_function)(name, value)
    elif isinstance(value, ModuleType):
        yield name, {"kind": "module"}
    elif hasattr(value, "_fixture_function_marker"):
        yield name, _describe_fixture(name, value)
    elif isinstance(value, type) or get_origin(value):
        yield name, {"kind": "type", "type": spell_type(value)}
    elif hasattr(value, "keys"):
        yield name, {"kind": "constant", "keys": sorted(map(str, value.keys()))}
    else:
        yield name, {"kind": "constant", "value": spell_value(value)}


def _describe_fixture(name: str, fixture: Any) -> Facts:
    """Return the facts of a pytest fixture, whose parameters are other fixtures."""
    # pytest has no public access to either.
    function, marker = fixture._fixture_function, fixture._fixture_function_marker  # noqa: SLF001 - as said
    facts = dict(describe_function(name, function, "fixture"))[name]
    return {**facts, "scope": str(marker.scope)}


def dump(api: Api) -> str:
    """Return the text of the file: one line for each entry."""
    lines = (f"  {json.dumps(name)}: {json.dumps(facts)}" for name, facts in api.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"
