"""The states of `avdlab.lab.lab`: the same stages as the command line's, a result per device."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from avdlab.ansible.connection import connection
from avdlab.ansible.inputs import Inputs
from avdlab.ansible.request import Outcome, Request, Slice
from avdlab.backends.base import NodeState, Plan
from avdlab.design import Design, Prepared
from avdlab.errors import InputError, NoLabError
from avdlab.lab import Lab
from avdlab.project import project_of
from avdlab.settings import Settings, load_settings, seconds

RUNNING = frozenset({"applied", "deployed"})  # phases of a lab whose nodes were started


def present(request: Request, inputs: Inputs) -> Outcome:
    """Make the lab run and wait until every device answers; new ones boot with their config."""
    prepared = inputs.prepared(request)
    project = project_of(request.inventory)
    settings = _settings(request, project)
    lab = Lab.of(prepared, project, settings, inputs.reporter, request.options.get("name"))
    new = lab.new
    keep = False
    with lab.folder.locked():
        try:
            made = inputs.design(lab, prepared)
            plan = lab.plan(made)
            ready = not plan.changes and lab.folder.load().phase in RUNNING and _all_ready(lab)
            keep = not (request.check and new)
            if not request.check and not ready:
                lab.start(made)
        finally:
            if new and not keep:
                lab.folder.remove()
    names = request.chosen(list(made.configs.devices))
    devices = {name: _planned(name, plan, made, diff=request.diff) for name in names}
    if keep and (ready or not request.check):
        _add_connections(devices, lab)
    return Outcome(devices, {"lab": lab.folder.name}, _outside(prepared, made))


def deployed(request: Request, inputs: Inputs) -> Outcome:
    """Bring the lab configs of the play's devices onto them, all or none."""
    prepared = inputs.prepared(request)
    try:
        lab = _open(request, inputs)
    except NoLabError:
        if request.check:
            return _skipped(request, prepared, "no lab is up: it would boot with its configuration")
        raise
    with lab.folder.locked():
        made = inputs.design(lab, prepared)
        names = request.chosen(list(made.configs.devices))
        if request.check and set(made.configs.devices) != set(lab.groups):
            return _skipped(request, prepared, "the lab has other devices: run lab_up.yml first")
        deployment = None
        if names:
            deployment = lab.deploy(made, check=request.check, devices=frozenset(names))
        if not request.check and len(names) == len(made.configs.devices):
            lab.folder.reached("deployed")
    devices: dict[str, Slice] = {}
    for name in names:
        done = deployment.devices.get(name) if deployment else None
        devices[name] = _changed(done.diff if done else "", before=name, diff=request.diff)
    return Outcome(devices, {"lab": lab.folder.name}, _outside(prepared, made))


def validated(request: Request, inputs: Inputs) -> Outcome:
    """Run the tests of the play's devices; the devices that fail one fail."""
    if request.check:
        reason = "check mode: tests look at what runs, not at what would run"
        return Outcome({h: {"skipped": True, "skip_reason": reason} for h in request.hosts})
    lab = _open(request, inputs)
    names = request.chosen(list(lab.groups))
    if lab.groups and not names:
        return Outcome({}, {"lab": lab.folder.name})
    results = lab.validate(devices=frozenset(names))
    devices: dict[str, Slice] = {}
    for name in names:
        own = [test for test in results.tests if test.device == name]
        failed = [test for test in own if not test.verdict.good]
        summary = {test.verdict.value: 0 for test in own}
        for test in own:
            summary[test.verdict.value] += 1
        devices[name] = {"summary": summary, "failures": []}
        if failed or not own:
            lines = [f"{name} {t.test}: {'; '.join(t.messages)}" for t in failed]
            head = f"{len(failed)} of {len(own)} tests failed" if own else "it has no tests"
            devices[name] |= {
                "failed": True,
                "failures": lines,
                "msg": "\n".join([f"{name}: {head}", *lines]),
            }
    return Outcome(devices, {"lab": lab.folder.name, "reports": str(lab.folder.reports)})


def absent(request: Request, inputs: Inputs) -> Outcome:
    """Remove the lab and everything that it made."""
    lab = _find(request, inputs)
    if lab is None:
        return Outcome({host: {"changed": False} for host in request.hosts})
    names = sorted(lab.groups)
    if len(request.chosen(names)) < len(names):
        raise InputError(
            f"a lab is removed as a whole, and the play is about {len(request.chosen(names))} of "
            f"its {len(names)} devices",
            hint="Run it without --limit.",
        )
    name = lab.folder.name
    if not request.check:
        with lab.folder.locked():
            lab.down()
    gone: dict[str, Slice] = {node: {"changed": True} for node in names}
    return Outcome(gone, {"lab": name, "changed": True})


STATES: Mapping[str, Callable[[Request, Inputs], Outcome]] = {
    "present": present,
    "deployed": deployed,
    "validated": validated,
    "absent": absent,
}


def _settings(request: Request, project: Path) -> Settings:
    timeout = request.options.get("timeout")
    flags = {
        "backend": request.options.get("backend"),
        "timeout": seconds(str(timeout)) if timeout else None,
    }
    return load_settings(project, flags)


def _find(request: Request, inputs: Inputs) -> Lab | None:
    try:
        return _open(request, inputs)
    except NoLabError:
        return None


def _open(request: Request, inputs: Inputs) -> Lab:
    settings = _settings(request, project_of(request.inventory))
    name = request.options.get("name")
    return Lab.open(request.inventory, name, settings=settings, reporter=inputs.reporter)


def _all_ready(lab: Lab) -> bool:
    return all(status.state is NodeState.READY for status in lab.status())


def _planned(name: str, plan: Plan, made: Design, *, diff: bool) -> Slice:
    """Return the changes that concern a node: those that name it, and those that name none."""
    nodes = frozenset(made.topology.nodes)
    texts = [str(change) for change in plan.changes]
    lines = [text for text in texts if name in _named(text, nodes) or not _named(text, nodes)]
    return _changed("".join(f"{line}\n" for line in lines), before=name, diff=diff)


def _add_connections(devices: Mapping[str, Slice], lab: Lab) -> None:
    """Add how Ansible reaches each device in the lab. The password stays in its file."""
    for target in lab.targets():
        if target.device in devices:
            devices[target.device]["connection"] = connection(lab, target)


def _named(text: str, nodes: Iterable[str]) -> frozenset[str]:
    words = set(re.split(r"[\s:,]+", text))
    return frozenset(words.intersection(nodes))


def _changed(text: str, *, before: str, diff: bool) -> Slice:
    """Return the result of a device: changed when there is a difference, shown with --diff."""
    changed = bool(text.strip())
    shown = {"diff": [{"prepared": f"{before}\n{text}"}]} if changed and diff else {}
    return {"changed": changed, **shown}


def _outside(prepared: Prepared, made: Design) -> dict[str, str]:
    """Return why hosts of the inventory are no devices of the lab."""
    hosts = prepared.inventory.hosts if prepared.inventory else {}
    return {
        name: host.reason_outside or "is_deployed is false"
        for name, host in hosts.items()
        if name not in made.configs.devices
    }


def _skipped(request: Request, prepared: Prepared, reason: str) -> Outcome:
    hosts = prepared.inventory.hosts if prepared.inventory else {}
    skipped: dict[str, Slice] = {h: {"skipped": True, "skip_reason": reason} for h in hosts}
    return Outcome(skipped)
