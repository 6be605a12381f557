"""The command `trackingmore-v2 carriers`."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from trackingmore_v2_cli._carrier_cache import suggest_carrier, write_carriers
from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._output.columns import Column, Record
from trackingmore_v2_cli._session import Session

if TYPE_CHECKING:
    from trackingmore_v2.models import Carrier

COLUMNS: Final = (Column("code"), Column("name"), Column("type"), Column("homepage", "home page"))

_EXAMPLES: Final = (
    "trackingmore-v2 carriers",
    "trackingmore-v2 carriers china post",
    "trackingmore-v2 carriers --json --fields code,name",
    "trackingmore-v2 carriers --save carriers.json",
)


@command(examples=_EXAMPLES, name="carriers")
@click.argument("words", metavar="[SEARCH...]", nargs=-1)
@click.option(
    "--save",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the response to a file, for sandbox --carriers FILE, instead of listing it.",
)
@click.option(
    "--lang",
    metavar="CODE",
    help="Language of the names: en, cn (Chinese), tw (traditional Chinese), es, ru or it.",
)
def carriers(
    session: Session, *, words: tuple[str, ...], save: Path | None, lang: str | None
) -> None:
    """
    List and search the carriers.

    SEARCH is part of a carrier's code or name, in any case; of several words, all must match. The
    API does not report the countries of carriers, but many names and codes contain one.

    Each run stores codes and names in a file, from which completion and suggestions of codes are
    taken.
    """
    if save and words:
        raise click.UsageError("--save writes all carriers; it excludes SEARCH.")
    recorder = session.client.recorder()
    found = recorder.carriers.list(lang=lang)
    _keep(session, found)
    if save:
        save.write_bytes(recorder.responses[-1].body)
        session.out.note(f"Saved {len(found):,} carriers to {save}.")
        return
    records = map(_record, _search(found, words))
    search = " ".join(words)
    empty = f"No carrier matches {search!r}.{suggest_carrier(search)}"
    session.out.records("carrier/1", records, COLUMNS, empty=empty)


def _keep(session: Session, found: "Iterable[Carrier]") -> None:
    try:
        write_carriers((each.code, each.name) for each in found)
    except (OSError, CommandError) as error:
        session.out.note(f"The carriers could not be stored for completion: {error}.")


def _search(found: "Iterable[Carrier]", words: Iterable[str]) -> "Iterable[Carrier]":
    """Return the carriers that contain all words."""
    wanted = [word.casefold() for word in words]
    for each in found:
        text = f"{each.code}\n{each.name}\n{each.name_cn or ''}".casefold()
        if all(word in text for word in wanted):
            yield each


def _record(carrier: "Carrier") -> Record:
    return {
        "code": carrier.code,
        "name": carrier.name,
        "name_cn": carrier.name_cn,
        "type": carrier.type,
        "homepage": carrier.homepage or None,
        "phone": carrier.phone or None,
        "picture": carrier.picture,
    }
