"""Devices that are there already: hardware, containerlab, somebody's GNS3. Nothing is made here.

Addresses and credentials come from the inventory (inventory/access.py) and are kept in the lab's
folder, private, so that `status`, `exec` and `test` need no inventory. `up` and `down` only make
and remove that file.
"""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from avdlab.backends.base import (
    Capability,
    EapiTarget,
    LabSpec,
    NodeState,
    NodeStatus,
    Plan,
    PlannedChange,
    SshTarget,
)
from avdlab.backends.eapi import run_commands
from avdlab.backends.twin.levels import software
from avdlab.errors import BackendError, CannotRunError, DeviceError, InputError, Problem
from avdlab.events import Reporter
from avdlab.inventory.access import Access
from avdlab.overlay.model import LabUser
from avdlab.overlay.profile import DEVICE, Profile
from avdlab.state import write_private

FILE = "existing.json"


class ExistingBackend:
    """The devices of an inventory. `user` and `password` given by settings win over its own."""

    name = "existing"
    capabilities = frozenset({Capability.BORROWED, Capability.SSH})

    def __init__(
        self, folder: Path, *, user: str = "", password: str = "", max_workers: int = 16
    ) -> None:
        self._file = folder / FILE
        self._user = user
        self._password = password
        self._max_workers = max_workers

    @property
    def profile(self) -> Profile:
        """Nothing is added but what keeps eAPI reachable."""
        return DEVICE

    def plan(self, spec: LabSpec) -> Plan:
        """Compare the inventory's addresses with those that are known here. Raises InputError."""
        devices = {node.name for node in spec.topology.devices}
        missing = sorted(devices - set(spec.access))
        problems = [Problem("the inventory does not have it", host=name) for name in missing]
        problems += [
            Problem("no user to log in with", host=name, hint="Set ansible_user or anta_user.")
            for name in sorted(devices & set(spec.access))
            if not (spec.access[name].user or self._user)
        ]
        if problems:
            raise InputError(problems)
        known = self._known()
        changes = []
        for name in sorted(devices | set(known)):
            if name not in devices:
                changes.append(PlannedChange("forget", f"device {name}"))
            elif known.get(name) != spec.access[name]:
                where = f"{spec.access[name].host}:{spec.access[name].port}"
                changes.append(PlannedChange("note", f"device {name} at {where}"))
        return Plan(spec, tuple(changes))

    def apply(self, plan: Plan, reporter: Reporter) -> None:
        """Note where the devices are."""
        devices = {node.name for node in plan.spec.topology.devices}
        facts = {name: asdict(plan.spec.access[name]) for name in sorted(devices)}
        write_private(self._file, json.dumps({"devices": facts}, indent=2, sort_keys=True) + "\n")

    def status(self) -> tuple[NodeStatus, ...]:
        """Ask every device."""
        names = sorted(self._known())
        with ThreadPoolExecutor(max_workers=max(1, self._max_workers)) as pool:
            return tuple(pool.map(self._status, names))

    def _status(self, node: str) -> NodeStatus:
        target = self.address(node)
        address = f"{target.host}:{target.port}"
        try:
            [version] = run_commands(target, ["show version"], timeout=5.0)
        except DeviceError as exc:
            reason = exc.message.removeprefix(f"{node}: ")
            return NodeStatus(node, NodeState.STOPPED, reason, address)
        return NodeStatus(node, NodeState.READY, "", address, software(version))

    def address(self, node: str) -> EapiTarget:
        """Return where the inventory says that it is. Raises BackendError."""
        access = self._access(node)
        user = self._login(access)
        return EapiTarget(node, access.host, access.port, user, access.tls, access.enable)

    def start(self, nodes: Sequence[str]) -> None:
        """Refused: they are not ours. Raises CannotRunError."""
        raise _not_ours("started")

    def stop(self, nodes: Sequence[str]) -> None:
        """Refused: they are not ours. Raises CannotRunError."""
        raise _not_ours("stopped")

    def destroy(self) -> None:
        """Forget where they are; they stay as they are."""
        self._file.unlink(missing_ok=True)

    def ssh(self, node: str) -> SshTarget:
        """Return where the device answers SSH (`ansible_port`, or 22)."""
        access = self._access(node)
        return SshTarget(node, access.host, access.ssh_port, self._login(access))

    def _login(self, access: Access) -> LabUser:
        return LabUser(self._user or access.user, self._password or access.password)

    def _access(self, node: str) -> Access:
        try:
            return self._known()[node]
        except KeyError:
            raise BackendError(f"{node} is not a device of this lab") from None

    def _known(self) -> dict[str, Access]:
        try:
            facts: dict[str, Any] = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return {name: Access(**given) for name, given in facts["devices"].items()}


def _not_ours(what: str) -> CannotRunError:
    return CannotRunError(
        f"the devices of backend existing cannot be {what}: they are not avdlab's"
    )
