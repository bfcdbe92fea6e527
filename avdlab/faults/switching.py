"""Configuration faults of VLANs, trunks, port-channels, spanning tree and MLAG."""

import re
from collections.abc import Iterator

from avdlab.faults.edits import ConfigFault, Edit, Target, edit
from avdlab.validate.intent.graph import cables
from avdlab.validate.intent.model import Interface
from avdlab.validate.plan.interfaces import port_of, vlans_of

MLAG = "mlag configuration"


def missing_vlan(target: Target) -> Iterator[Edit]:
    for number, vlan in sorted(target.device.vlans.items()):
        if not vlan.trunk_groups and number != 1:
            yield from edit(f"no vlan {number}", target.text.delete(pattern=f"vlan {number}"))


def _trunks(target: Target) -> Iterator[Interface]:
    """Yield the trunks to other devices of the lab, peer-links left out."""
    mlag = target.device.mlag
    seen: set[str] = set()
    for a, b in cables(target.intent):
        for side in (a, b):
            port = port_of(side.device, side.interface)
            peer_link = mlag is not None and port.name == mlag.peer_link
            if side.device is target.device and port.switching and not peer_link:
                if port.name not in seen:
                    yield port
                seen.add(port.name)


def trunk_vlan_missing(target: Target) -> Iterator[Edit]:
    for port in _trunks(target):
        carried = sorted(vlans_of(target.device, port) - {1})
        if len(carried) > 1:
            left = ",".join(str(vlan) for vlan in carried[1:])
            section = f"interface {port.name}"
            by = f"switchport trunk allowed vlan {left}"
            pattern = r"switchport trunk allowed vlan .*"
            text = target.text.replace(section, pattern=pattern, by=by)
            text = text or target.text.add(section, line=by)
            yield from edit(f"{section}: {by}", text)


def native_vlan(target: Target) -> Iterator[Edit]:
    for port in _trunks(target):
        carried = sorted(vlans_of(target.device, port) - {1})
        section = f"interface {port.name}"
        if carried:
            line = f"switchport trunk native vlan {carried[-1]}"
            pattern = r"switchport trunk native vlan .*"
            text = target.text.replace(section, pattern=pattern, by=line)
            yield from edit(f"{section}: {line}", text or target.text.add(section, line=line))


def wrong_access_vlan(target: Target) -> Iterator[Edit]:
    for interface in target.device.interfaces.values():
        section = f"interface {interface.name}"
        for match in target.text.lines(section, pattern=r"switchport access vlan (\d+)"):
            for other in sorted(target.device.vlans):
                if other != int(match[1]) and not target.device.vlans[other].trunk_groups:
                    by = f"switchport access vlan {other}"
                    text = target.text.replace(
                        section, pattern=r"switchport access vlan \d+", by=by
                    )
                    yield from edit(f"{section}: {by}", text)


def _members(target: Target) -> Iterator[Interface]:
    for a, b in cables(target.intent):
        for side in (a, b):
            if side.device is target.device and side.interface.channel:
                yield side.interface


def not_a_member(target: Target) -> Iterator[Edit]:
    for member in _members(target):
        section = f"interface {member.name}"
        text = target.text.delete(section, pattern=r"channel-group .*")
        yield from edit(f"{section}: no channel-group", text)


def static_channel(target: Target) -> Iterator[Edit]:
    for name in dict.fromkeys(member.channel for member in _members(target)):
        text = target.text.text
        number = name.removeprefix("Port-Channel")
        changed = re.sub(
            rf"channel-group {number} mode \S+", f"channel-group {number} mode on", text
        )
        if changed != text:
            yield Edit(f"channel-group {number} mode on", changed)


def stp_mode(target: Target) -> Iterator[Edit]:
    other = "mstp" if target.device.stp.mode != "mstp" else "rapid-pvst"
    if any(_trunks(target)) or target.device.mlag:
        text = target.text.replace(
            pattern=r"spanning-tree mode \S+", by=f"spanning-tree mode {other}"
        )
        yield from edit(f"spanning-tree mode {other}", text)


