"""`router bgp` in FRR's words, section by section of the text."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from avdlab.twin.config.tree import Config, Line

from .policy import IGP, INCOMPLETE, Untranslated, defined, policy, wrapped
from .ports import kernel_name

# What one session says, in any address family; `neighbor NAME` stands in front
_SESSION = (
    *("remote-as", "local-as", "update-source", "ebgp-multihop", "shutdown", "timers", "passive"),
)
_FAMILY = (
    *("route-map", "prefix-list", "next-hop-self", "next-hop-unchanged", "weight"),
    *("route-reflector-client", "allowas-in", "remove-private-as", "default-originate"),
)
# These hold for EVPN too where they stand outside of any address family
_EVERY_FAMILY = ("next-hop-unchanged", "route-reflector-client", "allowas-in")
# Left out: they decide nothing that is compared, or FRR needs them otherwise (docs/evidence.md)
_LEFT_OUT = ("description", "password", "bfd", "maximum-routes", "rib-in", "metric-out")
_SKIPPED = (
    *(
        "no bgp default ipv4-unicast",
        "bgp default ipv4-unicast",
        "graceful-restart",
        "address-family",
    ),
    *("vrf", "vlan", "vlan-aware-bundle", "neighbor", "no neighbor", "network", "redistribute"),
    *("aggregate-address", "router-id", "maximum-paths", "distance", "rd", "route-target"),
    *(
        "bgp advertise-inactive",
        "bgp listen",
        "update wait-for-convergence",
        "update wait-install",
        "timers",
    ),
)
_ORIGINS = {"connected": IGP, "attached-host": IGP, "ospf": IGP, "isis": IGP}


@dataclass
class _Instance:
    """`router bgp N [vrf V]` while it is built."""

    asn: str
    vrf: str
    section: Line
    session: list[str] = field(default_factory=list)
    families: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # (name, words)
    names: list[str] = field(default_factory=list)


def bgp(config: Config) -> str:
    """Return bgpd's configuration, "" where there is no `router bgp`."""
    process = config.first("router bgp")
    if process is None:
        return ""
    lines = list(policy(config))
    for section in config.find("vrf instance"):
        name = section.words[2]
        if name != "MGMT":
            lines += [f"vrf {name}", f" netns /run/netns/{name}", "exit-vrf"]
    maps: list[str] = []
    body = list(_instance(config, process, process, maps))
    for vrf in process.find("vrf"):
        body += _instance(config, process, vrf, maps)
    return "\n".join([*lines, *maps, *body]) + "\n"


def vnis(config: Config) -> str:
    """Return zebra's configuration: the L3 VNI of each VRF."""
    lines = []
    for section in config.find("vrf instance"):
        name = section.words[2]
        if name != "MGMT":
            lines += [f"vrf {name}", f" netns /run/netns/{name}"]
            lines += [f" vni {vni}" for vrf, vni in l3_vnis(config) if vrf == name]
            lines.append("exit-vrf")
    return "\n".join(lines) + "\n"


def l3_vnis(config: Config) -> Iterator[tuple[str, str]]:
    """Yield (VRF, VNI)."""
    vxlan = config.first("interface Vxlan1")
    for line in vxlan.find("vxlan vrf") if vxlan is not None else ():
        yield line.words[2], line.words[4]


def l2_vnis(config: Config) -> Iterator[tuple[str, str]]:
    """Yield (VLAN, VNI)."""
    vxlan = config.first("interface Vxlan1")
    for line in vxlan.find("vxlan vlan") if vxlan is not None else ():
        yield line.words[2], line.words[4]


# ------------------------------------------------------------------------------ one instance
def _instance(config: Config, process: Line, section: Line, maps: list[str]) -> Iterator[str]:
    for line in section.children:
        if not line.text.startswith((*_SKIPPED, *_PLAIN)):
            raise Untranslated(line.text)
    vrf = "" if section is process else section.words[1]
    asn = process.words[2]
    yield f"router bgp {asn}" + (f" vrf {vrf}" if vrf else "")
    yield " no bgp ebgp-requires-policy"
    yield " no bgp default ipv4-unicast"
    yield " bgp bestpath as-path multipath-relax"
    yield " bgp bestpath compare-routerid"
    for line in section.children:
        if line.words[0] == "router-id":
            yield f" bgp router-id {line.words[1]}"
        elif line.text.startswith(_PLAIN):
            yield f" {line.text}"
    found = _Instance(asn, vrf, section)
    _neighbors(config, process, found)
    yield from found.session
    for name, lines in _families(config, process, found, maps).items():
        yield f" address-family {name}"
        yield from (f"  {text}" for text in lines)
        yield " exit-address-family"
    yield "exit"


