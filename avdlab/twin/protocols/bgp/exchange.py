"""One UPDATE over one session: what the sender makes of its best path, what the receiver takes.

Sender: split horizon, reflection (RFC 4456), communities, policy out, AS path, next hop.
Receiver: loops, own addresses, policy in, weight. EOS checks AS loops at the receiver only.

An EVPN gateway keeps its two domains apart: of what it hears in one it tells the other only IP
prefixes, where `next-hop-self received-evpn-routes ... inter-domain` asks for it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from avdlab.net.addresses import ALL_ONES, IPV6_BITS, InterfaceAddress, Prefix, is_link_local
from avdlab.twin.config.settings import Afi, PolicySettings
from avdlab.twin.protocols.bgp.peers import Peer, PeerFamily
from avdlab.twin.protocols.bgp.policy import apply_route_map
from avdlab.twin.protocols.bgp.policy_match import (
    PolicyRoute,
    named_prefix_list,
    prefix_list_permits,
)
from avdlab.twin.protocols.bgp.private_as import private_taken_out, without_private
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.tables.bgp import Attributes, EvpnType
from avdlab.twin.tables.communities import with_router_mac

_NONE: frozenset[str] = frozenset()
Resolve = Callable[[Instance, int], int | None]  # next hop -> metric
# RFC 1997: NO_EXPORT, and NO_EXPORT_SUBCONFED, which EOS calls local-as
_KEPT_INSIDE = frozenset({"no-export", "local-as"})
_KEPT_BY_MEMBER = frozenset({"local-as"})  # of a confederation
AS_LOOP = "as loop"
KEPT = _KEPT_INSIDE | {"no-advertise"}  # they keep a path from being told on


@dataclass(frozen=True, slots=True, eq=False)
class Router:
    """What the decision process and the exchange need of one instance (a node and a VRF)."""

    instance: Instance
    router_id: int
    cluster_id: int
    policy: PolicySettings
    addresses: frozenset[int]
    maximum_paths: int = 1
    multipath_relax: bool = True
    always_compare_med: bool = False
    med_missing_as_worst: bool = False
    med_confederation: bool = False
    ignore_as_path_length: bool = False
    skip_igp_cost: bool = False
    client_to_client: bool = True
    local_preference: int = 100
    vtep: int = 0  # 0: none that is up
    router_mac: str = ""
    next_hop_self_ip_prefix: bool = False  # of EVPN routes that were received
    next_hop_self_inter_domain: bool = False  # that, and only from one domain to the other
    domain: str = ""  # identifier of the gateway's own EVPN domain, and of the remote one
    domain_remote: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """One direction of a session in one address family."""

    family: Afi
    sender: Peer  # the sender's view: its peer is the receiver
    receiver: Peer
    out: PeerFamily
    into: PeerFamily
    source: Router
    target: Router
    sender_address: int
    receiver_address: int
    interface: str | None  # of the receiver, on a single-hop session
    subnet: InterfaceAddress | None  # of the sender, toward the receiver, when it is shared
    self_address: int = 0  # what the sender calls itself as a next hop of this family
    ebgp: bool = False
    session: int = 0  # the same number in both directions
    group: int = 0  # edges with equal numbers carry the same updates
    prefers: bool = False  # policy may rank paths by more than their length
    measures: bool = False  # policy sets MEDs
    retargets: bool = False  # policy changes extended communities, or they are not sent
    filters: bool = False  # policy may reject a route
    plain_out: bool = True  # no policy of the sender, and none of the receiver
    plain_in: bool = True
    takes_as_is: bool = False  # no local AS, no preference of the receiver's own
    keeps_path: bool = False  # nothing on the way takes an AS out of the path
    keeps_hop: bool = False  # the receiver leaves the next hop as it was told
    slot: int = 0  # 0 tells the best path, N the Nth of the additional ones (RFC 7911)

    def in_vain(self, best: "Candidate | None") -> bool:
        """Tell at a glance that the receiver gets nothing of a path: there is none, or it has been
        in the receiver's AS."""
        if best is None:
            return self.out.default_originate is None
        peer = self.receiver
        return self.plain_out and not peer.allowas_in and peer.outer_as in best.attributes.as_path

    def loops(self, told: Attributes) -> bool:
        """Tell at a glance that the receiver drops an update for its own AS in the path."""
        peer = self.receiver
        return not peer.allowas_in and peer.outer_as in told.as_path


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A path at one instance, before selection."""

    attributes: Attributes
    edge: Edge | None = None  # that it was received on
    local: bool = False  # originated here
    ebgp: bool = False
    weight: int = 0
    peer_address: int = 0
    peer_id: int = 0
    source: str = ""
    valid: bool = True
    metric: int = 0
    originated_next_hop: int = 0  # what is told instead of "self" (an EVPN VTEP)
    imported_rd: str | None = None
    vni: int | None = None
    router_mac: str | None = None
    tag: int = 0  # by `set tag` of a policy
    distance: int = 0  # by `set distance` of a policy, 0 for that of BGP
    order: int = 0  # among imported paths that are alike
    label: int | None = None  # MPLS label that the far end gave out
    domain: str = ""  # of a gateway's own routes: told in that EVPN domain only, local or remote
    own_hop: int = 0  # next hop of the route that was brought in: shown, and told to nobody
    leaked_from: str = ""  # the VRF that it was taken from by route target
    learned: bool = False  # an EVPN route made of a path that a VRF learned from a peer


@dataclass(frozen=True, slots=True)
class Dropped:
    """An update that the receiver dropped before policy: it counts as sent, not as received.
    `reason`: as loop, originator, cluster, next hop; "" for one that has no counter."""

    reason: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One NLRI that stands for its class: policy gives all of them the same verdicts."""

    prefix: Prefix | None
    route_type: str = ""
    hidden: frozenset[Instance] = frozenset()  # they tell nobody: see Unicast.hidden
    held: frozenset[Instance] = frozenset()  # of a default route: they may originate it


