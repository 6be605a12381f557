"""The completion script for zsh."""

from collections.abc import Iterator
from shlex import quote
from typing import Final

from trackingmore_v2_cli._completion.cache import posix_path
from trackingmore_v2_cli._completion.tree import Argument, Node, Option, Values

_HEADER: Final = """\
#compdef trackingmore-v2
# Completion of trackingmore-v2 for zsh, written by: trackingmore-v2 completion zsh

__trackingmore_v2_carriers() {
    local file=%s
    local -a carriers
    [[ -f $file && -r $file ]] && carriers=(${${(f)"$(<$file)"}/$'\\t'/:})
    _describe carrier carriers
}
"""
_FOOTER: Final = """
# The file may be found by its name in `fpath`, or be sourced.
if [[ $funcstack[1] == _trackingmore-v2 ]]; then
    _trackingmore_v2 "$@"
else
    compdef _trackingmore_v2 trackingmore-v2
fi"""


def script(root: Node) -> str:
    """Return the script."""
    functions = (_function(node) for node in root.walk())
    return "\n".join([_HEADER % posix_path(), *functions, _FOOTER])


def _function(node: Node) -> str:
    specifications = [*_options(node), *_arguments(node)]
    if node.children:
        specifications += ["1: :->command", "*:: :->arguments"]
    arguments = "".join(f" \\\n        {quote(each)}" for each in specifications)
    lines = [
        f"{_name(node)}() {{",
        *(["    local context state state_descr line", "    typeset -A opt_args"]),
        f"    _arguments -s -C :{arguments}",
        *(_dispatch(node) if node.children else ()),
        "}",
    ]
    return "\n".join(lines)


def _dispatch(node: Node) -> Iterator[str]:
    """Yield lines that complete a subcommand, or go on in its function."""
    yield "    case $state in"
    yield "        command)"
    yield "            local -a commands=("
    for child in node.children:
        yield f"                {quote(f'{child.name}:{child.summary}')}"
    yield "            )"
    yield "            _describe command commands ;;"
    yield "        arguments)"
    yield "            case $line[1] in"
    for child in node.children:
        yield f"                {child.name}) {_name(child)} ;;"
    yield "            esac ;;"
    yield "    esac"


def _options(node: Node) -> Iterator[str]:
    for option in node.options:
        for name in option.names:
            yield f"{_prefix(option)}{_option(name, option)}"


def _prefix(option: Option) -> str:
    """Return what keeps an option from being completed twice, unless it may be."""
    return "*" if option.is_multiple else f"({' '.join(option.names)})"


def _option(name: str, option: Option) -> str:
    summary = option.summary.translate(str.maketrans("[]", "()"))
    if option.values is None:
        return f"{name}[{summary}]"
    if option.is_optional:
        return f"{name}=-[{summary}]::value:{_action(option.values)}"
    equals = "=" if name.startswith("--") else ""
    return f"{name}{equals}[{summary}]:value:{_action(option.values)}"


def _arguments(node: Node) -> Iterator[str]:
    for position, argument in enumerate(node.arguments, 1):
        yield f"{_position(argument, position)}:{argument.name}:{_action(argument.values)}"


def _position(argument: Argument, position: int) -> str:
    return "*" if argument.is_multiple else f"{position}"


def _action(values: Values) -> str:
    return {
        "words": f"({' '.join(map(quote, values.words))})",
        "file": "_files",
        "dir": "_files -/",
        "carrier": "__trackingmore_v2_carriers",
        "nothing": " ",
    }[values.kind]


def _name(node: Node) -> str:
    return "_".join(["_trackingmore_v2", *node.path.replace("-", "_").split()])
