"""AVD's facts of a fabric: what its devices must know of each other. One process, all devices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from avdlab.errors import InputError, Problem
from avdlab.inventory.model import Host
from avdlab.inventory.problems import merged
from avdlab.render.errors import translated
from avdlab.render.pools import Data, pool_manager


@dataclass(frozen=True, slots=True)
class FabricFacts:
    """The inputs of a fabric's devices as AVD's objects, and the facts computed from them."""

    designs: Mapping[str, Any]
    facts: Mapping[str, Any]
    pools: Mapping[Path, str] = field(default_factory=dict)  # pool files as they would become


def fabric_facts(
    hosts: Sequence[Host],
    data: Data,
    root: Path,
    templar: Any = None,  # noqa: ANN401 - pyavd is untyped
) -> FabricFacts:
    """Compute the facts. Raises InputError; what is wrong with single hosts is said together."""
    from pyavd._eos_designs.eos_designs_facts.get_facts import get_facts

    with pool_manager(root, {host.name: data[host.name] for host in hosts}) as pools:
        designs = _designs(hosts, pools.data)
        hostvars = {host.name: dict(data[host.name]) for host in hosts}
        with translated(hosts):
            facts = get_facts(designs, hostvars, templar, pools.manager)
        return FabricFacts(designs, facts, pools.updated())


def _designs(hosts: Sequence[Host], data: Data) -> dict[str, Any]:
    from pyavd.api.schemas import AVDDesign

    designs: dict[str, Any] = {}
    problems: list[Problem] = []
    for host in hosts:
        try:
            with translated([host]):
                designs[host.name] = AVDDesign._from_dict(dict(data[host.name]))
        except InputError as exc:
            problems += exc.problems
    if problems:
        raise InputError(merged(problems))
    return designs
