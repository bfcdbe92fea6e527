"""From a lab's spec and a server to a plan: look at everything first, refuse what cannot come up,
then compare. Nothing is changed on the server or on disk."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from avdlab.backends.base import LabSpec, Plan, PlannedChange
from avdlab.backends.gns3 import bridge, preflight
from avdlab.backends.gns3.adoption import found_by_name
from avdlab.backends.gns3.content import Content, content
from avdlab.backends.gns3.difference import (
    Difference,
    Observed,
    as_seen,
    difference,
    outdated,
    renewed,
)
from avdlab.backends.gns3.model import LOCAL, Compute, Project
from avdlab.backends.gns3.options import Options
from avdlab.backends.gns3.placement import crossing, pinned, place
from avdlab.backends.gns3.preflight import Findings, Place
from avdlab.backends.gns3.record import FILE, Record
from avdlab.backends.gns3.server import Server


@dataclass(frozen=True, slots=True)
class Gns3Plan(Plan):
    """A plan with all that `apply` needs, so that it does what was shown."""

    content: Content | None = None
    found: Difference | None = None
    before: Record | None = None
    options: Options | None = None
    bridge_commands: tuple[str, ...] = ()
    published: bool = False  # the project has a copy of the record


def observe(server: Server, project: str) -> Observed:
    """Return what the server has of a project."""
    found = server.project(project)
    if found is None:
        return Observed()
    nodes = {node.id: node for node in server.nodes(project)}
    return Observed(
        found,
        nodes,
        server.links(project),
        {drawing.id: drawing for drawing in server.drawings(project)},
        server.broken_links(project),
        _lost(server, found, {i: node.compute for i, node in nodes.items()}),
    )


def _lost(server: Server, project: Project, computes: Mapping[str, str]) -> Mapping[str, str]:
    """Return the nodes whose compute was restarted, with its name: it has forgotten them, the
    controller not."""
    away = {compute for compute in computes.values() if compute != LOCAL}
    if not project.opened or not away:
        return {}
    forgetful = {
        compute.id: compute.name
        for compute in server.computes()
        if compute.id in away and compute.connected
        if not server.has_project(compute.id, project.id)
    }
    return {node: forgetful[there] for node, there in computes.items() if there in forgetful}


def make_plan(
    server: Server, spec: LabSpec, chosen: Options, before: Record, projects: Sequence[Project]
) -> Gns3Plan:
    """Compare a lab with the server. Raises CannotRunError with all that stands in its way.

    `before` is the lab's record, an empty one for a lab that is new.
    """
    findings = Findings()
    preflight.check_name(projects, before.project, before.name, findings)
    observed = observe(server, before.project).closed()
    before = _to_be_seeded(as_seen(before, observed), spec.reseed)
    if not before.nodes:
        before = found_by_name(before, observed, spec.topology, chosen.bridge)
    computes = server.computes()
    placed = _placed(spec, chosen, before, computes)
    chosen = _with_image(server, chosen, computes, placed, findings)
    place_there, wanted = _management(server, spec, chosen, findings)
    if place_there.same and not bridge.plugged(chosen.bridge):
        observed = replace(observed, unplugged=True)
    preflight.check_neighbors(server, projects, before, wanted, findings)
    findings.check()
    made = content(spec, chosen, before, placed)
    remade = outdated(made, observed, placed)
    if remade:
        before = renewed(before, remade, placed)
        made = content(spec, chosen, before, placed)
    found = difference(made, observed, before, remade)
    by_id = {compute.id: compute for compute in computes}
    starting = Counter(node.compute for node in found.start)
    preflight.check_memory(by_id, starting, chosen, findings)
    here = (os.cpu_count() or 0) if place_there.same else 0
    preflight.check_processors(by_id, starting, here, findings)
    if place_there.same and found.create:
        findings.notes += preflight.machine_notes(len(spec.topology.devices))
    findings.check()
    findings.notes += _placement_notes(spec, placed, by_id) if found.create else []
    copy = server.read_project_file(before.project, FILE) if observed.project else None
    return Gns3Plan(
        spec,
        (
            *(PlannedChange("run", command) for command in place_there.changes),
            *(_by_name(change, by_id) for change in found.changes),
        ),
        tuple(findings.notes),
        content=made,
        found=found,
        before=before,
        options=chosen,
        bridge_commands=place_there.changes,
        published=copy is not None,
    )


def _placed(
    spec: LabSpec, chosen: Options, before: Record, computes: Sequence[Compute]
) -> dict[str, str]:
    kept = {name: node.compute for name, node in before.nodes.items() if node.made}
    return place(
        spec.topology,
        computes,
        kept,
        chosen.pins,
        memory=chosen.memory,
        spread=chosen.spread,
    ) | pinned(spec.topology.nodes, chosen.pins, computes)


def _with_image(
    server: Server,
    chosen: Options,
    computes: Sequence[Compute],
    placed: Mapping[str, str],
    findings: Findings,
) -> Options:
    by_id = {compute.id: compute for compute in computes}
    used = sorted({LOCAL, *placed.values()})
    preflight.check_computes(by_id, used, findings)
    connected = [name for name in used if name in by_id and by_id[name].connected]
    needed = [name for name in connected if name in set(placed.values())] or connected
    return replace(chosen, image=preflight.choose_image(server, chosen, needed, findings))


def _management(
    server: Server, spec: LabSpec, chosen: Options, findings: Findings
) -> tuple[Place, bridge.Management]:
    wanted = bridge.management(
        chosen.bridge,
        {node.name: node.management_address for node in spec.topology.devices},
        spec.seeds.values(),
        chosen.bridge_address,
    )
    there = preflight.check_bridge(wanted, server.interfaces(LOCAL), chosen.jump, findings)
    return there, wanted


def _by_name(change: PlannedChange, computes: Mapping[str, Compute]) -> PlannedChange:
    """Return a change with computes called as people call them: ids are UUIDs on 3.x."""
    why = change.why
    for compute in computes.values():
        if compute.id != LOCAL:
            why = why.replace(compute.id, compute.name)
    return replace(change, why=why)


def _placement_notes(
    spec: LabSpec, placed: Mapping[str, str], computes: Mapping[str, Compute]
) -> list[str]:
    counts = Counter(placed.values())
    if len(counts) < 2:
        return []
    parts = [f"{counts[c]} on {computes[c].name}" for c in sorted(counts) if c in computes]
    cables = crossing(spec.topology, placed)
    return [f"nodes by compute: {', '.join(parts)}; {cables} cables lead from one to another"]


def _to_be_seeded(record: Record, devices: frozenset[str]) -> Record:
    """Return the record with these devices as if their first boot were to come."""
    for device in devices & set(record.nodes):
        record = record.with_node(device, seeded="")
    return record
