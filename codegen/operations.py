"""Generation of the operations by openapi-python-client, with the templates in opc/."""

import shutil
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.parser.openapi import Endpoint

from contract import Contract, Node, OperationNode, PythonTypes, snake_case
from rendering import CODEGEN, FILTERS

BOUNDS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "default": "default",
    "maxItems": "max_items",
}
RETRIES = {"safe", "idempotent", "create", "move"}


@dataclass(frozen=True)
class Argument:
    """One argument of a `call` function."""

    name: str
    wire: str
    annotation: str
    required: bool
    description: str


@dataclass(frozen=True)
class OperationView:
    """The variables of the template of one operation."""

    id: str
    fields: dict[str, str]
    """Keyword arguments of `Operation(...)`, as Python."""

    response: str
    path: tuple[Argument, ...]
    query: tuple[Argument, ...]
    headers: tuple[Argument, ...]
    body: Argument | None
    summary: str
    description: str
    source: str
    """The operation's place in the contract."""

    @property
    def positional(self) -> tuple[Argument, ...]:
        """Positional arguments of `call`: the path parameters and the body."""
        return (*self.path, *((self.body,) if self.body else ()))

    @property
    def keyword(self) -> tuple[Argument, ...]:
        """Keyword arguments of `call`, required ones first."""
        return tuple(sorted((*self.query, *self.headers), key=lambda it: not it.required))


class Views:
    """Builder of template variables, from parsed endpoints and the document's other facts."""

    def __init__(self, contract: Contract, types: PythonTypes) -> None:
        self._contract = contract
        self._types = types
        self._operations = {
            snake_case(operation.id): operation for operation in contract.operations
        }
        if len(self._operations) != len(contract.operations):
            raise SystemExit("two operationIds have the same module name; rename one")

    def of(self, endpoint: Endpoint) -> OperationView:
        """Return the template variables of an endpoint."""
        operation = self._operations[snake_case(_text(endpoint.name))]
        node = operation.node
        path = self._arguments(operation, "path", endpoint.path_parameters)
        query = self._arguments(operation, "query", endpoint.query_parameters)
        headers = self._arguments(operation, "header", endpoint.header_parameters)
        response = self._types.of(self._contract.response_schema(operation))
        request = self._contract.request_schema(operation)
        (tag,) = node["tags"]
        names = {
            "path_parameters": tuple(argument.wire for argument in path),
            "query_parameters": tuple(argument.wire for argument in query),
            "header_parameters": tuple(argument.wire for argument in headers),
        }
        return OperationView(
            id=operation.id,
            fields={
                "id": repr(operation.id),
                "method": repr(operation.method.upper()),
                "path": repr(operation.path),
                "tag": repr(tag),
                "response": response,
                **({"request": self._types.of(request)} if request else {}),
                **{name: repr(wires) for name, wires in names.items() if wires},
                **self._bounds(operation),
                **_extensions(operation),
            },
            response=response,
            path=path,
            query=query,
            headers=headers,
            body=self._body(operation),
            summary=node["summary"].rstrip(".") + ".",
            description=node.get("description", ""),
            source=f"operation {operation.id} ({operation.method.upper()} {operation.path})",
        )

    def _arguments(
        self,
        operation: OperationNode,
        place: str,
        parsed: list[Any],  # openapi-python-client's union of property classes
    ) -> tuple[Argument, ...]:
        nodes = {node["name"]: node for node in operation.parameters if node["in"] == place}
        names = {_text(parameter.name): str(parameter.python_name) for parameter in parsed}
        if names.keys() != nodes.keys():
            raise SystemExit(f"{operation.id}: openapi-python-client dropped {place} parameters")
        return tuple(
            Argument(
                name=names[wire],
                wire=wire,
                annotation=self._types.of(node["schema"], array="Sequence"),
                required=node.get("required", False),
                description=self._description(node, node["schema"]),
            )
            for wire, node in nodes.items()
        )

    def _bounds(self, operation: OperationNode) -> dict[str, str]:
        """Return the bounds of the query parameters as an argument of `Operation(...)`."""
        written: list[str] = []
        for node in operation.parameters:
            schema = self._contract.deref(node["schema"])
            limits = [f"{name}={schema[key]}" for key, name in BOUNDS.items() if key in schema]
            if node["in"] == "query" and limits:
                written.append(f"Bounds(name={node['name']!r}, {', '.join(limits)}),")
        return {"bounds": f"({' '.join(written)})"} if written else {}

    def _body(self, operation: OperationNode) -> Argument | None:
        schema = self._contract.request_schema(operation)
        if schema is None:
            return None
        node = self._contract.deref(operation.node["requestBody"])
        items = self._contract.deref(schema).get("items", {})
        return Argument(
            name="body",
            wire="body",
            annotation=self._types.of(schema, array="Sequence"),
            required=node.get("required", False),
            description=self._description(node, schema, items),
        )

    def _description(self, *nodes: Node) -> str:
        """Return the first description of the nodes or of their targets, on one line."""
        chain = (found for node in nodes for found in (node, self._contract.deref(node)))
        texts = (found.get("description", "") for found in chain)
        return " ".join(next(filter(None, texts), "").split())


