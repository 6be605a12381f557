"""What "Try it" needs: a script with the contract, and constants that the sandbox knows."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

from trackingmore_v2_api import API_KEY_HEADER, BASE_URL
from trackingmore_v2_sandbox import API_KEY
from website.contract import contract
from website.pages import ROOT
from website.try_it import write_contract

SCRIPT = (ROOT / "website/static/try_it.js").read_text("utf-8")
LOCK = ROOT / "website/package-lock.json"


def test_the_script_knows_the_sandbox() -> None:
    """Key, header and base path are those of the sandbox."""
    assert f'EXAMPLE_KEY = "{API_KEY}"' in SCRIPT
    assert f'KEY_HEADER = "{API_KEY_HEADER}"' in SCRIPT
    assert f'new URL("{urlsplit(BASE_URL).path}", location)' in SCRIPT


def test_the_contract_is_a_script(tmp_path: Path) -> None:
    """A page that is a file reads the contract as a script, with nothing lost."""
    write_contract(tmp_path)
    text = (tmp_path / "contract.js").read_text("utf-8")
    content = text.removeprefix("window.CONTRACT = ").removesuffix(";\n")

    assert json.loads(content) == contract()


def test_packages_of_others_have_hashes_and_no_address() -> None:
    """The lock file is exact, and names no registry."""
    text = LOCK.read_text("utf-8")
    packages = json.loads(text)["packages"]
    installed = {name: package for name, package in packages.items() if name}

    assert installed
    assert all(each["integrity"].startswith("sha512-") for each in installed.values())
    assert not re.search(r"https?://|resolved", text)
