"""BGP as RFC 4271 tells it: each device, each route, path by path, in rounds until nothing moves.

The reference for the engine. Nothing is shared between routes, left out or put off, nothing is
remembered, and the decision process is written a second time. The engine is asked only for what is
not in question here: sessions, what a device originates, and what a policy makes of one path.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from avdlab.net.addresses import ALL_ONES, IPV4_BITS, IPV6_BITS, Prefix, host_prefix
from avdlab.twin.config.settings import Afi
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.solve import solve
from avdlab.twin.protocols.bgp.aggregates import active_aggregates
from avdlab.twin.protocols.bgp.decision import Ranked
from avdlab.twin.protocols.bgp.evpn import EvpnNlri
from avdlab.twin.protocols.bgp.exchange import (
    Candidate,
    Dropped,
    Edge,
    Resolve,
    Router,
    Sample,
    advertise,
    take,
)
from avdlab.twin.protocols.bgp.inactive import default_holders, hidden
from avdlab.twin.protocols.bgp.model import Outcome
from avdlab.twin.protocols.bgp.originate import restored
from avdlab.twin.protocols.bgp.overlay import originated
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.protocols.bgp.solver import run, solve_bgp
from avdlab.twin.protocols.bgp.state import FAMILIES, OVERLAYS, State
from avdlab.twin.tables.bgp import Bgp, BgpPath, EvpnKey, EvpnType, Origin
from avdlab.twin.tables.communities import find_router_mac, route_target

_ROUNDS = 100
_ORIGINS = (Origin.IGP, Origin.EGP, Origin.INCOMPLETE)
Paths = dict[Instance, list[Candidate]]
Key = tuple[str, str, str]


# ------------------------------------------------------------------------------ decision
def order(path: Candidate, router: Router) -> tuple[object, ...]:
    """Return how good a path is by the steps before MED: the less the better (9.1.1, 9.1.2.2)."""
    told = path.attributes
    length = 0 if router.ignore_as_path_length else len(told.as_path) + (1 if told.as_set else 0)
    own = path.local and not path.learned
    before = (-path.weight, -told.local_preference, not own, len(told.d_path), length)
    return (*before, _ORIGINS.index(told.origin))


def med(path: Candidate, router: Router) -> int:
    if path.attributes.med is None and router.med_missing_as_worst and not path.local:
        return ALL_ONES
    return path.attributes.med or 0


def neighbor_as(path: Candidate) -> int:
    return path.attributes.as_path[0] if path.attributes.as_path else 0


def equals(paths: Iterable[Candidate], router: Router) -> list[Candidate]:
    """Return the usable paths that no step before the router id tells apart, the best first."""
    left = [path for path in paths if path.valid]
    least = min((order(path, router) for path in left), default=None)
    left = [path for path in left if order(path, router) == least]
    left = [
        path
        for path in left
        if not any(
            med(rival, router) < med(path, router)
            for rival in left
            if router.always_compare_med or neighbor_as(rival) == neighbor_as(path)
        )
    ]
    if any(path.ebgp for path in left):
        left = [path for path in left if path.ebgp]
    if not router.skip_igp_cost:
        near = min((path.metric for path in left), default=0)
        left = [path for path in left if path.metric == near]
    return sorted(left, key=_last)


def _last(path: Candidate) -> tuple[int, int, int, int]:
    told = path.attributes
    first = told.originator_id or path.peer_id
    return (first, len(told.cluster_list), path.peer_address, path.order)


def shared(paths: Iterable[Candidate], router: Router) -> list[Candidate]:
    """Return the ECMP set."""
    same = equals(paths, router)
    if not same or same[0].local or router.maximum_paths <= 1:
        return same[:1]
    if not router.multipath_relax:
        same = [path for path in same if path.attributes.as_path == same[0].attributes.as_path]
    hops: list[tuple[int, int]] = []
    for path in same:
        if _hop(path) not in hops:
            hops.append(_hop(path))
    return [path for path in same if _hop(path) in hops[: router.maximum_paths]]


def _hop(path: Candidate) -> tuple[int, int]:
    return (path.attributes.next_hop, 0 if path.imported_rd is not None else path.peer_address)


# ------------------------------------------------------------------------------ exchange
@dataclass
class Family:
    """Sessions of one address family."""

    routers: Mapping[Instance, Router]
    edges: Mapping[Instance, list[Edge]]  # by the receiver
    resolve: Resolve

    def settle(self, origins: Mapping[Instance, list[Candidate]], sample: Sample) -> Paths:
        """Exchange one route until nothing changes; return what every instance has."""
        held: Paths = {instance: list(paths) for instance, paths in origins.items()}
        for _ in range(_ROUNDS):
            best = self.best(held)
            fresh = {
                instance: [*origins.get(instance, ()), *self._hear(instance, best, sample)]
                for instance in self.routers
            }
            if all(
                [_value(path) for path in paths] == [_value(path) for path in held.get(i, ())]
                for i, paths in fresh.items()
            ):
                return {instance: paths for instance, paths in fresh.items() if paths}
            held = fresh
        raise AssertionError(f"{sample} does not settle")

    def best(self, held: Paths) -> dict[Instance, Candidate]:
        found = {
            instance: equals(paths, self.routers[instance]) for instance, paths in held.items()
        }
        return {instance: paths[0] for instance, paths in found.items() if paths}

    def _hear(
        self, instance: Instance, best: Mapping[Instance, Candidate], sample: Sample
    ) -> Iterator[Candidate]:
        for edge in self.edges.get(instance, ()):
            told = advertise(edge, best.get(edge.source.instance), sample)
            heard = take(edge, told, sample, self.resolve) if told is not None else None
            if isinstance(heard, Candidate):
                yield heard


def _value(path: Candidate) -> tuple[object, ...]:
    return (path.attributes, path.peer_address, path.weight, path.valid, path.metric, path.tag)


# ------------------------------------------------------------------------------ the whole
@dataclass
class Count:
    """Routes on one session, as one end counts them."""

    sent: dict[Afi, int] = field(default_factory=dict)
    received: dict[Afi, int] = field(default_factory=dict)
    accepted: dict[Afi, int] = field(default_factory=dict)
    drops: dict[str, int] = field(default_factory=dict)


@dataclass
class Naive:
    """Tables of every instance, and of every device for EVPN and VPN."""

    state: State
    tables: dict[int, dict[Prefix, Paths]] = field(default_factory=dict)
    told: dict[Afi, dict[EvpnNlri, Paths]] = field(default_factory=dict)
    samples: dict[Afi, dict[object, Sample]] = field(default_factory=dict)
    counts: dict[Key, Count] = field(default_factory=dict)
    _families: dict[Afi, Family] = field(default_factory=dict)

    def run(self) -> "Naive":
        """Exchange and import until the imports stay the same."""
        for afi in (*FAMILIES.values(), *OVERLAYS):
            self._families[afi] = self._family(afi)
        imports: dict[Instance, dict[Prefix, list[Candidate]]] = {}
        for _ in range(_ROUNDS):
            for bits in FAMILIES:
                self.tables[bits] = dict(self._unicast(bits, imports))
            for afi in OVERLAYS:
                self.told[afi] = dict(self._overlay(afi))
            before, imports = imports, self._imports()
            if _values(before) == _values(imports):
                self._count()
                return self
        raise AssertionError("the imports do not settle")

    def _family(self, afi: Afi) -> Family:
        state = self.state
        routers = {
            i: r for i, r in state.routers.items() if afi not in OVERLAYS or i[1] == "default"
        }
        edges: dict[Instance, list[Edge]] = {}
        for edge in state.edges.of(state.sessions.up, afi):
            edges.setdefault(edge.target.instance, []).append(edge)
        return Family(routers, edges, state.metric_of(afi))

    # -------------------------------------------------------------------------- unicast
    def _unicast(
        self, bits: int, imports: Mapping[Instance, Mapping[Prefix, list[Candidate]]]
    ) -> Iterator[tuple[Prefix, Paths]]:
        state, unicast = self.state, self.state.unicast[bits]
        afi = FAMILIES[bits]
        aggregates, _ = active_aggregates(state, unicast)
        silent = hidden(state, unicast)
        origins: dict[Prefix, Paths] = {}
        for instance in state.routers:
            own = {**aggregates.get(instance, {}), **unicast.local[instance]}
            for prefix, path in own.items():
                origins.setdefault(prefix, {}).setdefault(instance, []).append(path)
            for prefix, imported in imports.get(instance, {}).items():
                if prefix.bits == bits:
                    origins.setdefault(prefix, {}).setdefault(instance, []).extend(imported)
        family = self._families[afi]
        default = Prefix(0, 0, bits)
        if any(e.out.default_originate for edges in family.edges.values() for e in edges):
            origins.setdefault(default, {})
        held = default_holders(state, bits)
        self.samples[afi] = {}
        for prefix, paths in origins.items():
            sample = Sample(
                prefix,
                hidden=silent.get(prefix, frozenset()),
                held=held if prefix == default else frozenset(),
            )
            self.samples[afi][prefix] = sample
            yield prefix, family.settle(paths, sample)

    def _vrf_tables(self, node: str) -> dict[str, dict[int, dict[Prefix, tuple[Ranked, ...]]]]:
        bgp = self.state.speakers[node].settings.bgp
        found: dict[str, dict[int, dict[Prefix, tuple[Ranked, ...]]]] = {}
        for name in bgp.vrfs if bgp is not None else ():
            found[name] = {bits: {} for bits in FAMILIES}
            for bits, table in self.tables.items():
                for prefix, held in table.items():
                    paths = held.get((node, name), [])
                    same = equals(paths, self.state.routers[node, name])
                    rest = [path for path in paths if not same or path is not same[0]]
                    if paths:
                        ranked = (Ranked(path, best=True) for path in same[:1])
                        found[name][bits][prefix] = (*ranked, *map(Ranked, rest))
        return found

    # -------------------------------------------------------------------------- EVPN, VPN
    def _overlay(self, afi: Afi) -> Iterator[tuple[EvpnNlri, Paths]]:
        origins: dict[EvpnNlri, Paths] = {}
        for node in self.state.speakers:
            for found in originated(self.state, afi, node, self._vrf_tables(node)):
                at = origins.setdefault(found.nlri, {})
                at.setdefault((node, "default"), []).append(found.path)
        self.samples[afi] = {}
        for nlri, paths in origins.items():
            sample = Sample(nlri.key.prefix, nlri.key.type.value)
            self.samples[afi][nlri] = sample
            yield nlri, self._families[afi].settle(paths, sample)

    def _imports(self) -> dict[Instance, dict[Prefix, list[Candidate]]]:
        found: dict[Instance, dict[Prefix, list[Candidate]]] = {}
        for node, speaker in self.state.speakers.items():
            bgp, vxlan = speaker.settings.bgp, speaker.vxlan
            for vrf in bgp.vrfs.values() if bgp is not None else ():
                for afi in OVERLAYS:
                    routed = vxlan is not None and vxlan.up and vrf.name in vxlan.vrfs
                    targets = set(map(route_target, vrf.import_rts.get(afi.value, ())))
                    if targets and (routed or afi is not Afi.EVPN):
                        into = found.setdefault((node, vrf.name), {})
                        self._import(node, afi, targets, into)
        return found

    def _import(
        self, node: str, afi: Afi, targets: set[str], into: dict[Prefix, list[Candidate]]
    ) -> None:
        here = (node, "default")
        for nlri, held in self.told[afi].items():
            if nlri.key.type is not EvpnType.IP_PREFIX and nlri.l3_vni is None:
                continue
            same = shared(held.get(here, ()), self.state.routers[here])
            if not same or same[0].edge is None:
                continue
            if not targets & restored(same[0].attributes, nlri.communities).ext_communities:
                continue
            prefix = nlri.key.prefix or _host(nlri)
            into.setdefault(prefix, []).extend(
                _imported(nlri, path, number) for number, path in enumerate(same)
            )

    # -------------------------------------------------------------------------- counters
    def _count(self) -> None:
        routes = [
            (FAMILIES[b], p, held) for b, table in self.tables.items() for p, held in table.items()
        ]
        every: list[tuple[Afi, object, Paths]] = [*routes]
        for afi, table in self.told.items():
            every += [(afi, nlri, held) for nlri, held in table.items()]
        for afi, route, held in every:
            family, sample = self._families[afi], self.samples[afi][route]
            best = family.best(held)
            for edges in family.edges.values():
                for edge in edges:
                    told = advertise(edge, best.get(edge.source.instance), sample)
                    if told is not None:
                        self._note(afi, edge, take(edge, told, sample, family.resolve))

    def _note(self, afi: Afi, edge: Edge, heard: Candidate | Dropped | None) -> None:
        sender = self.counts.setdefault(edge.sender.key, Count())
        receiver = self.counts.setdefault(edge.receiver.key, Count())
        sender.sent[afi] = sender.sent.get(afi, 0) + 1
        if isinstance(heard, Dropped):
            if heard.reason:
                receiver.drops[heard.reason] = receiver.drops.get(heard.reason, 0) + 1
            return
        receiver.received[afi] = receiver.received.get(afi, 0) + 1
        if heard is not None:
            receiver.accepted[afi] = receiver.accepted.get(afi, 0) + 1


def _host(nlri: EvpnNlri) -> Prefix:
    address = nlri.key.address or 0
    return host_prefix(address, IPV4_BITS if address <= ALL_ONES else IPV6_BITS)


def _imported(nlri: EvpnNlri, path: Candidate, number: int) -> Candidate:
    attributes = restored(path.attributes, nlri.communities)
    vni = nlri.vni if nlri.key.type is EvpnType.IP_PREFIX else nlri.l3_vni
    return Candidate(
        attributes,
        ebgp=path.ebgp,
        weight=path.weight,
        peer_address=path.peer_address,
        peer_id=path.peer_id,
        metric=path.metric,
        source="evpn",
        imported_rd=nlri.key.rd,
        vni=None if nlri.labelled else vni,
        label=vni if nlri.labelled else None,
        router_mac=find_router_mac(attributes.ext_communities),
        order=number,
        tag=path.tag,
    )


def _values(imports: Mapping[Instance, Mapping[Prefix, list[Candidate]]]) -> object:
    return {
        instance: {prefix: [_value(path) for path in paths] for prefix, paths in table.items()}
        for instance, table in imports.items()
    }


# ------------------------------------------------------------------------------ comparison
@dataclass
class Compared:
    """How many entries were compared, and those that differ."""

    entries: int = 0
    wrong: list[str] = field(default_factory=list)

    def entry(self, what: object, engine: object, expected: object) -> None:
        self.entries += 1
        if engine != expected:
            self.wrong.append(f"{what}: the engine has {engine}, expected is {expected}")


def compare(naive: Naive, devices: Mapping[str, Bgp]) -> Compared:
    """Hold the engine's tables and counters against the reference."""
    found = Compared()
    for node, bgp in devices.items():
        for bits, tables in ((IPV4_BITS, bgp.tables), (IPV6_BITS, bgp.tables6)):
            for vrf, table in tables.items():
                here = naive.state.routers[node, vrf]
                expected = {
                    prefix: _expected(held[node, vrf], here)
                    for prefix, held in naive.tables[bits].items()
                    if held.get((node, vrf))
                }
                _rows(
                    found, (node, vrf), {p: _shown(paths) for p, paths in table.items()}, expected
                )
        for afi in OVERLAYS:
            shown = bgp.evpn if afi is Afi.EVPN else bgp.vpn[afi]
            rows = {key: _shown(entry.paths) for key, entry in shown.items()}
            _rows(found, (node, afi.value), rows, _told(naive, afi, node))
        for session in bgp.sessions:
            count = naive.counts.get((node, session.vrf, session.peer_address), Count())
            asked = (dict(session.prefixes_sent), dict(session.prefixes_received))
            also = (dict(session.prefixes_accepted), dict(session.drops))
            counted = (count.sent, count.received, count.accepted, count.drops)
            found.entry((node, session.vrf, session.peer_address), (*asked, *also), counted)
    return found