def write_operations(contract: Contract, types: PythonTypes, package: Path) -> None:
    """Write `operations/<tag>/<operation>.py`, and the registry of all operations."""
    with TemporaryDirectory() as folder:
        built = Path(folder, "package")
        source = Path("openapi.yaml")  # never opened: the document is already parsed
        config = Config.from_sources(
            ConfigFile(post_hooks=[]),
            MetaType.NONE,
            source,
            "utf-8",
            overwrite=True,
            output_path=built,
        )
        parsed = GeneratorData.from_dict(contract.document, config=config)
        if isinstance(parsed, GeneratorError):
            raise SystemExit(_describe([parsed]))
        project = Project(openapi=parsed, config=config, custom_template_path=CODEGEN / "opc")
        project.env.filters.update(FILTERS)
        project.env.globals["package"] = package.name
        project.env.globals["view"] = Views(contract, types).of
        with redirect_stdout(StringIO()):
            errors = project.build()
        if errors:
            raise SystemExit(_describe(errors))
        shutil.copytree(built / "api", package / "operations")


def _describe(errors: Sequence[GeneratorError]) -> str:
    lines = "\n".join(f"{error.header}: {_text(error.detail)}" for error in errors)
    return f"openapi-python-client failed:\n{lines}"


def _extensions(operation: OperationNode) -> dict[str, str]:
    """Return the operation's `x-` keys as arguments of `Operation(...)`."""
    node = operation.node
    if node.get("x-retry") not in RETRIES:
        raise SystemExit(f"{operation.id}: x-retry must be one of {', '.join(sorted(RETRIES))}")
    written: dict[str, str] = {}
    if limit := node.get("x-rate-limit"):
        quota = f"requests={limit['requests']}, seconds={limit['seconds']}"
        written["rate_limit"] = f"RateLimit({quota})"
    written["retry"] = repr(node["x-retry"])
    if batch := node.get("x-batch"):
        code = batch.get("over-limit-code")
        written["batch"] = f"BatchLimits(max_items={batch['max-items']}, over_limit_code={code})"
    if paging := node.get("x-pagination"):
        names = (f"{name}={paging[name]!r}" for name in ("page", "size", "items"))
        total = repr(paging.get("total"))
        written["pagination"] = (
            f"Pagination({', '.join(names)}, max_size={paging['max-size']}, total={total})"
        )
    codes = sorted(node["x-success-codes"])
    written["success_codes"] = f"frozenset({{{', '.join(map(str, codes))}}})"
    return written


def _text(value: object) -> str:
    """Return the text of the generator's wrapper for untrusted strings."""
    unwrap = getattr(value, "get_untrusted_value", None)
    return str(unwrap() if unwrap else value)
