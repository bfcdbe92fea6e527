"""`avdlab.lab.fault`: cut cables and power nodes off, and undo it. Faults live in the lab's folder.

The record is what makes a fault idempotent and `state: absent` without names heal all of them.
"""

import json
import re

from avdlab.ansible.inputs import Inputs
from avdlab.ansible.request import Outcome, Request, Slice
from avdlab.backends.base import Backend, Capability, LinkControl, LinkEffect, LinkFault
from avdlab.errors import CannotRunError, InputError
from avdlab.lab import Lab
from avdlab.net.interfaces import canonical
from avdlab.state import write_private
from avdlab.topology.model import Topology

FILE = "faults.json"


def fault(request: Request, inputs: Inputs) -> Outcome:
    """Bring faults about, or heal them (the named ones, or all)."""
    lab = Lab.open(request.inventory, request.options.get("name"), reporter=inputs.reporter)
    with lab.folder.locked():
        topology = lab.topology()
        active = _recorded(lab)
        asked = _asked(request, topology)
        on = request.options.get("state") != "absent"
        if on:
            changing = [item for item in asked if item not in active]
        else:
            changing = [item for item in active if item in asked or not asked]
        if not request.check:
            for item in changing:
                _apply(lab.backend, item, on=on)
                active = [*active, item] if on else [old for old in active if old != item]
                _record(lab, active)
    verb = "set" if on else "healed"
    devices: dict[str, Slice] = {}
    for name in request.chosen([node.name for node in topology.devices]):
        own = [item for item in changing if name in _nodes(item)]
        lines = "".join(f"{verb}: {item}\n" for item in own)
        devices[name] = {"changed": bool(own)}
        if own and request.diff:
            devices[name]["diff"] = [{"prepared": f"{name}\n{lines}"}]
    return Outcome(devices, {"lab": lab.folder.name, "active": active})


def _asked(request: Request, topology: Topology) -> list[str]:
    """Return the named faults as `node X` and `link A -- B`. Raises InputError for unknown ones."""
    asked = []
    for node in request.options.get("nodes") or ():
        if node not in {device.name for device in topology.devices}:
            raise InputError(f"{node} is no device of this lab")
        asked.append(f"node {node}")
    return asked + [_link(text, topology) for text in request.options.get("links") or ()]


def _link(text: str, topology: Topology) -> str:
    """Find the cable that one of its ends names: `leaf1:Ethernet1`, `leaf1:et1 -- spine1:et3`."""
    ends = {_end(part) for part in re.split(r"\s*--\s*", text.strip())}
    for link in topology.links:
        if ends <= {str(link.a), str(link.b)}:
            return f"link {link.a} -- {link.b}"
    raise InputError(f"no cable of this lab has the end {text}", hint="See: avdlab graph")


def _end(text: str) -> str:
    node, colon, interface = text.partition(":")
    if not colon:
        raise InputError(f"'{text}' is no end of a cable", hint="Write leaf1:Ethernet1.")
    try:
        return f"{node}:{canonical(interface)}"
    except ValueError:
        return f"{node}:{interface}"  # a NIC of an endpoint


def _apply(backend: Backend, item: str, *, on: bool) -> None:
    kind, _, what = item.partition(" ")
    if kind == "node":
        if Capability.NODE_STOP not in backend.capabilities:
            raise CannotRunError(f"the backend {backend.name} cannot power nodes off")
        (backend.stop if on else backend.start)([what])
        return
    if not isinstance(backend, LinkControl):
        raise CannotRunError(f"the backend {backend.name} cannot cut cables")
    a, _, b = what.partition(" -- ")
    backend.set_link(a, b, LinkFault(LinkEffect.CARRIER) if on else None)


def _nodes(item: str) -> set[str]:
    kind, _, what = item.partition(" ")
    if kind == "node":
        return {what}
    return {end.partition(":")[0] for end in what.split(" -- ")}


def _recorded(lab: Lab) -> list[str]:
    try:
        found: list[str] = json.loads((lab.folder.path / FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    return found


def _record(lab: Lab, active: list[str]) -> None:
    write_private(lab.folder.path / FILE, json.dumps(active) + "\n")
