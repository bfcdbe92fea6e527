"""The control endpoint of the process: what a backend asks of the twin and no switch would answer.

HTTP on the loopback with a bearer token. Cabling, power, faults, coverage, evidence, shutdown.
"""

import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from aiohttp import web

from avdlab.twin.eapi.coverage import coverage, evidence
from avdlab.twin.eapi.description import Description, DescriptionError, check
from avdlab.twin.eapi.faults import EapiFault
from avdlab.twin.eapi.twin import Twin
from avdlab.twin.sockets import PortInUseError

logger = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Process(Protocol):
    """What the endpoint may do to the process around it."""

    twin: Twin

    async def apply(self, description: Description) -> None: ...

    async def follow_all(self) -> None: ...

    async def set_eapi_fault(self, name: str, fault: EapiFault | None) -> None: ...

    def status(self) -> Mapping[str, Any]: ...

    def stop(self) -> None: ...


class ControlServer:
    """Answers the backend."""

    def __init__(self, process: Process, token: str) -> None:
        self._process = process
        self._token = token

    def application(self) -> web.Application:
        """Build the application of the control port."""
        app = web.Application(middlewares=[self._guard])
        app.router.add_get("/status", self._status)
        app.router.add_put("/fabric", self._fabric)
        app.router.add_post("/link", self._link)
        app.router.add_post("/node", self._node)
        app.router.add_post("/eapi", self._eapi)
        app.router.add_post("/trace", self._trace)
        app.router.add_get("/coverage", self._coverage)
        app.router.add_post("/evidence", self._evidence)
        app.router.add_post("/shutdown", self._shutdown)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Ask for the token, and word every error as JSON."""
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            return _error(401, "the control token is wrong")
        try:
            return await handler(request)
        except web.HTTPException as exc:
            return _error(exc.status, exc.reason)
        except (DescriptionError, PortInUseError) as exc:
            return _error(409 if isinstance(exc, PortInUseError) else 400, str(exc))

    async def _status(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(self._process.status())

    async def _fabric(self, request: web.Request) -> web.StreamResponse:
        await self._process.apply(check(await _object(request)))
        return web.json_response(self._process.status())

    async def _link(self, request: web.Request) -> web.StreamResponse:
        body = await _object(request)
        a, b, up, drop = body.get("a"), body.get("b"), body.get("up"), body.get("drop", [])
        if not (isinstance(a, str) and isinstance(b, str) and isinstance(up, bool)):
            raise DescriptionError("a link is {a, b, up}, and drop where it swallows frames")
        if not (isinstance(drop, list) and all(isinstance(name, str) for name in drop)):
            raise DescriptionError("drop is a list of protocols")
        self._process.twin.set_link(a, b, up=up, drop=frozenset(drop))
        await self._process.follow_all()
        return self._settled({"a": a, "b": b, "up": up, "drop": sorted(drop)})

    async def _node(self, request: web.Request) -> web.StreamResponse:
        body = await _object(request)
        node, power = body.get("node"), body.get("power")
        if not (isinstance(node, str) and isinstance(power, bool)):
            raise DescriptionError("a node is {node, power}, power true or false")
        self._process.twin.set_power(node, on=power)
        await self._process.follow_all()
        return self._settled({"node": node, "power": power})

    def _settled(self, done: dict[str, Any]) -> web.StreamResponse:
        """Answer when the fabric has settled after a fault: with the generation of that state."""
        state = self._process.twin.fabric.state
        settled = {"generation": state.generation, "converged": state.converged}
        return web.json_response({**done, **settled})

    async def _eapi(self, request: web.Request) -> web.StreamResponse:
        body = await _object(request)
        node, fault = body.get("node"), body.get("fault")
        known = [each.value for each in EapiFault]
        if node not in self._process.twin.nodes or fault not in (*known, None):
            kinds = ", ".join(known)
            raise DescriptionError(f"an eAPI fault is {{node, fault}}, fault {kinds} or null")
        await self._process.set_eapi_fault(node, None if fault is None else EapiFault(fault))
        return web.json_response({"node": node, "fault": fault})

    async def _trace(self, request: web.Request) -> web.StreamResponse:
        pairs = (await _object(request)).get("pairs")
        if not isinstance(pairs, list):
            raise DescriptionError("pairs is a list of two ends each: [endpoint, NIC, tag or null]")
        tracer = self._process.twin.fabric.tracer()
        try:
            found = [tracer.trace(tuple(a), tuple(b)) for a, b in pairs]
        except (TypeError, ValueError) as exc:
            raise DescriptionError(f"an end is [endpoint, NIC, tag or null]: {exc}") from exc
        return web.json_response(
            {
                "traces": [
                    {
                        "reached": trace.reached,
                        "hops": list(trace.hops),
                        "stops": [[stop.node, stop.reason] for stop in trace.stops],
                    }
                    for trace in found
                ]
            }
        )

    async def _coverage(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(coverage(self._process.twin))

    async def _evidence(self, request: web.Request) -> web.StreamResponse:
        commands = (await _object(request)).get("commands")
        if not (isinstance(commands, list) and all(isinstance(each, str) for each in commands)):
            raise DescriptionError("commands is a list of show commands")
        return web.json_response({"commands": {each: evidence(each) for each in commands}})

    async def _shutdown(self, _request: web.Request) -> web.StreamResponse:
        self._process.stop()
        return web.json_response({"stopping": True})


async def _object(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError as exc:
        raise DescriptionError(f"not JSON: {exc}") from exc
    if not isinstance(body, dict):
        raise DescriptionError("an object is needed")
    return body


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": message}, status=status)