# ------------------------------------------------------------------------------ sender
def advertise(
    edge: Edge, best: Candidate | None, sample: Sample, *, split: bool = True
) -> Attributes | None:
    """Return what the sender tells the receiver, None when it tells nothing. Without `split`, what
    it tells the other peers of the update group: split horizon is left out."""
    if edge.out.default_originate is not None and not edge.slot:
        default = _default_route(edge, sample)
        if default is not None:
            return default
    if best is None or not _passes(edge, best, sample, split=split):
        return None
    return _export(edge, best, sample)


def tells(edge: Edge, best: Candidate | None, sample: Sample) -> bool:
    """Tell whether the sender tells the receiver anything: `advertise`, without saying what."""
    if not edge.plain_out:
        return advertise(edge, best, sample) is not None
    return best is not None and _passes(edge, best, sample, split=True)


def _passes(edge: Edge, best: Candidate, sample: Sample, *, split: bool) -> bool:
    """Tell whether a path may be told, whatever the policy makes of it."""
    if edge.source.instance in sample.hidden or not _may_tell(edge, best, split=split):
        return False
    return not _crosses(edge, best) or _takes_over(edge, best, sample.route_type)


_UNSET = 100  # the local preference of a route that nothing set one for


def _export(edge: Edge, best: Candidate, sample: Sample) -> Attributes | None:
    attributes = best.attributes
    if edge.out.deny_out:
        return None
    if (
        not edge.ebgp
        and best.edge is not None
        and not best.ebgp
        and not _between_members(edge, best)
    ):
        attributes = _reflected(edge, best)
    if edge.ebgp and not best.local and attributes.med is not None:
        attributes = replace(attributes, med=None)  # RFC 4271 5.1.4: not passed on
    if edge.sender.metric_out is not None:
        attributes = replace(attributes, med=edge.sender.metric_out)
    if best.local and attributes.local_preference == _UNSET and not edge.ebgp:
        preference = edge.sender.export_local_preference
        attributes = replace(attributes, local_preference=preference or _UNSET)
    route = _policy_out(edge, best, attributes, sample)
    return None if route is None else _finished(edge, best, route)


