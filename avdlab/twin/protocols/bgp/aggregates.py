"""Which aggregates are active, and which routes they hide."""

from avdlab.net.addresses import Prefix
from avdlab.twin.protocols.bgp.decision import Ranked
from avdlab.twin.protocols.bgp.exchange import Candidate
from avdlab.twin.protocols.bgp.inactive import is_ribd
from avdlab.twin.protocols.bgp.originate import Table, aggregate_path, contributors
from avdlab.twin.protocols.bgp.reach import Instance
from avdlab.twin.protocols.bgp.state import State, Unicast
from avdlab.twin.tables.bgp import Attributes, Origin


def active_aggregates(
    state: State, unicast: Unicast
) -> tuple[dict[Instance, dict[Prefix, Candidate]], dict[Prefix, frozenset[Instance]]]:
    """Return the active aggregates, and who hides which prefix behind `summary-only`."""
    active: dict[Instance, dict[Prefix, Candidate]] = {}
    hidden: dict[Prefix, set[Instance]] = {}
    for instance in state.routers:
        node, name = instance
        speaker = state.speakers[node]
        bgp = speaker.settings.bgp
        every = bgp.vrfs[name].aggregates if bgp is not None else ()
        aggregates = [found for found in every if found.prefix.bits == unicast.bits]
        table = _contributing(state, unicast, instance) if aggregates else {}
        for aggregate in aggregates:
            policy = speaker.settings.policy
            own = state.routers[instance].router_id
            asn = bgp.asn if bgp is not None else 0
            path = aggregate_path(aggregate, policy, table, asn, own)
            if path is None or _outranked(state, instance, aggregate.prefix):
                continue
            active.setdefault(instance, {})[aggregate.prefix] = state.interner.candidate(path)
            if aggregate.summary_only:
                for prefix, _ in contributors(aggregate, policy, table):
                    hidden.setdefault(prefix, set()).add(instance)
    return active, {prefix: frozenset(found) for prefix, found in hidden.items()}


def _contributing(state: State, unicast: Unicast, instance: Instance) -> Table:
    """Return what may contribute to aggregates: BGP's table; under ribd the whole routing table."""
    known = unicast.tables.get(instance)
    table: dict[Prefix, tuple[Ranked, ...]] = {}
    for prefix in known.classes if known is not None else ():
        ranked = state.ranked(unicast.bits, instance, prefix, known) if known is not None else ()
        if ranked:
            table[prefix] = ranked
    rib = state.reach[unicast.bits].ribs.get(instance)
    if rib is None or not is_ribd(state, instance):
        return table
    foreign = Candidate(Attributes(0, origin=Origin.INCOMPLETE))  # as recorded, of static routes
    others = {
        route.prefix: (Ranked(foreign, best=True),) for route in rib if route.prefix not in table
    }
    return {**table, **others}


def _outranked(state: State, instance: Instance, prefix: Prefix) -> bool:
    """Tell whether a better route keeps an aggregate out (recorded under ribd, lab of 4.23)."""
    bgp, rib = state.speakers[instance[0]].settings.bgp, state.reach[prefix.bits].ribs.get(instance)
    if bgp is None or rib is None or not is_ribd(state, instance):
        return False
    present = rib.get(prefix)
    return present is not None and present.preference < bgp.vrfs[instance[1]].distance[2]
