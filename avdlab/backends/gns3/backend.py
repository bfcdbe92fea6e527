"""The GNS3 backend: a lab is a project on a server, found by an id of the lab's own."""

import secrets
import shutil
from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from avdlab.backends.base import (
    Behind,
    Capability,
    ConsoleTarget,
    EapiTarget,
    Impairment,
    LabSpec,
    LinkFault,
    NodeStatus,
    Plan,
    SshTarget,
)
from avdlab.backends.gns3 import bridge, ceos, orphans, preflight
from avdlab.backends.gns3.builder import Builder
from avdlab.backends.gns3.cables import Cables
from avdlab.backends.gns3.connector import Connector
from avdlab.backends.gns3.content import Content, content, links_of
from avdlab.backends.gns3.difference import Difference, Observed, miscabled
from avdlab.backends.gns3.endpoints import Runs, runs_as, why_not
from avdlab.backends.gns3.errors import ConflictError, Gns3Error
from avdlab.backends.gns3.jump import Jump
from avdlab.backends.gns3.model import LOCAL, Project
from avdlab.backends.gns3.names import project_id
from avdlab.backends.gns3.options import Options, options
from avdlab.backends.gns3.planner import Gns3Plan, make_plan, observe
from avdlab.backends.gns3.pool import START, STOP, side_by_side
from avdlab.backends.gns3.reach import LOOPBACK, Look, console_host
from avdlab.backends.gns3.record import FILE, Record, from_json, to_json
from avdlab.backends.gns3.server import Server
from avdlab.errors import BackendError, CannotRunError
from avdlab.events import Reporter
from avdlab.overlay.model import LabUser
from avdlab.overlay.profile import CEOS, Profile
from avdlab.settings import Settings
from avdlab.state import same_text, write_private
from avdlab.topology.files import from_json as topology_from_json
from avdlab.topology.model import NodeKind, Topology
from avdlab.topology.partial import without

HTTPS, SSH = 443, 22
ADOPTED = (
    "the devices know the password that the lab was made with: set AVDLAB_PASSWORD to it, or boot "
    "them with another by --reseed all"
)