def _default_route(edge: Edge, sample: Sample) -> Attributes | None:
    """`default-originate`: EOS tells a default route while it has one of its own, or `always`."""
    asked = edge.out.default_originate
    held = edge.source.instance in sample.held
    if asked is None or not _is_default(sample.prefix) or not (asked[1] or held):
        return None
    route = apply_route_map(edge.source.policy, asked[0], PolicyRoute(sample.prefix, Attributes(0)))
    return None if route is None else _finished(edge, Candidate(Attributes(0), local=True), route)


def _is_default(prefix: Prefix | None) -> bool:
    return prefix is not None and prefix.length == 0


def _may_tell(edge: Edge, best: Candidate, *, split: bool) -> bool:
    if best.domain and (best.domain == "remote") != edge.out.domain_remote:
        return False
    if split and best.edge is not None and best.edge.session == edge.session:
        return False
    communities = best.attributes.communities
    kept_inside = _KEPT_INSIDE if edge.ebgp else _KEPT_BY_MEMBER if edge.sender.member else _NONE
    if "no-advertise" in communities or communities & kept_inside:
        return False
    if edge.ebgp or best.local or best.ebgp or _between_members(edge, best):
        return True
    client = best.edge is not None and best.edge.into.route_reflector_client
    if client and edge.out.route_reflector_client and not edge.source.client_to_client:
        return False
    return client or edge.out.route_reflector_client


def _between_members(edge: Edge, best: Candidate) -> bool:
    """RFC 5065 4: a route comes from or goes to another member AS; that is no reflection."""
    return edge.sender.member or (best.edge is not None and best.edge.sender.member)


def _crosses(edge: Edge, best: Candidate) -> bool:
    """Tell whether a received route would leave the EVPN domain that it came from."""
    received = best.edge
    return received is not None and received.into.domain_remote != edge.out.domain_remote


def _takes_over(edge: Edge, best: Candidate, route_type: str) -> bool:
    """EOS `neighbor default next-hop-self received-evpn-routes route-type ip-prefix`: traffic to a
    prefix that is passed on goes through here, decapsulated and routed by the own VTEP."""
    router = edge.source
    if best.edge is None or not router.vtep or route_type != EvpnType.IP_PREFIX:
        return False
    if router.next_hop_self_inter_domain:
        return _crosses(edge, best)
    return router.next_hop_self_ip_prefix


def _reflected(edge: Edge, best: Candidate) -> Attributes:
    attributes = best.attributes
    originator = best.peer_id if attributes.originator_id is None else attributes.originator_id
    clusters = (edge.source.cluster_id, *attributes.cluster_list)
    return replace(attributes, originator_id=originator, cluster_list=clusters)


def _policy_out(
    edge: Edge, best: Candidate, attributes: Attributes, sample: Sample
) -> PolicyRoute | None:
    policy = edge.source.policy
    out = edge.out
    if edge.plain_out:
        return PolicyRoute(sample.prefix, attributes, route_type=sample.route_type)
    if out.prefix_list_out is not None and not prefix_list_permits(
        named_prefix_list(policy, out.prefix_list_out, sample.prefix), sample.prefix
    ):
        return None
    if edge.sender.remove_private_as is not None and edge.ebgp:
        attributes = replace(attributes, as_path=without_private(edge.sender, attributes.as_path))
    route = PolicyRoute(
        sample.prefix,
        attributes,
        best.weight,
        best.source or "bgp",
        tag=best.tag,
        learned=learned_as(best),
        route_type=sample.route_type,
        own_as=edge.sender.outer_as if edge.ebgp else edge.sender.own_as,
        peer_address=edge.self_address or edge.sender_address,
        igp_metric=best.metric,
    )
    return apply_route_map(policy, out.route_map_out, route) if out.route_map_out else route


