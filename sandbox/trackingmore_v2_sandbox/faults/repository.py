"""The fault plans of all accounts, as the store keeps them."""

import re
from collections.abc import Mapping
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2_sandbox.faults.instructions import Instruction, InstructionError
from trackingmore_v2_sandbox.faults.plan import Chance, Plan, choose, put_back, unused
from trackingmore_v2_sandbox.store import AccountRecord, FaultPlanRecord, Store


class _Content(Struct, frozen=True):
    """What stands in the JSON of a record."""

    instructions: Mapping[str, tuple[Instruction, ...]]
    decided: int = 0


_NAME: Final = re.compile("[!-~]{1,100}")
_CONTENT: Final = msgspec.json.Decoder(_Content)


class FaultRepository:
    """
    The plans of a store. Each account has one of its own, and any number that have names.

    Requests that name a plan belong to that one alone, and those that name none to the account's
    own: so tests that share an account do not touch each other.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def save(self, account: str, plan: Plan, name: str | None = None) -> None:
        """
        Put a plan in the place of the one with that name; None: the account's own.

        Raises:
            InstructionError: No header could say that name.
        """
        if name is not None and not _NAME.fullmatch(name):
            raise InstructionError(
                f"{name!r} is no name of a plan: it takes 1 to 100 visible ASCII characters"
            )
        with self._store.transaction(write=True, account=account):
            self._save(account, name, plan)

    def forget(self, account: str) -> None:
        """Forget all plans of an account."""
        with self._store.transaction(write=True, account=account):
            for record in self._store.plans(account):
                self._store.delete_plan(record)
            self._note(account, has_faults=False)

    def take(self, account: str, name: str | None, operation_id: str) -> Instruction | None:
        """Choose what happens to a request, and use it up."""
        with self._store.transaction(write=True, account=account):
            plan = self._find(account, name)
            if plan is None:
                return None
            instruction, left = choose(plan, operation_id)
            self._save(account, name, left)
            return instruction

    def put_back(
        self, account: str, name: str | None, operation_id: str, instruction: Instruction
    ) -> None:
        """Hand in an instruction that a request took and could not use."""
        with self._store.transaction(write=True, account=account):
            plan = self._find(account, name)
            if plan is not None:
                self._save(account, name, put_back(plan, operation_id, instruction))

    def plans(self, account: str) -> dict[str, Plan]:
        """Give all plans of an account by name, its own under the empty one."""
        with self._store.transaction(write=False):
            return {_name(record): read_record(record) for record in self._store.plans(account)}

    def unused(self, account: str) -> dict[str, dict[str, list[str]]]:
        """
        Give the texts of the instructions that no request took.

        They stand by name of the plan, the account's own under the empty name, and by operation.
        """
        left = {name: unused(plan) for name, plan in self.plans(account).items()}
        return {name: listed for name, listed in left.items() if listed}

    def _find(self, account: str, name: str | None) -> Plan | None:
        record = self._store.find_plan(_id(account, name))
        return read_record(record) if record else None

    def _save(self, account: str, name: str | None, plan: Plan) -> None:
        self._store.save_plan(_record(account, name, plan))
        if name is None:
            self._note(account, has_faults=plan.chance is not None or bool(unused(plan)))

    def _note(self, account: str, *, has_faults: bool) -> None:
        owner = self._store.find_account(account) or AccountRecord(account)
        if owner.has_faults != has_faults:
            self._store.save_account(replace(owner, has_faults=has_faults))


def _id(account: str, name: str | None) -> str:
    # Names belong to accounts, so that two accounts may use the same one.
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
    Read a plan as the store keeps it.

    Raises:
        ValueError: It is none.
    """
    content = _CONTENT.decode(record.instructions)
    if record.probability is None:
        return Plan(content.instructions)
    chance = Chance(probability=record.probability, seed=record.seed or 0, decided=content.decided)
    return Plan(content.instructions, chance)
