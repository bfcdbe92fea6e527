"""From established sessions to graphs: routers, directed edges, and connected components."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from avdlab.net.addresses import IPV4_BITS, IPV6_BITS, InterfaceAddress
from avdlab.twin.config.settings import AddressFamilySettings, Afi, BgpVrfSettings
from avdlab.twin.protocols.bgp.exchange import Edge, Router
from avdlab.twin.protocols.bgp.memory import Memory
from avdlab.twin.protocols.bgp.model import Speaker
from avdlab.twin.protocols.bgp.peers import Peer
from avdlab.twin.protocols.bgp.preferring import (
    MEASURES,
    RANKS,
    filters,
    is_plain_in,
    is_plain_out,
    maps_set,
    ranks_peer,
    ranks_router,
    replaces_path,
    retargets,
    sets_next_hop,
)
from avdlab.twin.protocols.bgp.reach import Addresses, Instance
from avdlab.twin.protocols.bgp.sessions import End, Session
from avdlab.twin.protocols.bgp.several import sends_more
from avdlab.twin.protocols.routing import own_addresses

Key = tuple[str, str, str]
Families = Mapping[int, Addresses]  # bits -> the addresses of that family
_NO_FAMILY = AddressFamilySettings()
_UNICAST = frozenset({Afi.IPV4, Afi.IPV6})


def router_id(speaker: Speaker, vrf: BgpVrfSettings, addresses: Families) -> int:
    """Return the router id: configured, else the highest loopback of the VRF that is up, else the
    highest address (EOS). Shut interfaces do not count."""
    configured = vrf.router_id or speaker.settings.router_id
    if configured is not None:
        return configured
    own = addresses[IPV4_BITS].local.get((speaker.node, vrf.name), {})
    loopbacks = [address for address, name in own.items() if name.startswith("Loopback")]
    found = max(loopbacks or own, default=0)
    if found or vrf.name == "default" or speaker.settings.bgp is None:
        return found
    return router_id(speaker, speaker.settings.bgp.vrfs["default"], addresses)


def routers_of(speakers: Mapping[str, Speaker], addresses: Families) -> dict[Instance, Router]:
    """Return a router for every VRF under every `router bgp`."""
    found: dict[Instance, Router] = {}
    for node, speaker in sorted(speakers.items()):
        bgp = speaker.settings.bgp
        for name, vrf in sorted(bgp.vrfs.items()) if bgp is not None else ():
            own = router_id(speaker, vrf, addresses)
            evpn = vrf.families.get(Afi.EVPN, _NO_FAMILY)
            found[node, name] = Router(
                instance=(node, name),
                router_id=own,
                cluster_id=vrf.cluster_id or own,
                policy=speaker.settings.policy,
                addresses=_own(speaker, name),
                maximum_paths=vrf.maximum_paths,
                multipath_relax=vrf.multipath_relax,
                always_compare_med=vrf.always_compare_med,
                med_missing_as_worst=vrf.med_missing_as_worst,
                ignore_as_path_length=vrf.ignore_as_path_length,
                skip_igp_cost=vrf.skip_igp_cost,
                client_to_client=vrf.client_to_client_reflection,
                local_preference=vrf.default_local_preference,
                vtep=_vtep(speaker),
                router_mac=speaker.router_mac,
                next_hop_self_ip_prefix=evpn.next_hop_self_ip_prefix,
                next_hop_self_inter_domain=evpn.next_hop_self_inter_domain,
                domain=evpn.domain_identifier or "",
                domain_remote=evpn.domain_identifier_remote or "",
            )
    return found


def _own(speaker: Speaker, vrf: str) -> frozenset[int]:
    """Return the addresses that the configuration gives a VRF, of both families."""
    return frozenset(
        address.address
        for interface in speaker.settings.interfaces.values()
        if interface.vrf == vrf
        for bits in (IPV4_BITS, IPV6_BITS)
        for address in own_addresses(interface, bits)
    )


def _vtep(speaker: Speaker) -> int:
    vxlan = speaker.vxlan
    return vxlan.source or 0 if vxlan is not None and vxlan.up else 0


@dataclass(slots=True)
class Edges:
    """Makes edges, the same object for the same session in every round and computation."""

    routers: Mapping[Instance, Router]
    addresses: Families
    memory: Memory

    def of(self, sessions: Iterable[Session], family: Afi) -> list[Edge]:
        """Return both directions of every session that speaks the family."""
        found: list[Edge] = []
        speaking = [session for session in sessions if family in session.families]
        for session in speaking:
            for sender, receiver in ((session.a, session.b), (session.b, session.a)):
                found.append(self._edge(sender, receiver, family))
                slots = _slots(sender, receiver, family, speaking)
                found += [self._edge(sender, receiver, family, slot) for slot in slots]
        return found

    def _edge(self, sender: End, receiver: End, family: Afi, slot: int = 0) -> Edge:
        source = self.routers[sender.peer.node, sender.peer.vrf]
        target = self.routers[receiver.peer.node, receiver.peer.vrf]
        subnet = self._subnet(sender, receiver)
        own = sender.address or self._link_local(sender)
        far = receiver.address or self._link_local(receiver)
        itself = self._self_address(sender, family, own)
        what = (id(sender.peer), id(receiver.peer), id(source), id(target))
        key = (family, slot, *what, own, far, receiver.interface, subnet, itself)
        known = self.memory.edges.get(key)
        if known is None:
            pair = frozenset({sender.peer.key, receiver.peer.key})
            known = self.memory.edges[key] = Edge(
                family=family,
                sender=sender.peer,
                receiver=receiver.peer,
                out=sender.peer.families[family],
                into=receiver.peer.families[family],
                source=source,
                target=target,
                sender_address=own,
                receiver_address=far,
                interface=receiver.interface,
                subnet=subnet,
                self_address=itself,
                ebgp=sender.peer.ebgp,
                session=self.memory.sessions.setdefault(pair, len(self.memory.sessions)),
                group=self._group(sender, receiver, family, (subnet, itself)),
                slot=slot,
                **_character(sender.peer, receiver.peer, family, source, target),
            )
        return known

    def _group(
        self,
        sender: End,
        receiver: End,
        family: Afi,
        near: tuple[InterfaceAddress | None, int],
    ) -> int:
        """Number the update group (as EOS calls it): who is told the same things alike."""
        peer = sender.peer
        out = peer.families[family]
        own = receiver.address if near[0] is not None or out.route_map_out else 0
        key = (
            (peer.node, peer.vrf, family, out, own, sender.address, sender.interface, near[1]),
            (peer.ebgp, peer.member, peer.remote_as if peer.remove_private_as is not None else 0),
            (peer.local_as, peer.own_as, peer.outer_as, peer.local_as_replace, peer.prepend_own),
            (peer.remove_private_as, peer.send_community),
            (peer.metric_out, peer.export_local_preference),
            receiver.peer.local_as if peer.remote_as_replace else 0,
        )
        return self.memory.groups.setdefault(key, len(self.memory.groups))

    def _subnet(self, sender: End, receiver: End) -> InterfaceAddress | None:
        """Return the subnet that both ends share, None on a multihop session."""
        if sender.interface is None:
            return None
        family = self.addresses[sender.peer.bits]
        for own in family.by_interface.get((sender.peer.node, sender.interface), ()):
            if own.prefix.contains(receiver.address) and not own.host:
                return own
        return None

    def _link_local(self, end: End) -> int:
        """Return the fe80::/64 address of an unnumbered end."""
        family = self.addresses[IPV6_BITS]
        return family.link_locals.get((end.peer.node, end.interface or ""), 0)

    def _self_address(self, sender: End, family: Afi, own: int) -> int:
        """Return the next hop that stands for the sender: an address of the routes' family, on the
        interface that the session leaves by; with RFC 5549's the address of the session."""
        bits = {Afi.IPV4: IPV4_BITS, Afi.IPV6: IPV6_BITS}.get(family)
        over = IPV4_BITS if sender.address and sender.peer.bits == IPV4_BITS else IPV6_BITS
        rfc5549 = sender.peer.families[family].next_hop_ipv6_originate
        if bits is None or bits == over or (rfc5549 and over == IPV6_BITS):
            return own
        name = sender.peer.update_source or sender.interface or ""
        return self.addresses[bits].source(sender.peer.node, name) or own


