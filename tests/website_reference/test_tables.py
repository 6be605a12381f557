"""The pages of codes, statuses, limits, oddities and the webhook have what the contract has."""

import re

import pytest

from tests.website_reference.reading import (
    DOCUMENTED,
    all_pages,
    evidence_in,
    items,
    plain,
    rows,
    section,
)
from tests.website_reference.wanted import (
    CODES,
    OPERATIONS,
    SCHEMAS,
    assert_listed,
    evidence_of,
    examples_of,
    fields,
    words_of,
)
from trackingmore_v2.webhooks import sign
from website.contract import Json, contract, parameters, types, webhooks

PAGES = all_pages()
ENUMS = [name for name, schema in SCHEMAS.items() if "enum" in schema and name[-4:] != "Code"]


@pytest.mark.parametrize("entry", CODES, ids=lambda it: str(it["code"]))
def test_every_code_has_a_section(entry: Json) -> None:
    """It states texts, class, retry, advice and evidence, and the table has the most of it."""
    text = section(PAGES["codes.md"], f"Code {entry['code']}")
    (row,) = [
        row for row in rows(PAGES["codes.md"]) if row[0].startswith(f"[{entry['code']}](#code-")
    ]
    retry = "yes" if entry["retryable"] else "no"
    retry = f"after {entry['pause-seconds']} s" if "pause-seconds" in entry else retry
    error = entry["exception"]

    assert evidence_in(text) == evidence_in(row[0]) == evidence_of(entry)
    assert plain(row[1]) == entry["meaning"]
    assert row[2:] == [f"`{error}`" if error else "nothing", retry]
    for wanted in (entry["type"], entry["message"], entry["meaning"], entry["advice"]):
        assert wanted in plain(text)
    assert f"`{error}`" in text or not error
    assert f"**Retry the same request:** {retry}" in text or not error


def test_only_failures_of_the_server_may_have_been_carried_out() -> None:
    """Codes 500 and 503 leave the outcome open; any other error of the API is clear."""
    uncertain = [
        entry["code"]
        for entry in CODES
        if "**Possibly carried out:** yes" in section(PAGES["codes.md"], f"Code {entry['code']}")
    ]
    assert uncertain == [500, 503]


def test_a_read_has_an_error_of_its_own() -> None:
    """For code 4031, a read of one tracking raises what it raises for 4017."""
    for text in (section(PAGES["codes.md"], f"Code {code}") for code in (4017, 4031)):
        assert "`TrackingNotFound`" in text
        assert "A read of one tracking raises it for both codes" in text
    assert PAGES["codes.md"].count("**Some methods raise:**") == 1


@pytest.mark.parametrize("name", ENUMS)
def test_every_value_of_an_enum_is_listed(name: str) -> None:
    """Each value has a row with its meaning, if the contract states one, and its evidence."""
    schema = SCHEMAS[name]
    text = section(PAGES["statuses.md"], name)
    found = {plain(row[0]).strip("`"): row for row in rows(text)}
    meanings = schema.get("x-enum-values", {})

    assert [*found] == [str(value) for value in schema["enum"]]
    for value, row in found.items():
        inherited = schema.get("x-evidence", DOCUMENTED)
        assert evidence_in(row[0]) == meanings.get(value, {}).get("x-evidence", inherited)
        assert value not in meanings or plain(row[1]) == words_of(meanings[value]).removesuffix(".")


def test_limits_have_their_page() -> None:
    """Rates, batches, costs and array limits of parameters are in the tables of one page."""
    text = PAGES["limits.md"]
    for it in OPERATIONS:
        rates = [row for row in rows(section(text, "Rates")) if f"`{it.name}`" in row[0]]
        batches = [row for row in rows(section(text, "Batches")) if f"`{it.name}`" in row[0]]
        costs = [row for row in rows(section(text, "Quota")) if f"`{it.name}`" in row[0]]
        batch = it.value.get("x-batch")
        assert len(rates) == 1
        assert len(costs) == ("x-quota" in it.value)
        assert len(batches) == bool(batch)
        if batch:
            assert plain(batches[0][1]) == str(batch["max-items"])
            assert evidence_in(batches[0][1]) == batch.get("evidence", DOCUMENTED)
        for parameter in parameters(contract(), it):
            if "maxItems" in parameter["schema"]:
                named = [row for row in rows(text) if row[0].startswith(f"`{parameter['name']}`")]
                assert named[0][1].startswith(str(parameter["schema"]["maxItems"]))


def test_every_oddity_has_a_section() -> None:
    """Each has its words and evidence; fields of several types are in a table."""
    for entry in contract()["x-oddities"]:
        text = section(PAGES["oddities.md"], entry["title"])
        assert plain(text) == " ".join(entry["description"].split())
        assert evidence_in(text) == evidence_of(entry)
    table = {plain(row[0]).strip("`"): row for row in rows(PAGES["oddities.md"])}
    for name, schema in SCHEMAS.items():
        for field, node in schema.get("properties", {}).items():
            has_several = len({*types(node)} - {"null"}) > 1
            assert (f"{name}.{field}" in table) or not has_several


def test_the_webhook_has_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    """It says what is signed, and its code makes the signature of the example."""
    (hook,) = webhooks(contract())
    text = PAGES["webhook.md"]
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(code, {})  # noqa: S102 - our own words

    assert "neither the body nor the key" in plain(text)
    assert sign("user@example.com", 1621814460) in code
    assert_listed(items(section(text, "Body")), [*fields(SCHEMAS["TrackingEvent"])])
    for example in examples_of(hook, None):
        assert example["summary"] in text
    assert capsys.readouterr().out == ""
