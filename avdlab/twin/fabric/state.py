"""The computed state of the whole fabric."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from avdlab.twin.device import DeviceState
from avdlab.twin.fabric.devices import Devices, Facts


@dataclass(frozen=True, slots=True)
class FabricState:
    """States of all powered-on devices. `generation` counts the recomputations."""

    generation: int
    devices: Mapping[str, DeviceState]
    converged: bool = True
    notes: tuple[str, ...] = ()
    # routed interface, or address of an endpoint -> broadcast domain; `local` is without VXLAN
    segments: Mapping[tuple[str, str], int] = field(default_factory=dict)
    local: Mapping[tuple[str, str], int] = field(default_factory=dict)
    # as `local`, of the links that let VXLAN's own packets pass
    tunnels: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def facts(self, node: str) -> Facts:
        """Return what is watched for changes on a device."""
        return self.devices.facts(node) if isinstance(self.devices, Devices) else {}
