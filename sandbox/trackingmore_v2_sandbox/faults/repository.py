"""Storage of the fault plans of all accounts."""

import re
from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2_sandbox.faults.instructions import Instruction, InstructionError
from trackingmore_v2_sandbox.faults.plan import Chance, Plan, choose, restore, unused
from trackingmore_v2_sandbox.store.models import AccountRecord, FaultPlanRecord
from trackingmore_v2_sandbox.store.sql import Store


class _Content(Struct, frozen=True):
    """The JSON in the column `instructions` of a record."""

    instructions: Mapping[str, tuple[Instruction, ...]]
    decided: int = 0


_NAME: Final = re.compile("[!-~]{1,100}")
_CONTENT: Final = msgspec.json.Decoder(_Content)


class FaultRepository:
    """
    The fault plans in a store: one unnamed plan for each account, and any number of named ones.

    A request with a plan name uses only that plan; a request without one uses the unnamed plan.
    Tests that share an account can thereby use separate plans.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def save(self, account: str, plan: Plan, name: str | None = None) -> None:
        """
        Save a plan, replacing the plan with the same name.

        Args:
            account: Account of the plan.
            plan: The plan.
            name: Name of the plan. Default: None, the account's unnamed plan.

        Raises:
            InstructionError: The name cannot be sent in a header.
        """
        if name is not None and not _NAME.fullmatch(name):
            raise InstructionError(
                f"invalid plan name {name!r}; expected 1 to 100 visible ASCII characters"
            )
        with self._store.transaction(write=True, account=account):
            self._save(account, name, plan)

    def delete(self, account: str) -> None:
        """Delete all plans of an account."""
        with self._store.transaction(write=True, account=account):
            for record in self._store.plans(account):
                self._store.delete_plan(record)
            self._set_has_faults(account, has_faults=False)

    def take(self, account: str, name: str | None, operation_id: str) -> Instruction | None:
        """Take the instruction for a request out of its plan and return it; None for no fault."""
        with self._store.transaction(write=True, account=account):
            # The lock keeps two processes from taking the same instruction.
            plan = self._find(account, name)
            if plan is None:
                return None
            instruction, rest = choose(plan, operation_id)
            self._save(account, name, rest)
            return instruction

    def restore(
        self, account: str, name: str | None, operation_id: str, instruction: Instruction
    ) -> None:
        """Return an instruction to its plan because it did not apply to the request."""
        with self._store.transaction(write=True, account=account):
            plan = self._find(account, name)
            if plan is not None:
                self._save(account, name, restore(plan, operation_id, instruction))

    def plans(self, account: str) -> dict[str, Plan]:
        """Return all plans of an account by name; the unnamed plan has the empty name."""
        with self._store.transaction(write=False):
            return {_name(record): read_record(record) for record in self._store.plans(account)}

    def unused(self, account: str) -> dict[str, dict[str, list[str]]]:
        """
        Return the unused instructions of an account in text form.

        The outer keys are plan names, empty for the unnamed plan; the inner ones operation ids.
        """
        by_name = {name: unused(plan) for name, plan in self.plans(account).items()}
        return {name: listed for name, listed in by_name.items() if listed}

    def _find(self, account: str, name: str | None) -> Plan | None:
        record = self._store.find_plan(_id(account, name))
        return read_record(record) if record else None

    def _save(self, account: str, name: str | None, plan: Plan) -> None:
        self._store.save_plan(_record(account, name, plan))
        # Only the unnamed plan applies to requests that do not ask for a plan.
        if name is None:
            has_faults = plan.chance is not None or bool(unused(plan))
            self._set_has_faults(account, has_faults=has_faults)

    def _set_has_faults(self, account: str, *, has_faults: bool) -> None:
        owner = self._store.find_account(account) or AccountRecord(account)
        if owner.has_faults != has_faults:
            self._store.save_account(replace(owner, has_faults=has_faults))


def _id(account: str, name: str | None) -> str:
    # Two accounts can use the same plan name.
    return account if name is None else f"{account}/{name}"


def _name(record: FaultPlanRecord) -> str:
    return record.plan.partition("/")[2]


def _record(account: str, name: str | None, plan: Plan) -> FaultPlanRecord:
    chance = plan.chance
    content = _Content(plan.instructions, chance.decided if chance else 0)
    return FaultPlanRecord(
        plan=_id(account, name),
        account=account,
        instructions=msgspec.json.encode(content).decode(),
        seed=chance.seed if chance else None,
        probability=chance.probability if chance else None,
    )


def read_record(record: FaultPlanRecord) -> Plan:
    """
    Parse a plan from its record.

    Raises:
        ValueError: The record does not hold a valid plan.
    """
    content = _CONTENT.decode(record.instructions)
    if record.probability is None:
        return Plan(content.instructions)
    chance = Chance(probability=record.probability, seed=record.seed or 0, decided=content.decided)
    return Plan(content.instructions, chance)
