"""The fabric of `tests/data/features`, booted: every feature that show commands answer about."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from avdlab.net.addresses import parse_ipv4
from avdlab.twin.cli.commands import COMMANDS
from avdlab.twin.cli.exec import CliSession
from avdlab.twin.cli.node import Node
from avdlab.twin.config.settings import UserSettings
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.identity import identity
from avdlab.twin.fabric.inputs import Bond, Cable, Endpoint, EndpointAddress, Plug

FOLDER = Path(__file__).parents[3] / "data" / "features"
CABLES = (
    "spine:Ethernet1 leaf1:Ethernet1",
    "spine:Ethernet2 leaf2:Ethernet1",
    "spine:Ethernet3 leaf3:Ethernet1",
    "leaf1:Ethernet3 leaf2:Ethernet3",
    "leaf1:Ethernet4 leaf2:Ethernet4",
    "leaf1:Ethernet7 core1:Ethernet1",
    "leaf2:Ethernet7 core2:Ethernet1",
    "core1:Ethernet2 core2:Ethernet2",
    "wan1:Ethernet1 wan2:Ethernet1",
    "wan1:Ethernet2 wan2:Ethernet2",
    "leaf1:Ethernet5 server:eth0",
    "leaf2:Ethernet5 server:eth1",
)
NOW = 1_795_600_000.0  # 2026-11-25
UP_FOR = 7200.0
ADMIN = UserSettings("admin", 15, "network-admin")


class Lab:
    """The booted fabric; `now` is its clock."""

    def __init__(
        self,
        configs: dict[str, str],
        cables: tuple[str, ...] = CABLES,
        hosts: tuple[str, ...] = ("server",),
    ) -> None:
        self.now = NOW
        names = {name: identity("features", name) for name in configs}
        self.fabric = Fabric("features", names, lambda: self.now)
        self.fabric.set_wiring(map(_cable, cables), {name: _server() for name in hosts})
        self.nodes = {
            name: Node(name, text, {}, self.fabric, lambda: self.now)
            for name, text in configs.items()
        }
        for node in self.nodes.values():
            node.sync()
        _ = self.fabric.state
        self.now += UP_FOR

    def session(self, name: str, *, abbreviated: bool = False) -> CliSession:
        """Log in, enabled."""
        session = CliSession(self.nodes[name], ADMIN, COMMANDS, abbreviated=abbreviated)
        session.run("enable")
        return session

    def json(self, name: str, command: str, revision: int | None = None) -> Any:
        """Return what a command answers in JSON."""
        return self.session(name).run(command, revision=revision).json

    def text(self, name: str, command: str) -> str:
        """Return what a person sees."""
        return self.session(name).run(command, text=True).text


def _cable(text: str) -> Cable:
    return Cable.between(*(Plug(*end.split(":")) for end in text.split()))


def _server() -> Endpoint:
    """A host bundled to both leaves, that talks in VLANs 10 and 20."""
    macs = ("00:50:56:00:00:10", "00:50:56:00:00:20")
    addresses = tuple(
        EndpointAddress("bond0", mac, vlan, parse_ipv4(f"10.1.{vlan}.100"))
        for mac, vlan in zip(macs, (10, 20), strict=True)
    )
    nics = ("eth0", "eth1")
    return Endpoint("server", nics, (Bond("bond0", nics),), addresses)


def configs() -> dict[str, str]:
    return {path.stem: path.read_text() for path in sorted(FOLDER.glob("*.cfg"))}


@lru_cache(maxsize=1)
def features() -> Lab:
    """Return the booted fabric, the same for all tests that only read it."""
    return Lab(configs())
