"""The life of a twin process: boot, bind, serve, follow what changes, stop."""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aiohttp import web

from avdlab.twin.cli.node import Node
from avdlab.twin.config.settings import UserSettings
from avdlab.twin.eapi.clock import VirtualClock
from avdlab.twin.eapi.control import ControlServer
from avdlab.twin.eapi.description import Description, NodeDescription, parse
from avdlab.twin.eapi.faults import EapiFault
from avdlab.twin.eapi.folder import TwinFolder
from avdlab.twin.eapi.listeners import Listeners
from avdlab.twin.eapi.served import Served
from avdlab.twin.eapi.server import EapiServer
from avdlab.twin.eapi.tls import server_context
from avdlab.twin.eapi.twin import Twin
from avdlab.twin.sockets import PortInUseError

if TYPE_CHECKING:  # asyncssh is imported when a node has an SSH port
    from avdlab.twin.ssh.server import SshServer

logger = logging.getLogger(__name__)

_TICK_SECONDS = 0.5  # how late a commit timer may run out when nobody asks anything
_KEEPALIVE_SECONDS = 75.0


class TwinProcess:
    """One process, one event loop, all nodes."""

    def __init__(self, folder: TwinFolder) -> None:
        self._folder = folder
        self._description = parse(folder.description())
        self.clock = VirtualClock()
        self.twin = Twin(self._description, folder, self.clock)
        self._eapi = EapiServer(self.twin, self._follow_after)
        self._runner = _runner(self._eapi.application())
        self._control = _runner(ControlServer(self, self._description.control.token).application())
        tls = server_context(folder.path, self._description.nodes)
        self._listeners = self._eapi.listeners = Listeners(self._runner, tls)
        self._ssh = self._ssh_server()
        self._stopped = asyncio.Event()
        self._followed = self.twin.version
        self.control_port = 0

    def _ssh_server(self) -> "SshServer | None":
        if all(node.ssh is None for node in self._description.nodes.values()):
            return None
        from avdlab.twin.ssh.server import SshServer

        return SshServer(self, self._folder.path)

    # ------------------------------------------------------------------ what SSH asks
    def node(self, name: str) -> Node:
        """Return the node as it runs now."""
        return self.twin.nodes[name]

    def login(self, name: str, user: str, password: str) -> UserSettings | None:
        """Return the user if the password is right."""
        return self._eapi.login(name, user, password)

    async def follow(self, name: str) -> None:
        """After lines typed over SSH: save files, open and close ports."""
        if name in self.twin.nodes:
            await self._follow_after(name)

    # ------------------------------------------------------------------ start and stop
    async def start(self) -> None:
        """Take every port and serve. Raises PortInUseError; nothing is left open then."""
        await self._runner.setup()
        await self._control.setup()
        try:
            for node in self._description.nodes.values():
                self._listeners.reserve(node)
            await self._open_control()
            for name in self.twin.nodes:
                await self._listeners.follow(name, self.twin.served(name))
                await self._follow_ssh(name)
        except OSError:
            await self.close()
            raise

    async def _open_control(self) -> None:
        where = self._description.control
        site = web.TCPSite(self._control, where.host, where.port)
        try:
            await site.start()
        except OSError as exc:
            raise PortInUseError("", where.host, where.port) from exc
        self.control_port = self._control.addresses[0][1]

    async def serve(self) -> None:
        """Serve until a signal or the control endpoint says stop."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        ticking = asyncio.create_task(self._tick())
        try:
            await self._stopped.wait()
        finally:
            ticking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ticking
            await self.close()

    def stop(self) -> None:
        """End `serve` soon; the reply that asked for it still goes out."""
        self._stopped.set()

    async def close(self) -> None:
        """Close every port."""
        if self._ssh is not None:
            await self._ssh.close()
        await self._listeners.close()
        await self._runner.cleanup()
        await self._control.cleanup()

    # ------------------------------------------------------------------ following changes
    async def _follow_after(self, node: str) -> None:
        """After a request: save files; where a configuration changed, ports may open or close."""
        self.twin.save(node)
        if self.twin.version != self._followed:
            await self.follow_all()

    async def follow_all(self) -> None:
        """After a change of the fabric: any node's ports may open or close."""
        self._followed = self.twin.version
        for name in self.twin.nodes:
            self.twin.save(name)
            try:
                await self._listeners.follow(name, self._served(name))
                await self._follow_ssh(name)
            except PortInUseError as exc:
                logger.warning("%s: %s", name, exc.strerror)

    def _served(self, name: str) -> Served:
        if self._eapi.faults.unreachable(name):
            return Served(reason="the node is cut off from the management network")
        return self.twin.served(name)

    async def skip(self, seconds: float) -> None:
        """Let time pass at once: timers run out, and what is on its way comes up."""
        self.clock.skip(seconds)
        if self.twin.tick():
            await self.follow_all()

    async def set_eapi_fault(self, name: str, fault: EapiFault | None) -> None:
        """Put a fault between clients and a node, None heals it."""
        self._eapi.faults.set(name, fault)
        await self.follow_all()

    async def _follow_ssh(self, name: str) -> None:
        where = self._description.nodes[name]
        if self._ssh is not None and where.ssh is not None:
            on = self.twin.ssh_served(name) and not self._eapi.faults.unreachable(name)
            await self._ssh.follow(name, where.host, where.ssh, on=on)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            if self.twin.tick():
                await self.follow_all()

    async def apply(self, description: Description) -> None:
        """Become the fabric of a new description. Raises PortInUseError."""
        new = [n for n in description.nodes.values() if n.name not in self._description.nodes]
        await self._reserve(new)
        for name in self._description.nodes:
            node = description.nodes.get(name)
            if node is None or not self._listeners.is_described(node):
                await self._listeners.remove(name)
                if self._ssh is not None:
                    await self._ssh.remove(name)
                if node is not None:
                    self._listeners.reserve(node)
        self._description = description
        self._ssh = self._ssh or self._ssh_server()
        self.twin.apply(description)
        await self.follow_all()

    async def _reserve(self, nodes: Sequence[NodeDescription]) -> None:
        """Take the ports of all these nodes, or of none."""
        for position, node in enumerate(nodes):
            try:
                self._listeners.reserve(node)
            except PortInUseError:
                for taken in nodes[:position]:
                    await self._listeners.remove(taken.name)
                raise

    # ------------------------------------------------------------------ status
    def status(self) -> dict[str, Any]:
        """Return what the control endpoint says of the process."""
        return {
            "schema_version": 1,
            "pid": os.getpid(),
            "ports": {name: self._listeners.port(name) for name in self.twin.nodes},
            "ssh": {name: self._ssh.port(name) for name in self.twin.nodes} if self._ssh else {},
            **self.twin.status(self._listeners.trouble),
        }


def _runner(app: web.Application) -> web.AppRunner:
    return web.AppRunner(
        app,
        access_log=None,
        handle_signals=False,
        keepalive_timeout=_KEEPALIVE_SECONDS,
        shutdown_timeout=1.0,
    )
