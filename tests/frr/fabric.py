"""The same texts and cables on FRR and on the twin: build, compare, cut a cable, compare."""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from avdlab.net.addresses import format_ipv4
from avdlab.twin.device import DeviceState
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.inputs import Cable, Endpoint, Faults
from tests.fabrics import boot

from . import bgp, igp, tables
from .ports import Device, build, kernel_name
from .rig import Node, Rig, until

PATIENCE = 30.0


@dataclass
class Agreement:
    """How many entries of a table agree, and those that do not."""

    equal: int = 0
    differing: dict[str, tuple[object, object]] = field(default_factory=dict)  # key: FRR, twin

    def __str__(self) -> str:
        return f"{self.equal}/{self.equal + len(self.differing)}"


@dataclass
class Both:
    """One fabric, twice."""

    rig: Rig
    devices: Mapping[str, Device]
    fabric: Fabric
    cables: frozenset[Cable]
    tables: tuple[str, ...]
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4))

    def settle(self, vendor: Collection[str] = ()) -> dict[str, Agreement]:
        """Wait until FRR agrees with the twin but for the vendor's entries (`table node VRF
        prefix`); after the patience, return how far it does."""
        found: dict[str, dict[str, Agreement]] = {}  # node -> its last comparison

        def differs(of_node: dict[str, Agreement]) -> bool:
            return any(
                f"{table} {key}" not in vendor
                for table, agreement in of_node.items()
                for key in agreement.differing
            )

        def agreed() -> bool:
            open_nodes = [n for n in self.devices if n not in found or differs(found[n])]
            found.update(zip(open_nodes, self._pool.map(self._node, open_nodes), strict=True))
            return not any(map(differs, found.values()))

        if until(agreed, PATIENCE):  # all at once, and not one after the other
            found.clear()
            until(agreed, PATIENCE)
        return {
            name: Agreement(
                sum(of_node[name].equal for of_node in found.values()),
                {k: v for of_node in found.values() for k, v in of_node[name].differing.items()},
            )
            for name in self.tables
        }

    def _node(self, node: str) -> dict[str, Agreement]:
        """Compare the tables of one node."""
        device, state = self.devices[node], self.fabric.state.devices[node]
        found = {name: Agreement() for name in self.tables}
        for name, agreement in found.items():
            theirs, ours = _READ[name](self.rig, device, state)
            for key in sorted({*theirs, *ours}):
                if theirs.get(key) == ours.get(key):
                    agreement.equal += 1
                else:
                    agreement.differing[f"{node} {key}"] = (theirs.get(key), ours.get(key))
        return found

    def cut(self, cable: Cable) -> None:
        """Take the carrier of a cable away on both."""
        device = self.devices[cable.a.node]
        interface = device.interfaces[cable.a.interface]
        self.rig.nodes[cable.a.node].batch(
            [f"link set {kernel_name(interface.name)} down"], interface.vrf
        )
        faults = self.fabric.faults
        self.fabric.set_faults(replace(faults, cut=faults.cut | {cable}))

    def heal(self, cable: Cable) -> None:
        """Give it back."""
        device = self.devices[cable.a.node]
        interface = device.interfaces[cable.a.interface]
        self.rig.nodes[cable.a.node].batch(
            [f"link set {kernel_name(interface.name)} up"], interface.vrf
        )
        self.fabric.set_faults(Faults())

    def talk(self, endpoints: Mapping[str, Endpoint]) -> None:
        """Let endpoints talk: the twin learns where they are, FRR is told the same of its own."""
        self.fabric.set_wiring(self.cables, endpoints)
        for name, state in self.fabric.state.devices.items():
            vnis = dict(bgp.l2_vnis(self.devices[name].config)) if name in self.devices else {}
            for entry in state.macs:
                vni = vnis.get(str(entry.vlan))
                if vni is not None and entry.dynamic and entry.vtep is None:
                    addresses = _addresses(endpoints, entry.mac, entry.vlan)
                    self._station(name, str(entry.vlan), vni, entry.mac, addresses)

    def _station(self, name: str, vlan: str, vni: str, mac: str, addresses: list[str]) -> None:
        node, vrf = self.rig.nodes[name], _vrf_of(self.devices[name], vlan)
        node.batch([f"fdb add {mac} dev ac{vni} master dynamic"], vrf, program="bridge")
        node.batch(
            [f"neigh replace {a} lladdr {mac} dev br{vni} nud reachable" for a in addresses], vrf
        )


