"""Generation of the models by datamodel-code-generator."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from contract import SCHEMAS, Contract, PythonTypes
from rendering import CODEGEN

STRUCT_OPTIONS = {"frozen": True, "kw_only": True, "omit_defaults": True, "gc": False}
OPTIONS = (
    "--input-file-type=openapi",
    "--output-model-type=msgspec.Struct",
    "--target-python-version=3.11",
    "--disable-timestamp",
    "--formatters=builtin",
    "--custom-file-header= ",
    "--strict-refs",
    # Annotations without constraints: responses are parsed leniently. Request models get theirs
    # in `_constrain()`.
    "--no-use-annotated",
    "--use-object-type",
    "--use-type-alias",
    "--type-mappings=email=string",
    "--output-datetime-class=datetime",
    # Names and docstrings.
    "--snake-case-field",
    "--capitalise-enum-members",
    "--use-double-quotes",
    "--use-schema-description",
    "--use-field-description",
    "--use-single-line-docstring",
)


def write_models(contract: Contract, module: Path) -> dict[str, str]:
    """Write a module with every schema, and return the class name of each reference."""
    contract.require_requests_apart()
    ours = {"enums": ("OpenStrEnum", "OpenIntEnum"), "runtime": ("AwareDatetime", "Model")}
    imports = ["typing.Annotated", "msgspec.Meta"]
    for imported, names in ours.items():
        imports += [f"{module.parent.name}.{imported}.{name}" for name in names]
    with TemporaryDirectory() as folder:
        # Pass the parsed document, so that both generators use the same reading of the YAML. Run in
        # an empty folder, so that no project's settings apply.
        source = Path(folder, "openapi.json")
        source.write_text(json.dumps(contract.document), encoding="utf-8")
        metadata = Path(folder, "metadata.json")
        run = [
            *(sys.executable, "-m", "datamodel_code_generator", *OPTIONS),
            f"--input={source.name}",
            f"--output={module.resolve()}",
            f"--emit-model-metadata={metadata}",
            f"--custom-template-dir={CODEGEN.resolve() / 'dcg'}",
            f"--aliases={json.dumps(contract.python_names())}",
            f"--additional-imports={','.join(imports)}",
            f"--extra-template-data={json.dumps({'#all#': {'base_class_kwargs': STRUCT_OPTIONS}})}",
        ]
        done = subprocess.run(run, cwd=folder, check=False, capture_output=True, text=True)  # noqa: S603 - fixed arguments
        if done.returncode or done.stderr:
            raise SystemExit(f"datamodel-code-generator failed:\n{done.stdout}{done.stderr}")
        models = json.loads(metadata.read_text(encoding="utf-8"))["models"]
    references = {"#" + model["source_ref"].split("#", 1)[1]: model for model in models}
    class_names = {
        reference: str(model["class_name"])
        for reference, model in references.items()
        if reference.startswith(SCHEMAS) and "/" not in reference.removeprefix(SCHEMAS)
    }
    code = _constrain(module.read_text(encoding="utf-8").lstrip(), contract, class_names)
    exports = f"__all__ = {sorted(model['class_name'] for model in models)}"
    module.write_text(
        f'"""The schemas of the contract."""\n\n{code}\n{exports}\n', encoding="utf-8"
    )
    return class_names


def _constrain(code: str, contract: Contract, class_names: dict[str, str]) -> str:
    """Return the code with the contract's constraints on request models; responses have none."""
    classes = {node.name: node for node in ast.parse(code).body if isinstance(node, ast.ClassDef)}
    types = PythonTypes(contract, class_names)
    lines = code.splitlines(keepends=True)
    for schema in contract.request_objects():
        model = classes[class_names[SCHEMAS + schema]]
        first = model.lineno - 1
        lines[first] = lines[first].replace("):", ", forbid_unknown_fields=True):")
        annotations = {
            node.target.id: node.annotation
            for node in model.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        }
        for wire, node in contract.schemas[schema]["properties"].items():
            if "Annotated" in (annotation := types.constrained(node)):
                old = annotations[contract.python_name(wire)]
                if old.end_lineno != old.lineno:
                    raise SystemExit(f"{schema}.{wire}: an annotation of several lines")
                line = lines[old.lineno - 1]
                lines[old.lineno - 1] = (
                    line[: old.col_offset] + annotation + line[old.end_col_offset :]
                )
    return "".join(lines)
