"""The lab as a portable project: what a GNS3 user imports, and what the server's machine needs."""

from dataclasses import dataclass, replace

from avdlab.backends.base import LabSpec
from avdlab.backends.gns3.backend import Gns3Backend
from avdlab.backends.gns3.bridge import management
from avdlab.backends.gns3.ceos import tagged
from avdlab.backends.gns3.portable import portable
from avdlab.backends.gns3.preflight import import_line
from avdlab.exports.model import Subject
from avdlab.settings import Settings

IMAGE = "ceos:latest"  # stands for the image that nobody has chosen


@dataclass(frozen=True, slots=True)
class Gns3Project:
    """The file's bytes, and what people are told of it."""

    data: bytes
    nodes: int
    links: int
    image: str
    commands: tuple[str, ...]  # before it starts, as root on the server's machine
    notes: tuple[str, ...]


def gns3project(lab: Subject, settings: Settings) -> Gns3Project:
    """Return the lab's project; `lab.folder` is the lab's own, which may not be there.

    Raises InputError for settings that are wrong and CannotRunError for a topology that GNS3 cannot
    take.
    """
    if not settings.gns3_image:  # a lab on GNS3 remembers the image that it found
        settings = replace(settings, gns3_image=IMAGE)
    backend = Gns3Backend(lab.folder, lab.user, settings)
    topology = backend.buildable(lab.topology)
    spec = LabSpec(lab.name, lab.folder, topology, lab.configs, lab.user)
    content, options = backend.drawn_up(spec)
    addresses = {node.name: node.management_address for node in topology.devices}
    network = management(
        options.bridge, addresses, lab.configs.values(), options.bridge_address
    ).commands(None)
    image = tagged(options.image)
    imported = (import_line(image),) if "ceos" in image.lower() else ()
    commands = (*imported, *network)
    return Gns3Project(
        portable(content, _readme(lab, image, commands)),
        len(content.nodes),
        len(content.links),
        image,
        commands,
        topology.notes[len(lab.topology.notes) :],
    )


def _readme(lab: Subject, image: str, commands: tuple[str, ...]) -> str:
    lines = "\n".join(f"    {command}" for command in commands)
    return f"""{lab.name}: {len(lab.configs)} Arista switches, written by avdlab.

Each node boots with its configuration: it lies in its folder, under mnt/flash. Whoever has this
project has the configurations and the secrets in them.

Before you start it, on the GNS3 server's machine (the image is {image}):
{lines}
The node 'management' plugs the management ports into that bridge. A node answers eAPI and SSH at
the address of its Management interface; user '{lab.user.name}' logs in.
"""
