"""Tables of the contract: facts, meta codes, patterns, and options of request bodies."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise

from contract import Contract, Node, snake_case

GENERATORS = ("datamodel-code-generator", "openapi-python-client", "ruff")


@dataclass(frozen=True)
class Pattern:
    """A string schema with a pattern."""

    name: str
    regex: str
    doc: str


@dataclass(frozen=True)
class Option:
    """An optional field of a request body."""

    name: str
    annotation: str
    doc: str


@dataclass(frozen=True)
class OptionsType:
    """The optional fields of one request body."""

    name: str
    doc: str
    fields: tuple[Option, ...]


def contract_facts(contract: Contract) -> dict[str, object]:
    """Return the facts of the contract as a whole."""
    document = contract.document
    (scheme,) = document["components"]["securitySchemes"].values()
    return {
        "version": document["info"]["version"],
        "base_url": document["servers"][0]["url"],
        "api_key_header": scheme["name"],
        "operation_count": len(contract.operations),
        "sha256": contract.sha256,
        "generators": [(tool, version(tool)) for tool in GENERATORS],
    }


def meta_codes(contract: Contract) -> list[Node]:
    """Return the values of `meta.code`, as arguments of `MetaCode(...)`."""
    rows = sorted(contract.document["x-meta-codes"], key=lambda row: int(row["code"]))
    for before, after in pairwise(rows):
        if before["code"] == after["code"]:
            raise SystemExit(f"x-meta-codes lists {after['code']} twice; remove one")
    keys = ("code", "type", "name", "message", "retryable", "pause-seconds", "exception")
    return [{key.replace("-", "_"): row.get(key) for key in keys} for row in rows]


def patterns(contract: Contract) -> list[Pattern]:
    """Return the string schemas that have a pattern."""
    return [
        Pattern(snake_case(name).upper(), schema["pattern"], schema.get("description", name))
        for name, schema in contract.schemas.items()
        if schema.get("type") == "string" and "pattern" in schema
    ]


def option_types(contract: Contract, models: str, class_names: dict[str, str]) -> list[OptionsType]:
    """Return the optional fields of each request body, read from the generated models."""
    classes = {node.name: node for node in ast.parse(models).body if isinstance(node, ast.ClassDef)}
    qualify = _Qualify(models)
    found: list[OptionsType] = []
    for schema in contract.request_objects():
        name = class_names[f"#/components/schemas/{schema}"]
        options = tuple(_options(classes[name], classes, qualify))
        if options:
            found.append(
                OptionsType(f"{name}OptionsDict", f"Optional fields of `{name}`.", options)
            )
    return found


class _Qualify(ast.NodeTransformer):
    """Prefix names of the models module with `models.`."""

    def __init__(self, models: str) -> None:
        body = ast.parse(models).body
        classes = {node.name for node in body if isinstance(node, ast.ClassDef)}
        aliases = {ast.unparse(node.target) for node in body if isinstance(node, ast.AnnAssign)}
        self._names = classes | aliases

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self._names:
            return node
        return ast.Attribute(ast.Name("models"), node.id)


def _options(
    model: ast.ClassDef, classes: dict[str, ast.ClassDef], qualify: _Qualify
) -> Iterator[Option]:
    for base in model.bases:
        if isinstance(base, ast.Name) and base.id in classes:
            yield from _options(classes[base.id], classes, qualify)
    for node, following in zip(model.body, [*model.body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and _has_default(node.value):
            annotation = ast.unparse(qualify.visit(node.annotation))
            yield Option(ast.unparse(node.target), annotation, _string(following))


def _has_default(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return any(keyword.arg in {"default", "default_factory"} for keyword in value.keywords)
    return value is not None


def _string(node: ast.stmt | None) -> str:
    match node:
        case ast.Expr(ast.Constant(str() as text)):
            return inspect.cleandoc(text)
        case _:
            return ""
