"""The ports of a device as its structured config describes them: peer, channel, VLANs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from avdlab.net import interfaces


@dataclass(frozen=True, slots=True)
class Switching:
    """What a switched port carries. `tagged` None: all VLANs; `untagged` None: drops it."""

    untagged: int | None = None
    tagged: frozenset[int] | None = frozenset()

    @property
    def passed_untagged(self) -> int | None:
        """The VLAN of untagged frames: EOS drops them where a trunk does not allow its native."""
        return self.untagged if not self.tagged or self.untagged in self.tagged else None


@dataclass(frozen=True, slots=True)
class Channel:
    """The port-channel of a port. Ports with the same `identity` face the same bond."""

    identity: tuple[str, ...]
    mode: str  # on, active, passive
    switching: Switching | None = None


@dataclass(frozen=True, slots=True)
class Port:
    """An Ethernet port. Empty peer: the design does not say what is plugged in."""

    device: str
    name: str
    peer: str = ""
    peer_port: str = ""
    peer_type: str = ""
    channel: Channel | None = None
    switching: Switching | None = None


def ports_of(device: str, config: Mapping[str, Any]) -> dict[str, Port]:
    """Return the ports by name. Subinterfaces belong to their port."""
    channels = _channels(device, config)
    found: dict[str, Port] = {}
    children: dict[str, list[Port]] = {}
    for entry in config.get("ethernet_interfaces") or ():
        port = _port(device, entry, channels)
        if interfaces.is_subinterface(str(entry["name"])):
            children.setdefault(port.name, []).append(port)
        else:
            found[port.name] = port
    for name, subinterfaces in children.items():
        found[name] = _adopt(found.get(name, Port(device, name)), subinterfaces)
    return found


def _adopt(parent: Port, subinterfaces: list[Port]) -> Port:
    """Let a port without a peer have the one that all its subinterfaces name."""
    peers = {(sub.peer, sub.peer_port, sub.peer_type) for sub in subinterfaces if sub.peer}
    if parent.peer or len(peers) != 1:
        return parent
    peer, peer_port, peer_type = peers.pop()
    return replace(parent, peer=peer, peer_port=peer_port, peer_type=peer_type)


def _port(device: str, entry: Mapping[str, Any], channels: Mapping[str, Channel]) -> Port:
    name = interfaces.base(str(entry["name"]))
    metadata = entry.get("metadata") or {}
    group = entry.get("channel_group") or {}
    channel = channels.get(f"Port-Channel{group['id']}") if "id" in group else None
    if "id" in group and channel is None:
        channel = Channel((device, f"Port-Channel{group['id']}"), "")
    return Port(
        device,
        _canonical(name),
        str(metadata.get("peer") or ""),
        interfaces.base(str(metadata.get("peer_interface") or "")),
        str(metadata.get("peer_type") or ""),
        replace(channel, mode=str(group.get("mode") or "on")) if channel else None,
        switching_of(entry),
    )


def _canonical(name: str) -> str:
    return interfaces.canonical(name) if interfaces.is_interface(name) else name


def _channels(device: str, config: Mapping[str, Any]) -> dict[str, Channel]:
    domain = str((config.get("mlag_configuration") or {}).get("domain_id") or "")
    return {
        str(entry["name"]): Channel(_identity(device, domain, entry), "", switching_of(entry))
        for entry in config.get("port_channel_interfaces") or ()
        if not interfaces.is_subinterface(str(entry["name"]))
    }


def _identity(device: str, domain: str, entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Tell port-channels apart; those of an MLAG or an Ethernet segment are one to the host."""
    segment = (entry.get("evpn_ethernet_segment") or {}).get("identifier")
    if segment:
        return ("segment", str(segment))
    if entry.get("mlag") is not None and domain:
        return ("mlag", domain, str(entry["mlag"]))
    return (device, str(entry["name"]))


def switching_of(entry: Mapping[str, Any]) -> Switching | None:
    """Return the VLANs of an interface; None for a routed one."""
    switchport = entry.get("switchport") or {}
    if not switchport.get("enabled", bool(switchport)):
        return None
    mode = str(switchport.get("mode") or "access")
    if not mode.startswith("trunk"):
        return Switching(int(switchport.get("access_vlan") or 1))
    trunk = switchport.get("trunk") or {}
    native = trunk.get("native_vlan")
    allowed = trunk.get("allowed_vlan")
    tagged = None if allowed in {None, "", "all"} else expand_vlans(str(allowed))
    untagged = None if trunk.get("native_vlan_tag") else int(native or 1)
    return Switching(untagged, tagged)


def expand_vlans(text: str) -> frozenset[int]:
    """Expand `11-12,21` into VLAN numbers; what is no number is left out."""
    found: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first.isdigit() and (last or first).isdigit():
            found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)
