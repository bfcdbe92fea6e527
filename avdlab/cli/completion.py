"""`avdlab completion`: what a shell needs to complete verbs, options, labs, nodes and ports."""

import click


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion of SHELL.

    \b
    bash: echo 'eval "$(avdlab completion bash)"' >> ~/.bashrc
    zsh:  echo 'eval "$(avdlab completion zsh)"' >> ~/.zshrc
    fish: avdlab completion fish > ~/.config/fish/completions/avdlab.fish
    """
    from click.shell_completion import get_completion_class

    from avdlab.cli.main import cli

    found = get_completion_class(shell)
    assert found is not None  # the choice above lists those that there are
    click.echo(found(cli, {}, "avdlab", "_AVDLAB_COMPLETE").source())
