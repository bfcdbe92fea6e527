"""The twin backend: one process on this machine serves every node. Needs nothing but Python."""

import json
import shutil
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from avdlab.backends.base import (
    Capability,
    EapiTarget,
    HostAddress,
    LabSpec,
    LinkEffect,
    LinkFault,
    NodeState,
    NodeStatus,
    Plan,
    PlannedChange,
    SshTarget,
    Traced,
)
from avdlab.backends.twin.description import (
    Description,
    describe,
    device_names,
    endpoints,
    links,
)
from avdlab.backends.twin.process import TwinProcess
from avdlab.errors import BackendError, InputError, PortInUseError
from avdlab.events import Reporter
from avdlab.overlay.model import LabUser
from avdlab.overlay.profile import CEOS, TWIN, Profile
from avdlab.state import write_private

PORT_TRIES = 5
SETTLE_SECONDS = 30.0  # of waiting in one call of the control port, which ends after 60
EOS, CEOS_LAB = "eos", "ceos"  # which configuration lines the nodes take
INSTANT, REALISTIC = "instant", "realistic"  # how convergence takes time
_POWERS = frozenset(
    {
        Capability.LINK_CARRIER,
        Capability.LINK_BLACKHOLE,
        Capability.LINK_SELECTIVE,
        Capability.NODE_STOP,
        Capability.SSH,
        Capability.EVIDENCE,
        Capability.ENDPOINTS,
        Capability.TRACE,
    }
)


