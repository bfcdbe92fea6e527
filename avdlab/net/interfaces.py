"""Interface names: the canonical EOS spelling, its order, and the lab ports behind it.

Every part of avdlab that touches an interface name asks here: the twin, LLDP, GNS3 adapters,
`EosIntfMapping.json`, cabling files and what people type (`et1`, `Et1/1`, `Po10`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

# EOS abbreviations; the longest spelling wins, any unambiguous prefix of a full name is accepted.
FULL_NAMES = (
    "Ethernet",
    "Port-Channel",
    "Management",
    "Loopback",
    "Vlan",
    "Vxlan",
    "Tunnel",
    "Dps",
    "Recirc-Channel",
    "Fabric",
    "Internal",
)
_SHORT = {
    "Ethernet": "Et",
    "Port-Channel": "Po",
    "Management": "Ma",
    "Loopback": "Lo",
    "Vlan": "Vl",
    "Vxlan": "Vx",
    "Tunnel": "Tu",
    "Dps": "Dps",
    "Recirc-Channel": "Re",
    "Fabric": "Fa",
    "Internal": "In",
}
_NAME = re.compile(r"^([A-Za-z][A-Za-z-]*?)\s*(\d+(?:/\d+)*)(?:\.(\d+))?$")


class InterfaceNameError(ValueError):
    """The text names no EOS interface."""


@lru_cache(maxsize=65536)
def split(name: str) -> tuple[str, tuple[int, ...], int | None]:
    """Split `Ethernet3/1.100` into ('Ethernet', (3, 1), 100). Raises InterfaceNameError."""
    found = _NAME.match(name.strip())
    if not found:
        raise InterfaceNameError(f"not an interface name: {name!r}")
    kind, numbers, sub = found.groups()
    full = _full_kind(kind, name)
    return full, tuple(int(n) for n in numbers.split("/")), int(sub) if sub else None


def _full_kind(kind: str, name: str) -> str:
    lowered = kind.lower()
    exact = [full for full in FULL_NAMES if full.lower() == lowered]
    short = [full for full in FULL_NAMES if _SHORT[full].lower() == lowered]
    prefix = [full for full in FULL_NAMES if full.lower().startswith(lowered)]
    candidates = exact or short or prefix
    if len(candidates) != 1:
        raise InterfaceNameError(f"not an interface name: {name!r}")
    return candidates[0]


@lru_cache(maxsize=65536)
def canonical(name: str) -> str:
    """Return EOS's own spelling: `et1` -> `Ethernet1`. Raises InterfaceNameError."""
    kind, numbers, sub = split(name)
    text = kind + "/".join(str(n) for n in numbers)
    return f"{text}.{sub}" if sub is not None else text


def is_interface(name: str) -> bool:
    """Tell whether the text names an EOS interface."""
    try:
        split(name)
    except InterfaceNameError:
        return False
    return True


def short(name: str) -> str:
    """Return the spelling of EOS's tables: `Ethernet1/1` -> `Et1/1`."""
    kind, numbers, sub = split(name)
    text = _SHORT[kind] + "/".join(str(n) for n in numbers)
    return f"{text}.{sub}" if sub is not None else text


@lru_cache(maxsize=65536)
def sort_key(name: str) -> tuple[int, tuple[int, ...], int, str]:
    """Order as `show interfaces` does: by kind, then number. Free text (host NICs) sorts last."""
    try:
        kind, numbers, sub = split(name)
    except InterfaceNameError:
        return (len(FULL_NAMES), (), -1, name)
    return (FULL_NAMES.index(kind), numbers, -1 if sub is None else sub, "")


def base(name: str) -> str:
    """Return the parent of a subinterface, or the name itself: `Ethernet1.100` -> `Ethernet1`."""
    return name.partition(".")[0]


def is_subinterface(name: str) -> bool:
    """Tell whether the name is that of a subinterface."""
    return "." in name


def is_physical(name: str) -> bool:
    """Tell whether a cable can be plugged in: Ethernet ports, not Port-Channels or SVIs."""
    return not is_subinterface(name) and is_interface(name) and split(name)[0] == "Ethernet"


def is_management(name: str) -> bool:
    """Tell whether the name is an out-of-band management port."""
    return is_interface(name) and split(name)[0] == "Management"


@dataclass(frozen=True, slots=True)
class PortMap:
    """The lab port (Linux NIC, GNS3 adapter) of every interface of one node.

    Adapter 0 is always the management port; Ethernet ports follow in EOS order, breakouts and gaps
    included, so that the same design gives the same adapters on every backend.
    """

    management: str
    ethernet: tuple[str, ...]

    @classmethod
    def of(cls, interfaces: Iterable[str]) -> "PortMap":
        """Build the map from all interface names that the node's configuration or cabling uses."""
        names = {base(canonical(name)) for name in interfaces if is_interface(name)}
        management = sorted((n for n in names if is_management(n)), key=sort_key)
        ethernet = sorted((n for n in names if is_physical(n)), key=sort_key)
        return cls(management[0] if management else "Management0", tuple(ethernet))

    def adapter(self, interface: str) -> int:
        """Return the GNS3 adapter number. Raises InterfaceNameError for a port the node lacks."""
        name = base(canonical(interface))
        if name == self.management:
            return 0
        try:
            return self.ethernet.index(name) + 1
        except ValueError:
            raise InterfaceNameError(f"the node has no port {interface}") from None

    def linux(self, interface: str) -> str:
        """Return the NIC's name inside a container: `eth0` is management."""
        return f"eth{self.adapter(interface)}"

    def eos_mapping(self) -> dict[str, dict[str, str]]:
        """Return the content of cEOS's `EosIntfMapping.json`: it must list every port."""
        return {
            "ManagementIntf": {"eth0": self.management},
            "EthernetIntf": {f"eth{i}": name for i, name in enumerate(self.ethernet, start=1)},
        }
