"""Generate the whole package trackingmore_v2_api from the contract."""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import tables
from contract import Contract, PythonTypes
from models import write_models
from operations import write_operations
from rendering import CODEGEN, finish, write_package_files

PROJECT = CODEGEN.parent
CONTRACT = PROJECT / "openapi.yaml"
OUTPUT = PROJECT / "generated" / "trackingmore_v2_api"


def generate(source: Path, output: Path) -> None:
    """Generate the package into `output`; on failure, leave `output` unchanged."""
    contract = Contract.read(source)
    with TemporaryDirectory() as folder:
        package = Path(folder, output.name)
        package.mkdir()
        class_names = write_models(contract, package / "models.py")
        write_operations(contract, PythonTypes(contract, class_names), package)
        facts = {
            **tables.contract_facts(contract),
            "meta_codes": tables.meta_codes(contract),
            "patterns": tables.patterns(contract),
            "request_models": tables.request_models(contract, class_names),
        }
        write_package_files(package, facts)
        finish(package)
        shutil.copyfile(source, package / "openapi.yaml")
        # Replace the old package only now, so that a failure above leaves it intact.
        _verify(package)
        shutil.rmtree(output, ignore_errors=True)
        shutil.copytree(package, output)


def _verify(package: Path) -> None:
    """Import the package in a new interpreter, and build every decoder."""
    run = [sys.executable, "-B", str(CODEGEN / "verify.py"), str(package)]
    done = subprocess.run(run, check=False, capture_output=True, text=True)  # noqa: S603 - fixed arguments
    if done.returncode or done.stderr:
        raise SystemExit(f"the generated package cannot be imported:\n{done.stdout}{done.stderr}")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contract", type=Path, default=CONTRACT)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    given = parser.parse_args()
    generate(given.contract, given.output)


if __name__ == "__main__":
    main()
