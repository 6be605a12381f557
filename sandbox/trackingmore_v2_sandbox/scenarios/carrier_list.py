"""The carriers that a sandbox lists: those of the package, or of a response of `GET /carriers`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import asdict

from trackingmore_v2_api import patterns
from trackingmore_v2_sandbox.http.body import UNREADABLE
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS


class CarrierList(Struct, frozen=True):
    """The carriers that a sandbox lists and knows."""

    by_code: Mapping[str, Mapping[str, Any]]
    """The entries that `GET /carriers` returns, in this order."""

    def accepts(self, code: str, *, strict: bool = False) -> bool:
        """
        Return whether requests may name a carrier.

        Assumed: the live API supports well-formed codes that are not in the list, since it has more
        carriers than any list; one that differs from a listed code by a single letter, or in case,
        is a typing error.

        Args:
            code: The carrier code.
            strict: Whether to accept listed codes only. Default: False.
        """
        if code in self.by_code:
            return True
        return not strict and is_well_formed(code) and self.meant_by(code) is None

    def meant_by(self, code: str) -> str | None:
        """
        Return the listed code that another code is probably meant to be.

        Args:
            code: A code that is not listed.

        Returns:
            A code that differs by a letter or in case, in the order of the list; None without one.
        """
        typed = code.lower()
        found = (each for each in self.by_code if _is_one_letter_apart(each.lower(), typed))
        return min(found, key=lambda each: each.lower() != typed, default=None)


LISTED: Final = CarrierList(
    {
        code: {name: value for name, value in asdict(carrier).items() if name != "country"}
        for code, carrier in CARRIERS.items()
    }
)
"""The carriers of the package."""


def is_well_formed(code: str) -> bool:
    """Return whether a text has the form of a carrier code."""
    return patterns.CARRIER_CODE.fullmatch(code) is not None


def read_carriers(file: Path) -> CarrierList:
    """
    Read the carriers of a file with a response of `GET /carriers`.

    Args:
        file: The path of the JSON file.

    Returns:
        The carriers, with all fields that the file has, for `Settings.carriers`.

    Raises:
        ValueError: The file cannot be read, or is no such response.
    """
    try:
        return _parse(file.read_bytes())
    except OSError as error:
        raise ValueError(f"cannot read the carriers file {file}: {error.strerror}") from error
    except UNREADABLE as error:
        raise ValueError(
            f"invalid carriers file {file}: {error}; expected a response of GET /carriers"
        ) from error


class _Entry(Struct):
    code: Annotated[str, Meta(pattern=rf"\A(?:{patterns.CARRIER_CODE.pattern})\Z")]
    name: str
    phone: str | None = None
    homepage: str | None = None
    type: Literal["express", "globalpost"] | None = None
    picture: str | None = None
    name_cn: str | None = None


class _Response(Struct):
    data: Annotated[tuple[_Entry, ...], Meta(min_length=1)]


def _parse(content: bytes) -> CarrierList:
    msgspec.json.decode(content, type=_Response)
    # Decoded once more, since other fields, such as `country_code`, are listed as they are.
    entries = msgspec.json.decode(content)["data"]
    return CarrierList({entry["code"]: entry for entry in entries})


def _is_one_letter_apart(one: str, other: str) -> bool:
    """Return whether two texts are equal but for one letter: another, missing or swapped one."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    pairs = enumerate(zip(short, long, strict=False))
    begin = next((index for index, (left, right) in pairs if left != right), len(short))
    short, long = short[begin:], long[begin:]
    if len(short) < len(long):
        return short == long[1:]
    return short[1:] == long[1:] or short == long[1::-1] + long[2:]
