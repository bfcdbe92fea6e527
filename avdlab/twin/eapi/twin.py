"""The whole twin: every node of the description on one fabric, booted from the lab's folder.

It knows nothing of sockets. Power, faults, saved files and what each node serves are decided here.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from avdlab.net.ceos import refusal
from avdlab.net.release import Release
from avdlab.twin.cli.node import Node
from avdlab.twin.config.editor import Platform, any_platform
from avdlab.twin.config.loader import load
from avdlab.twin.config.store import Checkpoint, ConfigStore
from avdlab.twin.device import SOFTWARE
from avdlab.twin.eapi.description import (
    REALISTIC,
    Description,
    DescriptionError,
    cable,
    cable_text,
)
from avdlab.twin.eapi.folder import TwinFolder
from avdlab.twin.eapi.served import Served, served, ssh_served
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.identity import identity
from avdlab.twin.fabric.inputs import PROTOCOLS, Faults

logger = logging.getLogger(__name__)
Clock = Callable[[], float]

_OFF = Served(reason="the node is powered off")


class Twin:
    """All nodes and their fabric."""

    def __init__(
        self, description: Description, folder: TwinFolder, clock: Clock = time.time
    ) -> None:
        self.description = description
        self.clock = clock
        self.nodes: dict[str, Node] = {}
        self._folder = folder
        self._saved: dict[str, tuple[str | None, dict[str, str]]] = {}
        self._checkpoints: dict[str, tuple[tuple[str, float], ...]] = {}
        self.fabric = self._new_fabric()
        for name in description.nodes:
            self._boot(name)
        self.fabric.set_faults(_faults(description))

    # ------------------------------------------------------------------ boot
    def _new_fabric(self) -> Fabric:
        description = self.description
        default = description.software == SOFTWARE
        identities = {
            name: replace(
                identity(description.name, name),
                model=description.model,
                software=description.software,
                release=None if default else Release.parse(description.software),
            )
            for name in description.nodes
        }
        fabric = Fabric(
            description.name,
            identities,
            self.clock,
            assume_uncabled_up=description.assume_uncabled_up,
            realistic=description.clock == REALISTIC,
        )
        fabric.set_wiring(description.cables, description.endpoints)
        return fabric

    def _boot(self, name: str) -> None:
        """Start a node from its startup-config, as a power cycle does."""
        startup, flash = self._folder.startup(name), self._folder.flash(name)
        before = self.nodes.get(name)
        node = self.nodes[name] = Node(
            name,
            startup,
            flash,
            self.fabric,
            self.clock,
            self._platform(),
            self.description.software,
        )
        if before is not None:
            node.ledger = before.ledger
        node.sync()
        for key, kept in self._folder.checkpoints(name).items():
            config = load(kept["text"]).config
            node.store.keep_checkpoint(Checkpoint(key, config, kept["user"], kept["saved_at"]))
        self._checkpoints[name] = _times(node.store)
        self._saved[name] = (startup, flash)
        for line in node.store.boot_rejected:
            logger.warning(
                "%s: startup-config line %s rejected: %s", name, line.number, line.message
            )

    def _platform(self) -> Platform:
        return refusal if self.description.strict else any_platform

    @property
    def version(self) -> tuple[int, ...]:
        """Differs whenever a running-config has changed."""
        return tuple(node.store.version for node in self.nodes.values())

    def save(self, name: str) -> None:
        """Write the node's files that changed since they were last written."""
        store = self.nodes[name].store
        startup, flash = self._saved[name]
        if store.startup != startup:
            self._folder.save_startup(name, store.startup)
        if store.files != flash:
            self._folder.save_flash(name, dict(store.files), flash)
        self._saved[name] = (store.startup, dict(store.files))
        if self._checkpoints[name] != _times(store):
            self._checkpoints[name] = _times(store)
            self._folder.save_checkpoints(name, _checkpoints(store))

    # ------------------------------------------------------------------ what is served
    def powered(self, name: str) -> bool:
        """Tell whether the node is on."""
        return name not in self.fabric.faults.stopped

    def served(self, name: str) -> Served:
        """Tell whether the node's eAPI answers, and why not."""
        if not self.powered(name):
            return _OFF
        node = self.nodes[name]
        where = self.description.nodes[name]
        return served(node.settings, where.management_address, node.is_up)

    def ssh_served(self, name: str) -> bool:
        """Tell whether the node answers SSH."""
        node = self.nodes[name]
        management = self.description.nodes[name].management_address
        return self.powered(name) and ssh_served(node.settings, node.store.running, management)

    def tick(self) -> bool:
        """Let time pass on every node; tell whether a configuration changed by it."""
        before = self.version
        _ = self.fabric.next_event  # what is due is published now
        for node in self.nodes.values():
            node.tick()
        return before != self.version

    # ------------------------------------------------------------------ faults and power
    def set_link(self, a: str, b: str, *, up: bool, drop: frozenset[str] = frozenset()) -> None:
        """Give a cable its one fault, or none: cut (not `up`), or swallowing protocols' frames.

        Raises DescriptionError for a cable that is not there, and for unknown protocols.
        """
        wire = cable(a, b, self.description.nodes)
        if wire not in self.description.cables:
            raise DescriptionError(f"there is no link from {a} to {b}")
        if not drop <= PROTOCOLS:
            unknown = ", ".join(sorted(drop - PROTOCOLS))
            known = ", ".join(sorted(PROTOCOLS))
            raise DescriptionError(f"a link cannot drop {unknown}: known are {known}")
        faults = self.fabric.faults
        cut = faults.cut - {wire} if up else faults.cut | {wire}
        dropped = {key: value for key, value in faults.dropped.items() if key != wire}
        if up and drop:
            dropped[wire] = drop
        self.fabric.set_faults(replace(faults, cut=cut, dropped=dict(sorted(dropped.items()))))
        self._save_faults()

    def set_power(self, name: str, *, on: bool) -> None:
        """Power a node off, or boot it. Raises DescriptionError for an unknown node."""
        if name not in self.nodes:
            raise DescriptionError(f"there is no node {name}")
        if on == self.powered(name):
            return
        faults = self.fabric.faults
        stopped = faults.stopped - {name} if on else faults.stopped | {name}
        if on:
            self._boot(name)  # what was not saved is gone
        self.fabric.set_faults(replace(faults, stopped=stopped))
        self._save_faults()

    def _save_faults(self) -> None:
        faults = self.fabric.faults
        self._folder.save_faults(
            sorted(faults.stopped),
            sorted(cable_text(wire) for wire in faults.cut),
            [[*cable_text(wire), sorted(drop)] for wire, drop in sorted(faults.dropped.items())],
        )

    # ------------------------------------------------------------------ another description
    def apply(self, description: Description) -> None:
        """Become another fabric: nodes that stay keep running, new ones boot."""
        same_nodes = description.nodes.keys() == self.nodes.keys()
        same_factory = _factory(description) == _factory(self.description)
        self.description = description
        if same_nodes and same_factory:
            self.fabric.set_wiring(description.cables, description.endpoints)
        else:
            self._move_to(self._new_fabric())
        self.fabric.set_faults(_faults(description))

    def _move_to(self, fabric: Fabric) -> None:
        self.fabric = fabric
        for name in self.nodes.keys() - self.description.nodes.keys():
            del self.nodes[name], self._saved[name], self._checkpoints[name]
        for node in self.nodes.values():
            node.move_to(fabric)
        for name in self.description.nodes.keys() - self.nodes.keys():
            self._boot(name)
        self.nodes = dict(sorted(self.nodes.items()))

    # ------------------------------------------------------------------ status
    def status(self, trouble: Callable[[str], str]) -> dict[str, Any]:
        """Return what is really there. `trouble` names ports that could not be opened."""
        state = self.fabric.state
        return {
            "name": self.description.name,
            "generation": state.generation,
            "converged": state.converged,
            "clock": self.description.clock,
            "next_event": self.fabric.next_event,
            "notes": list(state.notes),
            "cut": sorted(cable_text(wire) for wire in self.fabric.faults.cut),
            "nodes": {name: self._node_status(name, trouble(name)) for name in self.nodes},
        }

    def _node_status(self, name: str, trouble: str) -> dict[str, Any]:
        reason = trouble or self.served(name).reason
        state = self.fabric.state.devices.get(name)
        return {
            "power": self.powered(name),
            "eapi": f"closed: {reason}" if reason else "open",
            "rejected_at_boot": [
                {
                    "number": line.number,
                    "line": line.line,
                    "mode": list(line.mode),
                    "message": line.message,
                }
                for line in self.nodes[name].store.boot_rejected
            ],
            "notes": list(state.notes) if state is not None else [],
        }


def _faults(description: Description) -> Faults:
    return Faults(description.cut, description.stopped, description.dropped)


def _factory(description: Description) -> tuple[object, ...]:
    """Return what a fabric cannot change while it runs."""
    return (
        description.name,
        description.model,
        description.software,
        description.assume_uncabled_up,
        description.clock,
    )


def _times(store: ConfigStore) -> tuple[tuple[str, float], ...]:
    """Tell checkpoints from those that were written: by name and time."""
    return tuple((each.name, each.saved_at) for each in store.checkpoints.values())


def _checkpoints(store: ConfigStore) -> dict[str, dict[str, Any]]:
    return {
        each.name: {
            "text": store.read(f"checkpoint:{each.name}"),
            "user": each.user,
            "saved_at": each.saved_at,
        }
        for each in store.checkpoints.values()
    }