_PLAIN = (
    *("bgp always-compare-med", "bgp bestpath med missing-as-worst", "bgp bestpath as-path ignore"),
    *("bgp confederation", "bgp cluster-id", "no bgp client-to-client reflection"),
)


def _neighbors(config: Config, process: Line, found: _Instance) -> None:
    """Translate sessions. A peer group that stands in `router bgp` is known to every VRF."""
    outside = found.section is not process
    used = {w[-1] for line in found.section.find("neighbor") if (w := line.words)[2] == "peer"}
    used |= {line.words[5] for line in found.section.find("bgp listen range")}
    groups = [line for line in process.find("neighbor") if line.words[1] in used]
    lines = [*(groups if outside else ()), *found.section.find("neighbor")]
    family: list[tuple[str, str]] = []
    every: list[tuple[str, str]] = []
    communities: set[str] = set()
    for line in lines:
        name, *words = line.words[1:]
        if words == ["peer", "group"]:
            words = ["peer-group"]
        if name not in found.names and name != "default":
            found.names.append(name)
        text = " ".join(words)
        if words[0] == "peer-group" or text.startswith("peer group "):
            group = f" {words[-1]}" if words[-1] not in {"peer-group", "group"} else ""
            found.session.append(f" neighbor {name} peer-group{group}")
        elif words[0] == "send-community":
            communities.add(name)
        elif words[0] in _SESSION:
            found.session.append(f" neighbor {name} {_session(words)}")
        elif words[0] in _FAMILY:
            of = every if words[0] in _EVERY_FAMILY else family
            of += [(name, text) for text in _family_words(config, words)]
        elif words[0] not in _LEFT_OUT:
            raise Untranslated(line.text)
    for line in found.section.find("bgp listen range"):
        found.session.append(f" bgp listen range {line.words[3]} peer-group {line.words[5]}")
    found.session.sort(key=_groups_first)
    found.session += [f" neighbor {name} timers connect 1" for name in found.names]
    found.session += [f" neighbor {name} advertisement-interval 0" for name in found.names]
    silent = [n for n in found.names if n not in communities and not _in_group(lines, n)]
    none = [(name, "no send-community all") for name in silent]
    found.families["ipv4"] = [*every, *family, *none]
    found.families["evpn"] = [*every, *none]


def _groups_first(text: str) -> int:
    words = text.split()
    declared = words[-1] == "peer-group"
    return 0 if declared else 1 if words[2] == "remote-as" else 2 if words[2] == "peer-group" else 3


def _in_group(lines: list[Line], name: str) -> bool:
    return any(line.words[1] == name and "peer" in line.words[2][:4] for line in lines)


def _session(words: list[str]) -> str:
    if words[0] == "update-source":
        return f"update-source {kernel_name(words[1])}"
    if words[0] == "local-as":
        return " ".join([*words[:2], *(w for w in words[2:] if w in {"no-prepend", "replace-as"})])
    return " ".join(words)


def _family_words(config: Config, words: list[str]) -> list[str]:
    if words[0] == "route-map":
        return [" ".join(words)] if defined(config, "route-map", words[1]) else []
    if words[0] == "prefix-list":
        return [" ".join(words)] if defined(config, "ip prefix-list", words[1]) else []
    if words[0] == "next-hop-unchanged":
        return ["attribute-unchanged next-hop"]
    if words[0] == "remove-private-as":
        return [" ".join(words).replace("-as", "-AS")]
    if words[0] == "default-originate":
        return [" ".join(word for word in words if word != "always")]
    return [" ".join(words)]


# ------------------------------------------------------------------------------ families
def _families(
    config: Config, process: Line, found: _Instance, maps: list[str]
) -> dict[str, list[str]]:
    named = {f: [n for n in found.names if _active(process, found, n, f)] for f in ("ipv4", "evpn")}
    ipv4 = [
        *_neighbor_lines(config, found, "ipv4", named["ipv4"]),
        *_routes(config, found, maps),
    ]
    evpn = _ip_vrf(config, found) if found.vrf else _mac_vrfs(config)
    overlay = [*_neighbor_lines(config, found, "evpn", named["evpn"]), *evpn]
    return {"ipv4 unicast": ipv4} | ({"l2vpn evpn": overlay} if overlay else {})