class Gns3Backend:
    """Runs a lab on a GNS3 server. `folder` is the lab's; the record lies in `folder/gns3`."""

    name = "gns3"
    boot_seconds = 600.0  # cEOS takes one to three minutes, and more where many boot at once
    convergence_seconds = 150.0  # LLDP keeps a neighbor for 120 s (IEEE 802.1AB 10.5.3, EOS too)
    capabilities = frozenset(
        {
            Capability.LINK_BLACKHOLE,
            Capability.LINK_SELECTIVE,
            Capability.LINK_IMPAIR,
            Capability.CAPTURE,
            Capability.CONSOLE,
            Capability.NODE_STOP,
            Capability.SSH,
        }
    )

    def __init__(self, folder: Path, user: LabUser, settings: Settings) -> None:
        self._lab = folder.name
        self._folder = folder / "gns3"
        self._topology_file = folder / "topology.json"
        self._user = user
        self._settings = settings
        self._connected: Server | None = None
        self._jump: Jump | None = None

    # ------------------------------------------------------------------ what it builds
    def buildable(self, topology: Topology) -> Topology:
        """Return the topology with the nodes that this lab runs on GNS3."""
        chosen = self._options().endpoints
        out = [
            node.name
            for node in topology.nodes.values()
            if node.kind is not NodeKind.DEVICE and runs_as(node, chosen) is Runs.NOTHING
        ]
        return without(topology, out, why_not(chosen))

    def drawn_up(self, spec: LabSpec) -> tuple[Content, Options]:
        """Return the project as it would be made, and the options it follows; no server is asked,
        so an image that is not chosen is not known."""
        chosen = self._options()
        unmade = Record(self._lab, "", project_id(self._lab, ""), chosen.project or self._lab)
        return content(spec, chosen, self._record() or unmade), chosen

    # ------------------------------------------------------------------ Backend
    @property
    def profile(self) -> Profile:
        """Its nodes are cEOS; cables carry what the design's interfaces do (ceos.py)."""
        return CEOS

    def plan(self, spec: LabSpec) -> Plan:
        """Compare with the server. Raises CannotRunError for what stands in the lab's way."""
        chosen, server = self._options(), self._server
        findings = preflight.Findings()
        preflight.check_version(server, findings)
        findings.check()
        self._through(LOOPBACK, SSH)  # a jump host that lets nobody in shows now
        projects = server.projects()
        before = self._record() or self._taken_up(chosen, projects)
        if before.nodes and not self._record_file.exists():
            findings.notes.append(ADOPTED)
        made = make_plan(server, spec, chosen, before, projects)
        return replace(made, notes=(*findings.notes, *made.notes))

    def apply(self, plan: Plan, reporter: Reporter) -> None:
        """Make it so. Raises Gns3Error, BackendError."""
        if not isinstance(plan, Gns3Plan):
            plan = self.plan(plan.spec)
        if not isinstance(plan, Gns3Plan) or not plan.content or not plan.found or not plan.options:
            raise BackendError("the plan is not one of the GNS3 backend")
        write_private(self._options_file, plan.options.to_json())
        self._make_bridge(plan)
        before = plan.before or plan.content.record
        self._open(plan.content.id, plan.found, reporter)
        builder = Builder(self._server, plan.content, plan.found, before, self._save, reporter)
        record = builder.run()
        self._publish(record, plan)

    def status(self) -> tuple[NodeStatus, ...]:
        """Ask the server and the nodes. Raises BackendError where no server answers."""
        record = self._record()
        if record is None:
            return ()
        observed = observe(self._server, record.project)
        topology = self._topology()
        wrong = miscabled(list(links_of(topology, record)), record, observed)
        targets = {
            node.name: self.address(node.name)
            for node in topology.devices
            if node.name in record.nodes
        }
        return Look(self._server, record, observed, targets, wrong).statuses()

    def address(self, node: str) -> EapiTarget:
        """Return where the node's eAPI answers: its management address, or the jump's end."""
        host, port, behind = self._through(self._management_address(node), HTTPS)
        return EapiTarget(node, host, port, self._user, behind=behind)

    def _management_address(self, node: str) -> str:
        try:
            return self._topology().nodes[node].management_address.partition("/")[0]
        except (KeyError, FileNotFoundError):
            raise BackendError(f"{node} is not a node of this lab") from None

    def _through(self, host: str, port: int) -> tuple[str, int, Behind | None]:
        """Return where a host and port of the server's network answer this process."""
        chosen = self._options().jump
        if not chosen:
            return host, port, None
        if self._jump is None:
            self._jump = Jump(chosen)
        return LOOPBACK, self._jump.forward(host, port), Behind(chosen, host, port)

    def start(self, nodes: Sequence[str]) -> None:
        """Power nodes on."""
        record, server = self._known(), self._server  # one login for all threads
        suspended = {node.id for node in server.nodes(record.project) if node.suspended}

        def one(name: str) -> None:
            node = record.nodes[name].id
            if node not in suspended:
                server.write_file(record.project, node, ceos.MARKER, b"", name)
            server.start_node(record.project, node, name)

        side_by_side(START, one, self._checked(record, nodes))

    def stop(self, nodes: Sequence[str]) -> None:
        """Power nodes off."""
        record, server = self._known(), self._server
        side_by_side(
            STOP,
            lambda name: server.stop_node(record.project, record.nodes[name].id, name),
            self._checked(record, nodes),
        )

    def destroy(self) -> None:
        """Stop the nodes, delete the project, remove the bridge that was made. Idempotent."""
        record = self._record()
        if record is None:
            return
        server = self._server
        observed = observe(self._server, record.project)
        if observed.project is not None:
            self._check_computes(observed)
            if observed.project.opened:
                running = [node for node in observed.nodes.values() if node.kind == "docker"]
                side_by_side(
                    STOP,
                    lambda node: server.stop_node(record.project, node.id, node.name),
                    [node for node in running if node.status != "stopped"],
                )
            elif server.leaves_containers and not (self._same_machine() and orphans.allowed()):
                self._check_leftovers(record.project)
            server.delete_project(record.project)
        if self._same_machine():
            orphans.remove(record.project)
        self._remove_bridge(record)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _check_computes(self, observed: Observed) -> None:
        """Refuse to remove nodes of a compute that is not there: they would live on.

        Asking also makes 2.2 connect to its computes, `local` included, before it may delete.
        """
        used = {node.compute for node in observed.nodes.values()}
        gone = [c.name for c in self._server.computes() if c.id in used and not c.connected]
        if gone:
            raise BackendError(
                f"the compute {', '.join(gone)} is not connected: its nodes cannot be removed",
                hint="Start gns3server there, then run: avdlab down",
            )

    def _check_leftovers(self, project: str) -> None:
        """Refuse to delete a closed project of which containers are left that we cannot remove: it
        cannot be opened then."""
        try:
            self._server.open_project(project)
        except ConflictError as exc:
            if "already in use" in exc.said:
                raise self._in_use(exc, project, "down") from exc
        except Gns3Error:
            return  # no reason to keep it

    # ------------------------------------------------------------------ capabilities
    def set_link(self, a: str, b: str, fault: LinkFault | None) -> None:
        """Let all frames of a cable vanish, or those of some protocols; None heals it."""
        self._cables.fault(a, b, fault)

    def impair(self, a: str, b: str, impairment: Impairment | None) -> None:
        """Delay, lose or corrupt the frames of a cable; None heals it."""
        self._cables.impair(a, b, impairment)

    def start_capture(self, a: str, b: str) -> None:
        """Begin to record the frames of a cable."""
        self._cables.start_capture(a, b)

    def stop_capture(self, a: str, b: str) -> bytes:
        """End the recording and return it, in pcap form."""
        return self._cables.stop_capture(a, b)

    def follow(self, a: str, b: str, seconds: float | None) -> Generator[bytes, None, None]:
        """Record a cable and hand the recording on as it grows."""
        return self._cables.follow(a, b, seconds)

    def console(self, node: str) -> ConsoleTarget:
        """Say where a node's consoles answer telnet: its own, and a root shell beside it."""
        record = self._known()
        self._checked(record, [node])
        found = self._server.node(record.project, record.nodes[node].id, node)
        if found is None or not found.started or not found.console:
            raise BackendError(f"{node} does not run", hint="Run: avdlab up")
        host = console_host(self._server, found, beside=bool(self._options().jump))
        where, port, behind = self._through(host, found.console)
        beside = self._through(host, found.auxiliary) if found.auxiliary else ("", 0, None)
        return ConsoleTarget(node, where, port, beside[1], behind, beside[2])

    def ssh(self, node: str) -> SshTarget:
        """Return where the node's SSH listens: port 22 of its management address."""
        host, port, behind = self._through(self._management_address(node), SSH)
        return SshTarget(node, host, port, self._user, behind)

    @property
    def _cables(self) -> Cables:
        return Cables(self._server, self._known())

    # ------------------------------------------------------------------ the server
    @property
    def _server(self) -> Server:
        if self._connected is None:
            chosen = self._options()
            self._connected = Server(
                Connector(chosen.server, chosen.user, chosen.password, verify=chosen.verify)
            )
        return self._connected

    def _open(self, project: str, found: Difference, reporter: Reporter) -> None:
        """Open a project that the server has closed; clear away what a dead server left of it."""
        if not found.open_project:
            return
        if found.forgotten_by:
            self._server.close_project(project)
        if self._same_machine():  # a closed project has no containers of its own
            for name in orphans.remove(project):
                reporter.note(f"removed what the server left when it died: {name}")
        try:
            self._server.open_project(project)
        except ConflictError as exc:
            if "already in use" not in exc.said:
                raise
            raise self._in_use(exc, project, "up") from exc

    def _in_use(self, exc: ConflictError, project: str, verb: str) -> ConflictError:
        """Return the error with what clears away the containers that a dead server left."""
        hint = f"On the server: {orphans.commands(project)}; then: avdlab {verb}"
        return ConflictError(exc.said, call=exc.call, status=exc.status, hint=hint)

    def _same_machine(self) -> bool:
        return bridge.same_network(self._server.interfaces(LOCAL), bridge.interfaces_here())

    # ------------------------------------------------------------------ the record
    @property
    def _record_file(self) -> Path:
        return self._folder / "record.json"

    @property
    def _options_file(self) -> Path:
        return self._folder / "options.json"

    @property
    def _bridge_file(self) -> Path:
        return self._folder / "bridge"

    def _options(self) -> Options:
        path = self._options_file
        return options(self._settings, path.read_text(encoding="utf-8") if path.exists() else "")

    def _record(self) -> Record | None:
        try:
            return from_json(self._record_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except ValueError as exc:
            raise CannotRunError(
                f"{self._record_file} cannot be read: {exc}",
                hint="Remove it, and take the lab up again: avdlab up --adopt",
            ) from exc

    def _known(self) -> Record:
        record = self._record()
        if record is None:
            raise BackendError(f"lab '{self._lab}' has no nodes yet", hint="Run: avdlab up")
        return record

    def _save(self, record: Record) -> None:
        write_private(self._record_file, to_json(record))

    def _publish(self, record: Record, plan: Gns3Plan) -> None:
        """Store the record among the project's files, where it is not there as it is."""
        path = self._folder / "published"
        text = to_json(record)
        if plan.published and same_text(path, text):
            return
        self._server.write_project_file(record.project, FILE, text.encode())
        write_private(path, text)

    def _taken_up(self, chosen: Options, projects: Iterable[Project]) -> Record:
        """Return the record of a lab that is new here: an empty one, or the adopted project's.

        A project of avdlab's brings its record along; in another one, and in a copy that GNS3 made
        with ids of its own, nodes are found by name.
        """
        name = chosen.project or self._lab
        token = secrets.token_hex(8)
        empty = Record(self._lab, token, project_id(self._lab, token), name)
        there = next((project for project in projects if project.name == name), None)
        if there is None or not self._settings.gns3_adopt:
            return empty
        data = self._server.read_project_file(there.id, FILE)
        try:
            found = from_json(data.decode()) if data else None
        except ValueError as exc:
            raise CannotRunError(
                f"project '{name}' has a {FILE} that cannot be read: {exc}",
                hint="Remove that file from the project's folder to take it up without.",
            ) from exc
        return found if found and found.project == there.id else replace(empty, project=there.id)

    def _topology(self) -> Topology:
        return topology_from_json(self._topology_file.read_text(encoding="utf-8"))

    def _checked(self, record: Record, nodes: Sequence[str]) -> list[str]:
        for name in nodes:
            if name not in record.nodes:
                raise BackendError(f"{name} is not a node of this lab")
        return list(nodes)

    # ------------------------------------------------------------------ management network
    def _make_bridge(self, plan: Gns3Plan) -> None:
        if not plan.bridge_commands:
            return
        chosen = plan.options.bridge if plan.options else ""
        if any(command.startswith("ip link add") for command in plan.bridge_commands):
            write_private(self._bridge_file, chosen + "\n")  # ours: `down` takes it away
        try:
            bridge.make(plan.bridge_commands)
        except OSError as exc:
            raise BackendError(
                f"the management bridge cannot be made: {exc}",
                hint=f"As root: {'; '.join(plan.bridge_commands)}",
            ) from exc

    def _remove_bridge(self, record: Record) -> None:
        if not self._bridge_file.exists():
            return
        for name in {cloud.bridge for cloud in record.clouds}:
            if self._bridge_file.read_text(encoding="utf-8").strip() == name:
                bridge.remove_unused(name)
