"""What `redistribute SOURCE [match ...]` lets in, the same in every protocol."""

from avdlab.twin.config.settings import Redistribution
from avdlab.twin.tables.rib import Route, RouteType

BGP_TYPES = frozenset({RouteType.EBGP, RouteType.IBGP, RouteType.BGP_AGGREGATE, RouteType.BGP})
_SOURCES = {
    RouteType.CONNECTED: "connected",
    RouteType.STATIC: "static",
    RouteType.OSPF_INTRA: "ospf",
    RouteType.OSPF_INTER: "ospf",
    RouteType.OSPF_E1: "ospf",
    RouteType.OSPF_E2: "ospf",
    RouteType.OSPF_N1: "ospf",
    RouteType.OSPF_N2: "ospf",
    RouteType.ISIS_L1: "isis",
    RouteType.ISIS_L2: "isis",
    RouteType.ATTACHED_HOST: "attached-host",
    **dict.fromkeys(BGP_TYPES, "bgp"),
}
# `redistribute ospf match WORDS` and `redistribute isis LEVEL`
_KINDS = {
    "internal": {RouteType.OSPF_INTRA, RouteType.OSPF_INTER},
    "external": {RouteType.OSPF_E1, RouteType.OSPF_E2},
    "external 1": {RouteType.OSPF_E1},
    "external 2": {RouteType.OSPF_E2},
    "nssa-external": {RouteType.OSPF_N1, RouteType.OSPF_N2},
    "nssa-external 1": {RouteType.OSPF_N1},
    "nssa-external 2": {RouteType.OSPF_N2},
    "level-1": {RouteType.ISIS_L1},
    "level-2": {RouteType.ISIS_L2},
}


def source_of(route: Route) -> str:
    """Return what `match source-protocol` and `redistribute` call where a route comes from."""
    return _SOURCES.get(route.type, "")


def takes(rule: Redistribution, route: Route) -> bool:
    """Tell whether `redistribute` asks for a route."""
    if source_of(route) != rule.source or (route.source_vrf and not rule.include_leaked):
        return False
    return not rule.match or any(route.type in _KINDS.get(words, ()) for words in rule.match)
