"""eAPI over HTTP: one application for every node, the listening port says which node is meant.

The engine runs in the event loop itself: a request is answered before the next one starts, so every
reply is computed from one consistent state, and no lock is needed. A convergence therefore delays
the other nodes; they would need its outcome anyway.
"""

import asyncio
import io
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol
from weakref import WeakKeyDictionary

from aiohttp import web

from avdlab.twin.cli.commands import COMMANDS
from avdlab.twin.cli.exec import CliSession
from avdlab.twin.cli.node import Node
from avdlab.twin.config import secrets
from avdlab.twin.config.settings import UserSettings
from avdlab.twin.eapi.auth import REFUSED, LoginSessions, Verifier, basic_credentials
from avdlab.twin.eapi.faults import EapiFaults
from avdlab.twin.eapi.jsonrpc import (
    INVALID_REQUEST,
    Json,
    RpcError,
    RunCmds,
    check,
    decode,
    encode,
    failure,
)
from avdlab.twin.eapi.listeners import Listeners
from avdlab.twin.eapi.run import run_in_turn
from avdlab.twin.eapi.served import Served

logger = logging.getLogger(__name__)

MAX_REQUEST = 64 * 1024 * 1024  # a whole configuration comes in one request
_AT_ONCE = 64 * 1024  # bytes of a reply: a TLS session keeps for good what it once had to buffer
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="COMMAND_API_AUTH"'}


class Nodes(Protocol):
    """What the server asks of the twin behind it."""

    @property
    def nodes(self) -> Mapping[str, Node]: ...

    @property
    def clock(self) -> Callable[[], float]: ...

    def served(self, name: str) -> Served: ...


class EapiServer:
    """The HTTP face of all nodes of a twin."""

    def __init__(self, twin: Nodes, follow: Callable[[str], Awaitable[None]]) -> None:
        self._twin = twin
        self._follow = follow  # called after every request: ports follow the running-config
        self._verifier = Verifier(secrets.verify)
        self._logins: WeakKeyDictionary[Node, LoginSessions] = WeakKeyDictionary()
        self.listeners: Listeners | None = None
        self.faults = EapiFaults()
        self._turn = asyncio.Lock()  # one request at a time: the others wait, new ones may knock

    def application(self) -> web.Application:
        """Build the application; every node's listeners share it."""
        app = web.Application(client_max_size=MAX_REQUEST)
        app.router.add_route("HEAD", "/command-api", self._head)
        app.router.add_post("/command-api", self._command_api)
        app.router.add_post("/login", self._login)
        app.router.add_post("/logout", self._logout)
        return app

    # ------------------------------------------------------------------ handlers
    async def _head(self, request: web.Request) -> web.StreamResponse:
        node = self._node(request)
        await self.faults.before(node.name, request)
        if self._user(request, node) is None:
            return _unauthorized()
        return web.Response(content_type="application/json")

    async def _command_api(self, request: web.Request) -> web.StreamResponse:
        node = self._node(request)
        await self.faults.before(node.name, request)
        user = self._user(request, node)
        if user is None:
            return _unauthorized()
        body = await request.read()
        async with self._turn:  # a long reply takes much less memory as text
            said = encode(await self._answer(node, user, body))
        await self._follow(node.name)
        self.faults.after(node.name, request)
        pieces = io.BytesIO(said) if len(said) > _AT_ONCE else None
        response = web.Response(body=pieces or said, content_type="application/json")
        if not self._twin.served(node.name).open:
            response.force_close()  # the request has cut itself off; its reply still goes out
        return response

    async def _login(self, request: web.Request) -> web.StreamResponse:
        node = self._node(request)
        try:
            given = await request.json()
            name, password = str(given["username"]), str(given["password"])
        except (ValueError, KeyError, TypeError):
            return web.Response(status=400, text="username and password are needed")
        user = self._checked(node, name, password)
        if user is None:
            return _unauthorized()
        response = web.json_response({"Logged in": True})
        token = self._sessions(node).open(user)
        response.set_cookie("Session", token, path="/", httponly=True, secure=request.secure)
        return response

    async def _logout(self, request: web.Request) -> web.StreamResponse:
        node = self._node(request)
        self._sessions(node).close(_cookie(request))
        response = web.json_response({"Logged out": True})
        response.del_cookie("Session", path="/")
        return response

    # ------------------------------------------------------------------ who asks what of whom
    def _node(self, request: web.Request) -> Node:
        """Return the node behind the port. A node that serves no eAPI drops the connection."""
        transport = request.transport
        name = None
        if transport is not None and self.listeners is not None:
            name = self.listeners.node_at(*transport.get_extra_info("sockname")[:2])
        if name is None or self.faults.unreachable(name) or not self._twin.served(name).open:
            if transport is not None:
                transport.abort()
            raise web.HTTPServiceUnavailable
        return self._twin.nodes[name]

    def _user(self, request: web.Request, node: Node) -> UserSettings | None:
        users = node.settings.system.users
        token = _cookie(request)
        if token:
            return self._sessions(node).user(users, token)
        given = basic_credentials(request.headers.get("Authorization"))
        return None if given is None else self._checked(node, *given)

    def _checked(self, node: Node, name: str, password: str) -> UserSettings | None:
        empty = node.allows_empty_passwords()
        users = node.settings.system.users
        user = self._verifier.user(users, name, password, remote_empty=empty)
        if user is None:
            logger.info("%s: login of user %r refused", node.name, name)
        return user

    def login(self, name: str, user: str, password: str) -> UserSettings | None:
        """Check the password of a node's user, for the other ways in."""
        return self._checked(self._twin.nodes[name], user, password)

    def _sessions(self, node: Node) -> LoginSessions:
        return self._logins.setdefault(node, LoginSessions())  # a reboot ends them

    async def _answer(self, node: Node, user: UserSettings, body: bytes) -> Json | list[Json]:
        try:
            message = decode(body)
        except RpcError as error:
            return failure(error)
        if not isinstance(message, list):
            return await self._one(node, user, message)
        if not message:
            return failure(RpcError(INVALID_REQUEST, "Invalid request: an empty batch"))
        return [await self._one(node, user, item) for item in message]

    async def _one(self, node: Node, user: UserSettings, message: object) -> Json:
        try:
            request: RunCmds = check(message)
        except RpcError as error:
            return failure(error)
        session = CliSession(node, user, COMMANDS, abbreviated=request.auto_complete)
        return await run_in_turn(request, session, self._twin.clock)


def _cookie(request: web.Request) -> str:
    # pyeapi sends the header with a leading space; some clients quote the value
    for part in request.headers.get("Cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == "Session":
            return value.strip('"')
    return ""


def _unauthorized() -> web.Response:
    return web.Response(status=401, text=REFUSED, headers=_CHALLENGE)
