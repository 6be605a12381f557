# Print the completions of a command line, one a line.
#
# Arguments: a file with a completion script, and the line. An interactive shell without a
# configuration completes it. Its `compadd` prints what it adds, except where completion functions
# use it to filter words into an array.

zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "
PROMPT=
autoload -Uz compinit && compinit -u -D
source ${(q)1}
bindkey '^I' complete-word
zstyle ':completion:*' insert-tab false
zstyle ':completion:*' list-grouped false
mark() { print -r -- '<mark>' }
compprefuncs=(mark)
comppostfuncs=(mark exit)
compadd() {
    if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then
        builtin compadd \"\$@\"
        return
    fi
    local -a hits
    builtin compadd -A hits \"\$@\"
    print -rl -- \${IPREFIX}\${^hits}
}
print -r -- '<re''ady>'
"
zpty -r shell output '*<ready>*'
zpty -n -w shell "$2"$'\t'
zpty -r shell output '*<mark>*<mark>*'
output=${output#*<mark>}
print -r -- ${output%<mark>*}
