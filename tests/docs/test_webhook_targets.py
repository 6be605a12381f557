"""The page about the sandbox's webhooks names each option of a target."""

import inspect
import re
from typing import Any, get_args

from tests.docs.pages import page
from trackingmore_v2_api.webhooks import WebhookForm
from trackingmore_v2_sandbox.admin.python_api import WebhookMethods
from trackingmore_v2_sandbox.store.models import Corruption

PAGE = page("sandbox-webhooks.md")


def test_every_option_is_in_a_table() -> None:
    """Each option that says how deliveries are sent, with each of its values."""
    options = inspect.signature(WebhookMethods.add).parameters.keys()
    named = set(re.findall(r"^\| `(\w+)", PAGE, re.MULTILINE))
    values = set(re.findall(r'^\| `(form|corrupt): "(\w+)"`', PAGE, re.MULTILINE))

    assert options - {"self", "url", "statuses", "api_key"} <= named
    assert {value for name, value in values if name == "form"} == set(get_args(WebhookForm))
    assert {value for name, value in values if name == "corrupt"} == set(get_args(Corruption))


def test_the_example_adds_a_target() -> None:
    """The page's code runs."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, "sandbox-webhooks.md", "exec"), names)  # noqa: S102 - our own words

    assert (names["target"].form, names["target"].statuses) == ("2019", ("delivered",))
