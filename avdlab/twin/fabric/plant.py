"""The plant: switches and endpoints on their cables, and the carrier on every port."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from avdlab.twin.fabric.identity import host_mac
from avdlab.twin.fabric.inputs import Bond, Endpoint, EndpointAddress, FabricInputs, Faults, Plug
from avdlab.twin.protocols.lacp import Group
from avdlab.twin.protocols.links import Carrier, carrier
from avdlab.twin.protocols.ports import GIGABIT
from avdlab.twin.protocols.switch import End, Switch


@dataclass(frozen=True, slots=True)
class Plant:
    """Everything that is plugged in. `switches` are the powered ones."""

    inputs: FabricInputs
    switches: Mapping[str, Switch]
    carrier: Carrier


def build(inputs: FabricInputs) -> Plant:
    """Plug every cable in and find the carrier of every port."""
    stopped = inputs.faults.stopped
    switches = _switches(inputs)
    reloading = (fact for fact in inputs.pending.late if fact[0] == "reload")
    waiting = frozenset((node, port) for _, node, port in reloading)

    def powered(node: str) -> bool:
        return node not in stopped and (node in switches or node in inputs.endpoints)

    def enabled(end: End) -> bool:
        node, interface = end
        if node not in switches:
            return True
        return not switches[node].interface(interface).shutdown and end not in waiting

    def present(plug: Plug) -> bool:
        return plug.node in inputs.settings or plug.node in inputs.endpoints

    # a cable to a node outside of the lab counts as no cable
    cables = [cable for cable in inputs.cables if present(cable.a) and present(cable.b)]
    ends = [(_end(cable.a), _end(cable.b)) for cable in cables]
    cut = frozenset((_end(cable.a), _end(cable.b)) for cable in inputs.faults.cut)
    found = carrier(ends, cut, powered, enabled)
    found = replace(found, lost=_lost(inputs.faults), waiting=waiting)
    return Plant(inputs, switches, found)


def _lost(faults: Faults) -> Mapping[str, frozenset[tuple[End, End]]]:
    lost: dict[str, set[tuple[End, End]]] = {}
    for cable, protocols in faults.dropped.items():
        a, b = _end(cable.a), _end(cable.b)
        for protocol in protocols:
            lost.setdefault(protocol, set()).update({(a, b), (b, a)})
    return {protocol: frozenset(pairs) for protocol, pairs in sorted(lost.items())}


def _end(plug: Plug) -> End:
    return (plug.node, plug.interface)


def _switches(inputs: FabricInputs) -> dict[str, Switch]:
    cabled: dict[str, set[str]] = {}
    for cable in inputs.cables:
        for plug in (cable.a, cable.b):
            cabled.setdefault(plug.node, set()).add(plug.interface)
    return {
        node: Switch(
            node,
            inputs.identities[node].system_mac,
            settings,
            tuple(sorted(cabled.get(node, ()))),
            _speed(inputs.identities[node].model),
            inputs.identities[node].port_macs,
        )
        for node, settings in sorted(inputs.settings.items())
        if node not in inputs.faults.stopped
    }


def _speed(model: str) -> int:
    """EOS: a virtual machine's ports have no speed, a container's 1 Gbit/s (recorded)."""
    return 0 if model.startswith("vEOS") else GIGABIT


def host_groups(plant: Plant) -> list[Group]:
    """Return the bonds of all powered endpoints, as link aggregation sees them."""
    return [
        _group(plant.inputs.name, endpoint, bond)
        for name, endpoint in sorted(plant.inputs.endpoints.items())
        if name not in plant.inputs.faults.stopped
        for bond in endpoint.bonds
    ]


def _group(fabric: str, endpoint: Endpoint, bond: Bond) -> Group:
    mode = {"lacp-active": "active", "lacp-passive": "passive"}.get(bond.mode, "on")
    macs = [address.mac for address in endpoint.addresses if address.nic == bond.name]
    system = macs[0] if macs else host_mac(fabric, endpoint.name, bond.name)
    key = endpoint.bonds.index(bond) + 1
    return Group(endpoint.name, bond.name, system, key, dict.fromkeys(bond.nics, mode))


def lldp_hosts(plant: Plant) -> dict[str, str]:
    """Return the endpoints that speak LLDP, with the MAC that they name themselves by."""
    return {
        name: endpoint.addresses[0].mac if endpoint.addresses else host_mac(fabric, name, "lldp")
        for fabric in (plant.inputs.name,)
        for name, endpoint in sorted(plant.inputs.endpoints.items())
        if endpoint.lldp and name not in plant.inputs.faults.stopped
    }


def host_domain(endpoint: str, address: EndpointAddress) -> tuple[str, str]:
    """Return the broadcast domain that an endpoint's address stands in, before any joining."""
    return (endpoint, f"{address.nic}.{address.vlan or 0}")
