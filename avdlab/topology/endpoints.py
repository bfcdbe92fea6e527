"""Connected endpoints as nodes: NICs, bonds, and addresses in the VLANs of their ports."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Interface
from typing import Any

from avdlab.topology.model import EndpointAddress, EndpointNic, LinkEnd, Node, NodeKind
from avdlab.topology.ports import DesignedPort

FIRST_HOST = 101  # host part of the first endpoint in a VLAN
MOST_VLANS = 16  # a trunk with more VLANs than this is a hypervisor's: only its native VLAN is used
_MODES = {"active": "lacp-active", "passive": "lacp-active", "on": "static"}


@dataclass(frozen=True, slots=True)
class Gateway:
    """The gateway of a VLAN: its address with the prefix length."""

    interface: IPv4Interface


def gateways(structured: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, int], Gateway]:
    """Return (device, VLAN) -> gateway, from `ip_address_virtual` or virtual router addresses."""
    found: dict[tuple[str, int], Gateway] = {}
    for device, config in structured.items():
        for item in config.get("vlan_interfaces", ()):
            address = _gateway_address(item)
            number = str(item["name"]).removeprefix("Vlan")
            if address is not None and number.isdigit():
                found[device, int(number)] = Gateway(address)
    return found


def _gateway_address(item: Mapping[str, Any]) -> IPv4Interface | None:
    virtual = item.get("ip_address_virtual")
    if virtual:
        return IPv4Interface(str(virtual))
    own, routers = item.get("ip_address"), item.get("ip_virtual_router_addresses")
    if not own or "/" not in str(own):
        return None
    network = IPv4Interface(str(own))
    if not routers:
        return None
    return IPv4Interface(f"{str(routers[0]).partition('/')[0]}/{network.network.prefixlen}")


class Addresses:
    """Hands out addresses: the same endpoints in the same order get the same ones."""

    def __init__(self, known: Mapping[tuple[str, int], Gateway]) -> None:
        self._known = known
        self._any: dict[int, Gateway] = {}
        for (_, vlan), gateway in sorted(known.items(), key=lambda item: item[0]):
            self._any.setdefault(vlan, gateway)
        self._used: dict[str, int] = defaultdict(int)

    def give(self, device: str, vlan: int) -> tuple[str | None, str | None]:
        """Return (address/length, gateway) in a VLAN, or (None, None) where it has no subnet."""
        gateway = self._known.get((device, vlan)) or self._any.get(vlan)
        if gateway is None:
            return None, None
        network = gateway.interface.network
        index = FIRST_HOST + self._used[str(network)]
        if index >= network.num_addresses - 1 or network[index] == gateway.interface.ip:
            return None, None
        self._used[str(network)] += 1
        return f"{network[index]}/{network.prefixlen}", str(gateway.interface.ip)


def endpoint_nodes(
    ends: Mapping[LinkEnd, DesignedPort],
    structured: Mapping[str, Mapping[str, Any]],
) -> Iterable[Node]:
    """Return a node for everything that is cabled but not configured by the inventory."""
    addresses = Addresses(gateways(structured))
    vlans = {
        device: frozenset(int(item["id"]) for item in config.get("vlans", ()))
        for device, config in structured.items()
    }
    by_node: dict[str, list[tuple[str, DesignedPort]]] = defaultdict(list)
    for end, port in ends.items():
        by_node[end.node].append((end.interface, port))
    for name, ports in sorted(by_node.items()):
        ports.sort(key=lambda item: item[0])
        nics = _nics(ports)
        is_endpoint = all(port.is_endpoint for _, port in ports)
        yield Node(
            name,
            NodeKind.ENDPOINT if is_endpoint else NodeKind.EXTERNAL,
            role=ports[0][1].peer_type,
            interfaces=tuple(nic for nic, _ in ports),
            nics=nics,
            addresses=_addresses(nics, dict(ports), vlans, addresses) if is_endpoint else (),
        )


def _nics(ports: Sequence[tuple[str, DesignedPort]]) -> tuple[EndpointNic, ...]:
    bundles: dict[tuple[str, ...], list[tuple[str, DesignedPort]]] = defaultdict(list)
    single: list[EndpointNic] = []
    for nic, port in ports:
        if port.bundle:
            bundles[port.bundle].append((nic, port))
        else:
            single.append(EndpointNic(nic))
    bonds = [
        EndpointNic(
            f"bond{index}",
            tuple(nic for nic, _ in members),
            _MODES.get(members[0][1].channel_mode, "static"),
        )
        for index, members in enumerate(bundles.values())
    ]
    return (*bonds, *single)


def _addresses(
    nics: Iterable[EndpointNic],
    ports: Mapping[str, DesignedPort],
    vlans: Mapping[str, frozenset[int]],
    addresses: Addresses,
) -> tuple[EndpointAddress, ...]:
    made: list[EndpointAddress] = []
    for nic in nics:
        port = ports[(nic.members or (nic.name,))[0]]
        for vlan, tagged in carried(port.switchport or {}, vlans.get(port.device, frozenset())):
            address, gateway = addresses.give(port.device, vlan)
            made.append(EndpointAddress(nic.name, vlan if tagged else None, address, gateway))
    return tuple(made)


def carried(switchport: Mapping[str, Any], known: frozenset[int]) -> list[tuple[int, bool]]:
    """Return (VLAN, tagged) of what a port carries and its device knows; routed: nothing."""
    if not switchport or switchport.get("enabled") is False:
        return []
    mode = str(switchport.get("mode") or "access")
    if mode == "access":
        vlan = int(switchport.get("access_vlan") or 1)
        return [(vlan, False)] if vlan in known else []
    trunk = switchport.get("trunk", {})
    native = int(trunk.get("native_vlan") or 1)
    allowed = _numbers(str(trunk["allowed_vlan"])) if trunk.get("allowed_vlan") else known
    tagged = sorted((allowed & known) - {native})
    if len(tagged) > MOST_VLANS:
        tagged = []
    untagged = [(native, False)] if native in allowed & known else []
    return untagged + [(vlan, True) for vlan in tagged]


def _numbers(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        if first.isdigit():
            found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)
