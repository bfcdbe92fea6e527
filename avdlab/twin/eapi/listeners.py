"""The sockets of the nodes: one HTTPS and one HTTP port each, open only while the node serves them.

A closed HTTPS port stays bound without listening: connections are refused, and no other program can
take the port while a node is locked out or powered off.
"""

import logging
import socket
import ssl
from dataclasses import dataclass, field

from aiohttp import web

from avdlab.twin.eapi.description import NodeDescription
from avdlab.twin.eapi.served import Served
from avdlab.twin.sockets import PortInUseError, bound

logger = logging.getLogger(__name__)

_ANY = "0.0.0.0"  # noqa: S104 (compared with, never bound here)


@dataclass(slots=True)
class _Port:
    """One port of one node: bound always (or only when open), listening while `site` is there."""

    host: str
    number: int
    reserved: socket.socket | None = None
    site: web.SockSite | None = None


@dataclass(slots=True)
class _Ports:
    https: _Port
    http: _Port
    served: Served = field(default_factory=Served)
    trouble: str = ""


class Listeners:
    """Opens and closes the ports of all nodes on one aiohttp runner."""

    def __init__(self, runner: web.AppRunner, tls: ssl.SSLContext) -> None:
        self._runner = runner
        self._tls = tls
        self._ports: dict[str, _Ports] = {}
        self._by_address: dict[tuple[str, int], str] = {}

    def reserve(self, node: NodeDescription) -> None:
        """Take the node's HTTPS port. Raises PortInUseError."""
        https = _Port(node.host, node.https, bound(node.name, node.host, node.https))
        https.number = https.reserved.getsockname()[1] if https.reserved else node.https
        self._ports[node.name] = _Ports(https, _Port(node.host, node.http))

    def node_at(self, host: str, port: int) -> str | None:
        """Return the node that listens on an address, or on this port of every address."""
        return self._by_address.get((host, port)) or self._by_address.get((_ANY, port))

    def port(self, node: str) -> int:
        """Return the number of the node's HTTPS port."""
        return self._ports[node].https.number

    def is_described(self, node: NodeDescription) -> bool:
        """Tell whether the node's ports are those of the description."""
        ports = self._ports.get(node.name)
        if ports is None:
            return False
        wanted = node.https or ports.https.number
        return (ports.https.host, ports.https.number, ports.http.number) == (
            node.host,
            wanted,
            node.http,
        )

    def trouble(self, node: str) -> str:
        """Say why a port could not be opened, "" when all went well."""
        return self._ports[node].trouble

    async def follow(self, node: str, served: Served) -> None:
        """Open and close the node's ports until they are as it serves them.

        Raises PortInUseError; the next call tries again.
        """
        ports = self._ports[node]
        if ports.served == served and not ports.trouble:
            return
        ports.served, ports.trouble = served, ""
        try:
            await self._set(node, ports.https, on=served.https, tls=self._tls, keep=True)
            await self._set(node, ports.http, on=served.http, tls=None, keep=False)
        except PortInUseError as exc:
            ports.trouble = exc.strerror or str(exc)
            raise

    async def _set(
        self, node: str, port: _Port, *, on: bool, tls: ssl.SSLContext | None, keep: bool
    ) -> None:
        if on and port.site is None:
            sock = port.reserved or bound(node, port.host, port.number)
            port.reserved = None
            port.number = sock.getsockname()[1]
            self._by_address[sock.getsockname()[:2]] = node
            site = web.SockSite(self._runner, sock, ssl_context=tls, backlog=512)
            try:
                await site.start()
            except OSError as exc:  # somebody bound the port as we did, and listened first
                await site.stop()
                sock.close()
                raise PortInUseError(node, port.host, port.number) from exc
            port.site = site
            logger.info("%s: eAPI open on %s:%s", node, port.host, port.number)
        elif not on and port.site is not None:
            await port.site.stop()
            port.site = None
            port.reserved = bound(node, port.host, port.number) if keep else None
            logger.info("%s: eAPI closed on %s:%s", node, port.host, port.number)

    async def remove(self, node: str) -> None:
        """Close the node's ports and give them back."""
        ports = self._ports.pop(node)
        self._by_address = {at: name for at, name in self._by_address.items() if name != node}
        for port in (ports.https, ports.http):
            await self._set(node, port, on=False, tls=None, keep=False)
            if port.reserved is not None:
                port.reserved.close()

    async def close(self) -> None:
        """Close everything."""
        for node in tuple(self._ports):
            await self.remove(node)
