"""Reader of `tunnel ...` in `interface Tunnel` sections."""

from typing import Protocol

from avdlab.net import interfaces as names
from avdlab.net.addresses import parse_ipv4
from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.tree import Line


class Builder(Protocol):
    """An interface under construction."""

    def tunnel(self, **changes: object) -> None: ...


GRE: Commands[Builder] = Commands("interface")


@GRE.on("tunnel mode <mode>")
def _mode(interface: Builder, args: Args, _line: Line) -> None:
    interface.tunnel(mode=args["mode"])


@GRE.on("tunnel source [interface] <source>")
def _source(interface: Builder, args: Args, _line: Line) -> None:
    source = args["source"]
    if names.is_interface(source):
        interface.tunnel(interface=names.canonical(source))
    else:
        interface.tunnel(source=parse_ipv4(source))


@GRE.on("tunnel destination <address>")
def _destination(interface: Builder, args: Args, _line: Line) -> None:
    interface.tunnel(destination=parse_ipv4(args["address"]))


@GRE.on("tunnel key <key>")
def _key(interface: Builder, args: Args, _line: Line) -> None:
    interface.tunnel(key=args["key"])
