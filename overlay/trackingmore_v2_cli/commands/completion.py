"""The command `trackingmore-v2 completion`."""

from importlib import import_module
from typing import Final

import click

from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._session import Session

_EXAMPLES: Final = (
    "trackingmore-v2 completion bash > trackingmore-v2.bash",
    "trackingmore-v2 completion zsh > _trackingmore-v2",
    "trackingmore-v2 completion fish > trackingmore-v2.fish",
)


@command(records=False, api=False, examples=_EXAMPLES, name="completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(_session: Session, *, shell: str) -> None:
    """
    Print a completion script for a shell.

    Store the script once, and again after an upgrade. It completes without starting this program
    or using the network; carriers are those that the last "trackingmore-v2 carriers" listed.

    \b
    bash: store it as ~/.local/share/bash-completion/completions/trackingmore-v2
          or, without the package bash-completion, add to ~/.bashrc:
          source ~/trackingmore-v2.bash
    zsh:  store it as _trackingmore-v2 in a folder of $fpath, such as ~/.zfunc:
          in ~/.zshrc, fpath+=(~/.zfunc) must stand before compinit
    fish: store it as ~/.config/fish/completions/trackingmore-v2.fish

    Then start a new shell.
    """  # noqa: D301 - click's mark of a paragraph that is not wrapped
    from trackingmore_v2_cli._completion.tree import tree_of  # noqa: PLC0415 - for this command

    script = import_module(f"trackingmore_v2_cli._completion.{shell}").script
    click.echo(script(tree_of(click.get_current_context().find_root())))
