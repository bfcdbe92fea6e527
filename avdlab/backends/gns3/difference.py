"""The difference between what a project shall contain and what the server has. No server is asked.

What people changed for themselves stays: places, names on the canvas, drawings, nodes of their own,
links of those. What makes the lab differ from its design does not: wrong cables, other images.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field, replace

from avdlab.backends.base import PlannedChange
from avdlab.backends.gns3.canvas import fingerprint
from avdlab.backends.gns3.content import Content, LinkContent, NodeContent
from avdlab.backends.gns3.model import Drawing, Port, Project, ServerLink, ServerNode
from avdlab.backends.gns3.record import Record


@dataclass(frozen=True, slots=True)
class Observed:
    """What the server has of a project. `project` None: nothing."""

    project: Project | None = None
    nodes: Mapping[str, ServerNode] = field(default_factory=dict)  # by id
    links: tuple[ServerLink, ...] = ()
    drawings: Mapping[str, Drawing] = field(default_factory=dict)
    broken_links: tuple[str, ...] = ()
    # nodes that their compute does not have any more, with its name
    lost: Mapping[str, str] = field(default_factory=dict)
    forgotten_by: tuple[str, ...] = ()  # computes, when the project is to be closed for it
    unplugged: bool = False  # the management bridge is new: what was in its place had the cables

    def closed(self) -> "Observed":
        """Return the project as it will be after it was closed, where computes lost nodes of it:
        the controller tells a compute of a project only when it opens it."""
        if not self.lost or self.project is None:
            return self
        return replace(
            self,
            project=replace(self.project, opened=False),
            nodes={i: replace(node, status="stopped") for i, node in self.nodes.items()},
            lost={},
            forgotten_by=tuple(sorted(set(self.lost.values()))),
        )


@dataclass(frozen=True, slots=True)
class Rebuild:
    """A node whose container the server makes anew; its files stay. `why` in words."""

    node: NodeContent
    why: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What is to be done, in the order of the fields."""

    create_project: bool = False
    forgotten_by: tuple[str, ...] = ()  # computes: it is closed first
    open_project: bool = False
    keep_open: bool = False  # GNS3 would close it with its last window
    broken_links: tuple[str, ...] = ()  # left of links that could not be made
    disconnect: tuple[tuple[ServerLink, str], ...] = ()  # with the cable in words
    remove: tuple[ServerNode, ...] = ()
    stop: tuple[NodeContent, ...] = ()  # because something below cannot be done while they run
    rebuild: tuple[Rebuild, ...] = ()
    create: tuple[NodeContent, ...] = ()
    connect: tuple[LinkContent, ...] = ()
    write_boot: tuple[NodeContent, ...] = ()
    write_seed: tuple[NodeContent, ...] = ()
    draw: tuple[Drawing, ...] = ()
    redraw: tuple[Drawing, ...] = ()
    erase: tuple[str, ...] = ()
    start: tuple[NodeContent, ...] = ()
    revive: tuple[NodeContent, ...] = ()  # clouds whose bridge was missing
    unplugged: bool = False  # clouds whose bridge was made anew are plugged again
    resume: frozenset[str] = frozenset()  # of the started, ids of those that somebody suspended
    changes: tuple[PlannedChange, ...] = ()

    @property
    def steps(self) -> int:
        """Return how many things are to be done, for progress."""
        parts: tuple[Sized, ...] = (
            *(self.broken_links, self.disconnect, self.remove, self.stop, self.rebuild),
            *(self.create, self.connect, self.write_boot, self.write_seed),
            *(self.draw, self.redraw, self.erase, self.start, self.revive),
        )
        return sum(map(len, parts))


def as_seen(record: Record, observed: Observed) -> Record:
    """Return the record with what people changed: places and names of nodes, and nodes that they
    removed, in whose place others are to be made.

    Others also take the place of nodes that an `up` was killed before or while it made them: the
    server may be at it still, and two requests with one id leave a container that nothing removes.
    """
    nodes = dict(record.nodes)
    for device, known in record.nodes.items():
        node = observed.nodes.get(known.id)
        if node is not None:
            nodes[device] = replace(
                known, name=node.name, x=node.x, y=node.y, compute=node.compute, made=True
            )
        else:
            nodes[device] = known.renewed(record.project, device)
    clouds = []
    for cloud in record.clouds:
        node = observed.nodes.get(cloud.id)
        clouds.append(replace(cloud, name=node.name, x=node.x, y=node.y) if node else cloud)
    return replace(record, nodes=nodes, clouds=tuple(clouds))


