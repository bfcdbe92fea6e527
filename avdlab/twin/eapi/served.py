"""Whether a node's eAPI can be reached, as its own running-config says. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from avdlab.net import interfaces
from avdlab.net.addresses import InterfaceAddress, format_ipv4
from avdlab.twin.config.settings import DeviceSettings, InterfaceSettings
from avdlab.twin.config.tree import Config

IsUp = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Served:
    """Which protocols answer. `reason` says why none does ("" when one does)."""

    https: bool = False
    http: bool = False
    reason: str = ""

    @property
    def open(self) -> bool:
        return self.https or self.http


def ssh_served(
    settings: DeviceSettings, running: Config, management: InterfaceAddress | None
) -> bool:
    """Tell whether SSH answers: it does in every VRF unless `management ssh` shuts it down."""
    shut: set[str] = set()
    section = running.first("management ssh")
    if section is not None:
        if any(line.text == "shutdown" for line in section.children):
            return False
        shut = {
            line.words[1]
            for line in section.children
            if line.words[:1] == ("vrf",) and any(c.text == "shutdown" for c in line.children)
        }
    vrfs = {"default", *(i.vrf for i in settings.interfaces.values())} - shut
    return not _unreachable(settings, vrfs, management, lambda _: True)


def served(settings: DeviceSettings, management: InterfaceAddress | None, is_up: IsUp) -> Served:
    """Decide from `management api http-commands` and the interface that the lab comes in by.

    `management` is the address through which the lab reaches the node; without one any interface
    of an enabled VRF will do. `is_up` is asked last: it may cost a convergence of the fabric.
    """
    eapi = settings.system.eapi
    if eapi.shutdown:
        return Served(reason="management api http-commands is shut down")
    if not (eapi.https or eapi.http):
        return Served(reason="management api http-commands has no protocol enabled")
    # EOS serves the default VRF unless a VRF section says otherwise.
    vrfs = {"default": True, **eapi.vrfs} if not eapi.vrfs else dict(eapi.vrfs)
    enabled = {name for name, on in vrfs.items() if on}
    if not enabled:
        return Served(reason="management api http-commands is shut down in every VRF")
    reason = _unreachable(settings, enabled, management, is_up)
    return Served(reason=reason) if reason else Served(https=eapi.https, http=eapi.http)


def _unreachable(
    settings: DeviceSettings, vrfs: set[str], management: InterfaceAddress | None, is_up: IsUp
) -> str:
    if management is not None:
        holders = [i for i in _addressed(settings) if _has(i, management.address)]
        if not holders:
            return f"no interface has the management address {format_ipv4(management.address)}"
    else:
        holders = list(_addressed(settings))
    listening = [i for i in holders if i.vrf in vrfs]
    if not listening:
        where = ", ".join(sorted({i.vrf for i in holders})) or "none"
        return (
            f"eAPI listens in VRF {', '.join(sorted(vrfs))}, "
            f"but the addressed interfaces are in VRF {where}"
        )
    if not any(_is_up(interface, is_up) for interface in listening):
        names = ", ".join(i.name for i in listening)
        return f"no interface through which eAPI could be reached is up ({names})"
    return ""


def _addressed(settings: DeviceSettings) -> Iterator[InterfaceSettings]:
    """Yield interfaces with an IPv4 address, management ports first: they cost nothing to check."""
    found = [i for i in settings.interfaces.values() if i.address or i.virtual or i.dhcp]
    yield from sorted(found, key=lambda i: not interfaces.is_management(i.name))


def _has(interface: InterfaceSettings, address: int) -> bool:
    own = (interface.address, *interface.secondary, *interface.virtual)
    return any(entry is not None and entry.address == address for entry in own)


def _is_up(interface: InterfaceSettings, is_up: IsUp) -> bool:
    if interface.shutdown:
        return False
    # The out-of-band network is outside the fabric: a management port is up unless it is shut.
    return interfaces.is_management(interface.name) or is_up(interface.name)
