"""Reader of what PIM sparse mode asks of an interface."""

from typing import Protocol

from avdlab.net import interfaces as names
from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.tree import Line


class Builder(Protocol):
    """An interface under construction."""

    def pim(self, **changes: object) -> None: ...


PIM: Commands[Builder] = Commands("interface")


@PIM.on("pim ipv4 sparse-mode")
def _sparse(interface: Builder, _args: Args, _line: Line) -> None:
    interface.pim(sparse=True)


@PIM.on("pim ipv4 hello interval <seconds>")
def _hello(interface: Builder, args: Args, _line: Line) -> None:
    interface.pim(hello=int(args["seconds"]))


@PIM.on("pim ipv4 hello count <times>")
def _count(interface: Builder, args: Args, _line: Line) -> None:
    interface.pim(count=float(args["times"]))


@PIM.on("pim ipv4 dr-priority <priority>")
def _priority(interface: Builder, args: Args, _line: Line) -> None:
    interface.pim(priority=int(args["priority"]))


@PIM.on("pim ipv4 local-interface <name>")
def _local(interface: Builder, args: Args, _line: Line) -> None:
    interface.pim(local=names.canonical(args["name"]))
