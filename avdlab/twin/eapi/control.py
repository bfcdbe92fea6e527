"""The control endpoint of the process: what a backend asks of the twin and no switch would answer.

HTTP on the loopback with a bearer token. Cabling, power, faults, time, coverage,
evidence, shutdown.
"""

import asyncio
import hmac
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from aiohttp import web

from avdlab.twin.eapi.coverage import coverage, evidence
from avdlab.twin.eapi.description import Description, DescriptionError, check
from avdlab.twin.eapi.faults import EapiFault
from avdlab.twin.eapi.twin import Twin
from avdlab.twin.sockets import PortInUseError

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 0.5
_LONGEST = 366 * 24 * 3600  # seconds that may be skipped or waited for
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Process(Protocol):
    """What the endpoint may do to the process around it."""

    twin: Twin

    async def apply(self, description: Description) -> None: ...

    async def follow_all(self) -> None: ...

    async def skip(self, seconds: float) -> None: ...

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
        app.router.add_get("/settled", self._await_settled)
        app.router.add_post("/clock", self._clock)
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
        """Answer with the generation of the state that a fault leads to at once.

        On the instant clock that is all; else /settled tells when nothing is on its way any more.
        """
        return web.json_response({**done, **self._moment()})

    def _moment(self) -> dict[str, Any]:
        fabric = self._process.twin.fabric
        state, due = fabric.state, fabric.next_event
        return {
            "generation": state.generation,
            "converged": state.converged,
            "settled": due is None,
            "next_event": due,
        }

    async def _await_settled(self, request: web.Request) -> web.StreamResponse:
        """Answer when a state of this generation or a newer one is there and stays."""
        generation = int(_number(request.query.get("generation", "0"), "generation"))
        left = _number(request.query.get("timeout", "600"), "timeout")
        twin = self._process.twin
        end = twin.clock() + left
        while True:
            now, moment = twin.clock(), self._moment()
            if moment["generation"] >= generation and moment["settled"]:
                return web.json_response(moment)
            if now >= end:
                return web.json_response({**moment, "settled": False})
            # people may skip time meanwhile, or commit: look again before long
            until = min(moment["next_event"] or end, end, now + _LOOK_SECONDS)
            await asyncio.sleep(max(until - now, 0.0))

    async def _clock(self, request: web.Request) -> web.StreamResponse:
        seconds = _number((await _object(request)).get("skip"), "skip")
        await self._process.skip(seconds)
        return web.json_response({"now": self._process.twin.clock(), **self._moment()})

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


def _number(value: object, name: str) -> float:
    try:
        number = float(value) if isinstance(value, int | float | str) else math.nan
    except ValueError:
        number = math.nan
    if not 0 <= number <= _LONGEST:
        raise DescriptionError(f"{name} is a number from 0 to {_LONGEST}")
    return number


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
