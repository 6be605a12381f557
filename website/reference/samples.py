"""
Code for each operation, in four forms.

`samples.yaml` has the call of the async client and the command line of each operation. The code of
the sync client is derived from that of the async one, and the curl command from the contract.
"""

import json
import re
import shlex
from functools import cache
from pathlib import Path
from textwrap import indent
from typing import Any, cast
from urllib.parse import quote, urlencode

import msgspec
import yaml
from msgspec import Struct

from trackingmore_v2_api import API_KEY_HEADER, BASE_URL
from website.contract import Operation, contract, parameters
from website.reference.parts import media_of

_SYNC = """{imports}from trackingmore_v2 import TrackingMore

with TrackingMore() as client:
{body}
"""
_ASYNC = """import asyncio
{imports}
from trackingmore_v2 import AsyncTrackingMore


async def main() -> None:
    async with AsyncTrackingMore() as client:
{body}


asyncio.run(main())
"""


class Sample(Struct, frozen=True, forbid_unknown_fields=True):
    """The code of an operation."""

    call: str
    """The call of the async client, and what is done with its result."""

    command: str
    imports: str = ""
    """Imports from the standard library."""

    note: str = ""
    """What a reader must know about the command."""

    sends: tuple[str, ...] = ()
    """The operations that the command sends, if they are others."""

    status: int = 0
    """The exit status of the command."""

    files: dict[str, str] = {}
    """The files that the command reads, by name."""

    @property
    def async_code(self) -> str:
        """The program of the async client."""
        body = indent(self.call.rstrip(), " " * 8)
        return _ASYNC.format(imports=self.imports, body=body)

    @property
    def sync_code(self) -> str:
        """The program of the sync client."""
        body = indent(re.sub(r"\b(?:async|await) ", "", self.call.rstrip()), " " * 4)
        imports = f"{self.imports}\n" if self.imports else ""
        return _SYNC.format(imports=imports, body=body)


@cache
def samples() -> dict[str, Sample]:
    """Return the sample of each operation."""
    text = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), dict[str, Sample])


def request_of(operation: Operation) -> tuple[dict[str, Any], Any]:
    """Return the examples of an operation's parameters, by name, and of its body."""
    given = {node["name"]: node["example"] for node in parameters(contract(), operation)}
    bodies = [*media_of(operation.value.get("requestBody")).values()]
    return given, bodies[0]["value"] if bodies else None


def curl(operation: Operation) -> str:
    """Return the curl command that sends the request of the story."""
    given, body = request_of(operation)
    lines = [f"curl {shlex.quote(BASE_URL + _path(operation, given))}"]
    if operation.method != "get":
        lines[0] = lines[0].replace("curl ", f"curl -X {operation.method.upper()} ", 1)
    lines.append(f'-H "{API_KEY_HEADER}: $TRACKINGMORE_API_KEY"')
    lines += [f"-H {shlex.quote(f'{name}: {given[name]}')}" for name in _names(operation, "header")]
    if body is not None:
        text = json.dumps(body, indent=2, ensure_ascii=False)
        lines += ['-H "Content-Type: application/json"', f"-d {shlex.quote(text)}"]
    return " \\\n  ".join(lines)


def _path(operation: Operation, given: dict[str, Any]) -> str:
    """Return the path and query of a request."""
    in_path = {name: quote(str(given[name]), safe="") for name in _names(operation, "path")}
    in_query = [(name, _text(given[name])) for name in _names(operation, "query")]
    query = urlencode(in_query, safe=",")
    return operation.path.format(**in_path) + (f"?{query}" if query else "")


def _names(operation: Operation, place: str) -> list[str]:
    given = parameters(contract(), operation)
    return [node["name"] for node in given if node["in"] == place]


def _text(value: object) -> str:
    return ",".join(cast("list[str]", value)) if isinstance(value, list) else str(value)
