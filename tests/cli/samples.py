"""Arguments with which each command runs, for tests of all commands."""

from typing import Final, NamedTuple

NUMBER: Final = "SANDBOX-SINCE-2D-TRANSIT001"
"""A tracking that the account has."""

DELIVERED: Final = "SANDBOX-SINCE-9D-DELIVERED001"
"""Another one, which is delivered."""

NEW_NUMBER: Final = "SANDBOX-SINCE-2D-TRANSIT002"
"""A tracking that it does not have."""


class Sample(NamedTuple):
    """A command line that succeeds, and an invalid one."""

    name: str
    """The command."""

    arguments: str = ""
    """The arguments, separated by spaces, without `--yes`."""

    sends: bool = True
    """Whether it needs a server and a key."""

    asks: bool = False
    """Whether it asks before it costs quota or cannot be undone."""

    waits: bool = False
    """Whether it waits for a server that is away."""

    prints: bool = True
    """Whether it prints results to standard output."""

    wrong: str = "--no-such-option"
    """Invalid arguments."""

    @property
    def words(self) -> list[str]:
        """The command line, with `--yes` where it asks."""
        return [*self.name.split(), *self.arguments.split(), *(["--yes"] if self.asks else ())]


SAMPLES: Final = (
    Sample("track", f"ups:{NUMBER}", wrong=":1"),
    Sample("track", f"ups:{NEW_NUMBER}", asks=True),
    Sample("watch", f"ups:{DELIVERED}", waits=True, wrong="--for soon"),
    Sample("waybill", "172-28891936", wrong="172-2"),
    Sample("list", wrong="--status nowhere"),
    Sample("get", f"ups:{NUMBER}", wrong=":1"),
    Sample("create", f"ups:{NEW_NUMBER}", asks=True),
    Sample("update", f"ups:{NUMBER} --title Teapot", wrong=f"ups:{NUMBER}"),
    Sample("archive", f"ups:{NUMBER}"),
    Sample("stop", f"ups:{NUMBER}", asks=True),
    Sample("delete", f"ups:{NUMBER}", asks=True),
    Sample("counts", wrong="--created-after noon"),
    Sample("import", "parcels.csv", asks=True, waits=True, wrong="missing.csv"),
    Sample("export", "export.csv", prints=False, wrong="export.doc"),
    Sample("export", "- --format jsonl"),
    Sample("carriers"),
    Sample("carrier change", f"ups:{NUMBER} dhl"),
    Sample("detect", "1Z97X17XYW06605211", asks=True),
    Sample("remote", "JP:7621094", wrong="JP"),
    Sample("transit-times", "dhl:CN:US", wrong="dhl"),
    Sample("webhook sign", "--email user@example.com", sends=False),
    Sample("config show", sends=False, wrong="--fields colour"),
    Sample("config list", sends=False, prints=False, wrong="--json=xml"),
    Sample("config use", "work", sends=False, prints=False, wrong="elsewhere"),
    Sample("login", "- --store file", prints=False, wrong="--store purse"),
    Sample("logout", "--profile work", sends=False, prints=False, wrong="--profile elsewhere"),
    Sample("account"),
    Sample("completion", "bash", sends=False, wrong="tcsh"),
    Sample("help", "exit-codes", sends=False, wrong="weather"),
)

WITHOUT_SAMPLE: Final = frozenset(
    {
        # They serve until they are interrupted, or need such a server. Their own tests run them.
        *("sandbox", "sandbox status", "sandbox advance", "sandbox freeze", "sandbox faults"),
        *("sandbox seed", "sandbox reset", "webhook listen", "webhook replay"),
    }
)
