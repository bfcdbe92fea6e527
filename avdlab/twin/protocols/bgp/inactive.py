"""Best paths that the routing table does not use, and default routes that may be originated.

EOS advertises what it routes by: a best path that was learned, while another protocol's route to
the prefix wins, is told to nobody without `bgp advertise-inactive`. The older routing model shows
it as not active (`routeBestInactive`, recorded on EOS 4.23), the newer as active (recorded there,
too).
"""

from avdlab.net.addresses import IPV4_BITS, Prefix, default_prefix
from avdlab.twin.protocols.bgp.exchange import Candidate
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.protocols.bgp.state import State, Unicast
from avdlab.twin.protocols.redistribution import BGP_TYPES


def find_inactive(state: State, unicast: Unicast) -> dict[Prefix, frozenset[Instance]]:
    """Return prefix -> the instances whose best path is learned and loses in the routing table."""
    found: dict[Prefix, set[Instance]] = {}
    for instance, table in unicast.tables.items():
        speaker = state.speakers[instance[0]]
        bases = speaker.ribs if unicast.bits == IPV4_BITS else speaker.ribs6
        rib = state.reach[unicast.bits].ribs.get(instance)
        if rib is None or not table.classes:
            continue
        for route in bases.get(instance[1], ()):
            solved = table.solved(route.prefix)
            winner = solved.winner(instance, state.metric) if solved is not None else None
            if winner is None or (isinstance(winner, Candidate) and winner.local):
                continue
            present = rib.get(route.prefix)
            if present is not None and present.type not in BGP_TYPES:
                found.setdefault(route.prefix, set()).add(instance)
    return {prefix: frozenset(instances) for prefix, instances in found.items()}


def hidden(state: State, unicast: Unicast) -> dict[Prefix, frozenset[Instance]]:
    """Return prefix -> the instances that hold a path and tell nobody."""
    found = dict(unicast.suppressed)
    for prefix, instances in unicast.inactive.items():
        silent = {i for i in instances if not _advertises_inactive(state, i)}
        if silent:
            found[prefix] = found.get(prefix, frozenset()) | silent
    return found


def _advertises_inactive(state: State, instance: Instance) -> bool:
    bgp = state.speakers[instance[0]].settings.bgp
    return bgp is not None and bgp.vrfs[instance[1]].advertise_inactive


def shown_inactive(state: State, unicast: Unicast, instance: Instance) -> frozenset[Prefix]:
    """Return the prefixes whose best path an instance shows as not active."""
    if not is_ribd(state, instance):
        return frozenset()
    return frozenset(prefix for prefix, who in unicast.inactive.items() if instance in who)


def is_ribd(state: State, instance: Instance) -> bool:
    """Tell whether a device runs the older routing model."""
    return state.speakers[instance[0]].settings.system.routing_model == "ribd"


def default_holders(state: State, bits: int) -> frozenset[Instance]:
    """Return who may tell a default route by `default-originate`: who has one in the routing table.
    The older routing model asks for none."""
    default = default_prefix(bits)
    ribs = state.reach[bits].ribs
    return frozenset(
        instance
        for instance in state.routers
        if is_ribd(state, instance)
        or (instance in ribs and ribs[instance].get(default) is not None)
    )
