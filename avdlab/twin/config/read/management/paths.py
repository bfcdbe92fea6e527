"""Reader of `router path-selection` and `router adaptive-virtual-topology`: groups, peers, AVTs."""

from dataclasses import dataclass, field

from avdlab.twin.config.read.table import Args, Commands
from avdlab.twin.config.tree import Config, Line


@dataclass(slots=True)
class StaticPeer:
    """`peer static router-ip X`: its name and the addresses that it is reached at."""

    router: str
    name: str = ""
    addresses: list[str] = field(default_factory=list)


@dataclass(slots=True)
class PathGroup:
    name: str
    interfaces: list[str] = field(default_factory=list)
    ipsec: str = ""  # profile
    peers: list[StaticPeer] = field(default_factory=list)


@dataclass(slots=True)
class PathSettings:
    groups: list[PathGroup] = field(default_factory=list)
    avts: dict[str, list[str]] = field(default_factory=dict)  # VRF -> AVT profiles


TOP: Commands[PathSettings] = Commands("")
SELECTION: Commands[PathSettings] = Commands("router path-selection")
GROUP: Commands[PathGroup] = Commands("path-group")
PEER: Commands[StaticPeer] = Commands("peer static")
AVT: Commands[PathSettings] = Commands("router adaptive-virtual-topology")
AVT_VRF: Commands[list[str]] = Commands("vrf")


def read_paths(config: Config) -> PathSettings:
    """Read the path groups, and the virtual topologies of each VRF."""
    found = PathSettings()
    TOP.read(config.children, found)
    return found


@TOP.on("router path-selection", opens=SELECTION)
def _selection(paths: PathSettings, _args: Args, line: Line) -> None:
    SELECTION.read(line.children, paths)


@SELECTION.on("path-group <name> id <number>", opens=GROUP)
def _group(paths: PathSettings, args: Args, line: Line) -> None:
    group = PathGroup(args["name"])
    GROUP.read(line.children, group)
    paths.groups.append(group)


@GROUP.on("ipsec profile <name>")
def _ipsec(group: PathGroup, args: Args, _line: Line) -> None:
    group.ipsec = args["name"]


@GROUP.on("local interface <interface> [public address <address>]")
def _interface(group: PathGroup, args: Args, _line: Line) -> None:
    group.interfaces.append(args["interface"])


@GROUP.on("peer static router-ip <router>", opens=PEER)
def _peer(group: PathGroup, args: Args, line: Line) -> None:
    peer = StaticPeer(args["router"])
    PEER.read(line.children, peer)
    group.peers.append(peer)


@PEER.on("name <name>")
def _name(peer: StaticPeer, args: Args, _line: Line) -> None:
    peer.name = args["name"]


@PEER.on("ipv4 address <address>")
def _address(peer: StaticPeer, args: Args, _line: Line) -> None:
    peer.addresses.append(args["address"])


@TOP.on("router adaptive-virtual-topology", opens=AVT)
def _topology(paths: PathSettings, _args: Args, line: Line) -> None:
    AVT.read(line.children, paths)


@AVT.on("vrf <vrf>", opens=AVT_VRF)
def _vrf(paths: PathSettings, args: Args, line: Line) -> None:
    AVT_VRF.read(line.children, paths.avts.setdefault(args["vrf"], []))


@AVT_VRF.on("avt profile <name> id <number>")
def _avt(profiles: list[str], args: Args, _line: Line) -> None:
    profiles.append(args["name"])
