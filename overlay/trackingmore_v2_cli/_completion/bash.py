"""The completion script for bash, from version 3.2 on, which macOS has."""

from collections.abc import Iterator
from shlex import quote
from typing import Final

from trackingmore_v2_cli._completion.cache import posix_path
from trackingmore_v2_cli._completion.tree import Node, Values

_FUNCTIONS: Final = r"""
# Complete the current word.
_trackingmore_v2() {
    local carriers=%s
    local IFS=$' \t\n' command='' option='' position=1 i word kind optional
    local -a commands options words
    local current="${COMP_WORDS[COMP_CWORD]}"
    COMPREPLY=()
    _trackingmore_v2_command ''
    for ((i = 1; i < COMP_CWORD; i++)); do
        word="${COMP_WORDS[i]}"
        option=''
        if [[ $word == -* ]]; then
            # bash separates words at "=" and ":".
            if [[ ${COMP_WORDS[i + 1]} == '=' ]]; then
                option="$word"
                ((i += 2))
            elif _trackingmore_v2_values "$command $word" && [[ ! $optional ]]; then
                option="$word"
                ((i += 1))
            fi
        elif [[ $word == ':' ]]; then
            ((i += 1))
            ((i == COMP_CWORD)) && return
        elif [[ " ${commands[*]} " == *" $word "* ]]; then
            command="${command:+$command }$word"
            _trackingmore_v2_command "$command"
        else
            ((position += 1))
        fi
        ((i < COMP_CWORD)) && option=''
    done
    case "$current" in
        '=') current='' ;;
        ':') return ;;
    esac
    kind=nothing words=()
    if [[ $option ]]; then
        _trackingmore_v2_values "$command $option"
    elif [[ $current == -* ]]; then
        kind=words words=("${options[@]}")
    elif ((${#commands[@]})); then
        kind=words words=("${commands[@]}")
    else
        _trackingmore_v2_values "$command #$position" || _trackingmore_v2_values "$command #"
    fi
    _trackingmore_v2_offer
}

# Offer what begins like the current word.
_trackingmore_v2_offer() {
    case "$kind" in
        words) for word in "${words[@]}"; do
            [[ $word == "$current"* ]] && COMPREPLY+=("$word")
        done ;;
        carrier) [[ -f $carriers && -r $carriers ]] && while IFS=$'\t' read -r word _; do
            [[ $word == "$current"* ]] && COMPREPLY+=("$word")
        done < "$carriers" ;;
        # The own completion of bash knows about quotes; version 3.2 cannot select it here.
        file) compopt -o default 2> /dev/null || _trackingmore_v2_paths -f ;;
        dir) compopt -o dirnames 2> /dev/null || _trackingmore_v2_paths -d ;;
    esac
    return 0
}

_trackingmore_v2_paths() {
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$1" -- "$current")
}
"""


def script(root: Node) -> str:
    """Return the script."""
    lines = [
        "# Completion of trackingmore-v2 for bash, written by: trackingmore-v2 completion bash",
        _FUNCTIONS % posix_path(),
        "# Set the subcommands and the options of a command.",
        *_function("_trackingmore_v2_command", _commands(root)),
        "",
        "# Set what completes an option or argument; fail for a flag.",
        *_function("_trackingmore_v2_values", [*_values(root), "*) return 1 ;;"]),
        "",
        "complete -F _trackingmore_v2 trackingmore-v2",
    ]
    return "\n".join(lines)


def _function(name: str, cases: list[str]) -> list[str]:
    return [
        f"{name}() {{",
        '    case "$1" in',
        *(f"        {case}" for case in cases),
        "    esac",
        "}",
    ]


def _commands(root: Node) -> list[str]:
    return [
        f"{quote(node.path)}) commands=({_array(child.name for child in node.children)}) "
        f"options=({_array(name for each in node.options for name in each.names)}) ;;"
        for node in root.walk()
    ]


def _values(root: Node) -> Iterator[str]:
    """Yield a case for each way to complete, with all options and arguments that have it."""
    keys: dict[tuple[Values, bool], list[str]] = {}
    for node in root.walk():
        for option in node.options:
            if option.values:
                names = [f"{node.path} {name}" for name in option.names]
                keys.setdefault((option.values, option.is_optional), []).extend(names)
        for position, argument in enumerate(node.arguments, 1):
            key = f"{node.path} #{'' if argument.is_multiple else position}"
            keys.setdefault((argument.values, False), []).append(key)
    for (values, is_optional), names in keys.items():
        yield (
            f"{' | '.join(map(quote, names))}) kind={values.kind} words=({_array(values.words)}) "
            f"optional={'1' if is_optional else ''} ;;"
        )


def _array(words: Iterator[str] | tuple[str, ...]) -> str:
    return " ".join(map(quote, words))
