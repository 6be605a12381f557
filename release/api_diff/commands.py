"""The command line as entries: its commands, their options and arguments, and exit statuses."""

from typing import Any

import click

from release.api_diff.functions import Entries, Facts
from release.api_diff.spelling import spell_value
from trackingmore_v2_cli._app import app
from trackingmore_v2_cli._failures import PROGRAM
from trackingmore_v2_cli._statuses import ExitStatus


def describe_commands() -> Entries:
    """Yield the entries of the command line."""
    for status in ExitStatus:
        name = f"{PROGRAM}: exit status {status.name}"
        yield name, {"kind": "exit status", "value": str(status.value)}
    yield from _describe(PROGRAM, app)


def _describe(name: str, command: click.Command) -> Entries:
    yield name, {"kind": "command"}
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    for parameter in command.params:
        if not getattr(parameter, "hidden", False):
            facts = _describe_parameter(parameter)
            if parameter in arguments:
                facts["position"] = arguments.index(parameter)
            yield f"{name} {_name_of(parameter)}", facts
    if isinstance(command, click.Group):
        context = click.Context(command)
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found and not found.hidden:
                yield from _describe(f"{name} {child}", found)


def _name_of(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Argument):
        return str(parameter.name).upper()
    return max(parameter.opts, key=len)


def _describe_parameter(parameter: click.Parameter) -> Facts:
    facts: Facts = {
        "kind": parameter.param_type_name,
        "names": sorted([*parameter.opts, *parameter.secondary_opts]),
        "type": parameter.type.name,
    }
    if choices := getattr(parameter.type, "choices", ()):
        facts["choices"] = sorted(map(str, choices))
    for limit in ("min", "max"):
        if (value := getattr(parameter.type, limit, None)) is not None:
            facts[limit] = value
    if parameter.envvar:
        facts["variable"] = str(parameter.envvar)
    if parameter.required:
        facts["required"] = True
    if _takes_several(parameter):
        facts["several"] = True
    if parameter.default is not None and not _is_unset(parameter.default):
        facts["default"] = spell_value(parameter.default)
    return facts


def _takes_several(parameter: click.Parameter) -> bool:
    return getattr(parameter, "multiple", False) or parameter.nargs != 1


def _is_unset(value: Any) -> bool:
    return "UNSET" in repr(value).upper()
