"""Recorded labs of real EOS, from the public data."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from avdlab.twin.config.read.root import read_settings
from avdlab.twin.config.tree import parse_indented
from avdlab.twin.fabric.fabric import Fabric
from avdlab.twin.fabric.identity import identity
from avdlab.twin.fabric.wiring import infer_cables, read_wiring


@pytest.fixture(scope="session")
def oracle(data: Callable[[str], Path]) -> Path:
    return data("oracle")


def boot(folder: Path) -> Fabric:
    """Load what was recorded: EOS devices only, with the ports that vEOS shows as connected."""
    configs = {
        path.name: parse_indented((path / "show_running-config.txt").read_text())
        for path in sorted((folder / "configs").iterdir())
        if any((folder / "show" / path.name).glob("show_interfaces_*json*"))
    }
    names = {name: identity(folder.name, name) for name in configs}
    fabric = Fabric(folder.name, names, lambda: 0.0, assume_uncabled_up=True)
    for name, config in configs.items():
        fabric.configure(name, config)
    layer1, clab = folder / "batfish/layer1_topology.json", folder / "source/topology.clab.yml"
    if layer1.exists():
        cables, _ = read_wiring(json.loads(layer1.read_text()), configs)
    elif clab.exists():
        cables, _ = read_wiring(yaml.safe_load(clab.read_text()), configs)
    else:
        cables = infer_cables({name: read_settings(config) for name, config in configs.items()})
    fabric.set_wiring(cables, {})
    return fabric


@pytest.fixture(scope="session")
def recorded_lab(oracle: Path) -> Callable[[str], Fabric]:
    made: dict[str, Fabric] = {}

    def get(name: str) -> Fabric:
        if name not in made:
            made[name] = boot(oracle / name)
        return made[name]

    return get
