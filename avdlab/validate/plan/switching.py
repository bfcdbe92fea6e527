"""MLAG and spanning tree."""

from collections.abc import Iterator

from avdlab.validate.intent.graph import Side, cables
from avdlab.validate.intent.model import Device, Intent
from avdlab.validate.plan.interfaces import port_of
from avdlab.validate.plan.model import Facts, Wanted

MLAG = "anta.tests.mlag"
STP = "anta.tests.stp"
DEFAULT_PRIORITY = 32768
_PROTOCOLS = {"mstp": "mstp", "rstp": "rstp", "rapid-pvst": "rapidPvst"}


def plan_mlag(_facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan the details of the pair."""
    mlag = device.mlag
    if mlag is None:
        return
    wanted = {
        "domain_id": mlag.domain,
        "local_interface": mlag.local_interface,
        "peer_address": mlag.peer_address,
        "peer_link": mlag.peer_link,
    }
    if mlag.primary_priority is not None:
        wanted["primary_priority"] = str(mlag.primary_priority)
    yield "avdlab.validate.tests.mlag", "VerifyMlagPair", wanted
    if mlag.reload_delay is not None and mlag.reload_delay_non_mlag is not None:
        delays = {
            "reload_delay": mlag.reload_delay,
            "reload_delay_non_mlag": mlag.reload_delay_non_mlag,
        }
        yield MLAG, "VerifyMlagReloadDelay", delays


def plan_stp(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan mode and root of spanning tree, and that it blocks nothing where there is no loop."""
    protocol = _PROTOCOLS.get(device.stp.mode)
    ports = {a.interface.name for a, _ in _switched(facts.intent, device)}
    if protocol is None or not ports:
        return
    spanned = sorted(set(device.vlans) - device.stp.disabled_vlans)
    if spanned:
        yield STP, "VerifySTPMode", {"mode": protocol, "vlans": spanned[:1]}
        priority = device.stp.priorities.get(0)  # every VLAN of AVD's MST is in instance 0
        if device.stp.mode in {"mstp", "rstp"} and priority is not None:
            bridges = [{"vlan": spanned[0], "priority": priority}]
            yield "avdlab.validate.tests.stp", "VerifySTPBridgePriority", {"bridges": bridges}
    domain = _domain(facts.intent, device)
    if {other.stp.mode for other in domain} == {device.stp.mode}:
        for number, priority in sorted(_root_priorities(domain).items()):
            yield STP, "VerifySTPRootPriority", {"priority": priority, "instances": [number]}
    if not _loops(facts.intent, domain):
        yield STP, "VerifySTPBlockedPorts", {}


def _switched(intent: Intent, device: Device) -> Iterator[tuple[Side, Side]]:
    for a, b in cables(intent):
        for own, other in ((a, b), (b, a)):
            if own.device is device and all(
                port_of(side.device, side.interface).switching is not None for side in (own, other)
            ):
                yield own, other


def _domain(intent: Intent, device: Device) -> list[Device]:
    """Return the devices that one spanning tree joins. VXLAN carries no BPDUs."""
    found = {device.name: device}
    queue = [device]
    while queue:
        for _, other in _switched(intent, queue.pop()):
            if other.device.name not in found:
                found[other.device.name] = other.device
                queue.append(other.device)
    return list(found.values())


def _root_priorities(domain: list[Device]) -> dict[int, int]:
    """Return the priority that wins, of each instance that somebody configures."""
    numbers = {number for device in domain for number in device.stp.priorities}
    return {
        number: min(device.stp.priorities.get(number, DEFAULT_PRIORITY) for device in domain)
        for number in numbers
    }


def _loops(intent: Intent, domain: list[Device]) -> bool:
    """Tell whether there are two ways between two switches; an MLAG pair is one switch."""
    bridge = {d.name: min(d.name, d.mlag.peer or d.name) if d.mlag else d.name for d in domain}
    edges: set[tuple[str, str, str, str]] = set()
    for device in domain:
        for own, other in _switched(intent, device):
            if own.device.name < other.device.name:
                ends = sorted(
                    (bridge[side.device.name], _bundle(side.device, side.interface.name))
                    for side in (own, other)
                )
                if ends[0][0] != ends[1][0]:
                    edges.add((*ends[0], *ends[1]))
    joined = dict.fromkeys(bridge.values())
    parent = {name: name for name in joined}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    for a, _, b, _ in sorted(edges):
        if root(a) == root(b):
            return True
        parent[root(a)] = root(b)
    return False


def _bundle(device: Device, name: str) -> str:
    """Name the bundle of a port: the ports of an MLAG on both devices are one."""
    port = port_of(device, device.interfaces[name])
    if port.mlag is not None and device.mlag:
        return f"mlag {port.mlag}"
    return f"{device.name} {port.name}"
