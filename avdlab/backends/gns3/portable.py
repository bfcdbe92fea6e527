"""A lab's project as a file that a GNS3 server imports: no server is asked.

A portable project is a zip of `project.gns3`, the topology in JSON, and of the files of its nodes
under `project-files/`. Revision 9 of that format is what 2.2 writes; 3.0 reads it, too. The schema
of 2.2 refuses what it does not know (gns3server/schemas/topology.py), so nothing is in it that only
3.x has: auxiliary consoles are left to the server. Importing gives nodes, links and drawings new
ids and moves the files after them (gns3server/controller/import_project.py).
"""

import io
import json
import stat
import zipfile
from collections.abc import Iterator, Mapping

from avdlab.backends.gns3.builder import node_body
from avdlab.backends.gns3.content import Content, LinkContent, NodeContent
from avdlab.backends.gns3.model import LOCAL, Drawing, Port
from avdlab.backends.gns3.names import object_id

SUFFIX = ".gns3project"
TOPOLOGY = "project.gns3"
README = "README.txt"  # GNS3 shows it among the project's properties
REVISION, WRITTEN_BY = 9, "2.2.0"
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # no date at all: the same project has the same bytes
_PRIVATE = (stat.S_IFREG | 0o600) << 16


def portable(content: Content, readme: str = "") -> bytes:
    """Return the project as a portable one: the same content, the same bytes."""
    files = {TOPOLOGY: _json(topology(content))}
    if readme:
        files[README] = readme.encode()
    for node in content.nodes.values():
        files |= dict(_files(node))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for path, body in sorted(files.items()):
            entry = zipfile.ZipInfo(path, _BEGINNING)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever this runs
            entry.external_attr = _PRIVATE
            archive.writestr(entry, body)
    return data.getvalue()


def topology(content: Content) -> Mapping[str, object]:
    """Return what `project.gns3` says."""
    return {
        "project_id": content.id,
        "name": content.name,
        "auto_start": False,
        "auto_open": False,
        "auto_close": False,
        "scene_width": content.width,
        "scene_height": content.height,
        "show_interface_labels": True,
        "type": "topology",
        "revision": REVISION,
        "version": WRITTEN_BY,
        "topology": {
            "computes": [],
            "nodes": [_node(node) for _, node in sorted(content.nodes.items())],
            "links": [_link(content.id, link) for link in content.links],
            "drawings": [_drawing(drawing) for drawing in content.drawings],
        },
    }


def _node(node: NodeContent) -> Mapping[str, object]:
    # where it runs is the importing server's business
    return node_body(node, 2) | {"compute_id": LOCAL}


def _link(project: str, link: LinkContent) -> Mapping[str, object]:
    ends = sorted(f"{port.node}/{port.adapter}/{port.number}" for port in link.ends)
    return {
        "link_id": object_id(project, f"link/{' '.join(ends)}"),
        "nodes": [
            _end(port, label) for port, label in zip((link.a, link.b), link.labels, strict=True)
        ],
    }


def _end(port: Port, label: str) -> Mapping[str, object]:
    return {
        "node_id": port.node,
        "adapter_number": port.adapter,
        "port_number": port.number,
        "label": {"text": label},
    }


def _drawing(drawing: Drawing) -> Mapping[str, object]:
    return {
        "drawing_id": drawing.id,
        "svg": drawing.svg,
        "x": drawing.x,
        "y": drawing.y,
        "z": drawing.z,
    }


def _files(node: NodeContent) -> Iterator[tuple[str, bytes]]:
    for path, body in {**node.boot, **node.seed}.items():
        yield f"project-files/{node.kind}/{node.id}/{path}", body


def _json(data: Mapping[str, object]) -> bytes:
    return (json.dumps(data, indent=2, sort_keys=True) + "\n").encode()
