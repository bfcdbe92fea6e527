"""`avdlab capture`: the frames of a cable, to a file or a pipe."""

import sys
from pathlib import Path
from typing import BinaryIO

import click

from avdlab.backends.base import Capture
from avdlab.cli import options
from avdlab.errors import InputError
from avdlab.lab import Lab
from avdlab.settings import seconds as duration


@click.command("capture")
@click.argument("end")
@options.inventory_option
@options.name_option
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write, - for stdout [default: the lab's captures/].",
)
@click.option("--seconds", "length", help="How long to record, e.g. 30s [until ^C].")
@options.quiet_option
def command(
    end: str,
    inventory: Path | None,
    name: str | None,
    output: Path | None,
    length: str | None,
    quiet: bool,
) -> None:
    """Record the frames of the cable at END (node:interface), in pcap form.

    \b
    avdlab capture leaf1:Ethernet1 --seconds 30s
    avdlab capture leaf1:Et1 -o - | tcpdump -nr -
    avdlab capture leaf1:Et1 -o - | wireshark -k -i -
    """
    lab = Lab.open(inventory, name)
    backend = lab.backend
    if not isinstance(backend, Capture):
        raise InputError(f"the backend {backend.name} cannot capture")
    limit = duration(length) if length else None
    a, b = options.cable(lab.topology(), end)
    if output is not None and str(output) == "-":
        _write(backend, a, b, limit, sys.stdout.buffer)
        return
    path = output or lab.folder.path / "captures" / f"{a.replace(':', '-').replace('/', '_')}.pcap"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not quiet:
        until = f"for {length}" if length else "until ^C"
        click.echo(f"recording {a} to {b} {until}", err=True)
    with path.open("wb") as file:
        _write(backend, a, b, limit, file)
    click.echo(f"{path}: {path.stat().st_size} bytes")


def _write(backend: Capture, a: str, b: str, limit: float | None, to: BinaryIO) -> None:
    pieces = backend.follow(a, b, limit)
    try:
        for piece in pieces:
            to.write(piece)
            to.flush()
    except (KeyboardInterrupt, BrokenPipeError):
        return  # ^C and a closed window are the usual ends of a capture
    finally:
        pieces.close()
