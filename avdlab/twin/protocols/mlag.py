"""MLAG: does the pair connect, who is primary, and what differs between its two configurations."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from avdlab.net import interfaces as names
from avdlab.twin.config.read.numbers import mac_text
from avdlab.twin.config.settings import DeviceSettings, MlagSettings
from avdlab.twin.protocols.pending import NOTHING, Pending, Timing
from avdlab.twin.protocols.switch import Switch
from avdlab.twin.protocols.vlan import carried
from avdlab.twin.tables.l2 import Inconsistencies, Mlag, MlagInterface, MlagStatus
from avdlab.twin.tables.ports import Port


@dataclass(frozen=True, slots=True)
class Pair:
    """Two switches whose MLAG is connected."""

    primary: str
    secondary: str
    system_id: str
    timing: Timing = Timing.QUIET

    def other(self, node: str) -> str:
        return self.secondary if node == self.primary else self.primary


@dataclass(frozen=True, slots=True)
class Side:
    """One switch as MLAG judges it. `behind`: nodes that the peer-link's members lead to."""

    switch: Switch
    ports: Mapping[str, Port]
    behind: frozenset[str] = field(default_factory=frozenset)

    @property
    def settings(self) -> MlagSettings | None:
        return self.switch.settings.mlag

    def local_addresses(self) -> set[int]:
        """Return the addresses of the local interface, of both families."""
        settings = self.settings
        if settings is None or settings.local_interface is None:
            return set()
        interface = self.switch.interface(settings.local_interface)
        own = {found.address for found in interface.addresses6}
        return own | {interface.address.address} if interface.address else own

    def up(self, name: str | None) -> bool:
        port = self.ports.get(name or "")
        return port is not None and port.up


def complete(settings: MlagSettings | None) -> bool:
    """Tell whether MLAG has all four settings that it needs, and is not shut."""
    return (
        settings is not None
        and not settings.shutdown
        and None
        not in (
            settings.domain_id,
            settings.local_interface,
            settings.peer_address,
            settings.peer_link,
        )
    )


def pairs(sides: Mapping[str, Side], pending: Pending = NOTHING) -> dict[str, Pair]:
    """Return the connected pairs, under the names of both members."""
    found: dict[str, Pair] = {}
    held = {(a, b) for _, a, b in pending.held_of("mlag")}
    heard = {(node, other) for node, side in sides.items() for other in side.behind}
    for node, other in sorted(heard | held):
        if node < other and node in sides and other in sides:
            timing = Timing.QUIET if (node, other) in heard else Timing.HELD
            late = pending.of(("mlag", node, other)) is Timing.LATE
            if not late and not why_not(sides[node], sides[other]):
                pair = _pair(sides[node].switch, sides[other].switch, timing)
                found.update({node: pair, other: pair})
    return found


def why_not(side: Side, other: Side) -> str:
    """Return why two switches on one peer-link do not connect, "" when they do."""
    mine, theirs = side.settings, other.settings
    if mine is None or theirs is None or not complete(mine) or not complete(theirs):
        return "MLAG is not configured completely on both switches"
    if mine.domain_id != theirs.domain_id:
        return f"domain-id differs: {mine.domain_id} and {theirs.domain_id}"
    reciprocal = (
        mine.peer_address in other.local_addresses()
        and theirs.peer_address in side.local_addresses()
    )
    if not reciprocal:
        return "peer-address is not the address of the peer's local-interface"
    for near in (side, other):
        settings = near.settings
        if settings and not near.up(settings.peer_link):
            return f"{near.switch.node}: peer-link {settings.peer_link} is down"
        if settings and not near.up(settings.local_interface):
            return f"{near.switch.node}: local-interface {settings.local_interface} is down"
    return ""


def _pair(a: Switch, b: Switch, timing: Timing) -> Pair:
    """EOS: the lower priority is primary, then the lower MAC."""
    first, second = sorted((a, b), key=_rank)
    return Pair(first.node, second.node, system_id(first.system_mac), timing)


def _rank(switch: Switch) -> tuple[int, str]:
    settings = switch.settings.mlag
    return (settings.primary_priority if settings else 32767, switch.system_mac)


def system_id(primary_mac: str) -> str:
    """EOS: the primary's MAC with the locally-administered bit set."""
    return mac_text(int(primary_mac.replace(":", ""), 16) | 0x02 << 40)


# ---------------------------------------------------------------------------------- what one sees
def state(node: str, sides: Mapping[str, Side], pair: Pair | None) -> Mlag:
    """Return the state of MLAG on one switch."""
    side = sides[node]
    settings = side.settings
    if settings is None or not complete(settings):
        return Mlag(MlagStatus.DISABLED, "", "", "", reason="not configured completely")
    link, local = (_line(side, name) for name in (settings.peer_link, settings.local_interface))
    if pair is None:
        reason = _reason(side, sides) or str(Timing.LATE)
        waiting = tuple(
            MlagInterface(number, name, _alone(side, name), side.up(name), False)
            for number, name in _mlags(side.switch).items()
        )
        return Mlag(
            MlagStatus.INACTIVE, "connecting", link, local, interfaces=waiting, reason=reason
        )
    other = sides[pair.other(node)]
    return Mlag(
        MlagStatus.ACTIVE,
        "connected",
        link,
        local,
        role="primary" if node == pair.primary else "secondary",
        peer=other.switch.node,
        peer_mac=other.switch.system_mac,
        system_id=pair.system_id,
        interfaces=tuple(_interfaces(side, other)),
        global_inconsistencies=global_differences(side.switch.settings, other.switch.settings),
        interface_inconsistencies=interface_differences(side.switch, other.switch),
        reason=str(pair.timing),
    )