def stp_root(target: Target) -> Iterator[Edit]:
    """A device that was not meant to becomes the root: it has the lowest priority there is."""
    priorities = [p for d in target.intent.devices.values() for p in d.stp.priorities.values()]
    if not any(_trunks(target)) or min(priorities, default=32768) == 0:
        return
    pattern = r"(spanning-tree \S+ \S+ priority) \d+"
    yield from edit("spanning-tree priority 0", target.text.replace(pattern=pattern, by=r"\1 0"))


def stp_root_lost(target: Target) -> Iterator[Edit]:
    priorities = target.device.stp.priorities
    if any(_trunks(target)) and priorities and min(priorities.values()) < 32768:
        pattern = r"(spanning-tree \S+ \S+ priority) \d+"
        yield from edit("priority 61440", target.text.replace(pattern=pattern, by=r"\1 61440"))


# ---------------------------------------------------------------------------------- MLAG
def mlag_off(target: Target) -> Iterator[Edit]:
    if target.device.mlag:
        yield from edit("MLAG shut", target.text.add(MLAG, line="shutdown"))


def mlag_gone(target: Target) -> Iterator[Edit]:
    if target.device.mlag:
        yield from edit("no mlag configuration", target.text.delete(pattern=MLAG))


def mlag_domain(target: Target) -> Iterator[Edit]:
    if target.device.mlag:
        text = target.text.replace(MLAG, pattern=r"domain-id \S+", by="domain-id ANOTHER")
        yield from edit("domain-id ANOTHER", text)


def mlag_peer_address(target: Target) -> Iterator[Edit]:
    if target.device.mlag:
        by = "peer-address 192.0.2.77"
        yield from edit(by, target.text.replace(MLAG, pattern=r"peer-address \S+", by=by))


def reload_delay(target: Target) -> Iterator[Edit]:
    if target.device.mlag and target.device.mlag.reload_delay is not None:
        text = target.text.replace(MLAG, pattern=r"reload-delay mlag \d+", by="reload-delay mlag 5")
        yield from edit("reload-delay mlag 5", text)


def mlag_id(target: Target) -> Iterator[Edit]:
    for interface in target.device.interfaces.values():
        if interface.mlag is not None:
            section = f"interface {interface.name}"
            text = target.text.delete(section, pattern=r"mlag \d+")
            yield from edit(f"{section}: no mlag", text)


def segment_mismatch(target: Target) -> Iterator[Edit]:
    for interface in target.device.interfaces.values():
        if interface.segment:
            section = f"interface {interface.name}"
            text = target.text.replace(
                section,
                "evpn ethernet-segment",
                pattern=r"identifier \S+",
                by="identifier 0000:0000:dead:beef:0001",
            )
            yield from edit(f"{section}: another ESI", text)


FAULTS = (
    ConfigFault("missing-vlan", 18, "VLAN missing", missing_vlan),
    ConfigFault("mlag-domain", 22, "MLAG domain differs", mlag_domain),
    ConfigFault("mlag-peer-address", 22, "MLAG peer address wrong", mlag_peer_address),
    ConfigFault("mlag-off", 23, "MLAG shut", mlag_off),
    ConfigFault("mlag-gone", 23, "MLAG not configured", mlag_gone),
    ConfigFault("reload-delay", 24, "MLAG reload-delay differs", reload_delay),
    ConfigFault("mlag-id", 25, "port-channel lost its MLAG id", mlag_id),
    ConfigFault("not-a-member", 25, "port-channel member lost its group", not_a_member),
    ConfigFault("static-channel", 26, "port-channel static on one side", static_channel),
    ConfigFault("trunk-vlan-missing", 27, "VLAN not allowed on a trunk", trunk_vlan_missing),
    ConfigFault("native-vlan", 27, "native VLAN differs", native_vlan),
    ConfigFault("stp-mode", 28, "spanning-tree mode differs", stp_mode),
    ConfigFault("stp-root", 28, "another device becomes root", stp_root),
    ConfigFault("stp-root-lost", 28, "the root lost its priority", stp_root_lost),
    ConfigFault("wrong-access-vlan", 33, "host port in another VLAN", wrong_access_vlan),
    ConfigFault("segment-mismatch", 35, "ESI differs", segment_mismatch),
)
