"""BGP and EVPN sessions between the devices, as their structured configs describe them."""

from collections.abc import Iterator, Mapping
from typing import Any

from avdlab.topology.model import Session

Configs = Mapping[str, Mapping[str, Any]]
_KINDS = ("ethernet_interfaces", "loopback_interfaces", "vlan_interfaces", "dps_interfaces")
_MORE = ("port_channel_interfaces", "tunnel_interfaces")
Told = tuple[str, str, str]  # peer, family, VRF


def sessions(configs: Configs) -> tuple[Session, ...]:
    """Return one session per pair of devices, address family and VRF; several cables, several.

    A session that only one of the two configures is one-sided.
    """
    owners = dict(_owners(configs))
    found: dict[tuple[str, str, str, str], list[int]] = {}
    for device, config in configs.items():
        for peer, family, vrf in _told(device, config, configs, owners):
            a, b = sorted((device, peer))
            found.setdefault((a, b, family, vrf), [0, 0])[device == b] += 1
    return tuple(
        Session(a, b, family, vrf, one_sided=number >= min(counts))
        for (a, b, family, vrf), counts in sorted(found.items())
        for number in range(max(counts))
    )


def _owners(configs: Configs) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield (VRF, address) -> the device that has it."""
    for device, config in configs.items():
        for kind in (*_KINDS, *_MORE):
            for entry in config.get(kind) or ():
                vrf = str(entry.get("vrf") or "default")
                for key in ("ip_address", "ipv6_address"):
                    address = str(entry.get(key) or "").partition("/")[0]
                    if address:
                        yield (vrf, address.lower()), device


def _told(
    device: str,
    config: Mapping[str, Any],
    configs: Configs,
    owners: Mapping[tuple[str, str], str],
) -> Iterator[Told]:
    """Yield what a device says of its sessions."""
    bgp = config.get("router_bgp") or {}
    evpn = bgp.get("address_family_evpn") or {}
    groups = _active(evpn.get("peer_groups"), "name")
    single = _active(evpn.get("neighbors"), "ip_address")
    for vrf, part in (("default", bgp), *((str(v["name"]), v) for v in bgp.get("vrfs") or ())):
        for neighbor in part.get("neighbors") or ():
            named = str((neighbor.get("metadata") or {}).get("peer") or "")
            address = str(neighbor.get("ip_address") or "").lower()
            peer = named if named in configs else owners.get((vrf, address), "")
            in_evpn = neighbor.get("peer_group") in groups or neighbor.get("ip_address") in single
            family = "evpn" if vrf == "default" and in_evpn else "bgp"
            if peer and peer != device:
                yield peer, family, vrf
        for entry in part.get("neighbor_interfaces") or ():
            peer = str((entry.get("metadata") or {}).get("peer") or entry.get("peer") or "")
            if peer in configs and peer != device:
                yield peer, "bgp", vrf


def _active(entries: Any, key: str) -> frozenset[object]:  # noqa: ANN401 - JSON data
    return frozenset(entry.get(key) for entry in entries or () if entry.get("activate"))