def _addresses(endpoints: Mapping[str, Endpoint], mac: str, vlan: int) -> list[str]:
    """Return the addresses of a MAC address in a VLAN; an untagged one stands in its only VLAN."""
    return [
        format_ipv4(address.address)
        for endpoint in endpoints.values()
        for address in endpoint.addresses
        if address.mac == mac and address.vlan in {vlan, None} and address.address is not None
    ]


def _routes(rig: Rig, device: Device, state: DeviceState) -> tuple[tables.Rows, tables.Rows]:
    return tables.frr_routes(rig.nodes[device.name]), tables.twin_routes(state, device.vrfs)


def _bgp(rig: Rig, device: Device, state: DeviceState) -> tuple[tables.Rows, tables.Rows]:
    return tables.frr_bgp(rig.nodes[device.name]), tables.twin_bgp(state, device.vrfs)


def _evpn(rig: Rig, device: Device, state: DeviceState) -> tuple[tables.Rows, tables.Rows]:
    return tables.frr_evpn(rig.nodes[device.name]), tables.twin_evpn(state)


_READ = {"routes": _routes, "bgp": _bgp, "evpn": _evpn}


def run(
    rig: Rig,
    name: str,
    texts: Mapping[str, str],
    cables: frozenset[Cable],
    endpoints: Mapping[str, Endpoint] | None = None,
    *,
    compared: tuple[str, ...] = ("routes",),
) -> Both:
    """Build a fabric on FRR and on the twin. Devices without routed interfaces stay out of FRR."""
    read = {node: Device.of(node, text) for node, text in texts.items()}
    routers = {node: device for node, device in read.items() if _routes_packets(device)}
    build(rig, routers, cables)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda device: _start(rig, device), routers.values()))
    silent = {n: replace(e, talking=False) for n, e in (endpoints or {}).items()}
    fabric = boot(name, dict(texts), cables, silent)
    return Both(rig, routers, fabric, cables, compared)


def _start(rig: Rig, device: Device) -> None:
    _vxlan(rig, device)
    configs = igp.daemons(device)
    text = bgp.bgp(device.config)
    if text:
        configs["bgpd"] = text
    rig.start(device.name, configs, zebra=bgp.vnis(device.config))


def _routes_packets(device: Device) -> bool:
    return any(device.config.first(f"router {p}") is not None for p in ("bgp", "ospf", "isis")) or (
        device.config.has("ip routing") and bool(device.interfaces)
    )


def _vxlan(rig: Rig, device: Device) -> None:
    """Make the VXLAN devices: a bridge and a tunnel for each VNI, those of L3 in their VRF."""
    source = device.config.first("interface Vxlan1")
    if source is None:
        return
    node = rig.nodes[device.name]
    name = next(line.words[2] for line in source.find("vxlan source-interface"))
    vtep = device.interfaces[name].addresses[0].ip
    for vlan, vni in bgp.l2_vnis(device.config):
        add, *rest = _bridge(vni, str(vtep))
        stations = [
            f"link add ac{vni} type veth peer name ac{vni}-x",  # where they would be
            f"link set ac{vni} master br{vni} up",
            f"link set ac{vni} type bridge_slave learning off",
            f"link set ac{vni}-x up",
        ]
        _in_vrf(node, vni, _vrf_of(device, vlan), add, [*rest, *stations])
    for vrf, vni in bgp.l3_vnis(device.config):
        if vrf in device.vrfs:
            add, *rest = _bridge(vni, str(vtep))
            _in_vrf(node, vni, vrf, add, rest)


def _in_vrf(node: Node, vni: str, vrf: str, add: str, rest: list[str]) -> None:
    """Make a tunnel over the default VRF and move it into a tenant's."""
    node.batch([add, *([f"link set vx{vni} netns {vrf}"] if vrf != "default" else [])])
    node.batch(rest, vrf)


def _vrf_of(device: Device, vlan: str) -> str:
    """Return the VRF of a VLAN's SVI: its routes to hosts go there."""
    svi = device.interfaces.get(f"Vlan{vlan}")
    return svi.vrf if svi is not None and svi.vrf in device.vrfs else "default"


def _bridge(vni: str, vtep: str) -> list[str]:
    return [
        f"link add vx{vni} type vxlan id {vni} local {vtep} dstport 4789 nolearning",
        f"link add br{vni} type bridge",
        f"link set vx{vni} master br{vni}",
        f"link set br{vni} up",
        f"link set vx{vni} up",
    ]
