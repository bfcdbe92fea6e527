"""AVD fabrics as the twin gets them: configuration texts, cables and endpoints, rendered once."""

import json
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from avdlab.backends.twin.description import endpoints, links
from avdlab.design import Source, design, prepare
from avdlab.events import Reporter
from avdlab.overlay.model import LabUser
from avdlab.twin.config.loader import load
from avdlab.twin.eapi.description import parse
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.identity import identity
from avdlab.twin.fabric.inputs import Cable, Endpoint


@dataclass(frozen=True)
class Rendered:
    """What a fabric is made of."""

    name: str
    texts: dict[str, str]
    cables: frozenset[Cable]
    endpoints: dict[str, Endpoint]

    def fabric(self) -> Fabric:
        """Boot it."""
        return boot(self.name, self.texts, self.cables, self.endpoints)

    def cable(self, one: str, two: str) -> Cable:
        """Return the first cable between two nodes."""
        return min(c for c in self.cables if {c.a.node, c.b.node} == {one, two})


def boot(
    name: str,
    texts: dict[str, str],
    cables: frozenset[Cable],
    stations: dict[str, Endpoint] | None = None,
) -> Fabric:
    """Boot a fabric from configuration texts; a refused line is an error of the test."""
    fabric = Fabric(name, {node: identity(name, node) for node in texts}, time.time)
    fabric.set_wiring(cables, stations or {})
    for node, text in texts.items():
        loaded = load(text)
        assert not loaded.rejected, loaded.rejected
        fabric.configure(node, loaded.config)
    return fabric


@lru_cache(maxsize=8)
def rendered(inventory: Path) -> Rendered:
    """Render an inventory as `avdlab up` does, without the lab's own changes."""
    quiet = Reporter()
    prepared = prepare(Source(inventory), quiet, check=True)
    made = design(prepared, LabUser("nobody", ""), quiet, enabled=False)
    texts = {name: device.config for name, device in made.configs.devices.items()}
    nodes = {
        name: {"host": "127.0.0.1", "https": 1 + n, "http": 1000 + n}
        for n, name in enumerate(sorted(texts))
    }
    description = parse(
        json.dumps(
            {
                "schema_version": 1,
                "name": prepared.name,
                "control": {"host": "127.0.0.1", "port": 0, "token": "none"},
                "nodes": nodes,
                "links": links(made.topology),
                "endpoints": endpoints(made.topology),
            }
        )
    )
    return Rendered(prepared.name, texts, description.cables, dict(description.endpoints))
