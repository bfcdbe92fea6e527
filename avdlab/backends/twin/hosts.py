"""Hosts of a recorded fabric: what switches learned on ports toward endpoints.

A host that talked is an input of the fabric. Its MAC stands in the MAC tables of the switches that
it is plugged into, its address in somebody's ARP table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from avdlab.compare.recording import Recording
from avdlab.net.addresses import parse_ipv4
from avdlab.net.interfaces import canonical, is_interface
from avdlab.twin.config.settings import DeviceSettings, InterfaceSettings, SwitchportMode
from avdlab.twin.fabric.inputs import Cable, Endpoint, EndpointAddress

_MACS = ("show mac address-table",)
_ARP = ("show ip arp vrf all", "show arp vrf all", "show ip arp", "show arp")


class Nic(NamedTuple):
    """A NIC or bond of an endpoint."""

    endpoint: str
    name: str


def with_hosts(
    recording: Recording,
    settings: Mapping[str, DeviceSettings],
    cables: frozenset[Cable],
    endpoints: Mapping[str, Endpoint],
) -> dict[str, Endpoint]:
    """Return the endpoints with the MACs and addresses that were learned behind their ports."""
    behind = _behind(settings, cables, endpoints)
    known = dict(_arp(recording))
    found: dict[Nic, dict[tuple[str, int], EndpointAddress]] = {}
    for device in sorted(recording.devices):
        for vlan, mac, port in _macs(recording, device):
            nic = behind.get((device, port))
            if nic is None:
                continue
            tag = _tag(settings[device].interfaces.get(port), vlan)
            address = EndpointAddress(nic.name, mac, tag, known.get((vlan, mac)))
            found.setdefault(nic, {}).setdefault((mac, vlan), address)
    learned: dict[str, list[EndpointAddress]] = {}
    for nic, addresses in found.items():
        learned.setdefault(nic.endpoint, []).extend(addresses.values())
    return {
        name: replace(endpoint, addresses=tuple(learned[name]), talking=True)
        if name in learned
        else endpoint
        for name, endpoint in endpoints.items()
    }


def _behind(
    settings: Mapping[str, DeviceSettings],
    cables: frozenset[Cable],
    endpoints: Mapping[str, Endpoint],
) -> dict[tuple[str, str], Nic]:
    """Return (device, port or Port-Channel) -> the NIC or bond that it leads to."""
    found: dict[tuple[str, str], Nic] = {}
    for cable in cables:
        for near, far in ((cable.a, cable.b), (cable.b, cable.a)):
            if near.node not in settings or far.node not in endpoints:
                continue
            bonds = (b.name for b in endpoints[far.node].bonds if far.interface in b.nics)
            bond = next(bonds, None)
            interface = settings[near.node].interfaces.get(near.interface)
            group = interface.channel_group if interface is not None else None
            if bond is not None and group is not None:
                found[near.node, f"Port-Channel{group.number}"] = Nic(far.node, bond)
            elif bond is None:
                found[near.node, near.interface] = Nic(far.node, far.interface)
    return found


def _tag(interface: InterfaceSettings | None, vlan: int) -> int | None:
    switchport = interface.switchport if interface is not None else None
    if switchport is None or switchport.mode is SwitchportMode.ACCESS:
        return None
    return None if switchport.native_vlan == vlan else vlan


def _macs(recording: Recording, device: str) -> Iterator[tuple[int, str, str]]:
    for entry in _listed(recording, device, _MACS, "unicastTable", "tableEntries"):
        port = str(entry.get("interface", ""))
        if entry.get("entryType") == "dynamic" and is_interface(port):
            yield int(entry["vlanId"]), _colons(str(entry["macAddress"])), canonical(port)


def _arp(recording: Recording) -> Iterator[tuple[tuple[int, str], int]]:
    """Yield (VLAN, MAC) -> address."""
    for device in sorted(recording.devices):
        for entry in _listed(recording, device, _ARP, "ipV4Neighbors"):
            name = str(entry.get("interface", "")).split(",")[0]
            if name.startswith("Vlan") and name[4:].isdigit():
                mac = _colons(str(entry["hwAddress"]))
                yield (int(name[4:]), mac), parse_ipv4(str(entry["address"]))


def _listed(
    recording: Recording, device: str, commands: tuple[str, ...], *keys: str
) -> list[dict[str, Any]]:
    for command in commands:
        output = recording.devices[device].output(command)
        found: Any = output.data if output is not None else None
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        if isinstance(found, list):
            return [entry for entry in found if isinstance(entry, dict)]
    return []


def _colons(mac: str) -> str:
    digits = mac.replace(".", "").replace(":", "").lower()
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))
