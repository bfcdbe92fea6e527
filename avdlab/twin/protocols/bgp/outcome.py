"""From the fixed point to what devices show. Everything here is made when somebody looks: a fabric
of a hundred leaves holds hundreds of thousands of entries, and most are never shown."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from avdlab.net.addresses import IPV4_BITS, IPV6_BITS, Prefix, format_address, is_link_local
from avdlab.twin.config.settings import Afi, BgpSettings
from avdlab.twin.protocols.bgp.counters import Counters
from avdlab.twin.protocols.bgp.decision import Ranked
from avdlab.twin.protocols.bgp.evpn import EvpnNlri
from avdlab.twin.protocols.bgp.evpn_flood import EvpnFloodLists
from avdlab.twin.protocols.bgp.evpn_import import Learned
from avdlab.twin.protocols.bgp.exchange import Candidate
from avdlab.twin.protocols.bgp.inactive import shown_inactive
from avdlab.twin.protocols.bgp.model import Outcome
from avdlab.twin.protocols.bgp.notes import Notes
from avdlab.twin.protocols.bgp.originate import restored
from avdlab.twin.protocols.bgp.overlay import rows
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.protocols.bgp.retold import Retold
from avdlab.twin.protocols.bgp.routes import bgp_rib, route_of
from avdlab.twin.protocols.bgp.shown_sessions import sessions_of
from avdlab.twin.protocols.bgp.solved import Solved
from avdlab.twin.protocols.bgp.state import State
from avdlab.twin.protocols.bgp.unicast import whole
from avdlab.twin.tables.bgp import Bgp, BgpPath, BgpSession, EvpnEntry, EvpnKey
from avdlab.twin.tables.lazy import LazyMapping, LazySequence
from avdlab.twin.tables.rib import Rib, Route


def outcomes(state: State) -> dict[str, Outcome]:
    """Return the outcome of every device."""
    counters = Counters.of(state)
    sessions = sessions_of(state, counters)
    made = _Made(state, counters.retold, Notes.of(state), _oscillating(state))
    return {
        node: made.outcome(node, speaker.settings.bgp, tuple(sessions[node]))
        for node, speaker in state.speakers.items()
        if speaker.settings.bgp is not None
    }


def _oscillating(state: State) -> frozenset[str]:
    """Return the devices at which a class did not settle."""
    every = [
        c.solved for u in state.unicast.values() for found in u.classes.values() for c in found
    ]
    told = [c.solved for overlay in state.overlays.values() for c in overlay.classes]
    stuck = [solved for solved in (*every, *told) if not solved.converged]
    return frozenset(instance[0] for solved in stuck for instance in solved.winners)


class _Made:
    """Makes the outcomes of one computation."""

    def __init__(self, state: State, retold: Retold, notes: Notes, stuck: frozenset[str]) -> None:
        self._state = state
        self._retold = retold
        self._notes = notes
        self._stuck = stuck

    def outcome(self, node: str, bgp: BgpSettings, sessions: tuple[BgpSession, ...]) -> Outcome:
        state, names = self._state, list(bgp.vrfs)
        learned = _Once(lambda: self._learned(node))
        return Outcome(
            bgp=Bgp(
                asn=bgp.asn,
                router_ids={name: state.routers[node, name].router_id for name in names},
                sessions=sessions,
                tables={name: self._table(IPV4_BITS, (node, name)) for name in names},
                evpn=EvpnTable(state, self._retold, Afi.EVPN, node),
                tables6={name: self._table(IPV6_BITS, (node, name)) for name in names},
                vpn={
                    afi: EvpnTable(state, self._retold, afi, node)
                    for afi in (Afi.VPN_IPV4, Afi.VPN_IPV6)
                },
                segments=LazySequence(lambda: learned().segments),
            ),
            routes={name: self._routes(IPV4_BITS, (node, name)) for name in names},
            routes6={name: self._routes(IPV6_BITS, (node, name)) for name in names},
            ribs={name: self._rib(IPV4_BITS, (node, name)) for name in names},
            ribs6={name: self._rib(IPV6_BITS, (node, name)) for name in names},
            flood=self._flood(node),
            vteps=LazySequence(lambda: self._vteps(node)),
            remote_macs=LazySequence(lambda: _sorted(learned().macs)),
            remote_arp=LazySequence(lambda: _sorted(learned().arp)),
            converged=state.converged and node not in self._stuck,
            notes=LazySequence(lambda: self._notes.of_node(node)),
        )

    def _learned(self, node: str) -> Learned:
        state = self._state
        index, metric = state.overlays[Afi.EVPN].index, state.metric_of(Afi.EVPN)
        return state.importers[node].learn(index, metric)

    def _flood(self, node: str) -> EvpnFloodLists:
        state = self._state
        index, metric = state.overlays[Afi.EVPN].index, state.metric_of(Afi.EVPN)
        return EvpnFloodLists(state.importers[node], index, metric)

    def _vteps(self, node: str) -> list[int]:
        state = self._state
        return sorted(state.importers[node].vteps(state.indices(), state.metrics()))

    def _table(self, bits: int, instance: Instance) -> Mapping[Prefix, tuple[BgpPath, ...]]:
        return LazyMapping(lambda: self._paths(bits, instance))

    def _paths(self, bits: int, instance: Instance) -> "_PathTable":
        unicast = self._state.unicast[bits]
        return _PathTable(
            self._rows(bits, instance),
            shown_inactive(self._state, unicast, instance),
            frozenset(p for p, who in unicast.suppressed.items() if instance in who),
        )

    def _rows(self, bits: int, instance: Instance) -> dict[Prefix, tuple[Ranked, ...]]:
        unicast = self._state.unicast[bits]
        _, table = whole(self._state, unicast, unicast.graph_of[instance])
        return rows(self._state, bits, instance, table)

    def _routes(self, bits: int, instance: Instance) -> LazySequence[Route]:
        return LazySequence(lambda: self._every_route(bits, instance))

    def _every_route(self, bits: int, instance: Instance) -> Iterator[Route]:
        for prefix, ranked in self._rows(bits, instance).items():
            found = route_of(self._state, instance, prefix, ranked, self._state.reach)
            if found is not None:
                yield found

    def _rib(self, bits: int, instance: Instance) -> Rib:
        state, unicast = self._state, self._state.unicast[bits]
        graph = unicast.graph_of[instance]
        return bgp_rib(
            state, unicast, instance, state.reach, lambda: whole(state, unicast, graph)[1]
        )


class _Once:
    """A function whose answer is made once."""

    def __init__(self, make: Callable[[], Learned]) -> None:
        self._make = make
        self._found: Learned | None = None

    def __call__(self) -> Learned:
        if self._found is None:
            self._found = self._make()
        return self._found


def _sorted(found: Mapping[Any, Any]) -> list[Any]:
    return [found[key] for key in sorted(found)]


# ------------------------------------------------------------------------------ paths
class _PathTable(Mapping[Prefix, tuple[BgpPath, ...]]):
    """The BGP table of one instance; paths are made when somebody looks."""

    def __init__(
        self,
        table: Mapping[Prefix, tuple[Ranked, ...]],
        inactive: frozenset[Prefix],
        suppressed: frozenset[Prefix],
    ) -> None:
        self._table = table
        self._inactive, self._suppressed = inactive, suppressed
        self._made: dict[int, tuple[BgpPath, ...]] = {}

    def __getitem__(self, prefix: Prefix) -> tuple[BgpPath, ...]:
        ranked = self._table[prefix]
        made = self._made.get(id(ranked))
        if made is None:
            made = self._made[id(ranked)] = tuple(_paths(ranked))
        if prefix in self._inactive or prefix in self._suppressed:
            return tuple(self._marked(prefix, path) for path in made)
        return made

    def _marked(self, prefix: Prefix, path: BgpPath) -> BgpPath:
        inactive = path.best and prefix in self._inactive
        return replace(path, inactive=inactive, suppressed=prefix in self._suppressed)

    def __iter__(self) -> Iterator[Prefix]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)


def _paths(ranked: tuple[Ranked, ...], nlri: EvpnNlri | None = None) -> Iterator[BgpPath]:
    head = True  # of the ECMP set, which stands in front; a local best path is not in it
    for found in ranked:
        path = found.candidate
        attributes = (
            path.attributes if nlri is None else restored(path.attributes, nlri.communities)
        )
        yield BgpPath(
            attributes=attributes,
            peer_address=_peer_text(path),
            peer_router_id=path.peer_id,
            local=path.local,
            ebgp=path.ebgp,
            valid=path.valid,
            best=found.best,
            ecmp=found.ecmp,
            ecmp_head=found.ecmp and head,
            ecmp_contributor=found.ecmp,
            weight=path.weight,
            not_best_reason=found.reason,
            source=path.source,
            imported_rd=path.imported_rd,
            vni=_vni(path, nlri),
            router_mac=path.router_mac,
            label=_label(path, nlri),
            esi=nlri.esi if nlri is not None else None,
            own_hop=path.own_hop,
        )
        head = head and not found.ecmp


def _vni(path: Candidate, nlri: EvpnNlri | None) -> int | None:
    if nlri is None:
        return path.vni
    return None if nlri.labelled else nlri.vni


def _label(path: Candidate, nlri: EvpnNlri | None) -> int | None:
    if nlri is None:
        return path.label
    return nlri.vni if nlri.labelled else None


def _peer_text(path: Candidate) -> str:
    if is_link_local(path.peer_address) and path.edge is not None:
        return path.edge.receiver.name
    return format_address(path.peer_address) if path.peer_address else ""


_RANKED = 256  # classes whose paths one table keeps
Ranks = Callable[[], tuple[Ranked, ...]]
Member = tuple[EvpnNlri, Ranks]


class EvpnTable(Mapping[EvpnKey, EvpnEntry]):
    """The EVPN or VPN table of one device. Entries are made when somebody looks, and not kept: a
    large fabric has millions of them."""

    def __init__(self, state: State, retold: Retold, afi: Afi, node: str) -> None:
        self._state = state
        self._retold = retold
        self._afi = afi
        self._node = node
        self._index: dict[EvpnKey, list[Member]] | None = None
        self._ranked = lru_cache(maxsize=_RANKED)(self._rank)  # neighbors in the table share it

    def _rank(self, solved: Solved) -> tuple[Ranked, ...]:
        return solved.ranked((self._node, "default"), self._state.metric_of(self._afi))

    def _members(self) -> Iterator[Member]:
        here: Instance = (self._node, "default")
        metric = self._state.metric_of(self._afi)
        for solved in self._state.overlays[self._afi].classes:
            found = solved.solved
            if here in found.graph.routers and found.has_paths(here, metric):
                ranks = partial(self._ranked, found)
                yield from ((nlri, ranks) for nlri in solved.members)
        for nlri, ranked in self._retold.of(self._afi, self._node).items():
            yield nlri, partial(_same, ranked)

    def _by_key(self) -> dict[EvpnKey, list[Member]]:
        if self._index is None:
            index: dict[EvpnKey, list[Member]] = {}
            for nlri, ranks in self._members():
                index.setdefault(nlri.key, []).append((nlri, ranks))
            self._index = {key: index[key] for key in sorted(index, key=_evpn_order)}
        return self._index

    def __getitem__(self, key: EvpnKey) -> EvpnEntry:
        found = self._by_key()[key]
        paths = tuple(path for nlri, ranks in found for path in _paths(ranks(), nlri))
        return EvpnEntry(key, paths, found[0][0].vni)

    def __iter__(self) -> Iterator[EvpnKey]:
        return iter(self._by_key())

    def __len__(self) -> int:
        return len(self._by_key())


def _same(ranked: tuple[Ranked, ...]) -> tuple[Ranked, ...]:
    return ranked


def _evpn_order(key: EvpnKey) -> tuple[str, str, int, str, int, Prefix]:
    none = Prefix(0, 0)
    return (key.rd, key.type, key.eti, key.mac or "", key.address or 0, key.prefix or none)