def _slots(sender: End, receiver: End, family: Afi, sessions: Iterable[Session]) -> Iterable[int]:
    """Return the numbers of the additional paths that a session can carry one way: as many as the
    sender may have besides the best, where it sends them and the receiver takes them."""
    sent = sender.peer.families[family].more_sent
    if sent is None or not sends_more(sender.peer.families[family]) or family not in _UNICAST:
        return ()
    if not receiver.peer.families[family].more_received:
        return ()
    at = (sender.peer.node, sender.peer.vrf)
    ends = (end for session in sessions for end in (session.a, session.b))
    most = sum((end.peer.node, end.peer.vrf) == at for end in ends) + 1
    if sent[0] == "backup":
        most = 1
    return range(1, min(most, (sent[1] or most + 1) - 1) + 1)


def _character(
    sender: Peer, receiver: Peer, family: Afi, source: Router, target: Router
) -> dict[str, bool]:
    """Return what the policies of both ends do to paths."""
    out, into = sender.families[family], receiver.families[family]
    maps = ((source.policy, (out.route_map_out,)), (target.policy, (into.route_map_in,)))
    ranks = any(
        maps_set(policy, names, RANKS) or replaces_path(policy, names) for policy, names in maps
    )
    return {
        "prefers": ranks
        or into.weight is not None
        or any(map(ranks_peer, (sender, receiver)))
        or any(map(ranks_router, (source, target))),
        "measures": sender.metric_out is not None
        or source.med_missing_as_worst
        or target.med_missing_as_worst
        or any(maps_set(policy, names, MEASURES) for policy, names in maps),
        "retargets": "extended" not in sender.send_community
        or any(retargets(policy, names) for policy, names in maps),
        "filters": out.deny_out
        or into.deny_in
        or out.prefix_list_out is not None
        or into.prefix_list_in is not None
        or any(filters(policy, names) for policy, names in maps),
        "plain_out": is_plain_out(sender, out),
        "plain_in": is_plain_in(into),
        "takes_as_is": receiver.local_as in {receiver.own_as, receiver.outer_as}
        and not receiver.local_preference
        and receiver.remove_private_as_in is None
        and target.local_preference == 100,
        "keeps_path": sender.remove_private_as is None
        and receiver.remove_private_as_in is None
        and not sender.remote_as_replace
        and not any(replaces_path(policy, names) for policy, names in maps),
        "keeps_hop": not receiver.next_hop_peer
        and not sets_next_hop(target.policy, (into.route_map_in,)),
    }


def components(
    routers: Mapping[Instance, Router], edges: Iterable[Edge]
) -> list[tuple[dict[Instance, Router], tuple[Edge, ...]]]:
    """Split into connected components: a VRF between two MLAG peers is a graph of its own."""
    edges = list(edges)
    leader = {instance: instance for instance in routers}

    def find(instance: Instance) -> Instance:
        while leader[instance] != instance:
            leader[instance] = leader[leader[instance]]
            instance = leader[instance]
        return instance

    for edge in edges:
        one, two = sorted((find(edge.source.instance), find(edge.target.instance)))
        leader[two] = one
    members: dict[Instance, dict[Instance, Router]] = {}
    for instance, router in routers.items():
        members.setdefault(find(instance), {})[instance] = router
    inside: dict[Instance, list[Edge]] = {}
    for edge in edges:
        inside.setdefault(find(edge.source.instance), []).append(edge)
    return [(found, tuple(inside.get(first, ()))) for first, found in members.items()]
