"""Interfaces of a configuration text as the kernel gets them: names, addresses, wires."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Interface, IPv4Network

from avdlab.twin.config.tree import Config, Line, parse_indented
from avdlab.twin.fabric.inputs import Cable, Plug

from .rig import Rig

_KINDS = {"Ethernet": "et", "Loopback": "lp", "Vlan": "vl", "Port-Channel": "po"}


@dataclass(frozen=True)
class Interface:
    """A routed interface: its kernel name, VRF and addresses, as the text has them."""

    name: str
    kernel: str
    vrf: str
    addresses: tuple[IPv4Interface, ...]
    lines: Mapping[str, str] = field(default_factory=dict)  # first words -> the rest
    dot1q: str = ""
    up: bool = True

    @property
    def subnet(self) -> IPv4Network | None:
        return self.addresses[0].network if self.addresses else None


@dataclass(frozen=True)
class Device:
    """A device's text, read as a tree and nothing more."""

    name: str
    config: Config
    interfaces: Mapping[str, Interface]

    @classmethod
    def of(cls, name: str, text: str) -> "Device":
        config = parse_indented(text)
        found = [_interface(line) for line in config.find("interface")]
        return cls(name, config, {i.name: i for i in found if i is not None})

    @property
    def vrfs(self) -> tuple[str, ...]:
        names = [line.words[2] for line in self.config.find("vrf instance")]
        return tuple(name for name in names if name != "MGMT")

    def kernel(self, name: str) -> str:
        return kernel_name(name)

    @property
    def mlag_peer(self) -> str:
        section = self.config.first("mlag configuration")
        found = section.first("peer-address") if section is not None else None
        return found.words[1] if found is not None else ""


def kernel_name(name: str) -> str:
    """Return the kernel's name of an interface: `Ethernet1/1.100` is `et1_1.100`."""
    for kind, short in _KINDS.items():
        if name.startswith(kind):
            return short + name.removeprefix(kind).replace("/", "_")
    return ""


def _interface(section: Line) -> Interface | None:
    """Return a routed interface; switchports, Management and Vxlan are none."""
    name = section.words[1]
    kernel = kernel_name(name)
    texts = [child.text for child in section.children]
    physical = name.startswith(("Ethernet", "Port-Channel")) and "." not in name
    if not kernel or (physical and "no switchport" not in texts):
        return None
    vrf = next((t.split()[-1] for t in texts if t.startswith(("vrf ", "vrf forwarding "))), "")
    return Interface(
        name,
        kernel,
        vrf or "default",
        tuple(_addresses(texts)),
        {t: t for t in texts},
        next((t.split()[-1] for t in texts if t.startswith("encapsulation dot1q vlan")), ""),
        "shutdown" not in texts,
    )


def _addresses(texts: list[str]) -> Iterator[IPv4Interface]:
    for text in texts:
        words = text.split()
        if words[:3] == ["ip", "address", "virtual"]:
            yield IPv4Interface(words[3])
        elif words[:2] == ["ip", "address"] and "/" in words[2]:
            yield IPv4Interface(words[2])


# ------------------------------------------------------------------------------ into the kernel
def build(rig: Rig, devices: Mapping[str, Device], cables: frozenset[Cable]) -> None:
    """Make nodes, wires and addresses: all of it from the texts and the cables."""
    for device in devices.values():
        rig.add(device.name, device.vrfs)
    wired = {*_cabled(rig, devices, cables), *_between_peers(rig, devices)}
    for device in devices.values():
        own = [i for i in device.interfaces.values() if i.up and i.vrf in _vrfs(device)]
        stubs = [(i.vrf, i.kernel) for i in own if (device.name, i.name) not in wired]
        rig.stub(device.name, stubs)
        for vrf in _vrfs(device):
            rig.nodes[device.name].batch(
                [
                    f"addr add {address} dev {i.kernel}"
                    for i in own
                    for address in i.addresses
                    if i.vrf == vrf
                ],
                vrf,
            )


def _vrfs(device: Device) -> tuple[str, ...]:
    return ("default", *device.vrfs)


def _cabled(
    rig: Rig, devices: Mapping[str, Device], cables: frozenset[Cable]
) -> Iterator[tuple[str, str]]:
    """Wire routed ports along their cables, and subinterfaces with equal tags."""
    inside = [c for c in sorted(cables) if c.a.node in devices and c.b.node in devices]
    for plugs in _segments(inside):
        tags: dict[tuple[str, bool], list[tuple[str, Interface]]] = {}
        for plug in plugs:
            for i in devices[plug.node].interfaces.values():
                if _on(i.name, plug.interface) and i.up:
                    tags.setdefault((i.dot1q, "." in i.name), []).append((plug.node, i))
        for ends in tags.values():
            if len(ends) == 2:
                (a, one), (b, two) = ends
                rig.wire(a, one.kernel, b, two.kernel, one.vrf)
            elif len(ends) > 2:
                rig.segment([(node, i.kernel) for node, i in ends], ends[0][1].vrf)
            yield from ((node, i.name) for node, i in ends if len(ends) > 1)


def _segments(cables: list[Cable]) -> list[list[Plug]]:
    """Join cables that share a plug: a port with many cables stands on a shared segment."""
    groups: list[set[Plug]] = []
    for cable in cables:
        ends = {cable.a, cable.b}
        joined = [group for group in groups if group & ends]
        groups = [group for group in groups if not group & ends]
        groups.append(ends.union(*joined))
    return [sorted(group) for group in groups]


def _on(name: str, port: str) -> bool:
    return name == port or name.startswith(f"{port}.")


def _between_peers(rig: Rig, devices: Mapping[str, Device]) -> Iterator[tuple[str, str]]:
    """Wire the SVIs of MLAG peers that are numbered from one subnet."""
    owners = {
        str(address.ip): device.name
        for device in devices.values()
        for i in device.interfaces.values()
        for address in i.addresses
        if i.name.startswith("Vlan")
    }
    for device in devices.values():
        peer = owners.get(device.mlag_peer, "")
        if not peer or peer < device.name:
            continue
        for i in device.interfaces.values():
            far = devices[peer].interfaces.get(i.name)
            numbered = i.name.startswith("Vlan") and far is not None and i.subnet == far.subnet
            if far is not None and numbered and i.addresses != far.addresses and i.up and far.up:
                rig.wire(device.name, i.kernel, peer, far.kernel, i.vrf)
                yield device.name, i.name
                yield peer, far.name