def _line(side: Side, name: str | None) -> str:
    port = side.ports.get(name or "")
    return str(port.line) if port else "notPresent"


def _reason(side: Side, sides: Mapping[str, Side]) -> str:
    for other in sorted(side.behind):
        if other in sides:
            return why_not(side, sides[other])
    return "the peer-link leads to no switch"


def _mlags(switch: Switch) -> dict[int, str]:
    """Return MLAG number -> Port-Channel."""
    found = {}
    for name in switch.channels():
        number = switch.interface(name).mlag
        if number is not None:
            found[number] = name
    return dict(sorted(found.items()))


def _alone(side: Side, name: str) -> str:
    return "disabled" if side.switch.interface(name).shutdown else "inactive"


def _interfaces(side: Side, other: Side) -> Iterable[MlagInterface]:
    theirs = _mlags(other.switch)
    for number, name in _mlags(side.switch).items():
        peer = theirs.get(number)
        here, there = side.up(name), other.up(peer)
        status = _status(side.switch.interface(name).shutdown, peer, here, there)
        yield MlagInterface(number, name, status, here, there, peer)


def _status(shutdown: bool, peer: str | None, here: bool, there: bool) -> str:
    if shutdown:
        return "disabled"
    if peer is None:  # EOS: one side only has the MLAG
        return "configured"
    if here and there:
        return "active-full"
    return "active-partial" if here or there else "inactive"


# ---------------------------------------------------------------------------------- config-sanity
def global_differences(mine: DeviceSettings, theirs: DeviceSettings) -> Inconsistencies:
    """Compare what EOS compares between the peers: VLANs, VXLAN maps and spanning tree."""
    found = {
        "bridging": _differences(_bridging(mine), _bridging(theirs)),
        "vxlan": _differences(_vxlan(mine), _vxlan(theirs)),
        "stp": _differences(_stp(mine), _stp(theirs)),
    }
    return {feature: rows for feature, rows in found.items() if rows}


def _bridging(settings: DeviceSettings) -> dict[str, str]:
    found = {}
    for number, vlan in settings.vlans.items():
        found[f"admin-state vlan {number}"] = "active" if vlan.active else "suspended"
        if vlan.trunk_groups:
            found[f"trunk group vlan {number}"] = ",".join(sorted(vlan.trunk_groups))
    return found


def _vxlan(settings: DeviceSettings) -> dict[str, str]:
    if settings.vxlan is None:
        return {}
    return {f"vni vlan {vlan}": str(vni) for vlan, vni in settings.vxlan.vlans.items()}


def _stp(settings: DeviceSettings) -> dict[str, str]:
    tree = settings.spanning_tree
    found = {"mode": tree.mode}
    found.update({f"priority instance {n}": str(p) for n, p in tree.priorities.items()})
    found.update({f"disabled vlan {vlan}": "True" for vlan in tree.disabled_vlans})
    return found


def interface_differences(mine: Switch, theirs: Switch) -> Mapping[str, Inconsistencies]:
    """Compare the switchport of every MLAG that both peers have, peer-link included."""
    other = _mlags(theirs)
    shared = {f"mlag {n}": (name, other[n]) for n, name in _mlags(mine).items() if n in other}
    a, b = mine.settings.mlag, theirs.settings.mlag
    if a and b and a.peer_link and b.peer_link:
        shared["peer-link"] = (a.peer_link, b.peer_link)
    found = {}
    for here, there in shared.values():
        rows = _differences(_switching(mine, here), _switching(theirs, there))
        if rows:
            found[here] = {"switching": rows}
    return dict(sorted(found.items(), key=lambda item: names.sort_key(item[0])))


def _switching(switch: Switch, name: str) -> dict[str, str]:
    switchport = switch.interface(name).switchport
    if switchport is None:
        return {"switchport": "disabled"}
    found = {"mode": str(switchport.mode), "native-vlan": str(switchport.native_vlan)}
    # only VLANs that exist: a VLAN gone from one peer is told once more here
    found["vlans"] = _ranges(carried(switch.settings, switchport))
    return found


def _ranges(numbers: Iterable[int]) -> str:
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def _differences(mine: dict[str, str], theirs: dict[str, str]) -> dict[str, tuple[str, str]]:
    keys = sorted(mine.keys() | theirs.keys())
    absent = "-"
    return {
        key: (mine.get(key, absent), theirs.get(key, absent))
        for key in keys
        if mine.get(key) != theirs.get(key)
    }
