"""the parts of the code generator that need none of the generators."""

import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from website.contract import CONTRACT

CODEGEN = CONTRACT.parent / "codegen"
PACKAGE = CONTRACT.parent / "generated" / "trackingmore_v2_api"
OWN_MODULES = {"compare", "contract", "tables"}


@pytest.fixture
def codegen(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Import modules of the code generator by name, and forget them afterwards."""
    monkeypatch.syspath_prepend(CODEGEN)
    for name in OWN_MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield import_module
    for name in OWN_MODULES:
        sys.modules.pop(name, None)


def document(**schemas: Any) -> bytes:
    """Write a contract with no more than these schemas."""
    return yaml.safe_dump({"paths": {}, "components": {"schemas": schemas}}).encode()


def named(name: str) -> dict[str, Any]:
    """Return an object schema whose property `singed_by` has a name for Python."""
    return {"properties": {"singed_by": {"type": "string", "x-python-name": name}}}


@pytest.mark.parametrize(
    "schemas",
    [
        {"A": named("signed_by"), "B": named("signer")},
        {"A": {"properties": {"a": {"type": "array", "items": named("signer")}}}, "B": named("x")},
        {"A": {"oneOf": [named("signed_by"), named("signer")]}},
        {"A": {"additionalProperties": named("signed_by")}, "B": named("signer")},
    ],
    ids=["two schemas", "deep inside", "alternatives", "map"],
)
def test_a_wire_name_has_one_python_name(codegen: Any, schemas: dict[str, Any]) -> None:
    """The generator renames by wire name; a contract that wants two names is rejected."""
    with pytest.raises(SystemExit, match=r"^singed_by has two x-python-names: "):
        codegen("contract").Contract(document(**schemas)).python_names()


def test_the_same_python_name_may_stand_twice(codegen: Any) -> None:
    """Saying the same in two places is no conflict."""
    source = document(A=named("signed_by"), B=named("signed_by"))

    assert codegen("contract").Contract(source).python_names() == {"singed_by": "signed_by"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("TrackingNumber", "tracking_number"),
        ("listTrackings", "list_trackings"),
        ("AirWaybills", "air_waybills"),
        ("HTTPStatus", "http_status"),
        ("already_snake", "already_snake"),
    ],
)
def test_names_are_written_in_snake_case(codegen: Any, name: str, expected: str) -> None:
    """Modules and constants are named as Python names them."""
    assert codegen("contract").snake_case(name) == expected


@pytest.mark.parametrize(
    ("schema", "annotation"),
    [
        ({"type": "string"}, "str"),
        ({"type": ["integer", "null"]}, "int | None"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/A"}}, "list[models.A]"),
        ({"type": ["array", "string"], "items": {"type": "string"}}, "list[str] | str"),
        ({"anyOf": [{"type": "number"}, {"$ref": "#/components/schemas/A"}]}, "float | models.A"),
        ({"enum": ["a", 1]}, "Literal['a', 1]"),
        ({}, "Any"),
    ],
    ids=["scalar", "nullable", "list", "list or text", "alternatives", "values", "anything"],
)
def test_a_schema_is_written_as_an_annotation(
    codegen: Any, schema: dict[str, Any], annotation: str
) -> None:
    """Types of parameters and bodies are the contract's, in terms of the models."""
    module = codegen("contract")
    contract = module.Contract(document(A={"type": "object"}))
    types = module.PythonTypes(contract, {"#/components/schemas/A": "A"})

    assert types.of(schema) == annotation


def test_a_meta_code_stands_once(codegen: Any) -> None:
    """A code that is listed twice would silently lose one meaning; it is rejected."""
    row = {"code": 4016, "type": "t", "name": "n", "message": "m", "retryable": False}
    source = yaml.safe_dump({"x-meta-codes": [row, row]}).encode()

    with pytest.raises(SystemExit, match=r"^x-meta-codes lists 4016 twice; remove one$"):
        codegen("tables").meta_codes(codegen("contract").Contract(source))


def prove(package: Path) -> subprocess.CompletedProcess[str]:
    """Run the last step of the code generator on a package."""
    run = [sys.executable, "-B", str(CODEGEN / "verify.py"), str(package)]
    return subprocess.run(run, check=False, capture_output=True, text=True)  # noqa: S603 - our own words


def test_the_product_is_proven() -> None:
    """The package imports in a fresh interpreter, and all its types can be decoded."""
    done = prove(PACKAGE)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("module", "old", "new", "complaint"),
    [
        ("contract.py", "OPERATION_COUNT: Final = 19", "OPERATION_COUNT: Final = 20", "has 20"),
        ("models.py", "order_create_time: int | str | None", "order_create_time: Leg | Flight", ""),
        ("models.py", "customer_phone: str | None", "customer_phone: Lost | None", "Lost"),
    ],
    ids=["operation lost", "union that cannot be decoded", "type lost"],
)
def test_a_broken_product_is_not_proven(
    tmp_path: Path, module: str, old: str, new: str, complaint: str
) -> None:
    """Generation stops where the package lacks an operation, or a type cannot be decoded."""
    package = tmp_path / PACKAGE.name
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    text = (package / module).read_text(encoding="utf-8")
    assert old in text
    (package / module).write_text(text.replace(old, new), encoding="utf-8")

    done = prove(package)

    assert done.returncode != 0
    assert complaint in done.stderr


def test_what_differs_is_named(codegen: Any, tmp_path: Path) -> None:
    """A check that fails names each file that is missing, unexpected or different."""
    for name, text in {"a/same.py": "1", "a/gone.py": "1", "a/changed.py": "1"}.items():
        write(tmp_path / name, text)
    for name, text in {"b/same.py": "1", "b/new.py": "1", "b/changed.py": "2"}.items():
        write(tmp_path / name, text)
    write(tmp_path / "b" / "__pycache__" / "same.pyc", "left behind")
    compare = codegen("compare")
    files = compare.files

    assert compare.differences(files(tmp_path / "a"), files(tmp_path / "b")) == [
        "missing: gone.py",
        "unexpected: new.py",
        "differs: changed.py",
    ]
    assert compare.differences(files(tmp_path / "a"), files(tmp_path / "a")) == []


def write(path: Path, text: str) -> None:
    """Write a file, and the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