def outdated(
    content: Content, observed: Observed, computes: Mapping[str, str]
) -> Mapping[str, str]:
    """Return the devices whose node cannot become what it shall be, with the reason.

    Neither server changes the kind, the image or the compute of a node that is there.
    """
    found: dict[str, str] = {}
    for device, known in content.record.nodes.items():
        node, wanted = observed.nodes.get(known.id), content.nodes[device]
        if node is None:
            continue
        image, compute = wanted.properties.get("image"), computes.get(device, node.compute)
        if node.compute != compute:
            found[device] = f"moves from compute {node.compute} to {compute}"
        elif node.kind != wanted.kind:
            found[device] = f"becomes a {wanted.kind} node"
        elif image and node.properties.get("image") != image:
            found[device] = f"image {node.properties.get('image')} becomes {image}"
    return found


def renewed(record: Record, devices: Iterable[str], computes: Mapping[str, str]) -> Record:
    """Return the record with other nodes in place of these, on the computes that are named."""
    nodes = dict(record.nodes)
    for device in devices:
        known = nodes[device].renewed(record.project, device)
        nodes[device] = replace(known, compute=computes.get(device, known.compute))
    return replace(record, nodes=nodes)


def difference(
    content: Content, observed: Observed, before: Record, remade: Mapping[str, str] | None = None
) -> Difference:
    """Return what makes the server's project equal to `content`.

    `before` is what was recorded at the last run: what it has and `content` has not is removed.
    `remade` are devices in whose node's place another comes, with the reason.
    """
    record = content.record
    there = {
        name: observed.nodes[node.id]
        for name, node in content.nodes.items()
        if node.id in observed.nodes
    }
    remove = _obsolete(content, observed, before)
    create = tuple(node for name, node in content.nodes.items() if name not in there)
    rebuild = tuple(_rebuilds(content, there))
    devices = [node for node in content.nodes.values() if node.kind != "cloud"]
    new = {node.device for node in create}
    write_boot = tuple(
        node
        for node in devices
        if node.device in new or before_boot(before, node.device) != node.boot_digest
    )
    write_seed = tuple(
        node for node in devices if node.device in new or not _seeded(before, node.device)
    )
    touched = {r.node.device for r in rebuild}
    touched |= {node.device for node in (*write_boot, *write_seed)}
    stop = tuple(
        content.nodes[name]
        for name, node in there.items()
        if name in touched and node.status != "stopped"
    )
    start = tuple(
        node
        for node in devices
        if node.device in new or node in stop or not there[node.device].started
    )
    resume = {
        node.id
        for node in start
        if node.device in there and there[node.device].suspended and node not in stop
    }
    grown = {
        r.node.id for r in rebuild if len(there[r.node.device].port_names) != len(r.node.adapters)
    }
    gone = {node.id for node in remove}
    opened = observed.project is not None and observed.project.opened
    clouds = [node for node in there.values() if node.kind == "cloud" and opened]
    again = {cloud.id for cloud in clouds if cloud.started and observed.unplugged}
    dead = {cloud.id for cloud in clouds if not cloud.started}
    disconnect, connect = _links(content, observed, grown, gone, again)
    draw, redraw, erase = _drawings(content, observed, before)
    found = Difference(
        create_project=observed.project is None,
        forgotten_by=observed.forgotten_by,
        open_project=observed.project is not None and not observed.project.opened,
        keep_open=observed.project is not None and observed.project.auto_close,
        broken_links=observed.broken_links,
        disconnect=tuple((link, _in_words(link, record, observed)) for link in disconnect),
        remove=remove,
        stop=stop,
        rebuild=rebuild,
        create=create,
        connect=connect,
        write_boot=write_boot,
        write_seed=write_seed,
        draw=draw,
        redraw=redraw,
        erase=erase,
        start=start,
        revive=tuple(node for node in content.nodes.values() if node.id in dead),
        unplugged=bool(again),
        resume=frozenset(resume),
    )
    return replace(found, changes=tuple(_changes(found, content, remade or {})))


# ---------------------------------------------------------------------- nodes
def _obsolete(content: Content, observed: Observed, before: Record) -> tuple[ServerNode, ...]:
    wanted = {node.id for node in content.nodes.values()}
    known = [*before.nodes.values(), *content.record.nodes.values()]
    ours = {number for node in known for number in (node.id, *node.former)}
    ours |= {cloud.id for cloud in before.clouds}
    return tuple(observed.nodes[i] for i in sorted(ours - wanted) if i in observed.nodes)


