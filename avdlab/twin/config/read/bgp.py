"""Reads `router bgp`: the process, its VRFs, MAC-VRFs and address families.

The spellings of EOS 4.18 (`peer-group`, `network` at the top level) and of AVD 6 (`peer group`,
one section per address family) give the same settings.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from avdlab.net.addresses import Prefix, parse_any_prefix, parse_ipv4
from avdlab.twin.config.read.bgp_mac_vrf import (
    MAC_VRF,
    MacVrf,
    mac_vrf_settings,
    route_target,
    vlan_set,
)
from avdlab.twin.config.read.bgp_neighbors import (
    Neighbors,
    add_family_commands,
    add_neighbor_commands,
    missing_policy,
    more_paths,
    no_more_paths,
)
from avdlab.twin.config.read.numbers import prefix as mask_prefix
from avdlab.twin.config.read.policy import as_number
from avdlab.twin.config.read.redistribution import COMPUTED, redistribution
from avdlab.twin.config.read.segments import SEGMENT, read_segment
from avdlab.twin.config.read.table import Args, Commands, Handler
from avdlab.twin.config.settings import (
    AddressFamilySettings,
    Afi,
    AggregateSettings,
    BgpSettings,
    BgpVrfSettings,
    MacVrfSettings,
    Redistribution,
)
from avdlab.twin.config.tree import Config, Line


@dataclass(slots=True)
class _Family:
    fields: dict[str, Any] = field(default_factory=dict)
    neighbors: Neighbors = field(default_factory=Neighbors)
    networks: list[tuple[Prefix, str | None]] = field(default_factory=list)
    redistribute: list[Redistribution] = field(default_factory=list)
    aggregates: list[AggregateSettings] = field(default_factory=list)


@dataclass(slots=True)
class _Vrf:
    """`router bgp` itself, or a VRF. `fields` are those of BgpVrfSettings that lines name."""

    fields: dict[str, Any] = field(default_factory=dict)
    import_rts: dict[str, set[str]] = field(default_factory=dict)
    export_rts: dict[str, set[str]] = field(default_factory=dict)
    neighbors: Neighbors = field(default_factory=Neighbors)
    families: dict[Afi, _Family] = field(default_factory=dict)
    networks: list[tuple[Prefix, str | None]] = field(default_factory=list)
    aggregates: list[AggregateSettings] = field(default_factory=list)
    redistribute: list[Redistribution] = field(default_factory=list)
    vrfs: dict[str, "_Vrf"] = field(default_factory=dict)
    mac_vrfs: list[MacVrfSettings] = field(default_factory=list)
    asdot: bool = False


@dataclass(slots=True)
class _Found:
    asn: int | None = None
    process: _Vrf = field(default_factory=_Vrf)


TOP: Commands[_Found] = Commands("bgp")
ROUTER: Commands[_Vrf] = Commands("router bgp")
VRF: Commands[_Vrf] = Commands("router bgp, vrf")
FAMILY: Commands[_Family] = Commands("router bgp, address-family")


def read_bgp(config: Config) -> BgpSettings | None:
    """Return the BGP settings of a configuration, None where there is no `router bgp`."""
    found = _Found()
    TOP.read(config.children, found)
    if found.asn is None:
        return None
    process = found.process
    vrfs = {"default": _vrf_settings("default", process, {})}
    inherited = {name: process.fields[name] for name in _INHERITED if name in process.fields}
    for name, vrf in process.vrfs.items():
        vrfs[name] = _vrf_settings(name, vrf, inherited)
    return BgpSettings(found.asn, process.asdot, vrfs, tuple(process.mac_vrfs))


# EOS: a VRF takes these from `router bgp` unless it says otherwise; `distance bgp` is not among
# them (recorded: 20 in the default VRF, 200 in the others of the same switch)
_INHERITED = (
    "default_ipv4_unicast",
    "maximum_paths",
    "maximum_paths_ecmp",
    "multipath_relax",
    "always_compare_med",
    "default_local_preference",
    "timers",
    "allowas_in",
    "enforce_first_as",
    "confederation",
    "confederation_peers",
    "client_to_client_reflection",
    "advertise_inactive",
    "redistribute_internal",
    "missing_policy",
    "med_missing_as_worst",
    "ignore_as_path_length",
    "skip_igp_cost",
    "next_hop_unchanged",
    "ipv4_over_ipv6",
    "more_sent",
    "more_received",
)


def _vrf_settings(name: str, vrf: _Vrf, inherited: dict[str, Any]) -> BgpVrfSettings:
    return BgpVrfSettings(
        name=name,
        import_rts={afi: frozenset(rts) for afi, rts in vrf.import_rts.items()},
        export_rts={afi: frozenset(rts) for afi, rts in vrf.export_rts.items()},
        neighbors=vrf.neighbors.settings(),
        listen_ranges=tuple(vrf.neighbors.listen_ranges),
        families={afi: _family_settings(family) for afi, family in vrf.families.items()},
        networks=tuple(vrf.networks),
        aggregates=(*vrf.aggregates, *(a for f in vrf.families.values() for a in f.aggregates)),
        redistribute=tuple(vrf.redistribute),
        **{**inherited, **vrf.fields},
    )


def _family_settings(family: _Family) -> AddressFamilySettings:
    return AddressFamilySettings(
        neighbors=family.neighbors.family_settings(),
        networks=tuple(family.networks),
        redistribute=tuple(family.redistribute),
        **family.fields,
    )


@TOP.on("router bgp <asn>", opens=ROUTER)
def _router_bgp(found: _Found, args: Args, line: Line) -> None:
    found.asn = as_number(args["asn"])
    ROUTER.read(line.children, found.process)


# ------------------------------------------------------------------------------ the process
@ROUTER.on("bgp asn notation asdot")
def _asdot(process: _Vrf, _args: Args, _line: Line) -> None:
    process.asdot = True


@ROUTER.on("vrf <name>", opens=VRF)
def _vrf(process: _Vrf, args: Args, line: Line) -> None:
    # EOS: `vrf default` holds what the default VRF does with EVPN (rd, route targets)
    vrf = process if args["name"] == "default" else process.vrfs.setdefault(args["name"], _Vrf())
    VRF.read(line.children, vrf)


@ROUTER.on("vlan <number>", opens=MAC_VRF)
def _vlan(process: _Vrf, args: Args, line: Line) -> None:
    vrf = MacVrf(vlans=vlan_set(args["number"]))
    MAC_VRF.read(line.children, vrf)
    process.mac_vrfs.append(mac_vrf_settings(args["number"], vrf, bundle=False))


@ROUTER.on("vlan-aware-bundle <name>", opens=MAC_VRF)
def _bundle(process: _Vrf, args: Args, line: Line) -> None:
    vrf = MacVrf()
    MAC_VRF.read(line.children, vrf)
    process.mac_vrfs.append(mac_vrf_settings(args["name"], vrf, bundle=True))


# ------------------------------------------------------------------------------ process and VRF
def _field(
    commands: tuple[Commands[_Vrf], ...], pattern: str, name: str, value: Callable[[Args], object]
) -> None:
    """Register a command that sets one field to what `value` makes of the captured words."""

    def handle(vrf: _Vrf, args: Args, _: Line) -> None:
        vrf.fields[name] = value(args)

    for table in commands:
        table.on(pattern)(handle)


def _yes(_: Args) -> object:
    return True


def _no(_: Args) -> object:
    return False


_BOTH = (ROUTER, VRF)
_field(_BOTH, "router-id <address>", "router_id", lambda args: parse_ipv4(args["address"]))
_field(_BOTH, "bgp router-id <address>", "router_id", lambda args: parse_ipv4(args["address"]))
_field(_BOTH, "no bgp default ipv4-unicast", "default_ipv4_unicast", _no)
_field(_BOTH, "bgp default ipv4-unicast", "default_ipv4_unicast", _yes)
_field(_BOTH, "bgp always-compare-med", "always_compare_med", _yes)
_field(_BOTH, "bgp bestpath d-path", "bestpath_d_path", _yes)
_field(_BOTH, "bgp bestpath as-path multipath-relax", "multipath_relax", _yes)
_field(_BOTH, "no bgp bestpath as-path multipath-relax", "multipath_relax", _no)
_field(_BOTH, "bgp bestpath med missing-as-worst", "med_missing_as_worst", _yes)
_field(_BOTH, "bgp bestpath as-path ignore", "ignore_as_path_length", _yes)
_field(_BOTH, "bgp bestpath skip next-hop igp-cost", "skip_igp_cost", _yes)
_field(_BOTH, "bgp advertise-inactive", "advertise_inactive", _yes)
_field(_BOTH, "bgp next-hop-unchanged", "next_hop_unchanged", _yes)
_field(_BOTH, "bgp default ipv4-unicast transport ipv6", "ipv4_over_ipv6", _yes)
_field(_BOTH, "no bgp default ipv4-unicast transport ipv6", "ipv4_over_ipv6", _no)
_field(_BOTH, "default-metric <metric>", "default_metric", lambda args: int(args["metric"]))
_field(_BOTH, "no bgp enforce-first-as", "enforce_first_as", _no)
_field(_BOTH, "no bgp client-to-client reflection", "client_to_client_reflection", _no)
_field(_BOTH, "no bgp redistribute-internal", "redistribute_internal", _no)
_field(_BOTH, "bgp allowas-in [<number>]", "allowas_in", lambda args: int(args.get("number", 3)))
_field(
    _BOTH,
    "timers bgp <keepalive> <hold...>",
    "timers",
    lambda args: (int(args["keepalive"]), int(args["hold"].split()[0])),
)
_field(_BOTH, "shutdown", "shutdown", _yes)
_field(_BOTH, "local-as <asn>", "local_as", lambda args: as_number(args["asn"]))
_field(_BOTH, "rd <rd>", "rd", lambda args: args["rd"])


def _cluster_id(args: Args) -> int:
    text = args["id"]
    return parse_ipv4(text) if "." in text else int(text)


_field(_BOTH, "bgp cluster-id <id>", "cluster_id", _cluster_id)
_field(
    (ROUTER,),
    "bgp confederation identifier <asn>",
    "confederation",
    lambda args: as_number(args["asn"]),
)


@ROUTER.on("bgp confederation peers <asns...>")
def _confederation_peers(process: _Vrf, args: Args, _line: Line) -> None:
    """EOS prints several lines, or ranges: `bgp confederation peers 65001-65003 65010`."""
    found = set(process.fields.get("confederation_peers", ()))
    for word in args["asns"].replace(",", " ").split():
        low, _, high = word.partition("-")
        found.update(range(as_number(low), as_number(high or low) + 1))
    process.fields["confederation_peers"] = frozenset(found)


_field(
    _BOTH,
    "bgp default local-preference <number>",
    "default_local_preference",
    lambda args: int(args["number"]),
)


def _both(
    *patterns: str, opens: Commands[Any] | None = None
) -> Callable[[Handler[_Vrf]], Handler[_Vrf]]:
    """Register a handler in the tables of the process and of a VRF."""

    def register(handler: Handler[_Vrf]) -> Handler[_Vrf]:
        for table in _BOTH:
            table.on(*patterns, opens=opens)(handler)
        return handler

    return register


@_both("maximum-paths <paths> [ecmp <ecmp>]")
def _maximum_paths(vrf: _Vrf, args: Args, _: Line) -> None:
    vrf.fields["maximum_paths"] = int(args["paths"])
    if "ecmp" in args:
        vrf.fields["maximum_paths_ecmp"] = int(args["ecmp"])


@_both("distance bgp <external> [<internal> <local>]")
def _distance(vrf: _Vrf, args: Args, _: Line) -> None:
    external = int(args["external"])
    internal = int(args.get("internal", external))
    vrf.fields["distance"] = (external, internal, int(args.get("local", internal)))


def _more_paths(here: _Vrf | _Family, args: Args, _: Line) -> None:
    here.fields.update(more_paths(args["words"].split()))


def _no_more_paths(here: _Vrf | _Family, _args: Args, line: Line) -> None:
    here.fields.update(no_more_paths(line.words[-1]))


_both("bgp additional-paths <words...>")(_more_paths)
_both("no bgp additional-paths send|receive")(_no_more_paths)
FAMILY.on("bgp additional-paths <words...>")(_more_paths)
FAMILY.on("no bgp additional-paths send|receive")(_no_more_paths)


@_both("bgp missing-policy <words...>")
def _missing_policy(vrf: _Vrf, args: Args, _: Line) -> None:
    known = vrf.fields.get("missing_policy", {})
    vrf.fields["missing_policy"] = missing_policy(args["words"].split(), known)


@_both("network <prefix> [route-map <map>]")
def _network(vrf: _Vrf, args: Args, _: Line) -> None:
    vrf.networks.append((parse_any_prefix(args["prefix"]), args.get("map")))


@_both("network <address> mask <mask> [route-map <map>]")
def _network_with_mask(vrf: _Vrf, args: Args, _: Line) -> None:
    target, _rest = mask_prefix([args["address"], args["mask"]])
    vrf.networks.append((target, args.get("map")))


@_both("aggregate-address <prefix> [<options...>]")
def _aggregate(vrf: _Vrf, args: Args, _: Line) -> None:
    vrf.aggregates.append(_aggregate_settings(args))


@FAMILY.on("aggregate-address <prefix> [<options...>]")
def _family_aggregate(family: _Family, args: Args, _: Line) -> None:
    family.aggregates.append(_aggregate_settings(args))


def _aggregate_settings(args: Args) -> AggregateSettings:
    words = args.get("options", "").split()
    return AggregateSettings(
        parse_any_prefix(args["prefix"]),
        as_set="as-set" in words,
        summary_only="summary-only" in words,
        attribute_map=_after(words, "attribute-map"),
        match_map=_after(words, "match-map"),
        advertise_only="advertise-only" in words,
    )


def _after(words: list[str], keyword: str) -> str | None:
    return words[words.index(keyword) + 1] if keyword in words[:-1] else None


@_both(COMPUTED)
def _redistribute(vrf: _Vrf, _args: Args, line: Line) -> None:
    vrf.redistribute.append(redistribution(line))


@VRF.on("default-route export evpn [<options...>]")
def _default_export(vrf: _Vrf, args: Args, _line: Line) -> None:
    words = args.get("options", "").split()
    vrf.fields["default_export"] = (_after(words, "route-map"), "always" in words)


@VRF.on("route-target import|export [<afi>] route-map <map>")
def _route_target_map(vrf: _Vrf, args: Args, line: Line) -> None:
    vrf.fields[f"{line.words[1]}_route_map"] = args["map"]


@VRF.on("route-target import|export <afi> <rt>", "route-target import|export <rt>")
def _route_target(vrf: _Vrf, args: Args, line: Line) -> None:
    rts = vrf.import_rts if line.words[1] == "import" else vrf.export_rts
    # EOS before 4.2x: a route target without a family is one for all of them
    rts.setdefault(args.get("afi", "evpn"), set()).add(route_target(args["rt"]))


@VRF.on("route-target both <afi> <rt>", "route-target both <rt>")
def _route_target_both(vrf: _Vrf, args: Args, _: Line) -> None:
    for rts in (vrf.import_rts, vrf.export_rts):
        rts.setdefault(args.get("afi", "evpn"), set()).add(route_target(args["rt"]))


@_both("address-family <name>", "address-family <name> <kind>", opens=FAMILY)
def _family(vrf: _Vrf, args: Args, line: Line) -> None:
    if args.get("kind", "unicast") != "unicast":
        return
    afi = _FAMILIES.get(args["name"], Afi.OTHER)
    FAMILY.read(line.children, vrf.families.setdefault(afi, _Family()))


_FAMILIES = {afi.value: afi for afi in Afi}


# ------------------------------------------------------------------------------ address family
@FAMILY.on("neighbor default next-hop-self received-evpn-routes <what...>")
def _next_hop_self_received(family: _Family, args: Args, _: Line) -> None:
    words = args["what"].split()
    family.fields["next_hop_self_ip_prefix"] = "ip-prefix" in words
    family.fields["next_hop_self_inter_domain"] = "inter-domain" in words


@FAMILY.on(
    "neighbor default encapsulation <name> [next-hop-self] source-interface <interface>",
    "neighbor default encapsulation <name>",
)
def _default_encapsulation(family: _Family, args: Args, _: Line) -> None:
    family.fields["encapsulation"] = args["name"]
    if "interface" in args:
        family.fields["encapsulation_source"] = args["interface"]


@FAMILY.on("bgp next-hop-unchanged")
def _family_next_hop_unchanged(family: _Family, _args: Args, _line: Line) -> None:
    family.fields["next_hop_unchanged"] = True


@FAMILY.on("next-hop resolution disabled")
def _resolution_disabled(family: _Family, _args: Args, _line: Line) -> None:
    family.fields["next_hop_resolution_disabled"] = True


@FAMILY.on("domain identifier <id> remote")
def _domain_remote(family: _Family, args: Args, _line: Line) -> None:
    family.fields["domain_identifier_remote"] = args["id"]


@FAMILY.on("domain identifier <id>")
def _domain_local(family: _Family, args: Args, _line: Line) -> None:
    family.fields["domain_identifier"] = args["id"]


@FAMILY.on("evpn ethernet-segment domain <which>", opens=SEGMENT)
def _gateway_segment(family: _Family, _args: Args, line: Line) -> None:
    found = read_segment(line)
    if found is not None:
        known = family.fields.get("gateway_segments", ())
        family.fields["gateway_segments"] = (*known, found)


@FAMILY.on("bgp default activate", "neighbor default activate")
def _default_activate(family: _Family, _args: Args, _line: Line) -> None:
    family.fields["default_activate"] = True


@FAMILY.on("network <prefix> [route-map <map>]")
def _family_network(family: _Family, args: Args, _: Line) -> None:
    family.networks.append((parse_any_prefix(args["prefix"]), args.get("map")))


@FAMILY.on(COMPUTED)
def _family_redistribute(family: _Family, _args: Args, line: Line) -> None:
    family.redistribute.append(redistribution(line))


for _table in _BOTH:
    add_neighbor_commands(_table)
add_family_commands(FAMILY)
