"""Connected endpoints as nodes: which kind of node an endpoint can be, and what it boots with.

* `ceos`: one more cEOS that behaves as a host: bonds and tags need nothing of the server's
  kernel, but each takes the memory of a switch. AVD's own cEOS labs do so.
* a Docker image: a Linux container with iproute2; bonds and tags need the server's kernel modules
  `bonding` and `8021q`. GNS3 runs the commands before the image's first process.
* `vpcs`: GNS3's own little host, for what has one cable and no tags.
"""

import ipaddress
from collections.abc import Mapping, Sequence
from enum import StrEnum

from avdlab.topology.model import EndpointAddress, EndpointNic, Node, NodeKind

CEOS, NONE, VPCS = "ceos", "none", "vpcs"
FAILED = "etc/network/.avdlab-failed"  # what a Linux container's hook could not do, in words
CHANNEL_MODES = {"lacp-active": "active", "lacp-passive": "passive", "static": "on"}


class Runs(StrEnum):
    """What an endpoint runs as."""

    NOTHING = "nothing"
    CEOS = "ceos"
    DOCKER = "docker"
    VPCS = "vpcs"


def runs_as(node: Node, endpoints: str) -> Runs:
    """Return what a node that is no device runs as, by the setting gns3_endpoints."""
    if node.kind is not NodeKind.ENDPOINT or endpoints == NONE:
        return Runs.NOTHING
    if endpoints == VPCS:
        return Runs.VPCS if _is_plain(node) else Runs.NOTHING
    return Runs.CEOS if endpoints == CEOS else Runs.DOCKER


def why_not(endpoints: str) -> str:
    """Say why some endpoints do not run."""
    if endpoints == NONE:
        return "gns3_endpoints is none"
    if endpoints == VPCS:
        return "vpcs is for hosts with one cable and no tags (gns3_endpoints)"
    return "the design does not say what they are"


def _is_plain(node: Node) -> bool:
    bonded = any(nic.members for nic in node.nics)
    tagged = any(address.vlan is not None for address in node.addresses)
    return len(node.interfaces) == 1 and not bonded and not tagged


def adapters(node: Node, runs: Runs) -> tuple[str, ...]:
    """Return an endpoint's NICs by adapter number; cEOS has its management port before them."""
    return ("Management0", *node.interfaces) if runs is Runs.CEOS else node.interfaces


# ---------------------------------------------------------------------- cEOS as a host
def eos_config(node: Node) -> str:
    """Return the startup-config of a cEOS that stands in for a host."""
    ports = {name: f"Ethernet{number}" for number, name in enumerate(node.interfaces, start=1)}
    vlans = sorted({a.vlan for a in node.addresses if a.vlan is not None})
    lines = [
        f"hostname {node.name}",
        "no aaa root",
        "service routing protocols model multi-agent",
        "spanning-tree mode none",
    ]
    if vlans:
        lines.append(f"vlan {','.join(map(str, vlans))}")
    for number, nic in enumerate(_bonds(node), start=1):
        lines += _interface(f"Port-Channel{number}", _switched(node, nic.name))
        for member in nic.members:
            mode = CHANNEL_MODES.get(nic.mode, "on")
            lines += _interface(ports[member], [f"channel-group {number} mode {mode}"])
    for nic in _single(node):
        lines += _interface(ports[nic.name], _switched(node, nic.name))
    for address in _addressed(node):
        lines += _interface(f"Vlan{address.vlan or 1}", [f"ip address {address.address}"])
    # a static route counts only where EOS routes
    gateway = next((a.gateway for a in _addressed(node) if a.gateway), None)
    lines += ["ip routing", f"ip route 0.0.0.0/0 {gateway}"] if gateway else ["no ip routing"]
    return "\n".join([*lines, "end"]) + "\n"


def _interface(name: str, lines: Sequence[str]) -> list[str]:
    return [f"interface {name}", *(f"   {line}" for line in lines)]


def _switched(node: Node, nic: str) -> list[str]:
    own = [address for address in node.addresses if address.nic == nic]
    tags = sorted(address.vlan for address in own if address.vlan is not None)
    if not tags:
        return ["switchport"]
    return ["switchport mode trunk", f"switchport trunk allowed vlan 1,{','.join(map(str, tags))}"]


# ---------------------------------------------------------------------- a Linux container
def linux_hook(node: Node) -> str:
    """Return /etc/network/interfaces of a Linux host: its bonds, tags, addresses and route.

    A step that fails is written down, and those after it are done all the same.
    """
    nics = {name: f"eth{number}" for number, name in enumerate(node.interfaces)}
    steps: list[str] = []
    names: dict[str, str] = dict(nics)
    for number, bond in enumerate(_bonds(node)):
        name = f"bond{number}"
        names[bond.name] = name
        mode = "balance-xor" if bond.mode == "static" else "802.3ad"
        steps.append(f"ip link add {name} type bond mode {mode} miimon 100")
        for member in bond.members:
            nic = nics[member]
            steps += [f"ip link set {nic} down", f"ip link set {nic} master {name}"]
        steps.append(f"ip link set {name} up")
    for address in node.addresses:
        device = names.get(address.nic, address.nic)
        if address.vlan is not None:
            parent, device = device, f"{device}.{address.vlan}"
            steps += [
                f"ip link add link {parent} name {device} type vlan id {address.vlan}",
                f"ip link set {device} up",
            ]
        if address.address:
            steps.append(f"ip address add {address.address} dev {device}")
    gateway = next((a.gateway for a in _addressed(node) if a.gateway), None)
    if gateway:
        steps.append(f"ip route add default via {gateway}")
    head = ["# Written by avdlab.", "auto eth0", "iface eth0 inet manual"]
    tried = [f'e=$({step} 2>&1) || echo "{step}: $e" >> /{FAILED}' for step in steps]
    return "\n".join([*head, f"    up rm -f /{FAILED}", *(f"    up {t}" for t in tried)]) + "\n"


def explain(failed: str) -> str:
    """Say what the words in FAILED mean for an endpoint, and what to do about it."""
    lines = failed.splitlines()
    more = f" ({len(lines)} commands in all)" if len(lines) > 1 else ""
    modules = " type bond" in failed or " type vlan" in failed
    hint = "; bonds and tags want `modprobe -a bonding 8021q` on the server" if modules else ""
    return f"its network is not whole: {lines[0]}{more}{hint}"


# ---------------------------------------------------------------------- VPCS
def vpcs_script(node: Node) -> str:
    """Return startup.vpc: the host's name, address and gateway."""
    lines = [f"set pcname {node.name}"]
    for address in _addressed(node)[:1]:
        interface = ipaddress.ip_interface(str(address.address))
        gateway = f" {address.gateway}" if address.gateway else ""
        lines.append(f"ip {interface.ip}/{interface.network.prefixlen}{gateway}")
    return "\n".join(lines) + "\n"


def files(node: Node, runs: Runs) -> Mapping[str, bytes]:
    """Return the files of an endpoint's every boot; those of a cEOS are its recipe's."""
    if runs is Runs.DOCKER:
        return {"etc/network/interfaces": linux_hook(node).encode()}
    return {"startup.vpc": vpcs_script(node).encode()}


def _bonds(node: Node) -> list[EndpointNic]:
    return [nic for nic in node.nics if nic.members]


def _single(node: Node) -> list[EndpointNic]:
    bonded = {member for nic in _bonds(node) for member in nic.members}
    return [nic for nic in node.nics if not nic.members and nic.name not in bonded]


def _addressed(node: Node) -> list[EndpointAddress]:
    return [address for address in node.addresses if address.address]
