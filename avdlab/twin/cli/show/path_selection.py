"""`show path-selection paths`, `show ip security connection` and the paths of virtual topologies.

A path to a static peer is up where its two addresses reach one another, as a ping would; that the
tunnel over it is negotiated is assumed. Dynamic peers, which STUN finds, are not listed.
"""

from dataclasses import dataclass

from avdlab.net.addresses import format_ipv4, parse_ipv4
from avdlab.twin.cli.show import scope
from avdlab.twin.cli.show.layout import columns
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.config.read.management.paths import PathGroup, StaticPeer, read_paths


@dataclass(frozen=True, slots=True)
class DpsPath:
    """A path: from an address of this device to one of a peer."""

    number: int
    group: str
    peer: str
    name: str
    source: str
    destination: str
    ipsec: bool
    up: bool

    @property
    def state(self) -> str:
        kind = "ipsec" if self.ipsec else "route"
        done = "Established" if self.ipsec else "Resolved"
        return kind + (done if self.up else "Pending")


def dps_paths(view: View) -> list[DpsPath]:
    """Return the paths of all groups, numbered as they are configured."""
    found: list[DpsPath] = []
    for group in read_paths(view.config).groups:
        for peer in group.peers:
            for interface in group.interfaces:
                found += _paths(view, group, peer, interface, len(found) + 1)
    return found


def _paths(
    view: View, group: PathGroup, peer: StaticPeer, interface: str, first: int
) -> list[DpsPath]:
    settings = scope.settings_of(view, interface)
    source = format_ipv4(settings.address.address) if settings.address is not None else ""
    return [
        DpsPath(
            first + number,
            group.name,
            peer.router,
            peer.name,
            source,
            address,
            bool(group.ipsec),
            _reaches(view, settings.vrf, source, address),
        )
        for number, address in enumerate(peer.addresses)
    ]


def _reaches(view: View, vrf: str, source: str, destination: str) -> bool:
    if not source:
        return False
    try:
        here, there = parse_ipv4(source), parse_ipv4(destination)
    except ValueError:
        return False
    return view.ping(vrf, there, here, 100, False, 1).received == 1


def paths(view: View, args: Args) -> Json:
    peers: Json = {}
    for path in _asked(view, args):
        groups = peers.setdefault(path.peer, {"peerName": path.name, "dpsGroups": {}})["dpsGroups"]
        entries = groups.setdefault(path.group, {"dpsPaths": {}})["dpsPaths"]
        entries[f"path{path.number}"] = {
            "state": path.state,
            "source": path.source,
            "destination": path.destination,
            "dpsSessions": {"0": {"active": path.up}},
        }
    return {"dpsPeers": peers}


def _asked(view: View, args: Args) -> list[DpsPath]:
    wanted = args.get("peer")
    return [path for path in dps_paths(view) if wanted in (None, path.peer)]


def paths_text(view: View, args: Args) -> str:
    widths = (15, 15, 12, 10, 15, 15, 16)
    heads = ("Peer", "Name", "Path Group", "Path", "Source", "Destination", "State")
    rows = [
        (
            *(path.peer, path.name, path.group, f"path{path.number}"),
            *(path.source, path.destination, path.state),
        )
        for path in _asked(view, args)
    ]
    return "".join(f"{columns(widths, row)}\n" for row in (heads, *rows))


def connections(view: View, args: Args) -> Json:
    """The connections of the paths with an IPsec profile; they run in the default VRF."""
    if args.get("vrf", "all") not in {"all", "default"}:
        return {"connections": {}}
    return {
        "connections": {
            f"default-{path.source}-{path.destination}-srcUnused-0": {
                "pathDict": {f"path{path.number}": "Established" if path.up else "Connecting"},
                "saddr": path.source,
                "daddr": path.destination,
                "tunnelNs": "default",
            }
            for path in _asked(view, args)
            if path.ipsec
        }
    }


def topologies(view: View, _: Args) -> Json:
    """Every virtual topology of a VRF has a direct path to each peer that some path reaches."""
    peers: dict[str, bool] = {}
    for path in dps_paths(view):
        peers[path.peer] = peers.get(path.peer, False) or path.up
    return {
        "vrfs": {
            vrf: {"avts": {name: {"avtPaths": _direct(peers)} for name in profiles}}
            for vrf, profiles in read_paths(view.config).avts.items()
        }
    }


def _direct(peers: dict[str, bool]) -> Json:
    return {
        f"direct:{number}": {
            "destination": peer,
            "nexthopAddr": peer,
            "flags": {"valid": up, "active": up, "directPath": True},
        }
        for number, (peer, up) in enumerate(sorted(peers.items()), start=1)
    }


_NOTE = "static peers; a path is up where a ping along it is answered, tunnels are assumed"
COMMANDS = (
    show(
        "show path-selection paths [peer <peer>]",
        Level.COMPUTED,
        json=paths,
        text=paths_text,
        note=_NOTE,
    ),
    show("show adaptive-virtual-topology path", Level.COMPUTED, json=topologies, note=_NOTE),
    *(
        show(words, Level.COMPUTED, json=connections, revision=2, note=_NOTE)
        for words in (
            "show ip security connection vrf <vrf> [path peer <peer>]",
            "show ip security connection",
        )
    ),
)
