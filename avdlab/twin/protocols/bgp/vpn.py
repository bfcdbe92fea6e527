"""VPN-IPv4 and VPN-IPv6 routes (RFC 4364, RFC 4659): what a device tells of its VRFs over MPLS.

Labels are one a VRF. Which number a device chooses is its own affair; here they count up in order
of the VRFs' names, from where EOS's BGP block of dynamic labels starts.
"""

from collections.abc import Iterator, Mapping

from avdlab.twin.config.settings import Afi, BgpSettings
from avdlab.twin.protocols.bgp.evpn import (
    EvpnNlri,
    EvpnPath,
    as_overlay,
    exported,
    mapped,
    with_own,
)
from avdlab.twin.protocols.bgp.exchange import Candidate
from avdlab.twin.protocols.bgp.model import Speaker
from avdlab.twin.protocols.bgp.originate import Interner, Table
from avdlab.twin.tables.bgp import EvpnKey, EvpnType
from avdlab.twin.tables.communities import route_target

FIRST_LABEL = 116384  # EOS `show mpls label ranges`: the second dynamic block, BGP's


def vrf_labels(bgp: BgpSettings) -> dict[str, int]:
    """Return VRF -> the label that a device gives out for it."""
    return {name: FIRST_LABEL + n for n, name in enumerate(sorted(bgp.vrfs))}


def source_address(speaker: Speaker, name: str | None) -> int:
    """Return the next hop of a family: the address of `encapsulation mpls ... source-interface`."""
    interface = speaker.settings.interfaces.get(name or "")
    address = interface.address if interface is not None else None
    return address.address if address is not None else 0


def originated(
    speaker: Speaker, afi: Afi, router_id: int, tables: Mapping[str, Table], interner: Interner
) -> Iterator[EvpnPath]:
    """Yield the VPN routes of a device: what its VRFs hold and did not import."""
    bgp = speaker.settings.bgp
    if bgp is None:
        return
    family = bgp.vrfs["default"].families[afi]
    hop = source_address(speaker, family.encapsulation_source)
    labels = vrf_labels(bgp)
    for vrf in bgp.vrfs.values():
        targets = vrf.export_rts.get(afi.value)
        if vrf.rd is None or not targets:
            continue
        communities = frozenset(map(route_target, targets))
        told: dict[int, Candidate] = {}
        for prefix, ranked in tables.get(vrf.name, {}).items():
            key = EvpnKey(EvpnType.IP_PREFIX, vrf.rd, prefix=prefix)
            nlri = EvpnNlri(key, communities, labels[vrf.name], labelled=True)
            for order, path in enumerate(exported(ranked)):
                if vrf.export_route_map is not None:
                    for nlri_out, changed in mapped(
                        speaker, vrf.export_route_map, prefix, path, nlri
                    ):
                        yield EvpnPath(
                            nlri_out, as_overlay(interner, changed, router_id, hop, order)
                        )
                    continue
                if id(path) not in told:
                    told[id(path)] = as_overlay(interner, path, router_id, hop, order)
                yield EvpnPath(with_own(nlri, path), told[id(path)])
