"""The examples in the help of all commands, and what they find when they run."""

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

import click
from msgspec import json
from openpyxl import Workbook

from tests.cli.test_commands import all_commands
from trackingmore_v2 import webhooks

ENDLESS: Final = {
    "sandbox": "serves until it is interrupted",
    "watch": "goes on until all parcels are delivered, or for the time of --for",
    "webhook listen": "receives until it is interrupted",
}
"""Commands that do not end by themselves, and why. They are interrupted after their first line."""

CREATING: Final = ("create", "import", "sandbox")
"""Commands whose examples create trackings. For all others the account has those that they name."""

NUMBERS: Final = ("1Z97X17XYW06605211", "1Z97X17XYW06605212")
"""Trackings of UPS that examples name."""


class Example(NamedTuple):
    """A command line of a help text."""

    command: str
    """The full name of the command, such as `webhook listen`."""

    line: str

    @property
    def words(self) -> list[str]:
        """The words after the name of the program, without redirections."""
        words = shlex.split(self.line)[1:]
        return words[: min((words.index(each) for each in "<>" if each in words), default=None)]

    @property
    def source(self) -> str | None:
        """The file that standard input comes from."""
        words = shlex.split(self.line)
        return words[words.index("<") + 1] if "<" in words else None

    @property
    def asks(self) -> bool:
        """Whether it asks for confirmation, and has no option that gives it."""
        options = all_commands()[self.command].params
        has_option = any(isinstance(each, click.Option) and each.name == "yes" for each in options)
        return has_option and not {"--yes", "-y"}.intersection(self.words)


def examples(*, endless: bool) -> list[Example]:
    """Return the examples of the commands that end, or of those that do not."""
    return [
        Example(name, line)
        for name, command in all_commands().items()
        for line in getattr(command, "examples", ())
        if (name in ENDLESS) == endless
    ]


def write_files(folder: Path, api_key: str) -> None:
    """Write the files that examples read."""
    for name, content in {**_TEXTS, "key.txt": f"{api_key}\n"}.items():
        (folder / name).write_text(content, encoding="utf-8")
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append(["Parcel", "title"])
    sheet.append([NUMBERS[0], "Teapot"])
    workbook.save(folder / "orders.xlsx")
    body = webhooks.example(
        "delivered", account_email="user@example.com", sent_at=datetime.now(UTC)
    )
    (folder / "webhook.json").write_bytes(body)
    (folder / "received").mkdir()
    (folder / "received" / "1.http").write_bytes(
        b"POST /webhooks HTTP/1.1\r\nContent-Type: application/json\r\n\r\n" + body
    )


_ORDERS: Final = f"carrier_code,tracking_number,title\nups,{NUMBERS[0]},Teapot\n"
_TEXTS: Final = {
    "numbers.txt": "".join(f"{number}\n" for number in NUMBERS),
    "places.txt": "JP:7621094\nNew Zealand:Papaaroha\n",
    "routes.txt": "dhl:CN:US\nups:CN:DE\n",
    "changes.csv": _ORDERS,
    "orders.csv": _ORDERS,
    "orders.rejects.csv": _ORDERS,
    "trackings.json": json.encode(
        {"trackings": [{"carrier_code": "ups", "tracking_number": NUMBERS[0]}]}
    ).decode(),
}
