"""Paths of WAN routers: path selection, adaptive virtual topologies, IPsec connections.

All three look at the paths between WAN routers, which are computed over the underlay. Numbers of
paths, latency, jitter and loss are not measured, so none are shown.
"""

from collections.abc import Iterator

from avdlab.net.addresses import format_ipv4
from avdlab.twin.cli.show.layout import columns
from avdlab.twin.cli.show.registry import Args, Json, Level, View, show
from avdlab.twin.tables.wan import DpsPath


def paths(view: View, args: Args) -> Json:
    peers: Json = {}
    for path in _asked(view, args):
        peer = peers.setdefault(format_ipv4(path.peer), {"peerName": path.node, "dpsGroups": {}})
        group = peer["dpsGroups"].setdefault(path.group, {"dpsPaths": {}})
        group["dpsPaths"][path.name] = {
            "source": format_ipv4(path.source),
            "destination": format_ipv4(path.destination),
            "state": path.state,
            "dpsSessions": {"0": {"active": path.up}},
        }
    return {"dpsPeers": peers}


def _asked(view: View, args: Args) -> list[DpsPath]:
    wanted = args.get("peer")
    return [path for path in view.device.dps if wanted in (None, format_ipv4(path.peer))]


def paths_text(view: View, args: Args) -> str:
    widths = (15, 15, 12, 10, 15, 15, 16)
    heads = ("Peer", "Name", "Path Group", "Path", "Source", "Destination", "State")
    rows = [
        (
            *(format_ipv4(path.peer), path.node, path.group, path.name),
            *(format_ipv4(path.source), format_ipv4(path.destination), path.state),
        )
        for path in _asked(view, args)
    ]
    return "".join(f"{columns(widths, row)}\n" for row in (heads, *rows))


def topologies(view: View, _: Args) -> Json:
    wan = view.device.settings.wan
    if wan is None:
        return {"vrfs": {}}
    found: Json = {}
    for vrf, profiles in wan.topologies.vrfs.items():
        found[vrf] = {
            "avts": {
                name: {"avtPaths": dict(_avt_paths(view, name)), "avtId": number}
                for name, number in sorted(profiles.items(), key=lambda item: item[1])
            }
        }
    return {"vrfs": found}


def _avt_paths(view: View, profile: str) -> Iterator[tuple[str, Json]]:
    """Yield the direct paths that the load-balance policy of a profile allows."""
    wan = view.device.settings.wan
    policy = wan.topologies.profiles.get(profile, "") if wan is not None else ""
    groups = wan.paths.policies.get(policy, ()) if wan is not None else ()
    allowed = [path for path in view.device.dps if path.group in groups]
    for number, path in enumerate(allowed, start=1):
        yield (
            f"direct:{number}",
            {
                "flags": {"directPath": True, "valid": path.up, "active": path.up},
                "nexthopAddr": format_ipv4(path.peer),
                "destination": format_ipv4(path.peer),
                "pathGroup": path.group,
            },
        )


def ipsec_connections(view: View, args: Args) -> Json:
    """IPsec runs in the underlay's VRF, one connection a path."""
    if args.get("vrf", "all") not in {"all", "default"}:
        return {"connections": {}}
    return {
        "connections": {
            f"default-{format_ipv4(path.source)}-{format_ipv4(path.destination)}-srcUnused-0": {
                "pathDict": {path.name: "Established"},
                "saddr": format_ipv4(path.source),
                "daddr": format_ipv4(path.destination),
                "tunnelNs": "default",
            }
            for path in _asked(view, args)
            if _established(path)
        }
    }


def _established(path: DpsPath) -> bool:
    return path.up and path.ipsec


_NOTE = "paths computed over the underlay; nothing is measured on them"
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
        show(
            f"show ip security connection{rest}",
            Level.COMPUTED,
            json=ipsec_connections,
            revision=2,
            note="established where both ends' keys and policies agree; no key exchange is run",
        )
        for rest in (" vrf <vrf> [path peer <peer>]", "")
    ),
)
