"""What a policy does to the ranking of paths: decides how a class may be computed."""

from collections.abc import Iterable

from avdlab.twin.config.settings import PolicySettings
from avdlab.twin.protocols.bgp.exchange import Router
from avdlab.twin.protocols.bgp.peers import Peer, PeerFamily
from avdlab.twin.protocols.bgp.policy_match import entries_of

RANKS = frozenset({"local-preference", "weight", "metric"})
MEASURES = frozenset({"metric"})


def maps_set(policy: PolicySettings, names: Iterable[str | None], words: frozenset[str]) -> bool:
    """Tell whether a route-map, or one that it calls, has a `set` clause of one of the words."""
    return any(clause[0] in words for entry in entries_of(policy, names) for clause in entry.set)


def replaces_path(policy: PolicySettings, names: Iterable[str | None]) -> bool:
    """Tell whether a route-map shortens AS paths: all but `as-path prepend` may."""
    return any(
        clause[:1] == ("as-path",) and "prepend" not in clause
        for entry in entries_of(policy, names)
        for clause in entry.set
    )


def retargets(policy: PolicySettings, names: Iterable[str | None]) -> bool:
    """Tell whether a route-map changes route targets: adding other communities does not."""
    return any(
        clause[0] == "extcommunity" and not ("additive" in clause and "rt" not in clause)
        for entry in entries_of(policy, names)
        for clause in entry.set
    )


def sets_next_hop(policy: PolicySettings, names: Iterable[str | None]) -> bool:
    """Tell whether a route-map changes next hops."""
    return any("next-hop" in clause for entry in entries_of(policy, names) for clause in entry.set)


def filters(policy: PolicySettings, names: Iterable[str | None]) -> bool:
    """Tell whether a route-map may reject a route, or tells routes apart at all."""
    return any(
        not entry.permit or entry.match or entry.sub_route_map is not None
        for name in names
        for entry in policy.route_maps.get(name or "", ())
    )


def ranks_peer(peer: Peer) -> bool:
    """Tell whether a session itself prefers what it brings."""
    return bool(
        peer.weight
        or peer.local_preference
        or peer.export_local_preference
        or peer.remote_as_replace
        or peer.remove_private_as is not None
        or peer.remove_private_as_in is not None
    )


def ranks_router(router: Router) -> bool:
    """Tell whether an instance leaves a step of the selection out."""
    return router.ignore_as_path_length or router.skip_igp_cost


def is_plain_out(sender: Peer, out: PeerFamily) -> bool:
    """Tell whether the sender passes AS paths on as they are."""
    return (
        out.route_map_out is None
        and out.prefix_list_out is None
        and out.default_originate is None
        and not out.deny_out
        and sender.remove_private_as is None
        and not sender.remote_as_replace
    )


def is_plain_in(into: PeerFamily) -> bool:
    """Tell whether the receiver takes AS paths as they are."""
    return into.route_map_in is None and into.prefix_list_in is None and not into.deny_in