Row = Counter[tuple[object, ...]]


def _rows(
    found: Compared,
    where: tuple[str, str],
    shown: Mapping[Any, Row],
    expected: Mapping[Any, Row],
) -> None:
    for key in {**shown, **expected}:
        found.entry((*where, str(key)), shown.get(key), expected.get(key))


def _told(naive: Naive, afi: Afi, node: str) -> dict[EvpnKey, Row]:
    here = (node, "default")
    found: dict[EvpnKey, Row] = {}
    for nlri, held in naive.told[afi].items():
        if held.get(here):
            row = _expected(held[here], naive.state.routers[here], nlri)
            found[nlri.key] = found.get(nlri.key, Row()) + row
    return found


def _expected(paths: list[Candidate], router: Router, nlri: EvpnNlri | None = None) -> Row:
    same, ecmp = equals(paths, router), shared(paths, router)
    best = same[0] if same else None
    found: list[tuple[object, ...]] = []
    for path in paths:
        told = path.attributes
        told = told if nlri is None else restored(told, nlri.communities)
        also = len(ecmp) > 1 and any(path is one for one in ecmp)
        found.append((told, path.peer_id, path.valid, path is best, path.weight, also))
    return _without_ecmp(found, local=best is not None and best.local)


def _shown(paths: Iterable[BgpPath]) -> Row:
    paths = list(paths)
    found: list[tuple[object, ...]] = [
        (path.attributes, path.peer_router_id, path.valid, path.best, path.weight, path.ecmp)
        for path in paths
    ]
    return _without_ecmp(found, local=any(path.best and path.local for path in paths))


def _without_ecmp(rows: list[tuple[object, ...]], *, local: bool) -> Row:
    """Behind a local best path EOS marks others as ECMP, which RFC 4271 knows nothing of."""
    return Counter(row[:5] for row in rows) if local else Counter(rows)


def reference(fabric: Fabric) -> Naive:
    """Return the reference for a fabric as it is, not run yet."""
    asked: list[tuple[Any, ...]] = []

    def listen(*given: Any) -> Mapping[str, Outcome]:
        asked.append(given)
        return solve_bgp(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("avdlab.twin.fabric.solve.solve_bgp", listen)
        solve(fabric.inputs)
    devices, segments, over, _ = asked[-1]
    speakers = {
        node: devices[node] for node in sorted(devices) if devices[node].settings.bgp is not None
    }
    return Naive(run(speakers, segments, devices, over))


def check(fabric: Fabric) -> Compared:
    """Compare what a fabric has computed, from whatever it went on from, with the reference."""
    tables = {node: d.bgp for node, d in fabric.state.devices.items() if d.bgp is not None}
    return compare(reference(fabric).run(), tables)
