"""What is looked at before anything is made: a lab that cannot come up is refused while nothing is
there yet, and what may go wrong is said."""

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from avdlab.backends.gns3 import bridge
from avdlab.backends.gns3.bridge import Interface, Management
from avdlab.backends.gns3.ceos import tagged
from avdlab.backends.gns3.errors import Gns3Error
from avdlab.backends.gns3.model import LOCAL, Compute, Project
from avdlab.backends.gns3.options import Options
from avdlab.backends.gns3.record import FILE, Record, from_json
from avdlab.backends.gns3.server import Server
from avdlab.errors import CannotRunError

OLDEST, TRIED = (2, 2), "2.2.61 and 3.0.6"
MEGABYTE = 1 << 20
INOTIFY_PER_NODE = 1250  # containerlab's and Arista's figure for EOS from 4.32
MANY_NODES = 50  # EOS from 4.32 runs so many on one machine as Linux comes
NODES_PER_PROCESSOR = 4  # an estimate: more of them at once boot for longer than three minutes
FULL = 95.0  # percent of a disk


@dataclass(slots=True)
class Findings:
    """Everything that speaks against the lab (`refusals`), and what people should know."""

    refusals: list[tuple[str, str]] = field(default_factory=list)  # message, hint
    notes: list[str] = field(default_factory=list)

    def refuse(self, message: str, hint: str = "") -> None:
        self.refusals.append((message, hint))

    def check(self) -> None:
        """Raise CannotRunError with all that speaks against the lab."""
        if self.refusals:
            *others, last = [f"{text}. {hint}" if hint else text for text, hint in self.refusals]
            if not others:
                text, hint = self.refusals[0]
                raise CannotRunError(text, hint=hint)
            raise CannotRunError("\n".join([*others, last]))


def check_version(server: Server, findings: Findings) -> None:
    """Refuse a server whose API nobody has tried."""
    version = server.version
    text = server.connector.version
    if version < OLDEST:
        findings.refuse(
            f"the server at {server.connector.url} is GNS3 {text}",
            f"avdlab speaks to 2.2 and 3.x (tried: {TRIED}); update the server.",
        )
    elif version[:1] > (3,):
        findings.notes.append(f"GNS3 {text} is newer than what avdlab was tried with ({TRIED})")


def check_computes(
    computes: Mapping[str, Compute], wanted: Sequence[str], findings: Findings
) -> None:
    """Refuse a lab on computes that are not there or do not answer."""
    for name in wanted:
        compute = computes.get(name)
        if compute is None:
            known = ", ".join(sorted(computes))
            findings.refuse(f"the server has no compute '{name}'", f"It has: {known}.")
        elif not compute.connected:
            why = f" ({compute.error})" if compute.error else ""
            findings.refuse(
                f"the compute {compute.name} is not connected{why}",
                "Start gns3server there, or place its nodes elsewhere (gns3_placement).",
            )


def choose_image(
    server: Server, options: Options, computes: Sequence[str], findings: Findings
) -> str:
    """Return the image of the devices; refuse where Docker does not answer or the image is missing.

    Without a choice in the settings it is the only image whose name tells of cEOS.
    """
    chosen = tagged(options.image) if options.image else ""
    for compute in computes:
        try:
            images = server.images(compute)
        except Gns3Error as exc:
            findings.refuse(f"Docker does not answer on compute {compute}: {exc.said}", exc.hint)
            continue
        if not chosen:
            chosen = _only_ceos(images, findings)
        if chosen and chosen not in images:
            findings.refuse(
                f"the image {chosen} is not on compute {compute}",
                f"Import it there: {import_line(chosen)}",
            )
    return chosen


def _only_ceos(images: frozenset[str], findings: Findings) -> str:
    found = sorted(image for image in images if re.search(r"ceos", image, re.IGNORECASE))
    if len(found) == 1:
        return found[0]
    if found:
        findings.refuse(
            f"the server has several cEOS images: {', '.join(found)}", "Choose one with gns3_image."
        )
    else:
        line = import_line("ceos:4.34.2F")
        findings.refuse("the server has no cEOS image", f"Import one there: {line}")
    return ""


def import_line(image: str) -> str:
    """Return the command that makes an image of the archive that Arista gives out."""
    version = image.rpartition(":")[2]
    archive = f"cEOS64-lab-{version if version != 'latest' else '4.34.2F'}.tar.xz"
    return f"docker import --change 'VOLUME /mnt/flash' {archive} {image}"


def check_name(projects: Sequence[Project], project: str, name: str, findings: Findings) -> None:
    """Refuse a name that another project of the server has."""
    if any(p.name == name and p.id != project for p in projects):
        findings.refuse(
            f"the server has a project '{name}' that this lab did not make",
            "Take it up with --adopt, or choose another name with gns3_project or --name.",
        )


def check_memory(
    computes: Mapping[str, Compute],
    starting: Mapping[str, int],
    options: Options,
    findings: Findings,
) -> None:
    """Compare what the nodes to be started need with what the computes have free."""
    for name, count in starting.items():
        compute = computes.get(name)
        need = count * options.memory * MEGABYTE
        if compute is None or not compute.memory or not need:
            continue
        figures = f"{count} nodes need about {_gigabytes(need)}, {compute.name} has "
        if need > compute.memory:
            findings.refuse(
                figures + f"{_gigabytes(compute.memory)} in all",
                "Start fewer with --limit, spread them (gns3_placement), or correct the estimate "
                f"with gns3_memory (now {options.memory} MB for each node).",
            )
        elif need > compute.free:
            findings.notes.append(figures + f"{_gigabytes(compute.free)} free")


