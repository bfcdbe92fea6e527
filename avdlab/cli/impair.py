"""`avdlab impair`: delay, loss and corruption on a cable."""

from pathlib import Path

import click

from avdlab.backends.base import Impairment, LinkImpairment
from avdlab.cli import options
from avdlab.errors import InputError
from avdlab.lab import Lab

PERCENT = click.IntRange(0, 100)
MILLISECONDS = click.IntRange(0, 60_000)


@click.command("impair")
@click.argument("end")
@options.inventory_option
@options.name_option
@click.option("--delay", type=MILLISECONDS, default=0, help="Milliseconds, in each direction.")
@click.option("--jitter", type=MILLISECONDS, default=0, help="Milliseconds that the delay varies.")
@click.option("--loss", type=PERCENT, default=0, help="Percent of the frames, in each direction.")
@click.option("--corrupt", type=PERCENT, default=0, help="Percent of the frames.")
@click.option("--clear", is_flag=True, help="Take all impairments of the cable away.")
def command(
    end: str,
    inventory: Path | None,
    name: str | None,
    delay: int,
    jitter: int,
    loss: int,
    corrupt: int,
    clear: bool,
) -> None:
    """Worsen the cable at END (node:interface). What is not given is taken away.

    \b
    avdlab impair leaf1:Ethernet1 --delay 50 --loss 2
    avdlab impair leaf1:Et1 --clear
    """
    lab = Lab.open(inventory, name)
    backend = lab.backend
    if not isinstance(backend, LinkImpairment):
        raise InputError(f"the backend {backend.name} cannot impair cables")
    wanted = Impairment(delay, jitter, loss, corrupt)
    if clear == (wanted != Impairment()):
        raise InputError("say what the cable shall do, or --clear, and not both")
    a, b = options.cable(lab.topology(), end)
    with lab.folder.locked():
        backend.impair(a, b, None if clear else wanted)
    click.echo(f"{a} to {b}: {'as it was' if clear else _words(wanted)}")


def _words(wanted: Impairment) -> str:
    parts = (
        (wanted.delay_ms or wanted.jitter_ms, f"delay {wanted.delay_ms} ms"),
        (wanted.jitter_ms, f"jitter {wanted.jitter_ms} ms"),
        (wanted.loss_percent, f"{wanted.loss_percent} % lost"),
        (wanted.corrupt_percent, f"{wanted.corrupt_percent} % corrupted"),
    )
    return ", ".join(text for given, text in parts if given)
