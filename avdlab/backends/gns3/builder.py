"""Make a server's project equal to what it shall contain, step by step.

Each step leaves the project in a state from which the next `up` goes on: what was done is seen on
the server, and what cannot be seen there (which files were written) is in the record, which is
saved before it matters. Calls of one kind run side by side, as many as the servers were measured
to take; never two on one node or one port: the servers would carry out both, and leave a container
that nothing removes, or two cables in one port.
"""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TypeVar

from avdlab.backends.gns3 import ceos
from avdlab.backends.gns3.canvas import fingerprint
from avdlab.backends.gns3.content import Content, LinkContent, NodeContent
from avdlab.backends.gns3.difference import Difference, Rebuild
from avdlab.backends.gns3.errors import ConflictError, Gns3Error, NoAnswerError
from avdlab.backends.gns3.model import LOCAL, Drawing, ServerLink, ServerNode
from avdlab.backends.gns3.pool import CREATE, FILE, START, STOP, side_by_side
from avdlab.backends.gns3.record import Record
from avdlab.backends.gns3.server import Server
from avdlab.errors import BackendError
from avdlab.events import Reporter

# Links one by one: 3.0.6 chooses the UDP ports of links in threads that do not wait for each other
# (api/routes/compute/compute.py, allocate_udp_port), so two links get one port and their nodes do
# not start. Another's links at the same time can still do that; `_start` heals it.
LINK = 1
PORT_TAKEN = "Address already in use"
# two servers on one machine may choose one name for their taps at the same time
TRANSIENT = (PORT_TAKEN, "Device or resource busy")
START_TRIES = 3
MAKING_SECONDS = 60.0  # for a node that the server is at

T = TypeVar("T")


