"""What an entry is: each command's JSON cut into the things that it lists.

An entry is what a person would count: a route, a BGP prefix, an EVPN route, a peer, an interface, a
VRF, a neighbor. What stands beside the list (a router id, a VRF's flags) is an entry of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Entries = dict[str, Any]  # name of an entry -> its JSON


@dataclass(frozen=True, slots=True)
class Table:
    """A command and the way to its entries: keys, `*` for any, `a+b` for a list named by keys."""

    name: str
    commands: tuple[str, ...]
    path: tuple[str, ...]


TABLES = (
    Table("routes", ("show ip route vrf all", "show ip route"), ("vrfs", "*", "routes", "*")),
    Table("bgp", ("show ip bgp vrf all", "show ip bgp"), ("vrfs", "*", "bgpRouteEntries", "*")),
    Table(
        "sessions",
        ("show ip bgp neighbors vrf all", "show bgp neighbors vrf all"),
        ("vrfs", "*", "peerList", "peerAddress"),
    ),
    Table("evpn", ("show bgp evpn", "show bgp evpn detail"), ("evpnRoutes", "*")),
    Table("interfaces", ("show interfaces",), ("interfaces", "*")),
    Table("vxlan", ("show interfaces vxlan1", "show interface vxlan1"), ("interfaces", "*")),
    Table("vrfs", ("show vrf",), ("vrfs", "*")),
    Table(
        "ospf",
        ("show ip ospf neighbor", "show ip ospf neighbor vrf all"),
        ("vrfs", "*", "instList", "*", "ospfNeighborEntries", "routerId+interfaceName"),
    ),
    Table(
        "isis",
        ("show isis neighbors", "show isis neighbors vrf all"),
        ("vrfs", "*", "isisInstances", "*", "neighbors", "*"),
    ),
    Table("version", ("show version",), ()),
    Table("lldp", ("show lldp neighbors detail",), ("lldpNeighbors", "*")),
    Table("mlag", ("show mlag", "show mlag detail"), ()),
    Table("mlag interfaces", ("show mlag interfaces",), ("interfaces", "*")),
    Table("vlans", ("show vlan",), ("vlans", "*")),
    Table(
        "arp", ("show ip arp vrf all", "show arp vrf all"), ("ipV4Neighbors", "address+interface")
    ),
    Table(
        "macs", ("show mac address-table",), ("unicastTable", "tableEntries", "vlanId+macAddress")
    ),
    Table("vni", ("show vxlan vni",), ("vxlanIntfs", "*")),
    Table("port-channels", ("show port-channel",), ("portChannels", "*")),
    Table("addresses", ("show ip interface brief",), ("interfaces", "*")),
    Table("summary", ("show ip bgp summary vrf all",), ("vrfs", "*", "peers", "*")),
    Table("evpn summary", ("show bgp evpn summary",), ("vrfs", "*", "peers", "*")),
)
_BY_COMMAND = {command: table for table in TABLES for command in table.commands}


def table_of(command: str) -> Table:
    """Return the table of a command; one that is not listed is cut at its first level."""
    words = " ".join(command.lower().split())
    return _BY_COMMAND.get(words) or Table(words.removeprefix("show "), (words,), ("*",))


def entries(table: Table, data: dict[str, Any]) -> Entries:
    """Return the entries of a command's JSON. An error that the device printed is one entry."""
    if "errors" in data:
        return {"error": {"errors": data["errors"]}}
    return dict(_cut(data, table.path, ()))


def _cut(value: object, path: tuple[str, ...], name: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    if not path:
        yield " ".join(name) or "all", value
        return
    step, rest = path[0], path[1:]
    if isinstance(value, list):
        for item in value:
            fields = [str(item.get(key, "")) for key in step.split("+")]
            yield from _cut(item, rest, (*name, *fields))
    elif isinstance(value, dict) and step == "*":
        for key, item in value.items():
            yield from _cut(item, rest, (*name, str(key)))
    elif isinstance(value, dict):
        beside = {key: item for key, item in value.items() if key != step}
        if beside:
            yield " ".join((*name, "(head)")), beside
        yield from _cut(value.get(step, {}), rest, name)
