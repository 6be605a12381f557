"""The completion script for fish."""

from collections.abc import Iterable, Iterator
from typing import Final

from trackingmore_v2_cli._completion.cache import fish_lines
from trackingmore_v2_cli._completion.tree import Node, Option, Values

_FUNCTIONS: Final = """
# Whether the command line is at this command, and at this argument of it.
function __trackingmore_v2_is
    set -l command ''
    set -l position 1
    set -l skips_value 0
    for token in (commandline -opc)[2..-1]
        if test $skips_value = 1
            set skips_value 0
            continue
        end
        switch $token
            case '-*'
                __trackingmore_v2_takes_value "$command $token"; and set skips_value 1
            case '*'
                set -l longer (string trim -- "$command $token")
                if __trackingmore_v2_is_command "$longer"
                    set command $longer
                else
                    set position (math $position + 1)
                end
        end
    end
    test "$command" = "$argv[1]"; or return 1
    test (count $argv) -lt 2; or test "$argv[2]" = $position
end
"""


def script(root: Node) -> str:
    """Return the script."""
    lines = [
        "# Completion of trackingmore-v2 for fish, written by: trackingmore-v2 completion fish",
        _FUNCTIONS,
        "function __trackingmore_v2_carriers",
        *(f"    {line}" for line in fish_lines()),
        "    test -f $file -a -r $file; and cat $file",
        "end",
        "",
        *_predicate("__trackingmore_v2_is_command", (node.path for node in root.walk())),
        *_predicate("__trackingmore_v2_takes_value", _value_options(root)),
        # Files are offered only where a value is one.
        "complete -c trackingmore-v2 -e",
        "complete -c trackingmore-v2 -f",
        *(line for node in root.walk() for line in _completions(node)),
    ]
    return "\n".join(lines)


def _predicate(name: str, words: Iterable[str]) -> list[str]:
    return [
        f"function {name}",
        "    switch $argv[1]",
        f"        case {' '.join(map(_quote, words))}",
        "            return 0",
        "    end",
        "    return 1",
        "end",
        "",
    ]


def _value_options(root: Node) -> Iterator[str]:
    for node in root.walk():
        for option in node.options:
            if option.values and not option.is_optional:
                yield from (f"{node.path} {name}" for name in option.names)


def _completions(node: Node) -> Iterator[str]:
    here = f"__trackingmore_v2_is {_quote(node.path)}"
    start = "complete -c trackingmore-v2 -n"
    for option in node.options:
        yield f"{start} {_quote(here)} {_option(option)}"
    for child in node.children:
        yield f"{start} {_quote(here)} -f -a {child.name} -d {_quote(child.summary)}"
    for position, argument in enumerate(node.arguments, 1):
        condition = here if argument.is_multiple else f"{here} {position}"
        yield f"{start} {_quote(condition)} {_values(argument.values)}"


def _option(option: Option) -> str:
    flags = [
        f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names
    ]
    words = [*flags, f"-d {_quote(option.summary)}"]
    if option.values:
        words += [*([] if option.is_optional else ["-r"]), _values(option.values)]
    return " ".join(words)


def _values(values: Values) -> str:
    return {
        "words": f"-f -a {_quote(' '.join(values.words))}",
        "file": "-F",
        "dir": "-f -a '(__fish_complete_directories)'",
        "carrier": "-f -a '(__trackingmore_v2_carriers)'",
        "nothing": "-f",
    }[values.kind]


def _quote(text: str) -> str:
    """Return a text as a word of fish, whose single quotes have two escapes."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
