"""Arguments with which each command runs, for tests of all commands."""

from typing import Final, NamedTuple

NUMBER: Final = "SANDBOX-SINCE-2D-TRANSIT001"
"""A tracking that the account has."""

NEW_NUMBER: Final = "SANDBOX-SINCE-2D-TRANSIT002"
"""A tracking that it does not have."""


class Sample(NamedTuple):
    """A command line that succeeds."""

    arguments: str
    """After the name of the command, separated by spaces."""

    sends: bool = True
    """Whether it sends requests, so that it needs a server and a key."""

    asks: bool = False
    """Whether it asks before it costs quota or deletes; `arguments` are without `--yes`."""

    wrong: str = "--no-such-option"
    """Arguments that are invalid."""


SAMPLES: Final = {
    "track": Sample(f"ups:{NUMBER}", asks=False),
    "watch": Sample(f"ups:{NUMBER} --for 0s"),
    "waybill": Sample("160-12345675"),
    "list": Sample("", wrong="--status nowhere"),
    "get": Sample(f"ups:{NUMBER}"),
    "create": Sample(f"ups:{NEW_NUMBER}", asks=True),
    "update": Sample(f"ups:{NUMBER} --title Teapot"),
    "archive": Sample(f"ups:{NUMBER}"),
    "stop": Sample(f"ups:{NUMBER}"),
    "delete": Sample(f"ups:{NUMBER}", asks=True),
    "counts": Sample(""),
    "import": Sample("parcels.csv", asks=True),
    "export": Sample("export.csv"),
    "carriers": Sample(""),
    "carrier change": Sample(f"ups:{NUMBER} dhl"),
    "detect": Sample(NEW_NUMBER),
    "remote": Sample(""),
    "transit-times": Sample(""),
    "webhook sign": Sample("", sends=False),
    "webhook replay": Sample("", sends=False),
    "config show": Sample("", sends=False, wrong="--fields colour"),
    "config list": Sample("", sends=False, wrong="--json=xml"),
    "config use": Sample("default", sends=False, wrong="elsewhere"),
    "login": Sample("- --store file", wrong="--store purse"),
    "logout": Sample("", sends=False, wrong="--profile elsewhere"),
    "account": Sample(""),
    "completion": Sample("bash", sends=False),
    "help": Sample("exit-codes", sends=False),
}
