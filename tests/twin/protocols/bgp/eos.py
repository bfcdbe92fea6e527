"""Small networks on the twin, and what a reader wants to know of them."""

from avdlab.net.addresses import format_ipv4, parse_prefix
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.tables.bgp import Attributes, BgpPath, BgpSession
from avdlab.twin.tables.rib import Route
from tests.fabrics import boot
from tests.scenarios import Network


def run(network: Network) -> Fabric:
    return boot("lab", network.texts, network.cables)


def paths(fabric: Fabric, node: str, prefix: str, vrf: str = "default") -> list[BgpPath]:
    bgp = fabric.state.devices[node].bgp
    assert bgp is not None
    return list(bgp.tables[vrf].get(parse_prefix(prefix), ()))


def told(fabric: Fabric, node: str, prefix: str) -> Attributes | None:
    """Return the attributes of the best path."""
    found = paths(fabric, node, prefix)
    return found[0].attributes if found and found[0].best else None


def as_path(fabric: Fabric, node: str, prefix: str) -> str | None:
    found = told(fabric, node, prefix)
    return None if found is None else " ".join(map(str, found.as_path))


def via(fabric: Fabric, node: str, prefix: str) -> str | None:
    """Return the next hop of the best path."""
    found = told(fabric, node, prefix)
    return None if found is None else format_ipv4(found.next_hop)


def route(fabric: Fabric, node: str, prefix: str, vrf: str = "default") -> Route | None:
    return fabric.state.devices[node].ribs[vrf].get(parse_prefix(prefix))


def session(fabric: Fabric, node: str) -> BgpSession:
    """Return the only session of a device."""
    bgp = fabric.state.devices[node].bgp
    assert bgp is not None
    (found,) = bgp.sessions
    return found
