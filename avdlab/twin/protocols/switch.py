"""One switch as the protocols below BGP see it: its name, its MAC, its settings, its ports."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from avdlab.net import interfaces as names
from avdlab.twin.config.read.interfaces import Defaults, unconfigured
from avdlab.twin.config.settings import DeviceSettings, InterfaceSettings

# (node, interface): one end of a cable, or a logical port of a node
End = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Switch:
    """`cabled` are the ports that a cable is plugged in, configured or not."""

    node: str
    system_mac: str
    settings: DeviceSettings
    cabled: tuple[str, ...] = ()
    speed: int = 1_000_000_000  # bit/s of an Ethernet port: 1 Gbit/s on cEOS-lab, 0 on vEOS
    macs: Mapping[str, str] = field(default_factory=dict)  # of interfaces, where they are known

    def interface(self, name: str) -> InterfaceSettings:
        """Return the settings of an interface; defaults when it has no section."""
        found = self.settings.interfaces.get(name)
        if found is not None:
            return found
        settings = self.settings
        defaults = Defaults(
            settings.default_mtu, settings.default_shutdown, settings.default_routed
        )
        return unconfigured(name, defaults)

    def physical(self) -> list[str]:
        """Return the names of the Ethernet ports, configured or cabled, in EOS order."""
        configured = {name for name in self.settings.interfaces if names.is_physical(name)}
        found = configured | {name for name in self.cabled if names.is_physical(name)}
        return sorted(found, key=names.sort_key)

    def channels(self) -> list[str]:
        """Return the names of the Port-Channels, in EOS order."""
        found = (n for n in self.settings.interfaces if n.startswith("Port-Channel"))
        return sorted((n for n in found if not names.is_subinterface(n)), key=names.sort_key)

    def members(self, channel: str) -> list[str]:
        """Return the ports whose `channel-group` names the Port-Channel."""
        return [name for name in self.physical() if self.channel_of(name) == channel]

    def channel_of(self, name: str) -> str | None:
        """Return the Port-Channel that a port belongs to by configuration."""
        group = self.interface(name).channel_group
        return None if group is None else f"Port-Channel{group.number}"

    def layer2_ports(self) -> Iterator[InterfaceSettings]:
        """Yield the settings of ports that switch: Port-Channels, and ports outside of any."""
        for name in (*self.physical(), *self.channels()):
            settings = self.interface(name)
            if settings.switchport is not None and settings.channel_group is None:
                yield settings
