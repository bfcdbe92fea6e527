"""How far a node has come: its stages between "the server started it" and "eAPI answers".

The servers' own `started` is bookkeeping: it stays after the container has died. So each stage is
looked at where it shows: the pre-boot hook's marker, the management address, the port, eAPI.
"""

import errno
import socket
from collections.abc import Callable
from dataclasses import replace

from avdlab.backends.base import EapiTarget, NodeState, NodeStatus
from avdlab.backends.eapi import LoginRefusedError, run_commands
from avdlab.errors import DeviceError

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 3.0


def node_status(
    target: EapiTarget, hook_ran: Callable[[], bool], details: dict[str, str]
) -> NodeStatus:
    """Return the stage of a started node; `hook_ran` is asked only where nothing else tells."""
    address = f"{target.host}:{target.port}"
    stage = _tcp(target)
    found = NodeStatus(target.device, NodeState.RUNNING, "", address, details)
    if stage is NodeState.RUNNING:
        if hook_ran():
            reason = f"its NICs are there, {target.host} does not answer yet"
            return replace(found, state=NodeState.NICS, reason=reason)
        return replace(found, reason="the container waits for its NICs")
    if stage is NodeState.ADDRESS:
        reason = f"{target.host} answers, port {target.port} is closed: eAPI is not up yet"
        return replace(found, state=stage, reason=reason)
    try:
        run_commands(target, ["show version"], timeout=ANSWER_SECONDS)
    except LoginRefusedError as exc:
        return replace(found, state=NodeState.EAPI, reason=_own_words(exc))
    except DeviceError as exc:
        return replace(found, state=NodeState.TCP, reason=_own_words(exc))
    return replace(found, state=NodeState.READY)


def _own_words(exc: DeviceError) -> str:
    return exc.message.removeprefix(f"{exc.device}: ")


def _tcp(target: EapiTarget) -> NodeState:
    try:
        with socket.create_connection((target.host, target.port), timeout=CONNECT_SECONDS):
            return NodeState.TCP
    except ConnectionRefusedError:
        return NodeState.ADDRESS
    except OSError as exc:
        refused = exc.errno in {errno.ECONNREFUSED, errno.ECONNRESET}
        return NodeState.ADDRESS if refused else NodeState.RUNNING
