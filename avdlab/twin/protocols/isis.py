"""IS-IS (ISO 10589, RFC 1195, RFC 5308): adjacencies, and shortest paths per level and family."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from avdlab.net import interfaces as names
from avdlab.net.addresses import IPV4_BITS, IPV6_BITS, Prefix
from avdlab.twin.config.settings import InterfaceSettings, IsisInterface, IsisSettings
from avdlab.twin.protocols.igp import Hop, Router, Segments, Ways, permitted, redistributed
from avdlab.twin.protocols.neighbors6 import link_local
from avdlab.twin.protocols.pending import NOTHING, Fact, Pending, Timing
from avdlab.twin.protocols.routing import own_addresses
from avdlab.twin.protocols.spf import shortest_paths
from avdlab.twin.tables.igp import IsisAdjacency, IsisCircuit, IsisInstance
from avdlab.twin.tables.rib import Route, RouteType

DEFAULT_METRIC = 10
_TYPES = {1: RouteType.ISIS_L1, 2: RouteType.ISIS_L2}
_OWN = frozenset(_TYPES.values())
_STATES = {Timing.QUIET: "up", Timing.HELD: "up", Timing.LATE: "init"}
# what EOS keys its type-7 cipher with, by authentication mode
_CIPHER_KEYS = {"text": "clearText", "md5": "md5", "sha": "sha"}


@dataclass(frozen=True, slots=True)
class _Circuit:
    router: Router
    instance: IsisSettings
    interface: InterfaceSettings
    isis: IsisInterface
    passive: bool

    @property
    def place(self) -> str:
        return _place(self.router, self.instance)

    @property
    def metric(self) -> int:
        return self.isis.metric if self.isis.metric is not None else DEFAULT_METRIC

    @property
    def metric6(self) -> int:
        """The metric in the IPv6 topology; EOS takes the other one where none is configured."""
        return self.isis.metric6 if self.isis.metric6 is not None else self.metric

    @property
    def levels(self) -> frozenset[int]:
        return self.isis.levels & self.instance.levels

    @property
    def name(self) -> str:
        return self.interface.name


@dataclass(frozen=True, slots=True)
class _Adjacency:
    near: _Circuit
    far: _Circuit
    level: int
    reason: str = ""  # why it is not up
    timing: Timing = Timing.QUIET


def _place(router: Router, instance: IsisSettings) -> str:
    """Return the name of an instance among all: of the device, and of the VRF if it has one."""
    return router.node if instance.vrf == "default" else f"{router.node} {instance.vrf}"


@dataclass(slots=True)
class _Network:
    """What runs, by place (a device's instance)."""

    routers: dict[str, Router] = field(default_factory=dict)
    instances: dict[str, IsisSettings] = field(default_factory=dict)
    circuits: dict[str, list[_Circuit]] = field(default_factory=dict)
    adjacencies: list[_Adjacency] = field(default_factory=list)


def solve_isis(
    routers: Iterable[Router], segments: Segments, pending: Pending = NOTHING
) -> tuple[dict[str, tuple[IsisInstance, ...]], dict[str, dict[str, list[Route]]]]:
    """Return node -> instances, that of the default VRF first, and node -> VRF -> routes."""
    network = _network(routers, segments, pending)
    tables: dict[str, dict[int, list[Route]]] = {node: {} for node in network.instances}
    attached = _attached(network)
    for level, bits in ((1, IPV4_BITS), (2, IPV4_BITS), (1, IPV6_BITS), (2, IPV6_BITS)):
        edges = _edges(network, level, bits)
        told = {node: _advertised(network, node, level, tables, bits) for node in network.instances}
        dead_ends = frozenset(n for n, item in network.instances.items() if item.overload)
        for node, instance in network.instances.items():
            if level in instance.levels and _runs(instance, bits):
                paths = shortest_paths(edges, node, dead_ends)
                defaults = attached if instance.levels == {1} else frozenset()
                routes = _routes(instance, level, paths, told, node, bits, defaults)
                tables[node][level] = [*tables[node].get(level, ()), *routes]
    for bits in (IPV4_BITS, IPV6_BITS):
        _leak_down(network, tables, bits)
    return _answers(network, tables)


def _answers(
    network: _Network, tables: Mapping[str, Mapping[int, list[Route]]]
) -> tuple[dict[str, tuple[IsisInstance, ...]], dict[str, dict[str, list[Route]]]]:
    found: dict[str, tuple[IsisInstance, ...]] = {}
    routes: dict[str, dict[str, list[Route]]] = defaultdict(dict)
    for place, instance in network.instances.items():
        node, table = network.routers[place].node, tables[place]
        found[node] = (*found.get(node, ()), _instance(network, place))
        # EOS installs level 1 before level 2 where both know a prefix
        routes[node][instance.vrf] = [*table.get(1, ()), *table.get(2, ())]
    return found, routes


def _leak_down(network: _Network, tables: dict[str, dict[int, list[Route]]], bits: int) -> None:
    """Tell level 1 of what routers know from level 2, where they are asked to (RFC 5302): routers
    of both levels keep what they know from level 2, and nothing goes up again."""
    leaked = {
        node: _leaks(network.routers[node], instance, tables[node], bits)
        for node, instance in network.instances.items()
    }
    if not any(leaked.values()):
        return
    edges = _edges(network, 1, bits)
    dead_ends = frozenset(n for n, item in network.instances.items() if item.overload)
    for node, instance in network.instances.items():
        if 1 in instance.levels and _runs(instance, bits):
            paths = shortest_paths(edges, node, dead_ends)
            known = {route.prefix for found in tables[node].values() for route in found}
            routes = _routes(instance, 1, paths, leaked, node, bits, frozenset())
            fresh = [route for route in routes if route.prefix not in known]
            tables[node][1] = [*tables[node].get(1, ()), *fresh]


def _leaks(
    router: Router, instance: IsisSettings, found: Mapping[int, list[Route]], bits: int
) -> dict[Prefix, int]:
    if not instance.leaks_down or instance.levels != {1, 2}:
        return {}
    inside = {route.prefix for route in found.get(1, ())}
    return {
        route.prefix: route.metric
        for route in found.get(2, ())
        if route.prefix.bits == bits
        and route.prefix not in inside
        and permitted(router.settings, instance.leak_map, route) is not None
    }


def _runs(instance: IsisSettings, bits: int) -> bool:
    return instance.ipv4 if bits == IPV4_BITS else instance.ipv6


def _network(routers: Iterable[Router], segments: Segments, pending: Pending) -> _Network:
    network = _Network()
    for router in routers:
        for instance in (router.settings.isis, *router.settings.isis_vrfs):
            if instance is not None and instance.net and not instance.shutdown:
                place = _place(router, instance)
                network.routers[place] = router
                network.instances[place] = instance
                network.circuits[place] = _circuits(router, instance)
    heard = _adjacencies(network, segments)
    network.adjacencies = heard if pending == NOTHING else _in_time(heard, network, pending)
    return network


def _circuits(router: Router, instance: IsisSettings) -> list[_Circuit]:
    found = []
    for interface in router.settings.interfaces.values():
        isis = interface.isis
        if isis is None or isis.instance != instance.instance or interface.vrf != instance.vrf:
            continue
        if router.up(interface):
            loopback = interface.name.startswith("Loopback")
            passive = isis.passive or loopback or instance.passive_default
            passive = passive or interface.name in instance.passive
            found.append(_Circuit(router, instance, interface, isis, passive))
    return sorted(found, key=lambda circuit: names.sort_key(circuit.name))


# ---------------------------------------------------------------------------------- adjacencies
def _adjacencies(network: _Network, segments: Segments) -> list[_Adjacency]:
    wires: dict[int, list[_Circuit]] = defaultdict(list)
    for found in network.circuits.values():
        for circuit in found:
            number = segments.get((circuit.router.node, circuit.name))
            if number is not None and not circuit.passive:
                wires[number].append(circuit)
    return [
        _Adjacency(near, far, level, reason)
        for _, members in sorted(wires.items())
        for near in members
        for far in members
        if near.place != far.place
        for level in sorted(near.levels & far.levels)
        for reason in (_obstacle(near, far, level),)
    ]


def _fact(near: _Circuit, far: _Circuit, level: int) -> Fact:
    return ("isis", near.router.node, near.name, far.router.node, far.name, str(level))


def _in_time(heard: list[_Adjacency], network: _Network, pending: Pending) -> list[_Adjacency]:
    """Leave adjacencies that come late in `init`, and keep those whose holding time runs."""
    known = [
        replace(item, reason=str(Timing.LATE), timing=Timing.LATE)
        if not item.reason and _fact(item.near, item.far, item.level) in pending.late
        else item
        for item in heard
    ]
    there = {_fact(item.near, item.far, item.level) for item in heard}
    at = {(c.router.node, c.name): c for found in network.circuits.values() for c in found}
    for fact in pending.held_of("isis"):
        near, far = at.get((fact[1], fact[2])), at.get((fact[3], fact[4]))
        level = int(fact[5])
        if fact not in there and near and far and not _obstacle(near, far, level):
            known.append(_Adjacency(near, far, level, timing=Timing.HELD))
    return known


def _obstacle(near: _Circuit, far: _Circuit, level: int) -> str:
    """Return why two circuits are not adjacent on a level, "" when they are."""
    if level == 1 and near.instance.area != far.instance.area:
        return "different areas on level 1"
    if near.isis.point_to_point != far.isis.point_to_point:
        return "point-to-point on one end only"
    if near.instance.system_id == far.instance.system_id:
        return "the same system id"
    if not _same_subnet(near.interface, far.interface):
        return "no common subnet"
    if _key(near) != _key(far):
        return "authentication differs"
    ours, theirs = near.router.mtu(near.name), far.router.mtu(far.name)
    padded = near.isis.hello_padding or far.isis.hello_padding
    return f"MTU {ours} here and {theirs} there" if ours != theirs and padded else ""


def _same_subnet(a: InterfaceSettings, b: InterfaceSettings) -> bool:
    if a.unnumbered is not None and b.unnumbered is not None:
        return True
    if a.address is None and b.address is None and a.ipv6_enabled and b.ipv6_enabled:
        return True  # RFC 5308: link-local addresses are enough
    ours = {address.prefix for address in own_addresses(a)}
    return any(address.prefix in ours for address in own_addresses(b))


def _key(circuit: _Circuit) -> tuple[str, ...]:
    return _secret(circuit.instance, circuit.isis.authentication, circuit.isis.key)


def _lsp_key(instance: IsisSettings) -> tuple[str, ...]:
    """ISO 10589 7.3.15.1, RFC 5304: an LSP with another key is dropped, the adjacency stays up."""
    mode, *words = instance.authentication or ("",)
    return _secret(instance, mode, tuple(words))


def _secret(instance: IsisSettings, mode: str, words: tuple[str, ...]) -> tuple[str, ...]:
    if not mode or len(words) < 2 or words[-2] != "7":
        return (mode, *(word for word in words if word != "0"))
    from pyavd_utils.passwords import cbc_decrypt  # a compiled library: loaded when a 7 is met

    name = f"{instance.instance}_{_CIPHER_KEYS.get(mode, mode)}"
    try:
        return (mode, cbc_decrypt(name, words[-1]))
    except (ValueError, RuntimeError):
        return (mode, name, *words)


def _edges(network: _Network, level: int, bits: int) -> dict[str, list[tuple[str, int, Hop]]]:
    edges: dict[str, list[tuple[str, int, Hop]]] = defaultdict(list)
    for item in network.adjacencies:
        near, far = item.near, item.far
        if item.level == level and not item.reason and _carries(item, bits):
            if _lsp_key(near.instance) != _lsp_key(far.instance):
                continue
            metric = near.metric6 if _apart(item, bits) else near.metric
            hop = Hop(near.name, _next_hop(item, bits))
            edges[near.place].append((far.place, metric, hop))
    return edges


def _carries(item: _Adjacency, bits: int) -> bool:
    """Tell whether an adjacency is in the topology of a family. RFC 5120: with multi-topology both
    ends must take part in it; without it the one topology serves both families."""
    near, far = item.near, item.far
    if not _runs(near.instance, bits):
        return False
    if not _apart(item, bits):
        return True
    both = near.instance.multi_topology and far.instance.multi_topology
    return both and near.interface.ipv6_enabled and far.interface.ipv6_enabled


def _apart(item: _Adjacency, bits: int) -> bool:
    multi = item.near.instance.multi_topology or item.far.instance.multi_topology
    return bits == IPV6_BITS and multi


def _next_hop(item: _Adjacency, bits: int = IPV4_BITS) -> int | None:
    far = item.far
    if bits == IPV6_BITS:
        return link_local(far.interface, far.router.ports[far.name].mac)
    return far.interface.address.address if far.interface.address is not None else None


def _attached(network: _Network) -> frozenset[str]:
    """Return who sets the attached bit on level 1: it reaches another area on level 2, by however
    many routers (ISO 10589 7.2.9.2)."""
    beside: dict[str, list[str]] = defaultdict(list)
    for item in network.adjacencies:
        if item.level == 2 and not item.reason:
            beside[item.near.place].append(item.far.place)
    area = {node: instance.area for node, instance in network.instances.items()}
    found: set[str] = set()
    seen: set[str] = set()
    for node in beside:
        if node not in seen:
            part = _reached(node, beside)
            seen |= part
            if len({area[member] for member in part}) > 1:
                found |= part
    return frozenset(found)


def _reached(start: str, beside: Mapping[str, list[str]]) -> set[str]:
    found, todo = {start}, [start]
    while todo:
        fresh = set(beside.get(todo.pop(), ())) - found
        found |= fresh
        todo += fresh
    return found


# ---------------------------------------------------------------------------------- routes
def _advertised(
    network: _Network,
    node: str,
    level: int,
    tables: Mapping[str, Mapping[int, list[Route]]],
    bits: int,
) -> dict[Prefix, int]:
    """Return what a router tells on a level: its subnets, level 1 into level 2, redistribution."""
    instance, router = network.instances[node], network.routers[node]
    found: dict[Prefix, int] = {}
    if not _runs(instance, bits):
        return found
    for circuit in network.circuits[node]:
        hidden = instance.advertise_passive_only and not circuit.passive
        # RFC 1195 3.2: level 2 hears of what level 1 reaches, the router's own included
        if {level, level - 1} & circuit.levels and level in instance.levels and not hidden:
            metric = circuit.metric6 if bits == IPV6_BITS else circuit.metric
            for address in own_addresses(circuit.interface, bits):
                found[address.prefix] = min(metric, found.get(address.prefix, 1 << 24))
    if level == 2 and 1 in instance.levels:  # RFC 1195 3.2; RFC 5302
        for route in tables[node].get(1, ()):
            if route.prefix.bits == bits:
                found.setdefault(route.prefix, route.metric)
    if level in instance.levels:
        # EOS: into level 2 alone, unless a level is named (isis.bgplabs.net)
        asked = [rule for rule in instance.redistribute if level in rule.levels]
        brought = redistributed(router, instance.vrf, asked, _OWN, bits)
        for prefix, external in brought.items():
            found.setdefault(prefix, external.metric or 0)
    return found


def _routes(
    instance: IsisSettings,
    level: int,
    paths: Mapping[str, tuple[int, frozenset[Hop]]],
    told: Mapping[str, Mapping[Prefix, int]],
    own: str,
    bits: int,
    defaults: frozenset[str],
) -> list[Route]:
    """`defaults`: the attached routers that a level 1 router sends the rest to (RFC 1195 3.2)."""
    best: dict[Prefix, tuple[int, frozenset[Hop]]] = {}
    for node, (distance, hops) in paths.items():
        attached = {Prefix(0, 0, bits): 0} if node in defaults else {}
        for prefix, metric in {**attached, **told[node]}.items():
            total = distance + metric
            known = best.get(prefix)
            if known is None or total < known[0]:
                best[prefix] = (total, hops)
            elif total == known[0] and known[1] and hops:
                best[prefix] = (total, known[1] | hops)
    local = told[own]
    ways = Ways(instance.maximum_paths if bits == IPV4_BITS else instance.maximum_paths6)
    return [
        Route(prefix, _TYPES[level], instance.distance, metric, ways.over(hops))
        for prefix, (metric, hops) in sorted(best.items())
        if hops and prefix not in local
    ]


# ---------------------------------------------------------------------------------- results
def _instance(network: _Network, node: str) -> IsisInstance:
    instance = network.instances[node]
    own = [item for item in network.adjacencies if item.near.place == node]
    return IsisInstance(
        instance.instance,
        instance.system_id,
        instance.area,
        instance.levels,
        instance.router_id,
        tuple(_shown(item) for item in own),
        tuple(_circuit(circuit, own) for circuit in network.circuits[node]),
        vrf=instance.vrf,
    )


def _shown(item: _Adjacency) -> IsisAdjacency:
    far = item.far
    return IsisAdjacency(
        item.near.name,
        item.level,
        far.instance.system_id,
        far.instance.hostname or far.router.settings.system.hostname,
        _STATES[item.timing] if item.timing or not item.reason else "down",
        _next_hop(item),
        far.router.ports[far.name].mac,
        item.near.isis.point_to_point,
        far.instance.area,
        far.instance.router_id,
        far.router.node,
        item.reason,
        far.name,
        item.timing,
    )


def _circuit(circuit: _Circuit, own: Iterable[_Adjacency]) -> IsisCircuit:
    counts = {
        level: sum(1 for a in own if a.near is circuit and a.level == level and not a.reason)
        for level in sorted(circuit.levels)
    }
    return IsisCircuit(
        circuit.name,
        circuit.levels,
        circuit.metric,
        circuit.passive,
        circuit.isis.point_to_point,
        counts,
    )
