"""Reader of what routing protocols ask of an interface: OSPF, IS-IS, MPLS; and PIM."""

from typing import Any, Protocol

from avdlab.twin.config.read.gre import GRE
from avdlab.twin.config.read.isis import LEVELS
from avdlab.twin.config.read.ospf import area
from avdlab.twin.config.read.pim import PIM
from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.settings import InterfaceSettings
from avdlab.twin.config.tree import Line


class Builder(Protocol):
    """An interface under construction."""

    settings: InterfaceSettings

    def ospf(self, **changes: object) -> None: ...

    def isis(self, **changes: object) -> None: ...

    def mpls(self, **changes: object) -> None: ...


PROTOCOLS: Commands[Builder] = Commands("interface")


def add_protocol_commands(commands: Commands[Any]) -> None:
    """Add the commands to the table of `interface` sections."""
    commands.include(PROTOCOLS)
    commands.include(PIM)
    commands.include(GRE)


# ---------------------------------------------------------------------------------- OSPF
@PROTOCOLS.on("ip ospf area <area>")
def _ospf_area(interface: Builder, args: Args, _line: Line) -> None:
    interface.ospf(area=area(args["area"]))


@PROTOCOLS.on("ip ospf cost <cost>")
def _ospf_cost(interface: Builder, args: Args, _line: Line) -> None:
    interface.ospf(cost=int(args["cost"]))


@PROTOCOLS.on("ip ospf network point-to-point")
def _ospf_network(interface: Builder, _args: Args, _line: Line) -> None:
    interface.ospf(point_to_point=True)


@PROTOCOLS.on("ip ospf hello-interval <seconds>")
def _ospf_hello(interface: Builder, args: Args, _line: Line) -> None:
    interface.ospf(hello=int(args["seconds"]))


@PROTOCOLS.on("ip ospf dead-interval <seconds>")
def _ospf_dead(interface: Builder, args: Args, _line: Line) -> None:
    interface.ospf(dead=int(args["seconds"]))


@PROTOCOLS.on("ip ospf priority <priority>")
def _ospf_priority(interface: Builder, args: Args, _line: Line) -> None:
    interface.ospf(priority=int(args["priority"]))


@PROTOCOLS.on("ip ospf authentication [<mode>]")
def _ospf_authentication(interface: Builder, args: Args, _line: Line) -> None:
    interface.ospf(authentication=args.get("mode", "simple"))


@PROTOCOLS.on("ip ospf authentication-key|message-digest-key <key...>")
def _ospf_key(interface: Builder, args: Args, _line: Line) -> None:
    known = interface.settings.ospf.keys if interface.settings.ospf else ()
    interface.ospf(keys=(*known, tuple(args["key"].split())))


@PROTOCOLS.on("ip ospf mtu-ignore")
def _ospf_mtu_ignore(interface: Builder, _args: Args, _line: Line) -> None:
    interface.ospf(mtu_ignore=True)


@PROTOCOLS.on("ip ospf disabled")
def _ospf_disabled(interface: Builder, _args: Args, _line: Line) -> None:
    interface.ospf(disabled=True)


# ---------------------------------------------------------------------------------- IS-IS
@PROTOCOLS.on("isis enable <instance>")
def _isis_enable(interface: Builder, args: Args, _line: Line) -> None:
    interface.isis(instance=args["instance"])


@PROTOCOLS.on("isis metric <metric>")
def _isis_metric(interface: Builder, args: Args, _line: Line) -> None:
    interface.isis(metric=int(args["metric"]))


@PROTOCOLS.on("isis ipv6 metric <metric>")
def _isis_metric6(interface: Builder, args: Args, _line: Line) -> None:
    interface.isis(metric6=int(args["metric"]))


@PROTOCOLS.on("isis circuit-type level-1|level-2|level-1-2")
def _isis_circuit_type(interface: Builder, _args: Args, line: Line) -> None:
    interface.isis(levels=LEVELS[line.words[2]])


@PROTOCOLS.on("isis passive [<rest...>]", "isis passive-interface")
def _isis_passive(interface: Builder, _args: Args, _line: Line) -> None:
    interface.isis(passive=True)


@PROTOCOLS.on("isis network point-to-point")
def _isis_network(interface: Builder, _args: Args, _line: Line) -> None:
    interface.isis(point_to_point=True)


@PROTOCOLS.on("no isis hello padding")
def _isis_no_padding(interface: Builder, _args: Args, _line: Line) -> None:
    interface.isis(hello_padding=False)


@PROTOCOLS.on("isis hello padding")
def _isis_padding(interface: Builder, _args: Args, _line: Line) -> None:
    interface.isis(hello_padding=True)


@PROTOCOLS.on("isis authentication mode <mode>")
def _isis_mode(interface: Builder, args: Args, _line: Line) -> None:
    interface.isis(authentication=args["mode"])


@PROTOCOLS.on("isis authentication key <key...>")
def _isis_key(interface: Builder, args: Args, _line: Line) -> None:
    interface.isis(key=tuple(args["key"].split()))


# ---------------------------------------------------------------------------------- MPLS
@PROTOCOLS.on("mpls ip")
def _mpls_ip(interface: Builder, _args: Args, _line: Line) -> None:
    interface.mpls(forwarding=True)


@PROTOCOLS.on("no mpls ip")
def _no_mpls_ip(interface: Builder, _args: Args, _line: Line) -> None:
    interface.mpls(forwarding=False)


@PROTOCOLS.on("mpls ldp interface")
def _ldp_interface(interface: Builder, _args: Args, _line: Line) -> None:
    interface.mpls(ldp=True)


@PROTOCOLS.on("no mpls ldp interface")
def _no_ldp_interface(interface: Builder, _args: Args, _line: Line) -> None:
    interface.mpls(ldp=False)


@PROTOCOLS.on("node-segment ipv4 index <index>")
def _node_segment(interface: Builder, args: Args, _line: Line) -> None:
    interface.mpls(node_segment=int(args["index"]))


@PROTOCOLS.on("node-segment ipv6 index <index>")
def _node_segment6(interface: Builder, args: Args, _line: Line) -> None:
    interface.mpls(node_segment6=int(args["index"]))