def _finished(edge: Edge, best: Candidate, route: PolicyRoute) -> Attributes:
    attributes = route.attributes
    sends = edge.sender.send_community
    taken_over = _takes_over(edge, best, route.route_type)
    if taken_over:
        own = with_router_mac(attributes.ext_communities, edge.source.router_mac)
        path = _domain_path(edge, best) if _crosses(edge, best) else attributes.d_path
        attributes = replace(attributes, ext_communities=own, d_path=path)
    ebgp, member = edge.ebgp, edge.sender.member
    members = (edge.sender.own_as,) if member else ()
    outside = ebgp or member
    # field by field: dataclasses.replace takes three times as long. RFC 5065 4.1: between members
    # of a confederation, what is not about reflection stays as it is inside an AS
    return Attributes(
        edge.source.vtep if taken_over else _next_hop(edge, best, route),
        _told_path(edge, attributes.as_path) if ebgp else attributes.as_path,
        attributes.origin,
        100 if ebgp else attributes.local_preference,
        attributes.med,
        attributes.communities if "standard" in sends else _NONE,
        attributes.ext_communities if "extended" in sends else _NONE,
        None if outside else attributes.originator_id,
        () if outside else attributes.cluster_list,
        attributes.aggregator,
        attributes.as_set,
        () if ebgp else (*members, *attributes.confederation),
        attributes.large_communities if "large" in sends else _NONE,
        attributes.atomic,
        attributes.d_path,
    )


def _domain_path(edge: Edge, best: Candidate) -> tuple[str, ...]:
    """Prepend the domain that the route leaves (draft-ietf-bess-evpn-ipvpn-interworking 4)."""
    came_by = best.edge
    remote = came_by is not None and came_by.into.domain_remote
    left = edge.source.domain_remote if remote else edge.source.domain
    return (left, *best.attributes.d_path) if left else best.attributes.d_path


def _told_path(edge: Edge, path: tuple[int, ...]) -> tuple[int, ...]:
    sender = edge.sender
    if sender.remote_as_replace:
        path = tuple(sender.local_as if asn == edge.receiver.local_as else asn for asn in path)
    if not sender.prepend_own:
        return path
    if sender.local_as == sender.outer_as:
        return (sender.outer_as, *path)
    # EOS local-as: ours before our own, or instead of it with replace-as
    return (sender.local_as, *(() if sender.local_as_replace else (sender.outer_as,)), *path)


def _next_hop(edge: Edge, best: Candidate, route: PolicyRoute) -> int:
    own = best.originated_next_hop or edge.self_address or edge.sender_address
    hop = route.attributes.next_hop
    if route.keep_next_hop and hop:
        return hop
    if best.local or not hop:
        return hop or own
    if edge.out.next_hop_unchanged:
        return hop
    if edge.out.next_hop_self:
        return own
    if not edge.ebgp:
        return own if is_link_local(hop) else hop
    # RFC 4271 5.1.3: a third router on the shared subnet keeps its place
    return hop if _on_subnet(edge.subnet, hop) and hop != edge.receiver_address else own


def _on_subnet(subnet: InterfaceAddress | None, hop: int) -> bool:
    if subnet is None or (hop > ALL_ONES) != (subnet.bits == IPV6_BITS):
        return False
    return subnet.prefix.contains(hop)


# ------------------------------------------------------------------------------ receiver
def take(
    edge: Edge, told: Attributes, sample: Sample, resolve: Resolve
) -> Candidate | Dropped | None:
    """Return what the receiver makes of an update: None when policy rejects it."""
    if _loops(edge.receiver, told):
        return Dropped(AS_LOOP)
    came_back = _came_back(edge, told)
    if came_back is not None or _malformed(edge, told):
        return Dropped(came_back or "")
    return _policy_in(edge, told, sample, resolve)