@dataclass(slots=True)
class Builder:
    """Applies one difference. `save` stores the record in the lab's folder."""

    server: Server
    content: Content
    found: Difference
    before: Record
    save: Callable[[Record], None]
    reporter: Reporter
    _record: Record = field(init=False)
    _one_by_one: threading.Lock = field(default_factory=threading.Lock)
    _steps: "count[int]" = field(default_factory=lambda: count(1))  # threads take turns at it

    def run(self) -> Record:
        """Do everything, and return the record of what is there. Raises Gns3Error."""
        self._begin()
        self._project()
        side_by_side(LINK, self._clear, self.found.broken_links)
        side_by_side(LINK, self._disconnect, self.found.disconnect)
        side_by_side(STOP, self._remove, self.found.remove)
        side_by_side(STOP, self._stop, self.found.stop)
        side_by_side(CREATE, self._rebuild, self.found.rebuild)
        side_by_side(CREATE, self._create, self.found.create)
        side_by_side(LINK, self._connect, self.found.connect)
        side_by_side(LINK, self._revive, self.found.revive)
        self._find_lost_files()
        side_by_side(FILE, self._write_boot, self.found.write_boot)
        side_by_side(FILE, self._write_seed, self.found.write_seed)
        self._draw()
        self._end()
        side_by_side(START, self._start, self.found.start)
        self._check_clouds(self.content.id)
        return self._record

    def _begin(self) -> None:
        """Store what will be made before anything is, and keep what is still to be removed."""
        nodes = {**self.before.nodes, **self.content.record.nodes}
        for name in {node.device for node in self.found.create} & set(nodes):
            nodes[name] = replace(nodes[name], seeded="", boot="")
        clouds = {cloud.id: cloud for cloud in (*self.before.clouds, *self.content.record.clouds)}
        self._keep(replace(self.content.record, nodes=nodes, clouds=tuple(clouds.values())))

    def _end(self) -> None:
        """Store what is there now: nothing is left to be removed."""
        known = self._record.nodes
        nodes = {name: replace(known[name], made=True) for name in self.content.record.nodes}
        clouds = self.content.record.clouds
        self._keep(replace(self._record, nodes=nodes, clouds=clouds, drawings=self._drawn()))

    def _keep(self, record: Record) -> None:
        self._record = record
        self.save(record)

    # ------------------------------------------------------------------ steps
    def _project(self) -> None:
        content = self.content
        if self.found.create_project:
            made = self._sure(
                lambda: self.server.create_project(
                    content.id,
                    content.name,
                    scene_width=content.width,
                    scene_height=content.height,
                    show_interface_labels=True,
                ),
                lambda: self.server.project(content.id),
            )
            if not made.opened:
                self.server.open_project(content.id)
        if self.found.keep_open:
            self.server.update_project(content.id, auto_close=False)

    def _clear(self, link: str) -> None:
        self.server.delete_link(self.content.id, link, "a link without two ends")
        self._progress("clear away a broken link")

    def _disconnect(self, each: tuple[ServerLink, str]) -> None:
        link, words = each
        self.server.delete_link(self.content.id, link.id, words)
        self._progress(f"disconnect {words}")

    def _remove(self, node: ServerNode) -> None:
        self.server.delete_node(self.content.id, node.id, node.name)
        self._progress(f"remove {node.name}")

    def _stop(self, node: NodeContent) -> None:
        self.server.stop_node(self.content.id, node.id, node.device)
        self._progress(f"stop {node.device}")

    def _rebuild(self, each: Rebuild) -> None:
        node = each.node
        changes = {
            "properties": dict(node.properties),
            "custom_adapters": custom_adapters(node),
        }
        self.server.update_node(self.content.id, node.id, changes, node.device)
        self._progress(f"change {node.device}")

    def _create(self, node: NodeContent) -> None:
        body = node_body(node, self.server.api)
        made = self._sure(
            lambda: self.server.create_node(self.content.id, body),
            lambda: self.server.node(self.content.id, node.id, node.device),
        )
        if made.name != node.name:  # the servers rename a second node of a name without a word
            self._take_name(node, made.name)
        self._progress(f"create {node.device}")

    def _take_name(self, node: NodeContent, other: str) -> None:
        """Name a node as it should be, where the name is that of a node in whose place it is: the
        server has finished it after the `up` that asked for it was killed.

        Raises Gns3Error where the name is somebody else's.
        """
        known = self.content.record.nodes.get(node.device)
        former = known.former if known else ()
        deadline = time.monotonic() + (MAKING_SECONDS if former else 0)
        while not (there := self._named(node.name)) and time.monotonic() < deadline:
            time.sleep(0.2)  # a name is taken before its node is shown
        if there and there.id not in former:
            raise Gns3Error(
                f"the server named it {other}: the project has a {node.name} already",
                about=node.device,
                hint=f"Rename or remove the other {node.name} in GNS3, then run: avdlab up",
            )
        if there:
            self.server.delete_node(self.content.id, there.id, node.device)
        self.server.update_node(self.content.id, node.id, {"name": node.name}, node.device)

    def _named(self, name: str) -> ServerNode | None:
        there = self.server.nodes(self.content.id)
        return next((node for node in there if node.name == name), None)

    def _connect(self, link: LinkContent) -> None:
        self._plug(link)
        self._progress(f"connect {link.about}")

    def _revive(self, cloud: NodeContent) -> None:
        with suppress(Gns3Error):  # `_check_clouds` says what is wrong with it
            self.server.start_node(self.content.id, cloud.id, cloud.device)
        self._progress(f"start {cloud.device}")

    def _plug(self, link: LinkContent) -> None:
        def there() -> ServerLink | None:
            found = self.server.links(self.content.id)
            return next((each for each in found if frozenset(each.ends) == link.ends), None)

        def make() -> ServerLink:
            ends = (link.a, link.b)
            return self.server.create_link(self.content.id, ends, link.labels, link.about)

        try:
            self._sure(make, there)
        except ConflictError as exc:  # a running node says so at once, and the link is not made
            if PORT_TAKEN not in exc.said:
                raise
            make()

    def _find_lost_files(self) -> None:
        """Look whether stopped nodes still have their files: a compute that came back with an empty
        disk has made their containers anew, and they would boot without a configuration.

        GNS3 itself writes a file in the hook's place; the marker is there since the first start.
        """
        written = {node.device for node in (*self.found.write_boot, *self.found.write_seed)}
        lost: list[NodeContent] = []

        def look(node: NodeContent) -> None:
            path = next((each for each in node.boot if each != ceos.HOOK), ceos.MARKER)
            if self.server.read_file(self.content.id, node.id, path) is None:
                lost.append(node)

        old = [node for node in self.found.start if node.boot and node.device not in written]
        side_by_side(FILE, look, old)
        if lost:
            names = sorted(node.device for node in lost)
            self.reporter.note(f"their files are gone, and are written again: {', '.join(names)}")
            self.found = replace(
                self.found,
                write_boot=(*self.found.write_boot, *lost),
                write_seed=(*self.found.write_seed, *lost),
            )

    def _write_boot(self, node: NodeContent) -> None:
        self._write(node, node.boot)
        with self._one_by_one:
            self._keep(self._record.with_node(node.device, boot=node.boot_digest))
        self._progress(f"files of {node.device}")

    def _write_seed(self, node: NodeContent) -> None:
        self._write(node, node.seed)
        with self._one_by_one:
            self._keep(self._record.with_node(node.device, seeded=node.seed_digest))
        self._progress(f"seed of {node.device}")

    def _write(self, node: NodeContent, files: Mapping[str, bytes]) -> None:
        for path, data in files.items():
            self.server.write_file(self.content.id, node.id, path, data, node.device)

    def _draw(self) -> None:
        for drawing in self.found.draw:
            self.server.create_drawing(self.content.id, drawing)
            self._progress("draw")
        for drawing in self.found.redraw:
            self.server.update_drawing(self.content.id, drawing)
            self._progress("draw")
        for number in self.found.erase:
            self.server.delete_drawing(self.content.id, number)
            self._progress("erase")

    def _drawn(self) -> dict[str, str]:
        fresh = {d.id: fingerprint(d) for d in (*self.found.draw, *self.found.redraw)}
        wanted: dict[str, Drawing] = {drawing.id: drawing for drawing in self.content.drawings}
        kept = {i: was for i, was in self.before.drawings.items() if i in wanted}
        return {i: fresh.get(i) or kept.get(i, fingerprint(d)) for i, d in wanted.items()}

    def _start(self, node: NodeContent) -> None:
        if node.boot and node.id not in self.found.resume:
            self.server.write_file(self.content.id, node.id, ceos.MARKER, b"", node.device)
        for attempt in range(1, START_TRIES + 1):
            try:
                self.server.start_node(self.content.id, node.id, node.device)
            except Gns3Error as exc:
                self._stop_half_started(node)
                if attempt == START_TRIES or not any(word in exc.said for word in TRANSIENT):
                    raise
                if PORT_TAKEN in exc.said:
                    self._replug(node)
            else:
                break
        self._progress(f"start {node.device}")

    def _stop_half_started(self, node: NodeContent) -> None:
        """Stop a node whose start failed: its container may run, and another start would leave it
        as it is, without its NICs."""
        with suppress(Gns3Error):
            self.server.stop_node(self.content.id, node.id, node.device)

    def _replug(self, node: NodeContent) -> None:
        """Make a node's links anew, with other UDP ports."""
        with self._one_by_one:
            for link in self.server.links(self.content.id):
                if node.id in {port.node for port in link.ends}:
                    self.server.delete_link(self.content.id, link.id, node.device)
            for wanted in self.content.links:
                if node.id in {wanted.a.node, wanted.b.node}:
                    self._plug(wanted)

    def _check_clouds(self, project: str) -> None:
        """Look at the clouds: the servers answer 201 to a cable on a bridge that is not there."""
        ours = {cloud.id: cloud for cloud in self.content.record.clouds}
        for node in self.server.nodes(project):
            if node.id in ours and not node.started:
                raise BackendError(
                    f"the management network does not work: GNS3 could not use the bridge "
                    f"'{ours[node.id].bridge}' on compute {node.compute}",
                    hint="Make the bridge there (ip link add NAME type bridge), let ubridge use "
                    "it, and run: avdlab up",
                )

    # ------------------------------------------------------------------ one writer, no blind retry
    def _sure(self, make: Callable[[], T], look: Callable[[], T | None]) -> T:
        """Make something; when no answer comes, look whether it was made before it is tried once
        more. Raises Gns3Error."""
        try:
            return make()
        except NoAnswerError:
            found = look()
            return make() if found is None else found

    def _progress(self, item: str) -> None:
        self.reporter.stage_progress("gns3", next(self._steps), self.found.steps, item)


def node_body(node: NodeContent, api: int) -> dict[str, object]:
    """Return the JSON that makes a node. What only one API version knows is added for it alone:
    2.2 refuses fields that it does not know."""
    body: dict[str, object] = {
        "node_id": node.id,
        "name": node.name,
        "node_type": node.kind,
        "compute_id": node.compute or LOCAL,
        "x": node.x,
        "y": node.y,
        "symbol": node.symbol,
        "properties": dict(node.properties),
    }
    if node.kind == "docker":
        body["console_type"] = "telnet"
        body["custom_adapters"] = custom_adapters(node)
        if api == 3:
            body["aux_type"] = "telnet"  # 2.2 always has an auxiliary console
    elif node.kind == "cloud":
        body["console_type"] = "none"  # gns3fy reads no project with a node that says null
    return body


def custom_adapters(node: NodeContent) -> list[dict[str, object]]:
    """Return the names of a node's ports, as GNS3 shows them."""
    return [
        {"adapter_number": number, "port_name": name} for number, name in enumerate(node.adapters)
    ]
