"""
Static completion scripts: the shell reads them, and a file of carriers, and starts no program.

    tree.py     the commands with their options and arguments, from click
    cache.py    the file of carriers, as an expression of a shell
    bash.py     the script for bash, from version 3.2 on
    zsh.py      the script for zsh
    fish.py     the script for fish
"""
