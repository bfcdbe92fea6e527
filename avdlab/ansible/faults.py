"""`avdlab.lab.fault`: faults brought about and healed, by the same record as `avdlab fault`."""

from avdlab.ansible.inputs import Inputs
from avdlab.ansible.request import Outcome, Request, Slice
from avdlab.faults.inject import LabFaults
from avdlab.faults.model import Fault
from avdlab.faults.parse import parse
from avdlab.lab import Lab
from avdlab.topology.model import Topology


def fault(request: Request, inputs: Inputs) -> Outcome:
    """Bring faults about, or heal them (the named ones, or all)."""
    lab = Lab.open(request.inventory, request.options.get("name"), reporter=inputs.reporter)
    with lab.folder.locked():
        faults = LabFaults(lab)
        topology = lab.topology()
        asked = _asked(request, topology)
        on = request.options.get("state") != "absent"
        changing = _changing(faults.active, asked, on=on)
        if not request.check:
            if on:
                changing = [faults.add(item) for item in changing]
            else:
                faults.heal(changing)
        active = [str(item) for item in faults.active]
    verb = "set" if on else "healed"
    devices: dict[str, Slice] = {}
    for name in request.chosen([node.name for node in topology.devices]):
        own = [item for item in changing if name in item.nodes]
        lines = "".join(f"{verb}: {item}\n" for item in own)
        devices[name] = {"changed": bool(own)}
        if own and request.diff:
            devices[name]["diff"] = [{"prepared": f"{name}\n{lines}"}]
    return Outcome(devices, {"lab": lab.folder.name, "active": active})


def _changing(active: tuple[Fault, ...], asked: list[Fault], *, on: bool) -> list[Fault]:
    """Return what is to be done: a fault in force is not set again, nor healed when it is not."""
    if on:
        return [item for item in asked if not any(_same(item, old) for old in active)]
    return [old for old in active if not asked or any(item.same_place(old) for item in asked)]


def _same(asked: Fault, old: Fault) -> bool:
    return asked.same_place(old) and (asked.effect, asked.drop) == (old.effect, old.drop)


def _asked(request: Request, topology: Topology) -> list[Fault]:
    """Return the named faults. Raises InputError for what the lab does not have."""
    texts = [f"node {name} stop" for name in request.options.get("nodes") or ()]
    texts += [f"link {ends} down" for ends in request.options.get("links") or ()]
    texts += request.options.get("faults") or ()
    return [parse(text.split(), topology) for text in texts]
