"""Static routes: that they are there, over their next hops."""

from collections.abc import Iterator

from avdlab.net.addresses import parse_interface_address, parse_ipv4
from avdlab.validate.intent.graph import is_cabled
from avdlab.validate.intent.model import Device, Intent, Interface, StaticRoute
from avdlab.validate.plan.interfaces import port_of, vlans_of
from avdlab.validate.plan.model import Facts, Wanted, routes_present


def plan_statics(facts: Facts, device: Device) -> Iterator[Wanted]:
    """Plan that static routes are in the tables, as far as the design says so for certain."""
    hops: dict[tuple[str, str], list[str]] = {}
    for route in certain(facts.intent, device):
        found = hops.setdefault((route.vrf, route.prefix), [])
        found += [route.next_hop] if route.next_hop else []
    over = [
        {"vrf": vrf, "prefix": prefix, "nexthops": sorted(found)}
        for (vrf, prefix), found in hops.items()
        if found
    ]
    if over:
        yield "anta.tests.routing.generic", "VerifyIPv4RouteNextHops", {"route_entries": over}
    yield from routes_present(key for key, found in hops.items() if not found)


def certain(intent: Intent, device: Device) -> Iterator[StaticRoute]:
    """Yield the static routes that a healthy lab has: discarding ones, and those whose next hop is
    on a subnet of an interface that is up. The lab has its own management."""
    management = {i.vrf for i in device.interfaces.values() if i.name.startswith("Management")}
    connected = {(i.vrf, _prefix(i)) for i in device.interfaces.values() if i.ip}
    for route in device.static_routes:
        if route.vrf in management - {"default"} or (route.vrf, route.prefix) in connected:
            continue
        if route.discards or _is_reached(intent, device, route):
            yield route


def _prefix(interface: Interface) -> str:
    return str(parse_interface_address(interface.address).prefix)


def _is_reached(intent: Intent, device: Device, route: StaticRoute) -> bool:
    try:
        address = parse_ipv4(route.next_hop)
    except ValueError:
        return False
    return any(
        interface.vrf == route.vrf
        and interface.ip
        and not interface.shutdown
        and interface.validated
        and parse_interface_address(interface.address).prefix.contains(address)
        and _is_up(intent, device, interface)
        for interface in device.interfaces.values()
    )


def _is_up(intent: Intent, device: Device, interface: Interface) -> bool:
    if interface.name.startswith("Management"):
        return False
    if not interface.name.startswith("Vlan"):
        return is_cabled(intent, device.name, interface.name.partition(".")[0])
    number = int(interface.name.removeprefix("Vlan"))
    return any(
        number in vlans_of(device, port_of(device, port))
        for port in device.interfaces.values()
        if not port.shutdown and is_cabled(intent, device.name, port.name)
    )
