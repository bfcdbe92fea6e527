"""Reader of `dhcp server`: the subnets that a switch lends addresses of (RFC 2131)."""

from dataclasses import dataclass, field

from avdlab.net.addresses import Prefix, parse_ipv4, parse_prefix
from avdlab.twin.config.read.numbers import mac_address
from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.settings_wan import DhcpServer, DhcpSubnet
from avdlab.twin.config.tree import Config, Line


@dataclass(slots=True)
class _Subnet:
    ranges: list[tuple[int, int]] = field(default_factory=list)
    gateway: int | None = None
    reserved: dict[str, int] = field(default_factory=dict)  # MAC -> address


@dataclass(slots=True)
class _Server:
    subnets: list[DhcpSubnet] = field(default_factory=list)
    disabled: bool = False


TOP: Commands[dict[str, DhcpServer]] = Commands("")
SERVER: Commands[_Server] = Commands("dhcp server")
SUBNET: Commands[_Subnet] = Commands("subnet")
RESERVATIONS: Commands[_Subnet] = Commands("reservations")
RESERVATION: Commands[tuple[_Subnet, str]] = Commands("mac-address")


def read_dhcp(config: Config) -> dict[str, DhcpServer]:
    """Return VRF -> server."""
    found: dict[str, DhcpServer] = {}
    TOP.read(config.children, found)
    return found


@TOP.on("dhcp server [vrf <vrf>]", opens=SERVER)
def _server(found: dict[str, DhcpServer], args: Args, line: Line) -> None:
    server = _Server()
    SERVER.read(line.children, server)
    found[args.get("vrf", "default")] = DhcpServer(tuple(server.subnets), server.disabled)


@SERVER.on("disabled")
def _disabled(server: _Server, _args: Args, _line: Line) -> None:
    server.disabled = True


@SERVER.on("subnet <prefix>", opens=SUBNET)
def _subnet(server: _Server, args: Args, line: Line) -> None:
    prefix: Prefix = parse_prefix(args["prefix"])
    subnet = _Subnet()
    SUBNET.read(line.children, subnet)
    server.subnets.append(DhcpSubnet(prefix, tuple(subnet.ranges), subnet.gateway, subnet.reserved))


@SUBNET.on("range <first> <last>")
def _range(subnet: _Subnet, args: Args, _line: Line) -> None:
    subnet.ranges.append((parse_ipv4(args["first"]), parse_ipv4(args["last"])))


@SUBNET.on("default-gateway <address>")
def _gateway(subnet: _Subnet, args: Args, _line: Line) -> None:
    subnet.gateway = parse_ipv4(args["address"])


@SUBNET.on("reservations", opens=RESERVATIONS)
def _reservations(subnet: _Subnet, _args: Args, line: Line) -> None:
    RESERVATIONS.read(line.children, subnet)


@RESERVATIONS.on("mac-address <mac>", opens=RESERVATION)
def _reservation(subnet: _Subnet, args: Args, line: Line) -> None:
    RESERVATION.read(line.children, (subnet, mac_address(args["mac"])))


@RESERVATION.on("ipv4-address <address>")
def _reserved(found: tuple[_Subnet, str], args: Args, _line: Line) -> None:
    subnet, mac = found
    subnet.reserved[mac] = parse_ipv4(args["address"])
