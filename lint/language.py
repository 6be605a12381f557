"""
Check the language of code, docs and contract: `python lint/language.py` prints each finding.

    docstrings   no docstring opens with a word like "Give" or "Tell": code and tests
    words        no docstring, comment, message or page of the product has a word of words.txt

Code in backticks and text in double quotes of a page or the contract is exempt: names, and what the
provider said.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
OPENINGS = re.compile(r"(give|tell|say|let|see|put|look|make)s?\b", re.IGNORECASE)
"""Words that no docstring opens with: a function says what it returns or does."""

CODE = ("overlay", "sandbox", "codegen", "lint", "examples", "tests", "release", "website")
PRODUCT = ("overlay", "sandbox", "codegen", "examples", "release", "website")
PAGES = ("*.md", "docs/*.md", ".github/*.md")
SCRIPTS = ("sandbox/**/static/*.js", "sandbox/**/static/*.html", "website/static/*.js")
CONTRACTS = ("openapi.yaml", "sandbox/trackingmore_v2_sandbox/admin/openapi.json")
DATA = {
    "sandbox/trackingmore_v2_sandbox/scenarios/checkpoints.py": "what carriers say",
    "sandbox/trackingmore_v2_sandbox/store/migrations.py": "SQL",
}
"""Modules whose strings are data; only the openings of docstrings are checked there."""

_CODE_SPAN = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_SPOKEN = re.compile(r'"[^"\n]*"|“[^”]*”')
_NAME = re.compile(r'"\w+"')
_PROPERTY = re.compile(r"@property \{[^}]*\} \w+")
_SCRIPT_TEXT = re.compile(r'"[^"\n]* [^"\n]*"|//[^\n]*|/\*.*?\*/|>[^<>]+<', re.DOTALL)
_QUOTED_VALUE = re.compile(
    r'^\s*(?:- )?"?(?:message|example|value|enum|const|default|pattern|pause-seconds)"?: .*$',
    re.MULTILINE,
)


def read_words(text: str) -> list[tuple[re.Pattern[str], str]]:
    """Return each word of the list as a pattern, with what to write instead."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    pairs = [line.split(" => ") for line in lines]
    return [(re.compile(rf"\b(?:{word})\b", re.IGNORECASE), instead) for word, instead in pairs]


WORDS = read_words((Path(__file__).parent / "words.txt").read_text(encoding="utf-8"))


def blank(pattern: re.Pattern[str], text: str) -> str:
    """Return a text with spaces in place of what matches, so that line numbers stay."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def find_words(text: str, first_line: int = 1) -> Iterator[tuple[int, str]]:
    """Yield the line of each word of the list, and what is wrong with it."""
    for pattern, instead in WORDS:
        for found in pattern.finditer(text):
            line = first_line + text.count("\n", 0, found.start())
            yield line, f"{found[0]!r}: write {instead}"


def prose_of(code: str) -> Iterator[tuple[int, str]]:
    """Yield each docstring, comment and string of several words in a module, with its line."""
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        is_prose = token.type == tokenize.COMMENT or (
            token.type == tokenize.STRING and " " in token.string.strip()
        )
        if is_prose:
            yield token.start[0], blank(_CODE_SPAN, token.string)


def openings(code: str) -> Iterator[tuple[int, str]]:
    """Yield the line of each docstring that opens with a word that none does."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found = OPENINGS.match((ast.get_docstring(node) or "").lstrip())
            if found:
                line = node.body[0].lineno
                yield line, f"the docstring opens with {found[0]!r}: say what is returned or done"


def check_code(path: Path, code: str) -> Iterator[tuple[int, str]]:
    """Yield what breaks a rule in a module."""
    yield from openings(code)
    name = str(path.relative_to(ROOT))
    if name.partition("/")[0] in PRODUCT and name not in DATA:
        for line, text in prose_of(code):
            yield from find_words(text, line)


def check_page(_path: Path, text: str) -> Iterator[tuple[int, str]]:
    """Yield what breaks a rule in a page of prose."""
    yield from find_words(blank(_SPOKEN, blank(_CODE_SPAN, text)))


def check_contract(_path: Path, text: str) -> Iterator[tuple[int, str]]:
    """Yield what breaks a rule in the descriptions of an OpenAPI document."""
    text = blank(_QUOTED_VALUE, text)
    text = blank(_NAME if text.lstrip().startswith("{") else _SPOKEN, text)
    yield from find_words(blank(_CODE_SPAN, text))


def check_script(_path: Path, text: str) -> Iterator[tuple[int, str]]:
    """Yield what breaks a rule in the comments and texts of a script or an HTML page."""
    text = blank(_PROPERTY, text)
    for found in _SCRIPT_TEXT.finditer(text):
        yield from find_words(blank(_CODE_SPAN, found[0]), 1 + text.count("\n", 0, found.start()))


def findings() -> Iterator[str]:
    """Yield all that breaks a rule, as `file:line: reason`."""
    checks = [
        *((path, check_code) for name in CODE for path in (ROOT / name).rglob("*.py")),
        (ROOT / "noxfile.py", check_code),
        *((path, check_page) for name in PAGES for path in ROOT.glob(name)),
        *((path, check_contract) for name in CONTRACTS for path in ROOT.glob(name)),
        *((path, check_script) for name in SCRIPTS for path in ROOT.glob(name)),
    ]
    for path, check in sorted(checks, key=lambda each: each[0]):
        text = path.read_text(encoding="utf-8")
        for line, reason in sorted(check(path, text)):
            yield f"{path.relative_to(ROOT)}:{line}: {reason}"


if __name__ == "__main__":
    found = list(findings())
    sys.stdout.writelines(f"{line}\n" for line in found)
    sys.exit(f"{len(found)} places to rewrite; see CONTRIBUTING.md" if found else 0)