def _neighbor_lines(
    config: Config, found: _Instance, family: str, named: list[str]
) -> Iterator[str]:
    for name in named:
        yield f"neighbor {name} activate"
    known = {*named, *(name for name in found.names if _is_group_of(found, name, named))}
    for name, text in [*found.families[family], *_of_family(config, found.section, family)]:
        if name in known and text.startswith("no "):
            yield f"no neighbor {name} {text.removeprefix('no ')}"
        elif name in known:
            yield f"neighbor {name} {text}"


def _is_group_of(found: _Instance, name: str, named: list[str]) -> bool:
    """Tell whether a name belongs to a group that is activated: its own lines count, too."""
    return any(f" neighbor {name} peer-group {group}" in found.session for group in named)


def _active(process: Line, found: _Instance, name: str, family: str) -> bool:
    """Tell whether a name is activated: a member follows its group in FRR, too."""
    sections = [found.section.first(f"address-family {family}")]
    sections.append(process.first(f"address-family {family}"))
    for section in sections:
        if section is not None and section.has(f"neighbor {name} activate"):
            return True
        if section is not None and section.has(f"no neighbor {name} activate"):
            return False
    return family == "ipv4" and not process.has("no bgp default ipv4-unicast")


def _of_family(config: Config, section: Line, family: str) -> Iterator[tuple[str, str]]:
    inside = section.first(f"address-family {family}")
    for line in inside.find("neighbor") if inside is not None else ():
        name, *words = line.words[1:]
        if words[0] in _FAMILY:
            yield from ((name, text) for text in _family_words(config, words))
        elif words[0] not in {"activate", "encapsulation"}:
            raise Untranslated(line.text)


def _routes(config: Config, found: _Instance, maps: list[str]) -> Iterator[str]:
    """Translate networks, redistribution, aggregates, paths and distances of IPv4."""
    family = found.section.first("address-family ipv4")
    lines = [*found.section.children, *(family.children if family is not None else ())]
    for line in lines:
        words = line.words
        inner = words[-1] if len(words) > 2 and words[-2] == "route-map" else ""
        if words[0] == "redistribute":
            name = f"FRR-{found.vrf or 'default'}-{words[1]}-{len(maps)}"
            maps += wrapped(config, name, inner, _ORIGINS.get(words[1], INCOMPLETE))
            yield f"redistribute {words[1]} metric 0 route-map {name}"
        elif words[0] == "network":
            name = f"FRR-{found.vrf or 'default'}-network-{len(maps)}"
            static = any(words[1] in route.words for route in config.find("ip route"))
            maps += wrapped(config, name, inner, INCOMPLETE if static else IGP)
            yield f"network {words[1]} route-map {name}"
        elif words[0] == "aggregate-address":
            yield " ".join(words)
    most = next((line.words[1] for line in lines if line.words[0] == "maximum-paths"), "1")
    yield f"maximum-paths {most}"  # FRR shares among all paths that it is not told to leave out
    yield f"maximum-paths ibgp {most}"
    distance = next((line.words[2:] for line in lines if line.text.startswith("distance bgp")), ())
    numbers = [*distance, *distance[-1:] * (3 - len(distance))] or ["200", "200", "200"]
    yield f"distance bgp {' '.join(numbers)}"


def _mac_vrfs(config: Config) -> Iterator[str]:
    """Translate `vlan N`: FRR names a MAC-VRF by its VNI."""
    process = config.first("router bgp")
    numbers = dict(l2_vnis(config))
    if process is None or config.first("interface Vxlan1") is None:
        return
    if any(process.find("vlan-aware-bundle")):
        raise Untranslated("vlan-aware-bundle")
    yield "advertise-all-vni"
    for section in process.find("vlan"):
        if section.words[1] not in numbers:
            continue
        yield f"vni {numbers[section.words[1]]}"
        for line in section.children:
            words = line.words
            if words[0] == "rd":
                yield f" rd {words[1]}"
            elif words[0] == "route-target":
                yield f" route-target {words[1]} {words[-1]}"
        yield "exit-vni"


def _ip_vrf(config: Config, found: _Instance) -> Iterator[str]:
    if found.vrf not in dict(l3_vnis(config)):
        return
    yield "advertise ipv4 unicast"
    for line in found.section.children:
        words = line.words
        if words[0] == "rd":
            yield f"rd {words[1]}"
        elif words[0] == "route-target" and words[2] == "evpn":
            yield f"route-target {words[1]} {words[3]}"
