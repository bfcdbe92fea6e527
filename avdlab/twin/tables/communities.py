"""Communities and route targets: canonical spellings, as EOS prints them."""

from functools import lru_cache

VXLAN_ENCAPSULATION = "TunnelEncap:tunnelTypeVxlan"
_ROUTER_MAC = "EvpnRouterMac:"
_TARGET = "Route-Target-"
_WELL_KNOWN = {
    "65535:0": "GSHUT",
    "65535:65281": "no-export",
    "65535:65282": "no-advertise",
    "65535:65283": "local-as",
    "gshut": "GSHUT",
}


@lru_cache(maxsize=65536)
def community(text: str) -> str:
    """Return a standard community as `A:B` or its well-known name (RFC 1997)."""
    if text.isdigit():
        text = f"{int(text) >> 16}:{int(text) & 0xFFFF}"
    return _WELL_KNOWN.get(text.lower(), text)


@lru_cache(maxsize=65536)
def extended_community(kind: str, value: str) -> str:
    """Return EOS's spelling of `rt 1:1` or `soo 1.1.1.1:1`; other kinds stay as typed."""
    name = {"rt": "Route-Target", "soo": "Route-Origin"}.get(kind)
    if name is None:
        return f"{kind}:{value}"
    administrator, _, number = value.rpartition(":")
    return f"{name}-{_administrator_kind(administrator)}:{administrator}:{number}"


def _administrator_kind(administrator: str) -> str:
    """Tell the type of a route target by its first half (RFC 4360 3.1, RFC 5668)."""
    dots = administrator.count(".")
    if dots == 3:
        return "IP"
    return "AS4" if dots == 1 or int(administrator) > 0xFFFF else "AS"


def route_target(value: str) -> str:
    """Return the extended community of a configured route target."""
    return extended_community("rt", value)


def route_targets(communities: frozenset[str]) -> frozenset[str]:
    """Return the route targets among extended communities."""
    return frozenset(text for text in communities if text.startswith(_TARGET))


def router_mac(mac: str) -> str:
    """Return the extended community that carries a router MAC (RFC 9135 8.1)."""
    return _ROUTER_MAC + mac


def with_router_mac(communities: frozenset[str], mac: str) -> frozenset[str]:
    """Return extended communities with this router MAC instead of any other."""
    return without_router_mac(communities) | {router_mac(mac)}


def without_router_mac(communities: frozenset[str]) -> frozenset[str]:
    """Return extended communities without a router MAC."""
    return frozenset(text for text in communities if not text.startswith(_ROUTER_MAC))


def es_import_target(mac: str) -> str:
    """Return the ES-Import route target (RFC 7432 7.6)."""
    return f"EvpnEsImportRt:{mac}"


def esi_label(single_active: bool) -> str:
    """Return the ESI label community, which tells all-active from single-active (RFC 7432 7.5)."""
    return f"EsiLabel:{'single-active' if single_active else 'all-active'}"


_FORWARDER = "DfElection:preference:"


def forwarder_preference(preference: int) -> str:
    """Return the community that carries a preference for forwarder election (RFC 9785)."""
    return f"{_FORWARDER}{preference}"


def find_forwarder_preference(communities: frozenset[str]) -> int | None:
    """Return the preference for forwarder election among extended communities."""
    found = next((text for text in communities if text.startswith(_FORWARDER)), None)
    return None if found is None else int(found.removeprefix(_FORWARDER))


def find_router_mac(communities: frozenset[str]) -> str | None:
    """Return the router MAC among extended communities."""
    macs = (text for text in communities if text.startswith(_ROUTER_MAC))
    found = next(macs, None)
    return None if found is None else found.removeprefix(_ROUTER_MAC)
