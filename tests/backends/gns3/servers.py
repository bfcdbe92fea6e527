"""A server as a value: what a difference, carried out, makes of what a server has."""

from dataclasses import replace

from avdlab.backends.gns3.canvas import fingerprint
from avdlab.backends.gns3.difference import Observed
from avdlab.backends.gns3.model import Drawing, Project, ServerLink, ServerNode


def carried_out(content, found, observed, before):  # noqa: PLR0912 (one step after the other)
    """Return the server and the record after the builder has done its work, in its order."""
    nodes = dict(observed.nodes)
    links = {link.id: link for link in observed.links}
    drawings = dict(observed.drawings)
    for link, _ in found.disconnect:
        del links[link.id]
    for gone in found.remove:
        del nodes[gone.id]  # and its files
        links = {i: k for i, k in links.items() if gone.id not in {p.node for p in k.ends}}
    for each in found.stop:
        nodes[each.id] = replace(nodes[each.id], status="stopped")
    for each in found.rebuild:
        assert nodes[each.node.id].status == "stopped"
        if len(nodes[each.node.id].port_names) != len(each.node.adapters):
            # the server would cut them without a word
            assert all(each.node.id not in {p.node for p in k.ends} for k in links.values())
        nodes[each.node.id] = replace(
            nodes[each.node.id],
            properties=dict(each.node.properties),
            port_names=each.node.adapters,
        )
    removed = {i for node in before.nodes.values() for i in node.former}
    removed |= {node.id for node in found.remove if node.kind == "docker"}
    for each in found.create:
        assert each.id not in nodes
        assert each.id not in removed, "a server mixes up a removed node with a new one of its id"
        assert each.name not in {node.name for node in nodes.values()}
        nodes[each.id] = made(each)
    for number, each in enumerate(found.connect):
        used = {port for link in links.values() for port in link.ends}
        assert not used & each.ends, "a port takes one cable"
        links[f"new-{len(links)}-{number}"] = ServerLink(
            f"new-{len(links)}-{number}", *sorted((each.a, each.b))
        )
    for each in (*found.draw, *found.redraw):
        drawings[each.id] = each
    for number in found.erase:
        del drawings[number]
    for each in (*found.write_boot, *found.write_seed):
        assert nodes[each.id].status == "stopped", "files of a running node are read at its boot"
    record = replace(
        content.record,
        nodes={name: replace(node, made=True) for name, node in content.record.nodes.items()},
    )
    for each in found.write_boot:
        record = record.with_node(each.device, boot=each.boot_digest)
    for each in found.write_seed:
        record = record.with_node(each.device, seeded=each.seed_digest)
    for each in (*found.start, *found.revive):
        nodes[each.id] = replace(nodes[each.id], status="started")
    kept = {i: before.drawings[i] for i in before.drawings if i in {d.id for d in content.drawings}}
    fresh = {d.id: fingerprint(d) for d in (*found.draw, *found.redraw)}
    record = replace(record, drawings={**kept, **fresh})
    project = Project(content.id, content.name, opened=True, auto_close=False)
    return Observed(project, nodes, tuple(links.values()), drawings), record


def made(node):
    """Return a node as the server has it after it was made: stopped; a cloud runs at once."""
    status = "started" if node.kind == "cloud" else "stopped"
    return ServerNode(
        node.id,
        node.name,
        node.kind,
        node.compute,
        status,
        x=node.x,
        y=node.y,
        port_names=node.adapters,
        properties=dict(node.properties),
    )


def a_drawing(number="people-1"):
    """Return something that people drew."""
    return Drawing(number, "<svg/>", 1, 2, 0)
