"""From the fixed point to what devices show: sessions with counters, tables, flood lists."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from avdlab.net.addresses import IPV4_BITS, IPV6_BITS, Prefix, format_address, is_link_local
from avdlab.net.interfaces import short
from avdlab.twin.config.settings import Afi, BgpSettings
from avdlab.twin.protocols.bgp.decision import Ranked
from avdlab.twin.protocols.bgp.evpn import EvpnNlri
from avdlab.twin.protocols.bgp.evpn_import import Imported
from avdlab.twin.protocols.bgp.exchange import Candidate
from avdlab.twin.protocols.bgp.inactive import shown_inactive
from avdlab.twin.protocols.bgp.model import Outcome
from avdlab.twin.protocols.bgp.notes import notes_of
from avdlab.twin.protocols.bgp.originate import restored
from avdlab.twin.protocols.bgp.peers import Peer
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.protocols.bgp.sessions import Down, End, Session
from avdlab.twin.protocols.bgp.solver import sizes
from avdlab.twin.protocols.bgp.state import Overlay, State, Table, Unicast
from avdlab.twin.tables.bgp import (
    Bgp,
    BgpPath,
    BgpSession,
    EvpnEntry,
    EvpnKey,
    SessionState,
)

Key = tuple[str, str, str]
Counts = dict[Key, dict[Afi, int]]


def outcomes(state: State) -> dict[str, Outcome]:
    """Return the outcome of every device."""
    counters = _Counters.of(state)
    sessions = _sessions(state, counters)
    found = {}
    for node, speaker in state.speakers.items():
        bgp = speaker.settings.bgp
        if bgp is not None:
            found[node] = _outcome(state, node, bgp, tuple(sessions[node]))
    return found


def _outcome(
    state: State,
    node: str,
    bgp: BgpSettings,
    sessions: tuple[BgpSession, ...],
) -> Outcome:
    imported = state.imported.get(node, Imported())
    names = list(bgp.vrfs)
    v4, v6 = state.unicast[IPV4_BITS], state.unicast[IPV6_BITS]
    return Outcome(
        bgp=Bgp(
            asn=bgp.asn,
            router_ids={name: state.routers[node, name].router_id for name in names},
            sessions=sessions,
            tables=_tables(state, v4, node, names),
            evpn=EvpnTable.of(state.overlays[Afi.EVPN], node),
            tables6=_tables(state, v6, node, names),
            vpn={
                afi: EvpnTable.of(state.overlays[afi], node) for afi in (Afi.VPN_IPV4, Afi.VPN_IPV6)
            },
            segments=imported.segments,
        ),
        routes={name: v4.routes.get((node, name), ()) for name in names},
        routes6={name: v6.routes.get((node, name), ()) for name in names},
        flood={vlan: tuple(sorted(found)) for vlan, found in sorted(imported.flood.items())},
        vteps=tuple(sorted(imported.vteps)),
        remote_macs=tuple(imported.macs[key] for key in sorted(imported.macs)),
        remote_arp=tuple(imported.arp[key] for key in sorted(imported.arp)),
        converged=state.converged and not _oscillating(state, node),
        notes=tuple(notes_of(state, node)),
    )


def _tables(state: State, unicast: Unicast, node: str, names: list[str]) -> dict[str, "PathTable"]:
    return {
        name: PathTable(
            unicast.tables[node, name],
            shown_inactive(state, unicast, (node, name)),
            frozenset(p for p, who in unicast.suppressed.items() if (node, name) in who),
        )
        for name in names
    }


def _oscillating(state: State, node: str) -> bool:
    stuck = [solved for _, solved in sizes(state) if not solved.converged]
    return any(instance[0] == node for solved in stuck for instance in solved.ranked)


# ------------------------------------------------------------------------------ paths
class PathTable(Mapping[Prefix, tuple[BgpPath, ...]]):
    """The BGP table of one instance; paths are made when somebody looks."""

    def __init__(
        self,
        table: Table,
        inactive: frozenset[Prefix] = frozenset(),
        suppressed: frozenset[Prefix] = frozenset(),
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


class EvpnTable(Mapping[EvpnKey, EvpnEntry]):
    """The EVPN or VPN table of one device. Entries are made when somebody looks: a fabric of a
    hundred leaves holds hundreds of thousands, and most are never shown."""

    def __init__(self, members: tuple[tuple[EvpnNlri, tuple[Ranked, ...]], ...]) -> None:
        self._members = members
        self._index: dict[EvpnKey, list[tuple[EvpnNlri, tuple[Ranked, ...]]]] | None = None
        self._made: dict[EvpnKey, EvpnEntry] = {}

    @classmethod
    def of(cls, overlay: Overlay, node: str) -> "EvpnTable":
        here: Instance = (node, "default")
        return cls(
            tuple(
                (nlri, solved.solved.ranked[here])
                for solved in overlay.classes
                if here in solved.solved.ranked
                for nlri in solved.members
            )
        )

    def _by_key(self) -> dict[EvpnKey, list[tuple[EvpnNlri, tuple[Ranked, ...]]]]:
        if self._index is None:
            index: dict[EvpnKey, list[tuple[EvpnNlri, tuple[Ranked, ...]]]] = {}
            for nlri, ranked in self._members:
                index.setdefault(nlri.key, []).append((nlri, ranked))
            self._index = {key: index[key] for key in sorted(index, key=_evpn_order)}
        return self._index

    def __getitem__(self, key: EvpnKey) -> EvpnEntry:
        if key not in self._made:
            found = self._by_key()[key]
            paths = tuple(path for nlri, ranked in found for path in _paths(ranked, nlri))
            self._made[key] = EvpnEntry(key, paths, found[0][0].vni)
        return self._made[key]

    def __iter__(self) -> Iterator[EvpnKey]:
        return iter(self._by_key())

    def __len__(self) -> int:
        return len(self._by_key())


def _evpn_order(key: EvpnKey) -> tuple[str, str, int, str, int, Prefix]:
    none = Prefix(0, 0)
    return (key.rd, key.type, key.eti, key.mac or "", key.address or 0, key.prefix or none)


# ------------------------------------------------------------------------------ sessions
@dataclass(slots=True)
class _Counters:
    """Prefixes per peer and family."""

    sent: Counts = field(default_factory=dict)
    received: Counts = field(default_factory=dict)
    accepted: Counts = field(default_factory=dict)
    as_loops: dict[Key, int] = field(default_factory=dict)

    @classmethod
    def of(cls, state: State) -> "_Counters":
        found = cls()
        edges = {edge.index: edge for edge in state.edges.every()}
        for size, solved in sizes(state):
            for index in solved.sent:
                _add(found.sent, edges[index].sender.key, edges[index].family, size)
            for index in solved.received:
                _add(found.received, edges[index].receiver.key, edges[index].family, size)
            for index in solved.accepted:
                _add(found.accepted, edges[index].receiver.key, edges[index].family, size)
            for index in solved.as_loops:
                key = edges[index].receiver.key
                found.as_loops[key] = found.as_loops.get(key, 0) + size
        return found


def _add(counts: Counts, key: Key, family: Afi, size: int) -> None:
    found = counts.setdefault(key, {})
    found[family] = found.get(family, 0) + size


def _sessions(state: State, counters: _Counters) -> dict[str, list[BgpSession]]:
    up: dict[Key, tuple[End, End, Session]] = {}
    for session in state.sessions.up:
        up[session.a.peer.key] = (session.a, session.b, session)
        up[session.b.peer.key] = (session.b, session.a, session)
    found: dict[str, list[BgpSession]] = {node: [] for node in state.speakers}
    for key, peer in sorted(state.sessions.peers.items()):
        if key in up:
            found[peer.node].append(_established(state, *up[key], counters))
        else:
            found[peer.node].append(_down(state, peer, state.sessions.down.get(key)))
    return found


def _established(
    state: State, own: End, other: End, session: Session, counters: _Counters
) -> BgpSession:
    peer = own.peer
    key = peer.key
    return BgpSession(
        vrf=peer.vrf,
        peer_address=format_address(other.address)
        if other.address
        else _link_local(state, own, other),
        peer_as=peer.remote_as or 0,
        local_as=peer.local_as,
        state=SessionState.ESTABLISHED,
        peer_node=other.peer.node,
        peer_vrf=other.peer.vrf,
        local_address=own.address or None,
        local_interface=own.interface,
        peer_router_id=state.routers[other.peer.node, other.peer.vrf].router_id,
        ebgp=peer.ebgp,
        families=session.families,
        configured_families=frozenset(peer.families),
        peer_group=peer.group,
        description=peer.description,
        bfd=peer.bfd,
        prefixes_received=counters.received.get(key, {}),
        prefixes_accepted=counters.accepted.get(key, {}),
        prefixes_sent=counters.sent.get(key, {}),
        as_loop_drops=counters.as_loops.get(key, 0),
    )


def _link_local(state: State, own: End, other: End) -> str:
    """Return `fe80::...%Et1` of an unnumbered peer."""
    plug = (other.peer.node, other.interface or "")
    address = state.addresses[IPV6_BITS].link_locals.get(plug, 0)
    return f"{format_address(address)}%{short(own.interface or '')}"


def _down(state: State, peer: Peer, why: Down | None) -> BgpSession:
    reason = why or Down(SessionState.ACTIVE, "the peer opened no session")
    return BgpSession(
        vrf=peer.vrf,
        peer_address=peer.name,
        peer_as=peer.remote_as or 0,
        local_as=peer.local_as,
        state=reason.state,
        ebgp=peer.ebgp,
        configured_families=frozenset(peer.families),
        admin_down=peer.shutdown,
        peer_group=peer.group,
        description=peer.description,
        bfd=peer.bfd,
        reason=reason.reason,
    )
