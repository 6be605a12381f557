"""The page of the webhook: when it is sent, its body, and what its signature is worth."""

from collections.abc import Iterator
from itertools import chain

from website.contract import Json, contract, webhooks
from website.contract import request_schema as body_of
from website.reference.fields import field_list
from website.reference.links import linked
from website.reference.markdown import badge, code, json_code, page, prose, words
from website.reference.parts import evidence_of, fields_of, media_of, name_of, schema_named

_SIGN = """from trackingmore_v2.webhooks import sign

assert sign("{address}", {time!r}) == (
    "{signature}"
)
"""


def webhook_page() -> str:
    """Return the page of the webhook."""
    (operation,) = webhooks(contract())
    body = fields_of(schema_named(name_of(body_of(operation))))
    examples = media_of(operation.value["requestBody"])
    return page(
        "# Webhook",
        words(f"`{operation.name}`", badge(evidence_of(operation.value))),
        linked(prose(operation.value["description"]), operation.name),
        "## Body",
        words(operation.value["requestBody"]["description"], "JSON: an object."),
        field_list(body, "body"),
        "## Signature",
        *_signature(next(iter(examples.values()))),
        "## Response",
        *(_response(status, it) for status, it in operation.value["responses"].items()),
        "## Examples",
        *chain.from_iterable(_example(name, each) for name, each in examples.items()),
    )


def _signature(example: Json) -> Iterator[str]:
    schema, signed = schema_named("WebhookSignature"), example["value"]["verifyInfo"]
    yield prose(schema["description"])
    address = schema_named("Account")["properties"]["email"]["examples"][0]
    values = {"address": address, "time": signed["timeStr"], "signature": signed["signature"]}
    yield code("python", _SIGN.format(**values))


def _response(status: str, response: Json) -> str:
    return f"`{status}`: {response['description']}"


def _example(name: str, example: Json) -> Iterator[str]:
    yield f"### {name}"
    yield words(example["summary"], badge(evidence_of(example)))
    yield json_code(example["value"])
