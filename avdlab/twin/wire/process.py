"""The life of a wire node: boot from flash, listen on the wires, serve eAPI and SSH.

The engine runs in the event loop, as in the twin's own process; what the wires show comes from the
wire's thread, one picture at a time, and is solved when somebody asks.
"""

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from aiohttp import web

from avdlab.net.addresses import InterfaceAddress
from avdlab.twin.cli.node import Node
from avdlab.twin.config import canonical
from avdlab.twin.config.settings import DeviceSettings, UserSettings
from avdlab.twin.config.tree import parse_indented
from avdlab.twin.device import Identity
from avdlab.twin.eapi.description import NodeDescription
from avdlab.twin.eapi.listeners import Listeners
from avdlab.twin.eapi.served import Served, served, ssh_served
from avdlab.twin.eapi.server import EapiServer
from avdlab.twin.eapi.tls import server_context
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.identity import identity
from avdlab.twin.fabric.inputs import Faults
from avdlab.twin.sockets import PortInUseError
from avdlab.twin.wire.adjacency import Timers
from avdlab.twin.wire.flash import Flash
from avdlab.twin.wire.lazy_ssh import LazySsh
from avdlab.twin.wire.nics import NicMap, nic_map, present, set_address, set_gateway
from avdlab.twin.wire.picture import Picture
from avdlab.twin.wire.station import Self, Station
from avdlab.twin.wire.wire import Wire

logger = logging.getLogger(__name__)

FABRIC = "wire"
_ANY = "0.0.0.0"  # noqa: S104  the node's own network namespace has nothing but its management port
_TICK_SECONDS = 1.0
_HTTPS, _HTTP = 443, 80


@dataclass(frozen=True, slots=True)
class Options:
    """What the container is told."""

    flash: Path
    state: Path  # certificate and keys
    name: str
    environment: Mapping[str, str]
    timers: Timers = field(default_factory=Timers)


