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

    controls: bool = False
    """Whether it controls a running sandbox."""

    prints: bool = True
    """Whether it prints results to standard output."""

    shape: str = ""
    """The shape of its records with `--json`; empty if it has no such option."""

    wrong: str = "--no-such-option"
    """Invalid arguments."""

    @property
    def words(self) -> list[str]:
        """The command line, with `--yes` where it asks."""
        return [*self.name.split(), *self.arguments.split(), *(["--yes"] if self.asks else ())]


SAMPLES: Final = (
    Sample("track", f"ups:{NUMBER}", shape="tracking_details/1", wrong=":1"),
    Sample("track", f"ups:{NEW_NUMBER}", asks=True, shape="tracking_details/1"),
    Sample("watch", f"ups:{DELIVERED}", waits=True, shape="change/1", wrong="--for soon"),
    Sample("waybill", "172-28891936", shape="air_waybill/1", wrong="172-2"),
    Sample("list", shape="tracking/1", wrong="--status nowhere"),
    Sample("get", f"ups:{NUMBER}", shape="tracking_details/1", wrong=":1"),
    Sample("create", f"ups:{NEW_NUMBER}", asks=True, shape="outcome/1"),
    Sample("update", f"ups:{NUMBER} --title Teapot", shape="outcome/1", wrong=f"ups:{NUMBER}"),
    Sample("archive", f"ups:{NUMBER}", shape="outcome/1"),
    Sample("stop", f"ups:{NUMBER}", asks=True, shape="outcome/1"),
    Sample("delete", f"ups:{NUMBER}", asks=True, shape="outcome/1"),
    Sample("counts", shape="counts/1", wrong="--created-after noon"),
    Sample(
        "import",
        "parcels.csv",
        asks=True,
        waits=True,
        shape="import_report/1",
        wrong="missing.csv",
    ),
    Sample("import", "parcels.csv --dry-run", sends=False, shape="import_check/1"),
    Sample("export", "export.csv", prints=False, shape="export/1", wrong="export.doc"),
    Sample("export", "- --format jsonl"),
    Sample("carriers", shape="carrier/1"),
    Sample("carrier change", f"ups:{NUMBER} dhl", shape="outcome/1"),
    Sample("detect", "1Z97X17XYW06605211", asks=True, shape="detection/1"),
    Sample("remote", "JP:7621094", shape="remote_area/1", wrong="JP"),
    Sample("transit-times", "dhl:CN:US", shape="transit_time/1", wrong="dhl"),
    Sample(
        "webhook sign",
        "--email user@example.com --time 2026-03-02T12:00Z",
        sends=False,
        shape="webhook_signature/1",
    ),
    Sample("config show", sends=False, shape="config/1", wrong="--fields colour"),
    Sample("config list", sends=False, shape="profile/1", wrong="--json=xml"),
    Sample("config use", "work", sends=False, prints=False, wrong="elsewhere"),
    Sample("login", "- --store file", prints=False, wrong="--store purse"),
    Sample("logout", "--profile work", sends=False, prints=False, wrong="--profile elsewhere"),
    Sample("account", shape="account/1"),
    Sample("completion", "bash", sends=False, wrong="tcsh"),
    Sample("sandbox status", sends=False, controls=True, shape="sandbox/1"),
    Sample(
        "sandbox advance", "1h", sends=False, controls=True, shape="sandbox_clock/1", wrong="soon"
    ),
    Sample("sandbox freeze", sends=False, controls=True, shape="sandbox_clock/1", wrong="--at x"),
    Sample("sandbox resume", "--speed 0.001", sends=False, controls=True, shape="sandbox_clock/1"),
    Sample(
        "sandbox faults",
        "detectCarrier=html",
        sends=False,
        controls=True,
        shape="sandbox_fault/1",
        wrong="html",
    ),
    Sample("sandbox seed", "trackings.json", sends=False, controls=True, prints=False),
    Sample("sandbox reset", "--yes", sends=False, controls=True, prints=False),
    Sample("help", "exit-codes", sends=False, wrong="weather"),
)

WITHOUT_SAMPLE: Final = {
    "sandbox": "serves until it is interrupted; see test_sandbox_command.py",
    "webhook listen": "receives until it is interrupted; see test_webhook.py",
    "webhook replay": "needs a receiver; see test_webhook.py",
}
"""Commands of their own tests, and why."""

SHAPES_WITHOUT_SAMPLE: Final = {"webhook_event/1", "webhook_replay/1"}
"""The shapes that only they print. Their tests check them."""