def _rebuilds(content: Content, there: Mapping[str, ServerNode]) -> Iterable[Rebuild]:
    for name, node in there.items():
        wanted = content.nodes[name]
        if wanted.kind != "docker":
            continue
        reasons = [
            _why(key, node.properties.get(key), value)
            for key, value in wanted.properties.items()
            if node.properties.get(key) != value
        ]
        if node.port_names != wanted.adapters and len(node.port_names) == len(wanted.adapters):
            reasons.append("names of its ports")
        if reasons:
            yield Rebuild(wanted, ", ".join(reasons))


def _why(key: str, before: object, after: object) -> str:
    if key in {"adapters", "mac_address"}:
        return f"{key} {before} becomes {after}"
    return key


def before_boot(record: Record, device: str) -> str:
    """Return the digest of the boot files that a node has."""
    return record.nodes[device].boot if device in record.nodes else ""


def _seeded(record: Record, device: str) -> bool:
    return device in record.nodes and bool(record.nodes[device].seeded)


# ---------------------------------------------------------------------- links
def _links(
    content: Content, observed: Observed, grown: set[str], gone: set[str], again: set[str]
) -> tuple[list[ServerLink], tuple[LinkContent, ...]]:
    """Return the links to take away and those to make.

    `grown` nodes get other adapters, which would cut their links without a word: those are made
    anew, as are those of `again` that the design has. Links of `gone` nodes go with them.
    """
    ours = {node.id for node in content.nodes.values()}
    wanted = {link.ends: link for link in content.links}
    needed = {port for ends in wanted for port in ends}
    kept: dict[frozenset[Port], ServerLink] = {}
    away: list[ServerLink] = []
    for link in observed.links:
        ends = frozenset(link.ends)
        nodes = {port.node for port in link.ends}
        if nodes & gone:
            continue
        if ends in wanted and ends not in kept and not nodes & (grown | again):
            kept[ends] = link
        elif nodes <= ours or needed & ends or nodes & grown:
            away.append(link)
    return away, tuple(link for ends, link in wanted.items() if ends not in kept)


def _in_words(link: ServerLink, record: Record, observed: Observed) -> str:
    return " from ".join(sorted(end_in_words(port, record, observed) for port in link.ends))


def end_in_words(port: Port, record: Record, observed: Observed) -> str:
    """Return a link's end as `node:interface`, in the words of the design where it has some."""
    for device, node in record.nodes.items():
        if node.id == port.node:
            return f"{device}:{_adapter(node.adapters, port.adapter)}"
    for cloud in record.clouds:
        if cloud.id == port.node:
            return cloud.name
    there = observed.nodes.get(port.node)
    if there is None:
        return "a node that is gone"
    return f"{there.name}:{_adapter(there.port_names, port.adapter)}"


def _adapter(names: Sequence[str], number: int) -> str:
    return names[number] if number < len(names) else f"adapter {number}"


# ---------------------------------------------------------------------- drawings
def _drawings(
    content: Content, observed: Observed, before: Record
) -> tuple[tuple[Drawing, ...], tuple[Drawing, ...], tuple[str, ...]]:
    draw: list[Drawing] = []
    redraw: list[Drawing] = []
    wanted = {drawing.id: drawing for drawing in content.drawings}
    # an imported project has them with other ids
    copies = {fingerprint(each) for i, each in observed.drawings.items() if i not in wanted}
    for number, drawing in wanted.items():
        there = observed.drawings.get(number)
        drawn = before.drawings.get(number)
        if there is None:
            if drawn is None and fingerprint(drawing) not in copies:  # else people took it away
                draw.append(drawing)
        elif fingerprint(there) != fingerprint(drawing) and (
            drawn is None or fingerprint(there) == drawn
        ):
            redraw.append(drawing)
    erase = [i for i in before.drawings if i not in wanted and i in observed.drawings]
    return tuple(draw), tuple(redraw), tuple(sorted(erase))


# ---------------------------------------------------------------------- for people
def _changes(
    found: Difference, content: Content, remade: Mapping[str, str]
) -> Iterable[PlannedChange]:
    """Say what will be done, one line for each thing that people would name.

    A new node is also seeded and started, a changed one plugged again and restarted: not said.
    """
    yield from _project_changes(found, content)
    again = {link.ends for link in found.connect}
    for link, words in found.disconnect:
        if frozenset(link.ends) not in again:
            yield PlannedChange("disconnect", words)
    again_made = {content.nodes[name].id for name in remade}
    replaced_ids = {i for node in content.record.nodes.values() for i in node.former}
    for gone in found.remove:
        if gone.id not in replaced_ids:
            why = "the design does not have it any more"
            yield PlannedChange("remove", f"node {gone.name}", why)
    yield from _node_changes(found, content, remade)
    replugged = {frozenset(link.ends) for link, _ in found.disconnect}
    for each in found.connect:
        if each.ends not in replugged and not again_made & {each.a.node, each.b.node}:
            yield PlannedChange("connect", each.about)
    count = len(found.draw) + len(found.redraw) + len(found.erase)
    if count:
        yield PlannedChange("draw", f"{count} frames and labels")


