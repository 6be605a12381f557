"""Check that a generated package imports, and that msgspec can decode every type in it."""

import importlib
import inspect
import sys
from pathlib import Path

import msgspec


def main(package: Path) -> None:
    """Build a decoder for each Struct, and for each operation's request and response."""
    sys.path.insert(0, str(package.parent))
    for module in sorted(package.glob("*.py")):
        importlib.import_module(f"{package.name}.{module.stem}".removesuffix(".__init__"))
    models = importlib.import_module(f"{package.name}.models")
    for _, model in inspect.getmembers(models, inspect.isclass):
        if issubclass(model, msgspec.Struct):
            msgspec.json.Decoder(model)
    operations = importlib.import_module(f"{package.name}.operations").OPERATIONS
    for operation in operations.values():
        msgspec.json.Decoder(operation.response)
        if operation.request is not None:
            msgspec.json.Decoder(operation.request)
    count = importlib.import_module(f"{package.name}.contract").OPERATION_COUNT
    if len(operations) != count:
        raise SystemExit(
            f"{len(operations)} operations were generated, but the contract has {count}"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
