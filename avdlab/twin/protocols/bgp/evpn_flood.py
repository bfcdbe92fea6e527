"""The flood lists that EVPN's type 3 fills (RFC 7432 11): who asked for a VLAN's broadcasts."""

from avdlab.twin.protocols.bgp.classes import Metric
from avdlab.twin.protocols.bgp.evpn_import import Importer
from avdlab.twin.protocols.bgp.evpn_index import Index
from avdlab.twin.tables.floods import FloodLists, Lists


class EvpnFloodLists(FloodLists):
    """The lists of one device."""

    def __init__(self, importer: Importer, index: Index, metric: Metric) -> None:
        super().__init__(make=self._imported)
        self._importer = importer
        self._index = index
        self._metric = metric

    def _imported(self) -> Lists:
        found = self._importer.flood(self._index, self._metric)
        return {vlan: tuple(sorted(vteps)) for vlan, vteps in sorted(found.items())}

    def holds(self, vlan: int, vtep: int) -> bool:
        known = None if self.made else self._importer.floods(self._index, self._metric, vlan, vtep)
        return super().holds(vlan, vtep) if known is None else known
