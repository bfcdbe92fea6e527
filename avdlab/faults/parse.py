"""From what people write to faults of a lab: names checked against what is there."""

import re
from collections.abc import Sequence

from avdlab.errors import InputError
from avdlab.faults.catalog import CONFIG_FAULTS
from avdlab.faults.model import BLACKHOLE, DOWN, DROP, LINK_EFFECTS, STOP, Fault, Kind
from avdlab.net.interfaces import canonical, is_interface
from avdlab.topology.model import NodeKind, Topology

PROTOCOLS = ("all", "arp", "bgp", "lacp", "lldp", "vxlan")


def parse(words: Sequence[str], topology: Topology) -> Fault:
    """Read `link leaf1:Et1 down`, `node spine1 stop`, `config leaf1 wrong-vni`. Raises InputError.

    A cable is named by one of its ends, or by both with `--` between.
    """
    text = " ".join(words)
    kind, _, rest = text.partition(" ")
    if kind == Kind.LINK:
        return _link(rest, topology)
    if kind == Kind.NODE:
        return _node(rest, topology)
    if kind == Kind.CONFIG:
        return _config(rest, topology)
    raise InputError(f"'{text}' is no fault", hint="It begins with link, node or config.")


def _link(text: str, topology: Topology) -> Fault:
    effects = "|".join(LINK_EFFECTS)
    found = re.fullmatch(rf"(.+?)\s+({effects})(?:\s+(.+))?", text)
    if found is None:
        raise InputError(f"'link {text}' is no fault", hint=f"Write: link END {effects}")
    ends = cable(found[1], topology)
    drop = tuple(sorted(set(re.split(r"[\s,]+", found[3])))) if found[3] else ()
    if (found[2] == DROP) != bool(drop):
        raise InputError(
            f"'link {text}' names no protocols to drop"
            if found[2] == DROP
            else f"'link {text}': only drop takes protocols",
            hint=f"Known: {', '.join(PROTOCOLS)}.",
        )
    unknown = sorted(set(drop) - set(PROTOCOLS))
    if unknown:
        raise InputError(
            f"no link can drop {', '.join(unknown)}", hint=f"Known: {', '.join(PROTOCOLS)}."
        )
    if "all" in drop:
        return Fault(Kind.LINK, ends, BLACKHOLE)
    return Fault(Kind.LINK, ends, found[2], drop)


def _node(text: str, topology: Topology) -> Fault:
    name, _, action = text.partition(" ")
    if action.strip() not in {"", STOP, DOWN}:
        raise InputError(f"'node {text}' is no fault", hint="Write: node NAME stop")
    return Fault(Kind.NODE, (device(name, topology),), STOP)


def _config(text: str, topology: Topology) -> Fault:
    name, _, rest = text.partition(" ")
    fault, _, at = rest.strip().partition(" at ")
    if fault not in CONFIG_FAULTS:
        raise InputError(
            f"there is no configuration fault '{fault}'", hint="See: avdlab fault names"
        )
    return Fault(Kind.CONFIG, (device(name, topology),), fault, at=at.strip())


def device(name: str, topology: Topology) -> str:
    """Return a device's name. Raises InputError for one that the lab does not have."""
    names = [node.name for node in topology.devices]
    if name not in names:
        raise InputError(f"'{name}' is no device of this lab", hint=f"Known: {', '.join(names)}.")
    return name


def cable(text: str, topology: Topology) -> tuple[str, str]:
    """Find the cable that one or both of its ends name: `leaf1:et1`, `leaf1:et1 -- spine1:et3`."""
    ends = {_end(part, topology) for part in re.split(r"\s*--\s*", text.strip())}
    for link in topology.links:
        if ends <= {str(link.a), str(link.b)}:
            return str(link.a), str(link.b)
    raise InputError(f"no cable of this lab has the end {text}", hint="See: avdlab graph")


def _end(text: str, topology: Topology) -> str:
    node, colon, interface = text.partition(":")
    if not colon:
        raise InputError(f"'{text}' is no end of a cable", hint="Write leaf1:Ethernet1.")
    # a NIC of an endpoint keeps its own spelling
    known = topology.nodes.get(node)
    switch = known is not None and known.kind is NodeKind.DEVICE and is_interface(interface)
    name = canonical(interface) if switch else interface
    return f"{node}:{name}"
