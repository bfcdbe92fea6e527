"""Text outputs, read back into facts, so that two releases' layouts of the same thing compare.

EOS moves columns and breaks lines otherwise from release to release; the facts stay. Readers exist
for the commands below, and give the same kind of entries that tables.py cuts out of JSON. What
they leave out is what rules.py leaves out of the JSON: clocks, counters, MAC addresses.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from avdlab.net.interfaces import canonical, is_interface

Facts = dict[str, dict[str, Any]]
Reader = Callable[[list[str]], Facts]


def facts(command: str, text: str) -> Facts | None:
    """Return the entries of a text; None where no reader knows the command."""
    found = _READERS.get(" ".join(command.lower().split()))
    if text.lstrip().startswith("%"):
        return {"error": {"errors": [text.strip().lstrip("% ")]}}
    if found is None:
        return None
    return found([line.rstrip() for line in text.splitlines()])


# ------------------------------------------------------------------------------ routes
_ROUTE = re.compile(
    r"^ (?P<code>[A-Z][A-Z0-9 ]*?) +(?P<prefix>[\d.]+/\d+)(?: \[(?P<cost>\d+/\d+)\])?(?P<rest>.*)$"
)


def _routes(lines: list[str]) -> Facts:
    found: Facts = {}
    vrf, open_route, order = "default", dict[str, Any](), dict[str, list[str]]()
    for line in lines:
        if line.startswith("VRF: "):
            vrf = line.removeprefix("VRF: ").removeprefix("name: ").strip()
            continue
        route = _ROUTE.match(line)
        if route is not None:
            order.setdefault(vrf, []).append(route["prefix"])
            open_route = {"code": route["code"], "cost": route["cost"] or "", "vias": []}
            found[f"{vrf} {route['prefix']}"] = open_route
            _via(open_route, route["rest"])
        elif line.startswith("      ") and open_route:
            _via(open_route, line)
    for name, prefixes in order.items():
        found[f"{name} (order)"] = {"prefixes": prefixes}
    return found


def _via(route: dict[str, Any], text: str) -> None:
    words = text.strip().removeprefix("is ")
    if words:
        route["vias"] = sorted([*route["vias"], words])


# ------------------------------------------------------------------------------ BGP tables
_VRF = re.compile(r"^BGP routing table information for VRF (\S+)")
_ROUTER = re.compile(r"^Router identifier (\S+), local AS number (\S+)")


def _bgp(lines: list[str]) -> Facts:
    found: Facts = {}
    vrf, network, aigp, started = "default", "", False, False
    for line in lines:
        head, router = _VRF.match(line), _ROUTER.match(line)
        if head is not None:
            vrf, started = head[1], False
        elif router is not None:
            found[f"{vrf} (head)"] = {"routerId": router[1], "asn": router[2]}
        elif line.lstrip().startswith("Network "):
            aigp, started = " AIGP " in line, True
        elif started and line.strip():
            network, path = _path(line, network, aigp=aigp)
            paths = found.setdefault(f"{vrf} {network}", {"paths": []})["paths"]
            paths.append(path)
            paths.sort()
    return found


def _path(line: str, network: str, *, aigp: bool) -> tuple[str, str]:
    status, words = line[:8], line[8:].split()
    if words and "/" in words[0]:
        network = words.pop(0)
    if aigp and len(words) > 2:
        del words[2]
    return network, " ".join([status.strip(), *words])


_RD = re.compile(r"^ (?P<status>[^R]*?) +(?P<key>RD: .*)$")


def _evpn(lines: list[str]) -> Facts:
    found: Facts = {}
    key, status, started = "", "", False
    for line in lines:
        router, head = _ROUTER.match(line), _RD.match(line)
        if router is not None:
            found["(head)"] = {"routerId": router[1], "asn": router[2]}
        elif line.lstrip().startswith("Network "):
            started = True
        elif head is not None:
            key, status = head["key"].strip(), head["status"].strip()
        elif started and line.strip():
            paths = found.setdefault(key, {"paths": []})["paths"]
            paths.append(" ".join([status, *line.split()]))
            paths.sort()
    return found


# ------------------------------------------------------------------------------ BGP neighbors
_OF_NEIGHBOR = {
    "group": re.compile(r"member of peer-group (\S+)"),
    "description": re.compile(r"^ *Description: (.*)"),
    "router": re.compile(r"remote router ID (\S+),"),
    "timers": re.compile(r"^ *(Hold time is .*)"),
    "state": re.compile(r"BGP state is (\w+)"),
    "IPv4": re.compile(r"^ *IPv4 Unicast: +(\d+ +\d+)"),
    "routeMapIn": re.compile(r"^ *Inbound route map is (\S+)"),
    "routeMapOut": re.compile(r"^ *Outbound route map is (\S+)"),
    "local": re.compile(r"^(Local AS is \d+, local router ID \S+)"),
    "ttl": re.compile(r"^TTL is (\d+)"),
}
_NEIGHBOR = re.compile(r"^BGP neighbor is (\S+), remote AS (\S+), (\w+) link")
_NEIGHBOR_VRF = re.compile(r"VRF (\S+)$")


def _neighbors(lines: list[str]) -> Facts:
    found: Facts = {}
    entry: dict[str, Any] = {}
    for line in lines:
        head, vrf = _NEIGHBOR.match(line), _NEIGHBOR_VRF.search(line)
        if head is not None:
            entry = found[head[1]] = {"asn": head[2], "link": head[3]}
        elif vrf is not None and "vrf" not in entry:
            entry["vrf"] = vrf[1]
        for name, pattern in _OF_NEIGHBOR.items():
            match = pattern.search(line)
            if match is not None:
                entry.setdefault(name, " ".join(match[1].split()))
    return found


# ------------------------------------------------------------------------------ interfaces
_INTERFACE = re.compile(r"^(\S+) is (.+), line protocol is (\w+) \((\w+)\)")
_OF_INTERFACE = re.compile(
    r"^ +(Description: .*|Internet address is .*|Broadcast address is .*|Member of .*"
    r"|.* MTU \d+ bytes.*|\w+-duplex, .*|Loopback Mode : .*)$"
)


def _interfaces(lines: list[str]) -> Facts:
    found: Facts = {}
    entry: dict[str, Any] = {}
    for line in lines:
        head, said = _INTERFACE.match(line), _OF_INTERFACE.match(line)
        if head is not None:
            entry = found[head[1]] = {"state": [head[2], head[3], head[4]], "lines": []}
        elif said is not None and entry:
            entry["lines"].append(" ".join(said[1].split()))
    return found


# ------------------------------------------------------------------------------ VRFs
def _vrfs(lines: list[str]) -> Facts:
    found: Facts = {}
    entry: dict[str, Any] = {}
    rows = iter(lines)
    for line in rows:
        if line.startswith("----"):
            break
    for line in rows:
        words = [word.strip(",") for word in line.split()]
        if line.startswith("   ") and line[3:4].strip():
            entry = found[words[0]] = {"states": [], "interfaces": []}
        for word in words if entry else ():
            if is_interface(word):
                entry["interfaces"] = sorted([*entry["interfaces"], canonical(word)])
        entry["states"] += re.findall(r"v[46]:(?:no )?routing", line)
    return found


# ------------------------------------------------------------------------------ neighbors of IGPs
def _ospf(lines: list[str]) -> Facts:
    found: Facts = {}
    for line in lines:
        words = line.split()
        if len(words) >= 8 and words[0].count(".") == 3:
            router, instance, vrf, priority, state, *_, address, interface = words
            found[f"{vrf} {instance} {router} {interface}"] = {
                "priority": priority,
                "state": state,
                "address": address,
            }
    return found


def _isis(lines: list[str]) -> Facts:
    found: Facts = {}
    for line in lines:
        words = line.split()
        if len(words) >= 7 and words[0] != "Instance":
            instance, vrf, system, kind, interface, *rest = words
            state = next((word for word in rest if word.isupper() and word.isalpha()), "")
            found[f"{vrf} {instance} {system} {interface}"] = {"type": kind, "state": state}
    return found


_READERS: dict[str, Reader] = {
    "show ip route vrf all": _routes,
    "show ip route": _routes,
    "show ip bgp vrf all": _bgp,
    "show ip bgp": _bgp,
    "show bgp evpn": _evpn,
    "show ip bgp neighbors vrf all": _neighbors,
    "show interfaces": _interfaces,
    "show vrf": _vrfs,
    "show ip ospf neighbor": _ospf,
    "show isis neighbors": _isis,
}


def commands() -> Iterator[str]:
    """Yield the commands whose texts are compared."""
    yield from _READERS
