"""Reads `neighbor` lines of `router bgp`, of its VRFs and of its address families.

A neighbor is collected as the fields that its lines name; what a line does not say stays None, so
that the engine can let a peer group speak.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from avdlab.net.interfaces import canonical
from avdlab.twin.config.read.policy import as_number
from avdlab.twin.config.read.table import Args, Commands, Handler
from avdlab.twin.config.settings import AfNeighborSettings, ListenRange, NeighborSettings
from avdlab.twin.config.tree import Line

Fields = dict[str, Any]  # name of a field of NeighborSettings or AfNeighborSettings -> value
_ALL_COMMUNITIES = frozenset({"standard", "extended", "large"})


@dataclass(slots=True)
class Neighbors:
    """The neighbors of one mode, by name: address, peer-group name or interface."""

    fields: dict[str, Fields] = field(default_factory=dict)
    listen_ranges: list[ListenRange] = field(default_factory=list)

    def of(self, name: str) -> Fields:
        return self.fields.setdefault(name, {})

    def settings(self) -> dict[str, NeighborSettings]:
        return {name: NeighborSettings(name=name, **found) for name, found in self.fields.items()}

    def family_settings(self) -> dict[str, AfNeighborSettings]:
        return {name: AfNeighborSettings(**found) for name, found in self.fields.items()}


class _HasNeighbors(Protocol):
    neighbors: Neighbors


def add_neighbor_commands(commands: Commands[Any]) -> None:
    """Register the `neighbor` commands of `router bgp` and of a VRF. Builders have `neighbors`."""
    _add_identity(commands)
    commands.on("neighbor <peer> send-community add|remove <kinds...>")(_change_communities)
    for pattern, read in _SESSION.items():
        commands.on(f"neighbor <peer> {pattern}")(_setter(read))
    add_policy_commands(commands)
    commands.on("neighbor <peer> missing-policy <words...>")(_missing_policy)
    commands.on("no neighbor <peer> enforce-first-as")(
        _setter(lambda _: {"enforce_first_as": False})
    )
    commands.on("no neighbor <peer> bfd")(_setter(lambda _: {"bfd": False}))
    commands.on("no neighbor <peer> shutdown")(_setter(lambda _: {"shutdown": False}))
    commands.on("no neighbor <peer> send-community")(
        _setter(lambda _: {"send_community": frozenset()})
    )


def add_policy_commands(commands: Commands[Any]) -> None:
    """Register the `neighbor` commands that a VRF and an address family have in common."""
    for pattern, read in _POLICY.items():
        commands.on(f"neighbor <peer> {pattern}")(_setter(read))
    commands.on("no neighbor <peer> additional-paths send|receive")(_no_more_paths)


def add_family_commands(commands: Commands[Any]) -> None:
    """Register the `neighbor` commands of an address family."""
    for pattern, read in _FAMILY.items():
        commands.on(f"neighbor <peer> {pattern}")(_setter(read))
    add_policy_commands(commands)
    commands.on("no neighbor <peer> activate")(_setter(lambda _: {"activate": False}))
    commands.on("no neighbor <peer> next-hop address-family ipv6")(
        _setter(lambda _: {"next_hop_ipv6_originate": False})
    )


def missing_policy(words: list[str], known: Mapping[str, str]) -> dict[str, str]:
    """Read `[include ...] direction in|out action ACTION` of a missing-policy line."""
    if "direction" not in words or "action" not in words:
        return dict(known)
    direction, action = (words[words.index(word) + 1] for word in ("direction", "action"))
    return {**known, direction: action}


def _missing_policy(builder: _HasNeighbors, args: Args, _: Line) -> None:
    fields = builder.neighbors.of(args["peer"])
    known = fields.get("missing_policy", {})
    fields["missing_policy"] = missing_policy(args["words"].split(), known)


def more_paths(words: list[str]) -> Fields:
    """Read what stands behind `additional-paths`: `receive`, or `send KIND [limit N]`."""
    if words == ["receive"]:
        return {"more_received": True}
    if words[:1] != ["send"] or len(words) < 2:
        return {}  # `install` keeps a path in reserve: no table shows it as used
    limit = int(words[words.index("limit") + 1]) if "limit" in words[:-1] else None
    return {"more_sent": ("any" if words[1] == "limit" else words[1], limit)}


def no_more_paths(what: str) -> Fields:
    """Read `no additional-paths send|receive`."""
    return {"more_received": False} if what == "receive" else {"more_sent": ("none", None)}


def _no_more_paths(builder: _HasNeighbors, args: Args, line: Line) -> None:
    builder.neighbors.of(args["peer"]).update(no_more_paths(line.words[-1]))


Reader = Callable[[Args], Fields]


def _setter(read: Reader) -> Handler[Any]:
    def handle(builder: _HasNeighbors, args: Args, _: Line) -> None:
        builder.neighbors.of(args["peer"]).update(read(args))

    return handle


# ------------------------------------------------------------------------------ which peer
def _add_identity(commands: Commands[Any]) -> None:
    commands.on(
        "neighbor interface <interface> peer-group <group> [remote-as <asn>]",
        "neighbor interface <interface> peer group <group> [remote-as <asn>]",
        "neighbor interface <interface> peer-group <group> peer-filter <filter>",
    )(_interface_neighbor)
    commands.on("neighbor <peer> peer-group", "neighbor <peer> peer group")(
        _setter(lambda _: {"is_peer_group": True})
    )
    commands.on("neighbor <peer> peer-group <group>", "neighbor <peer> peer group <group>")(
        _setter(lambda args: {"peer_group": args["group"]})
    )
    commands.on(
        "bgp listen range <range> peer-group <group> [remote-as <asn>] [peer-filter <filter>]",
        "bgp listen range <range> peer group <group> [remote-as <asn>] [peer-filter <filter>]",
    )(_listen_range)


def _interface_neighbor(builder: _HasNeighbors, args: Args, _: Line) -> None:
    for name in interface_range(args["interface"]):
        fields = builder.neighbors.of(name)
        fields["peer_group"] = args["group"]
        if "asn" in args:
            fields["remote_as"] = as_number(args["asn"])


def interface_range(text: str) -> list[str]:
    """Return the names in `Ethernet1`, `Et1-3` or `Et1/1,Et2/1`."""
    names: list[str] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if dash and last.isdigit():
            stem = canonical(first)
            digits = len(stem) - len(stem.rstrip("0123456789"))
            start, stem = int(stem[-digits:]), stem[:-digits]
            names.extend(f"{stem}{number}" for number in range(start, int(last) + 1))
        else:
            names.append(canonical(part))
    return names


def _listen_range(builder: _HasNeighbors, args: Args, _: Line) -> None:
    asn = as_number(args["asn"]) if "asn" in args else None
    builder.neighbors.listen_ranges.append(
        ListenRange(args["range"], args["group"], asn, args.get("filter"))
    )


# ------------------------------------------------------------------------------ what it is like
def _local_as(args: Args) -> Fields:
    words = args.get("options", "").split()
    return {
        "local_as": as_number(args["asn"]),
        "local_as_no_prepend": "no-prepend" in words,
        "local_as_replace": "replace-as" in words,
    }


def _maximum_routes(args: Args) -> Fields:
    limit, words = int(args["number"]), args.get("options", "").split()
    found: Fields = {
        "maximum_routes": limit,
        "maximum_routes_warn_only": "warning-only" in words,
    }
    if "warning-limit" in words[:-1]:
        number = int(words[words.index("warning-limit") + 1])
        found["maximum_routes_warning"] = limit * number // 100 if "percent" in words else number
    return found


def _password(args: Args) -> Fields:
    kind, _, value = args["secret"].partition(" ")
    return {"password": (kind, value) if value else ("0", kind)}


def _send_community(args: Args) -> Fields:
    words = args.get("kinds", "").split()
    known = frozenset(words) & _ALL_COMMUNITIES
    return {"send_community": known if words else _ALL_COMMUNITIES}


def _change_communities(builder: _HasNeighbors, args: Args, line: Line) -> None:
    fields = builder.neighbors.of(args["peer"])
    before = fields.get("send_community", frozenset())
    named = frozenset(args["kinds"].split()) & _ALL_COMMUNITIES
    fields["send_community"] = before | named if line.words[3] == "add" else before - named


def _remove_private(args: Args) -> Fields:
    first, _, rest = args.get("how", "").partition(" ")
    if first == "ingress":
        return {"remove_private_as_in": rest}
    return {"remove_private_as": args.get("how", "")}


def _default_originate(args: Args) -> Fields:
    words = args.get("options", "").split()
    name = words[words.index("route-map") + 1] if "route-map" in words else None
    return {"default_originate": (name, "always" in words)}


def _timers(args: Args) -> Fields:
    return {"timers": (int(args["keepalive"]), int(args["hold"].split()[0]))}


def _bfd_interval(args: Args) -> Fields:
    return {"bfd": True, "bfd_interval": (int(args["tx"]), int(args["rx"]), int(args["times"]))}


_SESSION: dict[str, Reader] = {
    "remote-as <asn>": lambda args: {"remote_as": as_number(args["asn"])},
    "local-as <asn> [<options...>]": _local_as,
    "description <text...>": lambda args: {"description": args["text"]},
    "update-source <interface>": lambda args: {"update_source": canonical(args["interface"])},
    "ebgp-multihop [<ttl>]": lambda args: {"ebgp_multihop": int(args.get("ttl", 255))},
    "ttl maximum-hops <hops>": lambda args: {"maximum_hops": int(args["hops"])},
    "password <secret...>": _password,
    "shutdown [reason <text...>]": lambda _: {"shutdown": True},
    "send-community [<kinds...>]": _send_community,
    "maximum-routes <number> [<options...>]": _maximum_routes,
    "allowas-in [<number>]": lambda args: {"allowas_in": int(args.get("number", 3))},
    "remove-private-as": _remove_private,
    "remove-private-as <how...>": _remove_private,
    "import-localpref <number>": lambda args: {"local_preference": int(args["number"])},
    "export-localpref <number>": lambda args: {"export_local_preference": int(args["number"])},
    "metric-out <number>": lambda args: {"metric_out": int(args["number"])},
    "as-path remote-as replace out": lambda _: {"as_path_remote_as_replace": True},
    "as-path prepend-own disabled": lambda _: {"as_path_prepend_own_disabled": True},
    "enforce-first-as": lambda _: {"enforce_first_as": True},
    "timers <keepalive> <hold...>": _timers,
    "bfd interval <tx> min-rx <rx> multiplier <times>": _bfd_interval,
    "bfd": lambda _: {"bfd": True},
    "passive": lambda _: {"passive": True},
    "transport connection-mode passive": lambda _: {"passive": True},
    "next-hop-peer": lambda _: {"next_hop_peer": True},
    "rib-in pre-policy retain [<scope>]": lambda args: {
        "rib_in_pre_policy_retain": args.get("scope", "")
    },
}

_POLICY: dict[str, Reader] = {
    "route-map <name> in": lambda args: {"route_map_in": args["name"]},
    "route-map <name> out": lambda args: {"route_map_out": args["name"]},
    "prefix-list <name> in": lambda args: {"prefix_list_in": args["name"]},
    "prefix-list <name> out": lambda args: {"prefix_list_out": args["name"]},
    "next-hop-unchanged": lambda _: {"next_hop_unchanged": True},
    "next-hop-self": lambda _: {"next_hop_self": True},
    "route-reflector-client": lambda _: {"route_reflector_client": True},
    "default-originate [<options...>]": _default_originate,
    "weight <number>": lambda args: {"weight": int(args["number"])},
    "additional-paths <words...>": lambda args: more_paths(args["words"].split()),
}

_FAMILY: dict[str, Reader] = {
    "activate": lambda _: {"activate": True},
    "domain remote": lambda _: {"domain_remote": True},
    "next-hop address-family ipv6 originate": lambda _: {"next_hop_ipv6_originate": True},
    "encapsulation <name>": lambda args: {"encapsulation": args["name"]},
}