class WireProcess:
    """One node."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.clock: Callable[[], float] = time.time
        self._flash = Flash(options.flash)
        self._nics = self._named_nics()
        self._identity = self._factory()
        name = options.name
        self.fabric = Fabric(FABRIC, {name: self._identity}, self.clock)
        node = Node(name, self._flash.startup(), self._flash.files(), self.fabric, self.clock)
        self.nodes = {name: node}
        self._applied: dict[str, str] = {}
        self._followed: int | None = None
        self._management: tuple[InterfaceAddress | None, int | None] = (None, None)
        self._stopped = asyncio.Event()
        self._eapi = EapiServer(self, self.follow)
        self._runner = web.AppRunner(
            self._eapi.application(), access_log=None, handle_signals=False, shutdown_timeout=0.5
        )
        tls = server_context(options.state, [name])
        self._listeners = self._eapi.listeners = Listeners(self._runner, tls)
        self._ssh = LazySsh(self, options.name, options.state)
        self._wire: Wire | None = None
        for line in node.store.boot_rejected:
            logger.warning("startup-config line %s rejected: %s", line.number, line.message)

    def _named_nics(self) -> NicMap:
        try:
            return nic_map(present(), self._options.environment, self._flash.mapping())
        except ValueError as exc:
            logger.warning("EosIntfMapping.json is not used: %s", exc)
            return nic_map(present(), self._options.environment, None)

    def _factory(self) -> Identity:
        """Take serial and MAC from ceos-config; the serial says that this is no switch."""
        made = identity(FABRIC, self._options.name)
        serial, mac = self._flash.factory()
        serial = f"TWIN{serial}" if serial and not serial.startswith("TWIN") else serial
        return replace(made, serial=serial or made.serial, system_mac=mac or made.system_mac)

    @property
    def _node(self) -> Node:
        return self.nodes[self._options.name]

    # ------------------------------------------------------------------ what the servers ask
    def served(self, name: str) -> Served:
        """Tell whether the node's eAPI answers."""
        address = self._address()
        if address is None:
            return Served(reason="the management port has no address")
        node = self.nodes[name]
        return served(node.settings, address, node.is_up)

    def node(self, name: str) -> Node:
        """Return the node, for SSH."""
        return self.nodes[name]

    def login(self, name: str, user: str, password: str) -> UserSettings | None:
        """Return the user if the password is right, for SSH."""
        return self._eapi.login(name, user, password)

    async def follow(self, name: str) -> None:
        """After a request: save files; after a change of the configuration, follow it."""
        store = self._node.store
        self._flash.save(store.startup, store.files)
        if store.version != self._followed:
            await self._follow_config()

    # ------------------------------------------------------------------ start and stop
    async def run(self) -> None:
        """Serve until a signal comes."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGPWR):
            loop.add_signal_handler(number, self._stopped.set)
        await self._runner.setup()
        name = self._options.name
        self._listeners.reserve(NodeDescription(name, _ANY, _HTTPS, _HTTP))
        self._start_wire(loop)
        await self._follow_config()
        ticking = asyncio.create_task(self._tick())
        try:
            await self._stopped.wait()
        finally:
            ticking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ticking
            await self._close()

    def _start_wire(self, loop: asyncio.AbstractEventLoop) -> None:
        who = self._identity
        own = Self(os.urandom(6), self._options.name, who.serial, who.system_mac)
        station = Station(own, self._options.timers)

        def tell(picture: Picture) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(self.apply, picture)

        def ended() -> None:  # a node that is deaf must not look alive
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._stopped.set)

        self._wire = Wire(station, self._nics.ethernet, tell, ended)
        self._wire.configure(self._text())
        self._wire.start()

    async def _close(self) -> None:
        if self._wire is not None:
            self._wire.stop()
        await self._ssh.close()
        await self._listeners.close()
        await self._runner.cleanup()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            self._node.tick()
            if self._node.store.version != self._followed:
                await self._follow_config()

    # ------------------------------------------------------------------ following
    def _text(self) -> str:
        return canonical.running_text(self._node.store.running)

    async def _follow_config(self) -> None:
        """After a change of the running-config: the wires, the address and the ports follow it."""
        if self._followed is not None and self._wire is not None:
            self._wire.configure(self._text())
        self._followed = self._node.store.version
        self._node.sync()
        self._follow_address()
        name = self._options.name
        try:
            await self._listeners.follow(name, self.served(name))
        except PortInUseError as exc:
            logger.warning("%s", exc.strerror)
        await self._ssh.follow(
            on=ssh_served(self._node.settings, self._node.store.running, self._address())
        )

    def _address(self) -> InterfaceAddress | None:
        found = self._nics.management
        interface = self._node.settings.interfaces.get(found[0]) if found else None
        return None if interface is None or interface.shutdown else interface.address

    def _follow_address(self) -> None:
        """Give the management NIC the address of the running-config, and the default route."""
        if self._nics.management is None:
            return
        name, nic = self._nics.management
        wanted = (self._address(), _gateway(self._node.settings, name))
        if wanted == self._management:
            return
        try:
            set_address(nic, wanted[0])
            set_gateway(wanted[1])
        except OSError as exc:
            logger.warning("%s (%s): %s", name, nic, exc.strerror)
        self._management = wanted

    def apply(self, picture: Picture) -> None:
        """Hand a picture of the wires to the engine."""
        known = self.fabric.inputs.identities
        merged = {**known, **picture.identities, self._options.name: self._identity}
        if merged != known:
            self.fabric = Fabric(FABRIC, merged, self.clock)
            self._applied.clear()
            self._node.move_to(self.fabric)
        for name, text in picture.configs.items():
            if name != self._options.name and self._applied.get(name) != text:
                self.fabric.configure(name, parse_indented(text))
                self._applied[name] = text
        self.fabric.set_wiring(picture.cables, picture.endpoints)
        gone = frozenset(merged.keys() - picture.identities.keys() - {self._options.name})
        self.fabric.set_faults(Faults(stopped=gone, dropped=picture.dropped))


def _gateway(settings: DeviceSettings, management: str) -> int | None:
    """Return the default gateway of the management port's VRF."""
    interface = settings.interfaces.get(management)
    if interface is None or interface.address is None:
        return None
    subnet = interface.address.prefix
    for route in settings.static_routes:
        hop = route.next_hop if route.prefix.length == 0 else None
        if hop is not None and route.vrf == interface.vrf and subnet.contains(hop):
            return hop
    return None