def _project_changes(found: Difference, content: Content) -> Iterable[PlannedChange]:
    if found.create_project:
        yield PlannedChange("create", f"project {content.name}")
    if found.forgotten_by:
        who = ", ".join(found.forgotten_by)
        why = f"compute {who} was restarted and does not know it any more: every node stops"
        yield PlannedChange("close", f"project {content.name}", why)
    if found.open_project:
        yield PlannedChange("open", f"project {content.name}", "the server has it closed")
    if found.keep_open:
        why = "it would be closed with the last window that shows it"
        yield PlannedChange("change", f"project {content.name}", why)
    if found.unplugged:
        why = "nothing is plugged into the bridge any more"
        yield PlannedChange("connect", "the management ports again", why)
    for cloud in found.revive:
        yield PlannedChange("start", f"node {cloud.device}", "GNS3 could not use its bridge")
    if found.broken_links:
        yield PlannedChange("remove", f"{len(found.broken_links)} links without two ends")


def _node_changes(
    found: Difference, content: Content, remade: Mapping[str, str]
) -> Iterable[PlannedChange]:
    several = len({node.compute for node in content.nodes.values()}) > 1
    created = {node.device for node in found.create}
    restarts = {node.device for node in found.stop}
    for node in found.create:
        if node.device in remade:
            text = f"{remade[node.device]}; boots with the lab's configuration"
            yield PlannedChange("change", f"node {node.device}", text)
        else:
            where = f"on {node.compute}" if several else ""
            yield PlannedChange("create", f"node {node.device}", where)
    reasons: dict[str, list[str]] = {each.node.device: [each.why] for each in found.rebuild}
    for node in found.write_boot:
        reasons.setdefault(node.device, ["the files of its boot"])
    for node in found.write_seed:
        reasons.setdefault(node.device, []).append("boots with the lab's configuration")
    for device, why in reasons.items():
        if device not in created:
            text = "; ".join([*why, *(["restarts"] if device in restarts else [])])
            yield PlannedChange("change", f"node {device}", text)
    for node in found.start:
        if node.device not in created and node.device not in reasons:
            verb = "resume" if node.id in found.resume else "start"
            yield PlannedChange(verb, f"node {node.device}")


def miscabled(
    links: Sequence[LinkContent], record: Record, observed: Observed
) -> Mapping[str, Sequence[str]]:
    """Return device -> what is wrong with its cables on the server, in words.

    Cables to nodes that people added, on ports that the design leaves free, are their own affair.
    """
    wanted = {port: link for link in links for port in (link.a, link.b)}
    actual = {port: link for link in observed.links for port in link.ends}
    devices = {node.id: device for device, node in record.nodes.items()}
    found: dict[str, list[str]] = defaultdict(list)
    for port in sorted(set(wanted) | set(actual)):
        device = devices.get(port.node)
        if device is None:
            continue
        want, have = wanted.get(port), actual.get(port)
        design = _far(want.a, want.b, port) if want else None
        server = _far(have.a, have.b, port) if have else None
        here = end_in_words(port, record, observed).partition(":")[2]
        found[device] += _wrong(here, design, server, record, observed, set(devices))
        if have and server and have.suspended:
            found[device].append(f"{here} is suspended")
        if have and server and have.filters:
            found[device].append(f"{here} has filters: {', '.join(sorted(have.filters))}")
    for cloud in record.clouds:
        there = observed.nodes.get(cloud.id)
        if there is not None and not there.started:
            words = "its management cloud is stopped: GNS3 could not use the bridge"
            for device in filter(None, cloud.ports):
                found[device].append(words)
    return {device: texts for device, texts in found.items() if texts}


def _far(a: Port, b: Port, near: Port) -> Port:
    return b if near == a else a


def _wrong(
    here: str,
    design: Port | None,
    server: Port | None,
    record: Record,
    observed: Observed,
    ours: set[str],
) -> list[str]:
    if design == server:
        return []
    wanted = end_in_words(design, record, observed) if design else "nothing"
    if server is None:
        return [f"{here} has no cable, the design says {wanted}"]
    if design is None and server.node not in ours:
        return []
    return [f"{here} leads to {end_in_words(server, record, observed)}, the design says {wanted}"]