def _came_back(edge: Edge, told: Attributes) -> str | None:
    """Return as what the receiver told the route itself: as originator, reflector, domain, or as
    the next hop (EOS: inDropOrigId, inDropClusterIdLoop, inDropNhLocal)."""
    target = edge.target
    if told.originator_id == target.router_id:
        return "originator"
    if not edge.ebgp and target.cluster_id in told.cluster_list:
        return "cluster"
    if told.next_hop in target.addresses:
        return "next hop"
    return "" if {target.domain, target.domain_remote} & set(told.d_path) else None


def _malformed(edge: Edge, told: Attributes) -> bool:
    """Tell whether a path of another AS does not begin with it (EOS `bgp enforce-first-as`)."""
    enforced = edge.ebgp and edge.receiver.enforce_first_as
    return enforced and told.as_path[:1] != (edge.sender.local_as,)


def _loops(peer: Peer, told: Attributes) -> bool:
    """RFC 4271 9.1.2, RFC 5065 4: the own number stands in a sequence, in a set, or among the
    members of the confederation."""
    path = (*told.as_path, *told.as_set)
    own = path.count(peer.outer_as) + told.confederation.count(peer.own_as)
    if peer.local_as not in {peer.own_as, peer.outer_as}:
        own = max(own, path.count(peer.local_as))
    return own > peer.allowas_in


def _policy_in(edge: Edge, told: Attributes, sample: Sample, resolve: Resolve) -> Candidate | None:
    peer, policy = edge.receiver, edge.target.policy
    into = edge.into
    if into.deny_in:
        return None
    attributes = told
    weight = peer.weight if into.weight is None else into.weight
    if peer.next_hop_peer and edge.family in {Afi.IPV4, Afi.IPV6}:
        attributes = told = replace(told, next_hop=edge.sender_address)
    if peer.remove_private_as_in is not None and edge.ebgp:
        attributes = told = replace(told, as_path=private_taken_out(peer, told.as_path))
    if edge.plain_in and edge.takes_as_is and told.local_preference == 100:
        return _candidate(edge, told, weight, 0, resolve)
    preference = peer.local_preference or edge.target.local_preference
    if edge.ebgp and told.local_preference != preference:
        attributes = replace(told, local_preference=preference)
    if edge.ebgp and peer.local_as != peer.outer_as and not peer.local_as_no_prepend:
        attributes = replace(attributes, as_path=(peer.local_as, *attributes.as_path))
    if into.prefix_list_in is not None and not prefix_list_permits(
        named_prefix_list(policy, into.prefix_list_in, sample.prefix), sample.prefix
    ):
        return None
    if into.route_map_in is None:
        return _candidate(edge, attributes, weight, 0, resolve)
    route = apply_route_map(
        policy,
        into.route_map_in,
        PolicyRoute(
            sample.prefix,
            attributes,
            weight,
            learned="external" if edge.ebgp else "internal",
            route_type=sample.route_type,
            own_as=peer.own_as,
            peer_address=edge.sender_address,
            peer_group=peer.group or "",
            peer_id=edge.source.router_id,
        ),
    )
    if route is None:
        return None
    found = _candidate(edge, route.attributes, route.weight, route.tag, resolve)
    return replace(found, distance=route.distance) if route.distance else found


def learned_as(path: Candidate) -> str:
    """Return what `match route-type` calls a path."""
    if path.local and not path.learned:
        return "local"
    return "external" if path.ebgp else "internal"


def _candidate(
    edge: Edge, attributes: Attributes, weight: int, tag: int, resolve: Resolve
) -> Candidate:
    hop = attributes.next_hop
    metric = 0 if is_link_local(hop) else resolve(edge.target.instance, hop)
    return Candidate(
        attributes=attributes,
        edge=edge,
        ebgp=edge.ebgp,
        weight=weight,
        peer_address=edge.sender_address,
        peer_id=edge.source.router_id,
        valid=metric is not None,
        metric=metric or 0,
        tag=tag,
        order=edge.slot,
    )