def check_processors(
    computes: Mapping[str, Compute], starting: Mapping[str, int], here: int, findings: Findings
) -> None:
    """Say where many nodes boot on few processors, or a disk is nearly full. `here` are the
    processors of this machine where it is the server's, else 0."""
    for name, count in starting.items():
        compute = computes.get(name)
        if compute is None:
            continue
        processors = compute.processors or (here if name == LOCAL else 0)
        if 0 < processors * NODES_PER_PROCESSOR < count:
            findings.notes.append(
                f"{count} nodes boot on {processors} processors of {compute.name}: EOS may take "
                "longer than the usual one to three minutes (--timeout gives it more than ten)"
            )
        if compute.disk >= FULL:
            findings.notes.append(f"the disk of {compute.name} is {compute.disk:.0f} % full")


def _gigabytes(size: int) -> str:
    return f"{size / (1 << 30):.1f} GB"


def machine_notes(nodes: int) -> list[str]:
    """Return what this machine's kernel should allow for so many nodes; it must be the server's."""
    notes: list[str] = []
    limit = _number(Path("/proc/sys/fs/inotify/max_user_instances"))
    need = INOTIFY_PER_NODE * nodes
    if nodes > MANY_NODES and 0 < limit < need:
        notes.append(
            f"{nodes} cEOS nodes may need sysctl fs.inotify.max_user_instances={need} "
            f"(now {limit}); too few shows as 'Too many open files' in their logs"
        )
    if Path("/sys/fs/cgroup/cgroup.controllers").exists():
        notes.append("this machine has cgroups v2: cEOS older than 4.32.0F does not boot on it")
    return notes


def _number(path: Path) -> int:
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0


# ---------------------------------------------------------------------- the management network
@dataclass(frozen=True, slots=True)
class Place:
    """Where this process stands: in the server's own network or not, and the bridge there."""

    same: bool
    there: Interface | None
    changes: tuple[str, ...] = ()  # `ip` commands that avdlab runs itself


def check_bridge(
    wanted: Management, listed: Sequence[Interface], jump: str, findings: Findings
) -> Place:
    """Look at the bridge on the server; refuse where it is missing and we cannot make it."""
    here = bridge.interfaces_here()
    same = bridge.same_network(listed, here)
    there = next((i for i in (here if same else listed) if i.name == wanted.bridge), None)
    commands = wanted.commands(there)
    if same and commands and bridge.may_change_network():
        clash = _clash(wanted, here)
        if clash:
            findings.refuse(*clash)
            return Place(same, there)
        return Place(same, there, commands)
    if commands:
        text = "; ".join(commands)
        if there is None:
            findings.refuse(
                f"the server has no bridge '{wanted.bridge}' for the management network",
                f"Make it there, as root: {text}",
            )
        else:
            findings.notes.append(
                f"nobody on the server has an address in the devices' management network: as root "
                f"there, {text}"
            )
    if not same and not jump and wanted.addresses:
        first = next(iter(wanted.addresses.values()))
        findings.notes.append(
            f"the server is another machine: {first} and the others must be reachable from here, "
            "by a route or by gns3_jump"
        )
    return Place(same, there)


def _clash(wanted: Management, here: Sequence[Interface]) -> tuple[str, str] | None:
    """Tell whether an interface of this machine is in the devices' management network already:
    an address on the bridge would take its place."""
    for text in wanted.own:
        network = ipaddress.IPv4Interface(text).network
        for interface in here:
            if interface.name == wanted.bridge:
                continue
            for address in interface.addresses:
                if ipaddress.IPv4Interface(address).ip in network:
                    return (
                        f"this machine is {address} on {interface.name}: the devices' management "
                        f"network {network} is taken",
                        f"Give the lab other management addresses, or name the bridge that "
                        f"{interface.name} belongs to with gns3_bridge.",
                    )
    return None


def check_neighbors(
    server: Server,
    projects: Sequence[Project],
    record: Record,
    wanted: Management,
    findings: Findings,
) -> None:
    """Refuse management addresses that another lab of avdlab uses on the same bridge."""
    mine = {address: name for name, address in wanted.addresses.items()}
    for project in projects:
        if project.id == record.project or not project.opened or project.name == record.name:
            continue
        other = _record_of(server, project)
        if other is None or all(cloud.bridge != wanted.bridge for cloud in other.clouds):
            continue
        shared = sorted(node.address for node in other.nodes.values() if node.address in mine)
        if shared:
            copied = other.project != project.id
            who = f"project '{project.name}', a copy of" if copied else ""
            away = f"Close project '{project.name}' in GNS3" if copied else "Take that lab down"
            findings.refuse(
                f"{who} lab '{other.lab}' on this server uses management address {shared[0]} too, "
                f"on the bridge {wanted.bridge}".lstrip()
                + (f" ({len(shared)} addresses in all)" if len(shared) > 1 else ""),
                f"{away}, or give this one other addresses.",
            )


def _record_of(server: Server, project: Project) -> Record | None:
    data = server.read_project_file(project.id, FILE)
    try:
        return from_json(data.decode()) if data else None
    except ValueError:
        return None
