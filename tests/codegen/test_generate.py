"""
The code generator as a whole, run as `nox -s generate` and `nox -s check_generated` run it.

These tests need both generators, so they run where those are: in `nox -s check_generated`.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
PACKAGE = PROJECT / "generated" / "trackingmore_v2_api"


def run(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a script of the code generator."""
    command = [sys.executable, str(PROJECT / "codegen" / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603 - our own code


def content(package: Path) -> dict[str, bytes]:
    """Read every file of a package."""
    files = (path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {str(path.relative_to(package)): path.read_bytes() for path in files}


def test_the_product_is_replaced_whole(tmp_path: Path) -> None:
    """What lay in the output folder is gone, and what comes is what is committed, byte for byte."""
    output = tmp_path / PACKAGE.name
    output.mkdir()
    (output / "stale.py").write_text("left behind", encoding="utf-8")
    done = run("generate.py", "--output", output)

    assert done.returncode == 0, done.stderr
    assert content(output) == content(PACKAGE)


def test_the_check_names_what_differs(tmp_path: Path) -> None:
    """A changed, a missing and an extra file are named, with the command that repairs it."""
    package = tmp_path / PACKAGE.name
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "models.py").write_text("# edited by hand", encoding="utf-8")
    (package / "py.typed").unlink()
    (package / "notes.txt").write_text("", encoding="utf-8")
    done = run("check.py", "--package", package)

    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "missing: py.typed",
        "unexpected: notes.txt",
        "differs: models.py",
    ]
    assert "nox -s generate" in done.stderr


def array_without_items(document: Any) -> None:
    """openapi-python-client would drop the schema, and every response that holds it."""
    del document["components"]["schemas"]["TrackingPage"]["properties"]["items"]["items"]


def mixed_enum(document: Any) -> None:
    """openapi-python-client would drop the operation."""
    document["components"]["schemas"]["CarrierLanguage"]["enum"].append(1)


def parameter_with_content(document: Any) -> None:
    """openapi-python-client drops the parameter without a word."""
    parameter = document["paths"]["/trackings/get"]["get"]["parameters"][0]
    parameter["content"] = {"application/json": {"schema": parameter.pop("schema")}}


def union_that_cannot_be_decoded(document: Any) -> None:
    """Msgspec cannot distinguish two objects without a tag."""
    schemas = document["components"]["schemas"]
    schemas["Tracking"]["properties"]["origin_info"]["anyOf"].append(
        {"$ref": "#/components/schemas/Airline"}
    )


def no_retry_rule(document: Any) -> None:
    """A new operation must say what may be repeated."""
    del document["paths"]["/carriers"]["get"]["x-retry"]


def request_in_a_response(document: Any) -> None:
    """Request models reject unknown fields, which a response may have at any time."""
    page = document["components"]["schemas"]["TrackingPage"]["properties"]
    page["key"] = {"$ref": "#/components/schemas/TrackingKey"}


def pattern_of_a_part(document: Any) -> None:
    """Msgspec searches for a pattern, so that one of a part would let anything around it pass."""
    document["components"]["schemas"]["CarrierCode"]["pattern"] = "[a-z]+"


def pattern_without_words(document: Any) -> None:
    """An error message has to say what a pattern allows."""
    del document["components"]["schemas"]["CarrierCode"]["x-allowed"]


def pattern_of_a_field(document: Any) -> None:
    """Only a schema with a name gives a constant, and the words for it."""
    item = document["components"]["schemas"]["CreateTrackingItem"]["properties"]
    item["lang"]["pattern"] = "^[a-z]{2}$"


@pytest.mark.parametrize(
    "fault",
    [
        array_without_items,
        pattern_without_words,
        pattern_of_a_field,
        request_in_a_response,
        pattern_of_a_part,
        mixed_enum,
        parameter_with_content,
        union_that_cannot_be_decoded,
        no_retry_rule,
    ],
    ids=lambda fault: fault.__name__,
)
def test_what_a_generator_would_lose_stops_it(tmp_path: Path, fault: Callable[[Any], None]) -> None:
    """Whatever a generator complains about, or drops in silence, leaves the product as it was."""
    document = yaml.safe_load((PROJECT / "openapi.yaml").read_text(encoding="utf-8"))
    fault(document)
    contract = tmp_path / "openapi.yaml"
    contract.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    output = tmp_path / PACKAGE.name
    output.mkdir()
    (output / "kept.py").write_text("as it was", encoding="utf-8")
    done = run("generate.py", "--contract", contract, "--output", output)

    assert done.returncode == 1
    assert done.stderr.strip()
    assert content(output) == {"kept.py": b"as it was"}
