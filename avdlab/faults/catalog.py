"""All configuration faults by name, and the table of fault classes that they belong to."""

from collections.abc import Mapping

from avdlab.faults import bgp, evpn, filtering, routing, switching, wan
from avdlab.faults.edits import ConfigFault

CONFIG_FAULTS: Mapping[str, ConfigFault] = {
    fault.name: fault
    for fault in sorted(
        (
            *bgp.FAULTS,
            *evpn.FAULTS,
            *filtering.FAULTS,
            *routing.FAULTS,
            *switching.FAULTS,
            *wan.FAULTS,
        ),
        key=lambda fault: (fault.row, fault.name),
    )
}
