"""What a backend's nodes need changed in a configuration: the overlay adapts to it.

A backend announces its profile (`Backend.profile`). Beside what every profile does (eAPI stays
reachable), each field switches one adaptation; all are pure functions of the overlay package.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class ManagementAddress:
    """How the lab reaches a device, where that differs from the design. Empty: as designed."""

    interface: str = ""  # Management0 ...; the design's is renamed wherever it is named
    address: str = ""  # A.B.C.D/len
    gateway: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """The platform that the lab's devices run on."""

    name: str
    lab_user: bool = True  # add the user that the harness logs in with
    local_logins: bool = True  # AAA that only asks servers also asks the device
    addresses: bool = True  # devices without a management address get one
    ceos: bool = False  # leave out what cEOS-lab refuses, or what harms a lab (net/ceos.py)
    mtu: int | None = None  # the most that the lab's cables carry; None: as designed
    management: Mapping[str, ManagementAddress] = field(default_factory=dict)

    def with_management(self, management: Mapping[str, ManagementAddress]) -> "Profile":
        """Return the profile with management addresses of the lab's own."""
        return replace(self, management=management)


TWIN = Profile("twin")  # takes what EOS takes on any platform
CEOS = Profile("ceos", ceos=True)
# Devices of somebody else: their users, servers and addresses are the design's business.
DEVICE = Profile("device", lab_user=False, local_logins=False, addresses=False)