class TwinBackend:
    """Runs a lab on the twin. `folder` is the lab's folder; everything lies in `folder/twin`."""

    name = "twin"

    def __init__(
        self,
        folder: Path,
        user: LabUser,
        *,
        address: str = "127.0.0.1",
        first_port: int = 0,
        strictness: str = EOS,
        clock: str = "",
    ) -> None:
        self._folder = folder / "twin"
        self._process = TwinProcess(self._folder, folder / "logs" / "twin.log")
        self._user = user
        self._address = address
        self._first_port = first_port
        if strictness not in {EOS, CEOS_LAB}:
            raise InputError(f"there is no strictness '{strictness}'", hint="Known: eos, ceos.")
        self._strictness = strictness
        if clock not in {"", INSTANT, REALISTIC}:
            raise InputError(f"there is no clock '{clock}'", hint="Known: instant, realistic.")
        self._clock = clock

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the twin can do; on the realistic clock not everything at once."""
        instant = self._described().get("clock", INSTANT) == INSTANT
        return _POWERS | {Capability.INSTANT} if instant else _POWERS

    @property
    def profile(self) -> Profile:
        """A twin that is as strict as cEOS-lab needs what cEOS-lab needs."""
        return CEOS if self._strict(self._described()) else TWIN

    def _strict(self, present: Description) -> bool:
        """A lab stays as strict as it was made."""
        return bool(present.get("strict", self._strictness == CEOS_LAB))

    # ------------------------------------------------------------------ Backend
    def plan(self, spec: LabSpec) -> Plan:
        """Compare with the fabric that is described on disk and the process that runs."""
        present = self._described()
        changes: list[PlannedChange] = []
        if not self._process.alive():
            changes.append(PlannedChange("start", "the twin process"))
        wanted = device_names(spec.topology)
        there = present.get("nodes", {})
        changes += [PlannedChange("create", f"node {n}") for n in sorted(wanted - set(there))]
        changes += [PlannedChange("remove", f"node {n}") for n in sorted(set(there) - wanted)]
        wired = {tuple(link) for link in links(spec.topology)}
        cabled = {tuple(link) for link in present.get("links", ())}
        changes += [PlannedChange("connect", f"{a} to {b}") for a, b in sorted(wired - cabled)]
        changes += [PlannedChange("disconnect", f"{a} from {b}") for a, b in sorted(cabled - wired)]
        if present and self._clock not in {"", present.get("clock", INSTANT)}:
            changes.append(PlannedChange("change", "the clock", f"it is {self._clock} then"))
        if present and present.get("endpoints") != endpoints(spec.topology):
            changes.append(PlannedChange("change", "connected endpoints"))
        changes += [
            PlannedChange("change", f"node {name}", "boots with the lab's configuration")
            for name in sorted(spec.reseed & set(there))
        ]
        return Plan(spec, tuple(changes))

    def apply(self, plan: Plan, reporter: Reporter) -> None:
        """Write the fabric, start the process or tell it what changed.

        Raises PortInUseError, BackendError.
        """
        present = self._described()
        fabric = self._write(plan.spec, present)
        if not self._told(fabric):
            self._start(plan.spec, present)
        for node in sorted(set(present.get("nodes", ())) - set(fabric["nodes"])):
            shutil.rmtree(self._folder / "nodes" / node, ignore_errors=True)
        self._reseed(plan.spec)

    def _told(self, fabric: Description) -> bool:
        """Tell the process what changed; False where none runs, or it was just told to stop by a
        `down` that was killed. Raises BackendError."""
        if not self._process.alive():
            return False
        try:
            self._process.wait(fabric)
            self._control("PUT", "/fabric", fabric)
        except BackendError:
            if self._process.gone():
                return False
            raise
        return True

    def _reseed(self, spec: LabSpec) -> None:
        """Let nodes boot with their seed once more."""
        for node in sorted(spec.reseed):
            self.stop([node])
            write_private(self._folder / "nodes" / node / "startup-config", spec.seeds[node])
            self.start([node])

    def _write(self, spec: LabSpec, present: Description) -> Description:
        """Write the fabric and the seeds of its new nodes."""
        fabric = describe(spec, present, address=self._address, first_port=self._first_port)
        fabric["strict"] = self._strict(present)
        fabric["clock"] = self._clock or present.get("clock", INSTANT)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for node in fabric["nodes"]:
            startup = self._folder / "nodes" / node / "startup-config"
            if not startup.exists():  # a seed is for the first boot only
                write_private(startup, spec.seeds[node])
        write_private(self._fabric_file, json.dumps(fabric, indent=2, sort_keys=True) + "\n")
        return fabric

    def _start(self, spec: LabSpec, present: Description) -> None:
        """Start the process. Ports of a new lab that somebody else took just now are chosen again;
        those of a lab that was up before are not: people have noted them."""
        tries = 1 if present or self._first_port else PORT_TRIES
        for left in reversed(range(tries)):
            try:
                self._process.start()
            except PortInUseError:
                if not left:
                    raise
                self._write(spec, {})
            else:
                return

    def status(self) -> tuple[NodeStatus, ...]:
        """Ask the process; without one, every node is stopped."""
        fabric = self._described()
        nodes: Mapping[str, Any] = {}
        reason = "the twin process is not running"
        if self._process.alive():
            try:
                nodes = self._control("GET", "/status")["nodes"]
            except BackendError as exc:
                reason = exc.message
        return tuple(
            _node_status(name, where, nodes.get(name), reason)
            for name, where in sorted(fabric.get("nodes", {}).items())
        )

    def address(self, node: str) -> EapiTarget:
        """Return where the node's eAPI listens. Raises BackendError for an unknown node."""
        try:
            where = self._described()["nodes"][node]
        except KeyError:
            raise BackendError(f"{node} is not a node of this lab") from None
        return EapiTarget(node, where["host"], where["https"], self._user)

    def start(self, nodes: Sequence[str]) -> None:
        """Power nodes on: they boot from their startup-config."""
        for node in nodes:
            self._control("POST", "/node", {"node": node, "power": True})

    def stop(self, nodes: Sequence[str]) -> None:
        """Power nodes off."""
        for node in nodes:
            self._control("POST", "/node", {"node": node, "power": False})

    def destroy(self) -> None:
        """End the process and remove its folder. Idempotent."""
        self._process.end(self._described())
        shutil.rmtree(self._folder, ignore_errors=True)

    # ------------------------------------------------------------------ capabilities
    def ssh(self, node: str) -> SshTarget:
        """Return where the node's SSH listens. Raises BackendError for an unknown node."""
        target = self.address(node)
        port = self._described()["nodes"][node].get("ssh")
        if not port:
            raise BackendError(f"{node} has no SSH port: this lab was made by an older avdlab")
        return SshTarget(node, target.host, port, self._user)

    def set_link(self, a: str, b: str, fault: LinkFault | None) -> None:
        """Give a cable its fault: no carrier, all frames swallowed, or those of some protocols."""
        cut = fault is not None and fault.effect is LinkEffect.CARRIER
        drop = _swallowed(fault) if fault is not None else []
        self._control("POST", "/link", {"a": a, "b": b, "up": not cut, "drop": drop})

    def trace(self, pairs: Sequence[tuple[HostAddress, HostAddress]]) -> tuple[Traced, ...]:
        """Follow packets between addresses of endpoints, over every way that they may take."""
        asked = [[list(a.key), list(b.key)] for a, b in pairs]
        answer = self._control("POST", "/trace", {"pairs": asked})
        return tuple(
            Traced(t["reached"], tuple(t["hops"]), tuple((n, why) for n, why in t["stops"]))
            for t in answer["traces"]
        )

    def evidence(self, commands: Collection[str]) -> Mapping[str, str]:
        """Return command -> the level (F0 ... F3) on which the twin answers it."""
        answer = self._control("POST", "/evidence", {"commands": list(commands)})
        return {command: str(known["level"]) for command, known in answer["commands"].items()}

    def coverage(self) -> Mapping[str, Any]:
        """Return what the twin models of the running configurations, and what it was asked."""
        return self._control("GET", "/coverage")

    def settled(self, seconds: float) -> bool:
        """Wait until the fabric does not change by itself any more."""
        end = time.monotonic() + seconds
        while True:
            left = max(end - time.monotonic(), 0.0)
            answer = self._control("GET", f"/settled?timeout={min(left, SETTLE_SECONDS):.1f}")
            if answer["settled"] or not left:
                return bool(answer["settled"])

    # ------------------------------------------------------------------ the fabric on disk
    @property
    def _fabric_file(self) -> Path:
        return self._folder / "fabric.json"

    def _described(self) -> Description:
        try:
            fabric: Description = json.loads(self._fabric_file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return fabric

    def _control(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        return self._process.call(self._described(), method, path, body)


def _swallowed(fault: LinkFault) -> list[str]:
    if fault.effect is LinkEffect.BLACKHOLE:
        return ["all"]
    return sorted(fault.drop) if fault.effect is LinkEffect.SELECTIVE else []


def _node_status(
    name: str, where: Mapping[str, Any], known: Mapping[str, Any] | None, reason: str
) -> NodeStatus:
    address = f"{where['host']}:{where['https']}"
    if known is None:
        return NodeStatus(name, NodeState.STOPPED, reason, address)
    if not known.get("power", True):
        return NodeStatus(name, NodeState.STOPPED, "powered off", address)
    eapi = str(known.get("eapi", ""))
    rejected = known.get("rejected_at_boot") or ()
    if eapi != "open":
        return NodeStatus(name, NodeState.RUNNING, f"eAPI is {eapi}", address, {"permanent": "yes"})
    note = f"{len(rejected)} startup-config lines were rejected at boot" if rejected else ""
    return NodeStatus(name, NodeState.READY, note, address)
