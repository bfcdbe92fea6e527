"""MLAG and spanning tree."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from avdlab.validate.intent.graph import Side, cables
from avdlab.validate.intent.model import Device, Intent
from avdlab.validate.plan.interfaces import port_of, vlans_of
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
    told = device.stp.mode != "rstp"  # whose instance ANTA does not know
    if told and {other.stp.mode for other in domain} == {device.stp.mode}:
        roots: dict[int, list[int]] = {}
        for number, priority in _root_priorities(facts.intent, device, domain, spanned).items():
            roots.setdefault(priority, []).append(number)
        for priority, numbers in sorted(roots.items()):
            wanted = {"priority": priority, "instances": sorted(numbers)}
            yield STP, "VerifySTPRootPriority", wanted
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


def _root_priorities(
    intent: Intent, device: Device, domain: list[Device], spanned: list[int]
) -> dict[int, int]:
    """Return the priority that wins, of each instance that somebody configures.

    rapid-pvst has a tree per VLAN that exists, joined by the ports that carry it; its priorities
    may be configured for all 4094.
    """
    configured = {number for other in domain for number in other.stp.priorities}
    trees = dict.fromkeys(configured, domain)
    if device.stp.mode == "rapid-pvst":
        joined = _joined(intent, domain)
        trees = {
            vlan: [other for other in domain if other.name in _tree(device.name, joined[vlan])]
            for vlan in configured.intersection(spanned)
        }
    return {
        number: min(other.stp.priorities.get(number, DEFAULT_PRIORITY) for other in tree)
        for number, tree in trees.items()
    }


def _joined(intent: Intent, domain: list[Device]) -> Mapping[int, list[tuple[str, str]]]:
    """Return VLAN -> pairs of switches between which both ends of a cable carry it."""
    pairs: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for device in domain:
        for own, other in _switched(intent, device):
            if own.device.name < other.device.name:
                carried = [vlans_of(s.device, port_of(s.device, s.interface)) for s in (own, other)]
                for vlan in carried[0] & carried[1]:
                    pairs[vlan].append((own.device.name, other.device.name))
    return pairs


def _tree(name: str, pairs: list[tuple[str, str]]) -> set[str]:
    """Return the names that pairs join with one."""
    found = {name}
    while more := {end for pair in pairs if found & set(pair) for end in pair} - found:
        found |= more
    return found


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
