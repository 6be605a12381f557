import pytest

from trackingmore_v2_api import META_CODES, OPERATIONS, ApiCode
from trackingmore_v2_sandbox import SqliteStore, api, create_app
from trackingmore_v2_sandbox.api import HANDLERS


def test_every_operation_is_served() -> None:
    """The sandbox has a handler for each operation of the contract, and for nothing else."""
    assert HANDLERS.keys() == OPERATIONS.keys()


def test_the_sandbox_does_not_start_without_a_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line names the operation, and where its handler belongs."""
    handlers = {name: each for name, each in HANDLERS.items() if name != "getAccount"}
    monkeypatch.setattr(api, "HANDLERS", handlers)

    with pytest.raises(
        ValueError, match=r"^no handler for getAccount; add it to HANDLERS in "
    ) as no:
        create_app(SqliteStore())
    assert str(no.value).endswith("trackingmore_v2_sandbox.api")


def test_codes_are_the_contracts() -> None:
    """Each code that the sandbox sends has the contract's name for it."""
    ours = {code.name.lower(): code.value for code in ApiCode}

    assert ours == {META_CODES[code].name: code for code in ours.values()}
