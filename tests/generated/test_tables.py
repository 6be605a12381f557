"""The tables of the generated package are the contract's, and its files the code generator's."""

import ast
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import asdict, fields

import trackingmore_v2_api as api
from trackingmore_v2_api import META_CODES, models, options, patterns
from trackingmore_v2_api import contract as facts
from trackingmore_v2_api.constraints import REQUEST_FIELDS
from website.contract import CONTRACT, contract, operations

PACKAGE = Path(api.__file__).parent
CODEGEN = CONTRACT.parent / "codegen"
HEADER = "# Generated from openapi.yaml by `nox -s generate`. Do not edit."
MODULES = sorted(PACKAGE.rglob("*.py"))
ROWS = {row["code"]: row for row in contract()["x-meta-codes"]}
PATTERNS = {
    name: schema
    for name, schema in contract()["components"]["schemas"].items()
    if schema.get("type") == "string" and "pattern" in schema
}
every_module = pytest.mark.parametrize(
    "module", MODULES, ids=lambda module: module.relative_to(PACKAGE).as_posix()
)


def snake(name: str) -> str:
    """Write `AirWaybills` as `air_waybills`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def test_the_meta_codes_are_the_contracts() -> None:
    """All codes are there, sorted, and no others."""
    assert list(META_CODES) == sorted(ROWS)


@pytest.mark.parametrize("code", sorted(ROWS))
def test_a_meta_code_is_the_contracts(code: int) -> None:
    """Type, name, message, retry, delay and exception stand as in the contract."""
    row: dict[str, Any] = ROWS[code]

    assert asdict(META_CODES[code]) == {
        "code": code,
        "type": row["type"],
        "name": row["name"],
        "message": row["message"],
        "retryable": row["retryable"],
        "pause_seconds": row.get("pause-seconds"),
        "exception": row["exception"],
    }


def test_the_patterns_are_the_contracts() -> None:
    """Each string schema with a pattern gives one compiled pattern, and nothing else does."""
    found = {name: it.pattern for name, it in vars(patterns).items() if isinstance(it, re.Pattern)}

    assert found == {snake(name).upper(): schema["pattern"] for name, schema in PATTERNS.items()}


def test_what_a_pattern_allows_is_said() -> None:
    """Each pattern has words for error messages."""
    assert {pattern.pattern: words for pattern, words in patterns.ALLOWED.items()} == {
        schema["pattern"]: schema["x-allowed"] for schema in PATTERNS.values()
    }


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_matches_its_examples(name: str) -> None:
    """The contract's examples match in Python, too."""
    pattern = getattr(patterns, snake(name).upper())

    assert PATTERNS[name]["examples"]
    for text in PATTERNS[name]["examples"]:
        assert pattern.fullmatch(text)


def test_the_facts_are_the_contracts() -> None:
    """Address, header and version come from the contract; the hash says from which one."""
    (scheme,) = contract()["components"]["securitySchemes"].values()

    assert contract()["servers"][0]["url"] == facts.BASE_URL
    assert facts.BASE_URL == "https://api.trackingmore.com/v2"
    assert scheme["name"] == facts.API_KEY_HEADER
    assert contract()["info"]["version"] == facts.VERSION
    assert sha256(CONTRACT.read_bytes()).hexdigest() == facts.CONTRACT_SHA256
    assert facts.OPERATION_COUNT == len(list(operations(contract()))) == 19


def test_the_tables_cannot_be_changed() -> None:
    """No user of the package can change the tables for all others."""
    for table in (META_CODES, api.OPERATIONS, facts.GENERATORS):
        with pytest.raises(TypeError, match="does not support item assignment"):
            table["x"] = None  # type: ignore[index]  # on purpose


def test_all_is_what_is_imported() -> None:
    """All that `__init__` imports is public, sorted, and there."""
    assert all(hasattr(api, name) for name in api.__all__)
    assert len(set(api.__all__)) == len(api.__all__)


def test_each_request_body_has_its_options() -> None:
    """The optional fields of a body are offered as typed keyword arguments, required ones not."""
    for name, offered in vars(options).items():
        if not name.endswith("OptionsDict"):
            continue
        names = getattr(models, name.removesuffix("OptionsDict")).__struct_fields__
        defaults = getattr(models, name.removesuffix("OptionsDict")).__struct_defaults__

        assert list(offered.__annotations__) == list(names[len(names) - len(defaults) :])
        assert not offered.__total__


@pytest.mark.parametrize("model", REQUEST_FIELDS, ids=lambda model: model.__name__)
def test_the_table_of_fields_is_that_of_the_model(model: type[Struct]) -> None:
    """Each field of a request model has its names, and sentences for either side."""
    table = REQUEST_FIELDS[model]

    assert [(field.name, field.wire, field.required) for field in table] == [
        (field.name, field.encode_name, field.required) for field in fields(model)
    ]
    assert all(field.allowed and field.expected for field in table)


def test_items_are_offered_as_dicts() -> None:
    """A dict has every field of its model, and requires what the model requires."""
    found = [name for name in vars(options) if name.endswith("Dict") and "Options" not in name]
    for name in set(found) - {"TypedDict"}:
        wanted = fields(getattr(models, name.removesuffix("Dict")))
        offered = getattr(options, name)

        assert offered.__required_keys__ == {field.name for field in wanted if field.required}
        assert offered.__optional_keys__ == {field.name for field in wanted if not field.required}
    assert len(found) == 1 + 5


@every_module
def test_a_module_says_that_it_is_generated(module: Path) -> None:
    """The first line of a generated file names its source, and the second its content."""
    text = module.read_text(encoding="utf-8")

    assert text.splitlines()[0] == HEADER
    assert text.count(HEADER) == 1
    assert ast.get_docstring(ast.parse(text))


@every_module
def test_a_module_silences_no_checker(module: Path) -> None:
    """Generated code is right, not excused."""
    text = module.read_text(encoding="utf-8")

    assert not re.search(r"type:\s*ignore|pyright:|mypy:|cast\(|noqa", text)


@pytest.mark.parametrize(
    "source", sorted((CODEGEN / "package").glob("*.py")), ids=lambda it: it.name
)
def test_a_copied_module_is_its_source(source: Path) -> None:
    """What is written by hand is written in codegen/; the package holds it word for word."""
    product = ast.parse((PACKAGE / source.name).read_text(encoding="utf-8"))

    assert ast.dump(product) == ast.dump(ast.parse(source.read_text(encoding="utf-8")))


def test_no_file_is_left_over() -> None:
    """The package has the files that the code generator writes, and no others."""
    own = (CODEGEN / "package").iterdir()
    written = {"models.py", "openapi.yaml", "py.typed", "operations/__init__.py"}
    written |= {path.name.removesuffix(".jinja") for path in own if path.is_file()}
    for operation in operations(contract()):
        (tag,) = operation.value["tags"]
        written |= {
            f"operations/{snake(tag)}/{name}.py" for name in ("__init__", snake(operation.name))
        }
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert found == written
