"""Faults between a client and a node's eAPI: for tests of what clients do then."""

import asyncio
from enum import StrEnum

from aiohttp import web


class EapiFault(StrEnum):
    UNREACHABLE = "unreachable"  # the management network does not reach the node: no connection
    SILENT = "silent"  # connections are taken, nothing is answered or carried out
    REPLY_LOST = "reply-lost"  # commands are carried out, then the connection is reset
    BUSY = "busy"  # HTTP 503


class EapiFaults:
    """The faults in force, by node."""

    def __init__(self) -> None:
        self._faults: dict[str, EapiFault] = {}
        self._changed: dict[str, asyncio.Event] = {}

    def __contains__(self, node: str) -> bool:
        return node in self._faults

    def unreachable(self, node: str) -> bool:
        """Tell whether the node's ports are to be closed."""
        return self._faults.get(node) is EapiFault.UNREACHABLE

    def set(self, node: str, fault: EapiFault | None) -> None:
        """Put a fault on a node, None heals it. Requests that are held are dropped."""
        if fault is None:
            self._faults.pop(node, None)
        else:
            self._faults[node] = fault
        held = self._changed.pop(node, None)
        if held is not None:
            held.set()

    async def before(self, node: str, request: web.Request) -> None:
        """Come between a request and its commands."""
        fault = self._faults.get(node)
        if fault is EapiFault.BUSY:
            raise web.HTTPServiceUnavailable(text="busy")
        if fault is EapiFault.SILENT:
            await self._changed.setdefault(node, asyncio.Event()).wait()
            _drop(request)

    def after(self, node: str, request: web.Request) -> None:
        """Come between the commands and their reply."""
        if self._faults.get(node) in {EapiFault.REPLY_LOST, EapiFault.UNREACHABLE}:
            _drop(request)


def _drop(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
    raise web.HTTPServiceUnavailable
