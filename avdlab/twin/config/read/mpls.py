"""Reader of `mpls ...` at the top level: forwarding, LDP (RFC 5036), label ranges."""

from dataclasses import dataclass, field, replace

from avdlab.net import interfaces as names
from avdlab.net.addresses import parse_ipv4
from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.settings_mpls import LdpSettings, MplsSettings
from avdlab.twin.config.tree import Config, Line


@dataclass(slots=True)
class _Mpls:
    forwarding: bool = False
    ldp: LdpSettings | None = None
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)

    def change(self, **changes: object) -> None:
        self.ldp = replace(self.ldp or LdpSettings(), **changes)  # type: ignore[arg-type]


TOP: Commands[_Mpls] = Commands("")
LDP: Commands[_Mpls] = Commands("mpls ldp")


def read_mpls(config: Config) -> MplsSettings:
    """Return the MPLS settings of a configuration."""
    found = _Mpls()
    TOP.read(config.children, found)
    return MplsSettings(found.forwarding, found.ldp, found.ranges)


@TOP.on("mpls ip")
def _forwarding(mpls: _Mpls, _args: Args, _line: Line) -> None:
    mpls.forwarding = True


@TOP.on("mpls label range <kind> <first> <size>")
def _range(mpls: _Mpls, args: Args, _line: Line) -> None:
    mpls.ranges[args["kind"]] = (int(args["first"]), int(args["size"]))


@TOP.on("mpls ldp", opens=LDP)
def _ldp(mpls: _Mpls, _args: Args, line: Line) -> None:
    mpls.change()
    LDP.read(line.children, mpls)


@LDP.on("shutdown")
def _shutdown(mpls: _Mpls, _args: Args, _line: Line) -> None:
    mpls.change(shutdown=True)


@LDP.on("no shutdown")
def _no_shutdown(mpls: _Mpls, _args: Args, _line: Line) -> None:
    mpls.change(shutdown=False)


@LDP.on("router-id interface <name>")
def _router_id_interface(mpls: _Mpls, args: Args, _line: Line) -> None:
    mpls.change(router_id_interface=names.canonical(args["name"]))


@LDP.on("router-id <address>")
def _router_id(mpls: _Mpls, args: Args, _line: Line) -> None:
    mpls.change(router_id=parse_ipv4(args["address"]))


@LDP.on("transport-address interface <name>")
def _transport(mpls: _Mpls, args: Args, _line: Line) -> None:
    mpls.change(transport_interface=names.canonical(args["name"]))


@LDP.on("interface disabled default")
def _disabled(mpls: _Mpls, _args: Args, _line: Line) -> None:
    mpls.change(interfaces_by_default=False)


@LDP.on("password <secret...>", "neighbor <peer> password <secret...>")
def _password(mpls: _Mpls, args: Args, _line: Line) -> None:
    known = mpls.ldp.password if mpls.ldp is not None else ()
    mpls.change(password=(*known, args.get("peer", ""), args["secret"]))
