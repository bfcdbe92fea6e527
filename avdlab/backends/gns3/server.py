"""A GNS3 server's calls by name, the same for API v2 and v3. What differs between them is here."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from avdlab.backends.gns3.bridge import Interface
from avdlab.backends.gns3.connector import LONG_SECONDS, Connector
from avdlab.backends.gns3.errors import ConflictError, Gns3Error, NotFoundError
from avdlab.backends.gns3.model import (
    LOCAL,
    Compute,
    Drawing,
    Port,
    Project,
    ServerLink,
    ServerNode,
    read_drawing,
    read_link,
    read_node,
    read_project,
)

Json = dict[str, Any]


class Server:
    """Calls on one server. Every method raises Gns3Error and its kinds."""

    def __init__(self, connector: Connector) -> None:
        self.connector = connector

    @property
    def api(self) -> int:
        return self.connector.api

    @property
    def version(self) -> tuple[int, ...]:
        """The server's version as numbers: (2, 2, 61)."""
        return tuple(int(part) for part in re.findall(r"\d+", self.connector.version)[:3])

    @property
    def sticky_filters(self) -> bool:
        """Tell whether a running Docker node keeps filters and suspension that were taken away.

        3.0.x passes filters on to a node only where there are some (api/routes/compute/
        docker_nodes.py: `if nio_data.filters`); 2.2 and 3.1 always do.
        """
        return (3, 0) <= self.version < (3, 1)

    @property
    def leaves_containers(self) -> bool:
        """Tell whether a project is deleted without the containers that a server that died left of
        it: 2.2 clears them away, 3.1 too."""
        return (3, 0) <= self.version < (3, 1)

    # ------------------------------------------------------------------ server and computes
    def computes(self) -> tuple[Compute, ...]:
        """Return the computes, `local` first. 3.x lists those that were added, and not `local`."""
        # asking for figures makes a controller connect to its computes: the list comes after it
        figures = self._figures()
        listed = {str(data["compute_id"]): data for data in self._get("/computes")}
        ids = dict.fromkeys([LOCAL, *sorted(figures), *sorted(listed)])
        return tuple(self._compute(i, listed.get(i, {}), figures.get(i, {})) for i in ids)

    def _figures(self) -> dict[str, Json]:
        """Return the figures of the computes; 2.2 gives none at all when one of them is down."""
        try:
            answer = self._get("/statistics")
        except ConflictError:
            self.interfaces(LOCAL)  # it is connected to when it is asked something
            return {}
        listed = answer.get("computes") if isinstance(answer, dict) else answer  # 3.1 says more
        return {str(data["compute_id"]): data for data in listed or ()}

    def _compute(self, compute: str, listed: Json, figures: Json) -> Compute:
        numbers: Json = figures.get("statistics") or {}
        name = str(listed.get("name") or figures.get("compute_name") or compute)
        # a compute without figures did not answer; 2.2 also says so itself
        connected = bool(listed.get("connected", True)) and (bool(numbers) or not figures)
        if self.api == 3 and not figures:
            connected = False
        return Compute(
            compute,
            name,
            connected,
            int(numbers.get("memory_total") or 0),
            int(numbers.get("memory_free") or 0),
            float((numbers.get("load_average_percent") or [0.0])[0]),
            str(listed.get("last_error") or ""),
            int((listed.get("capabilities") or {}).get("cpus") or 0),
            float(numbers.get("disk_usage_percent") or 0.0),
        )

    def images(self, compute: str) -> frozenset[str]:
        """Return the Docker images of a compute, by name:tag."""
        answer = self._get(f"/computes/{quote(compute)}/docker/images", about=compute)
        return frozenset(str(data["image"]) for data in answer)

    def has_project(self, compute: str, project: str) -> bool:
        """Tell whether a compute has a project: one that was restarted has none until it is opened
        again (the controller passes the question on)."""
        try:
            self._get(f"/computes/{quote(compute)}/projects/{project}", about=compute)
        except NotFoundError:
            return False
        return True

    def interfaces(self, compute: str) -> tuple[Interface, ...]:
        """Return the network interfaces of a compute (the controller passes the question on)."""
        answer = self._get(f"/computes/{quote(compute)}/network/interfaces", about=compute)
        return tuple(
            Interface(
                str(data["name"]),
                str(data.get("mac_address") or ""),
                _address(str(data.get("ip_address") or ""), str(data.get("netmask") or "")),
            )
            for data in answer
        )

    # ------------------------------------------------------------------ projects
    def projects(self) -> tuple[Project, ...]:
        return tuple(read_project(data) for data in self._get("/projects"))

    def project(self, project: str) -> Project | None:
        """Return a project, None when the server has none of this id."""
        try:
            return read_project(self._get(f"/projects/{project}"))
        except NotFoundError:
            return None

    def create_project(self, project: str, name: str, **more: Any) -> Project:  # noqa: ANN401 (JSON)
        """Make a project, or return the one that has this id already, whatever its name.

        `auto_close` is off: it would close the project, and with it remove every container, when
        the last person's GNS3 window closes.
        """
        body = {"project_id": project, "name": name, "auto_close": False, **more}
        return read_project(self._call("POST", "/projects", body, about=name).json())

    def update_project(self, project: str, **changes: Any) -> None:  # noqa: ANN401 (JSON)
        self._call("PUT", f"/projects/{project}", changes)

    def open_project(self, project: str) -> None:
        self._call("POST", f"/projects/{project}/open", timeout=LONG_SECONDS)

    def close_project(self, project: str) -> None:
        """Close a project: every node of it stops."""
        self._call("POST", f"/projects/{project}/close", timeout=LONG_SECONDS)

    def delete_project(self, project: str) -> None:
        """Delete a project. None of this id: nothing to do."""
        try:
            self._call("DELETE", f"/projects/{project}", timeout=LONG_SECONDS)
        except NotFoundError:
            return

    def read_project_file(self, project: str, name: str) -> bytes | None:
        """Return a file of the project's own folder, None where there is none."""
        return self._file(f"/projects/{project}/files/{quote(name)}")

    def write_project_file(self, project: str, name: str, data: bytes) -> None:
        """Write a file into the project's own folder: flat names only."""
        self._write(f"/projects/{project}/files/{quote(name)}", data, name)

    # ------------------------------------------------------------------ nodes
    def nodes(self, project: str) -> tuple[ServerNode, ...]:
        return tuple(read_node(data) for data in self._get(f"/projects/{project}/nodes"))

    def node(self, project: str, node: str, about: str = "") -> ServerNode | None:
        """Return a node, None when there is none of this id."""
        try:
            return read_node(self._get(f"/projects/{project}/nodes/{node}", about=about))
        except NotFoundError:
            return None

    def create_node(self, project: str, body: Mapping[str, Any]) -> ServerNode:
        """Make a node. One of the same id that is there is returned as it is."""
        answer = self._call(
            "POST",
            f"/projects/{project}/nodes",
            dict(body),
            timeout=LONG_SECONDS,
            about=str(body["name"]),
        )
        return read_node(answer.json())

    def update_node(self, project: str, node: str, changes: Json, about: str) -> ServerNode:
        """Change a node. Anything but place, symbol and label makes its container anew."""
        path = f"/projects/{project}/nodes/{node}"
        answer = self._call("PUT", path, changes, timeout=LONG_SECONDS, about=about)
        return read_node(answer.json())

    def delete_node(self, project: str, node: str, about: str) -> None:
        """Delete a node and its links. None of this id: nothing to do."""
        path = f"/projects/{project}/nodes/{node}"
        try:
            self._call("DELETE", path, timeout=LONG_SECONDS, about=about)
        except NotFoundError:
            return

    def start_node(self, project: str, node: str, about: str) -> None:
        path = f"/projects/{project}/nodes/{node}/start"
        self._call("POST", path, timeout=LONG_SECONDS, about=about)

    def stop_node(self, project: str, node: str, about: str) -> None:
        path = f"/projects/{project}/nodes/{node}/stop"
        self._call("POST", path, timeout=LONG_SECONDS, about=about)

    def read_file(self, project: str, node: str, path: str) -> bytes | None:
        """Return a file of a node's folder, by its path in the container; None: none there."""
        return self._file(f"/projects/{project}/nodes/{node}/files/{quote(path.lstrip('/'))}")

    def write_file(self, project: str, node: str, path: str, data: bytes, about: str) -> None:
        """Write a file into a node's folder; the container sees it where a volume is mounted."""
        where = f"/projects/{project}/nodes/{node}/files/{quote(path.lstrip('/'))}"
        self._write(where, data, about)

    # ------------------------------------------------------------------ links
    def links(self, project: str) -> tuple[ServerLink, ...]:
        found = self._get(f"/projects/{project}/links")
        return tuple(read_link(data) for data in found if len(data.get("nodes") or ()) == 2)

    def broken_links(self, project: str) -> tuple[str, ...]:
        """Return the links without two ends: what is left of one that could not be made."""
        found = self._get(f"/projects/{project}/links")
        return tuple(str(data["link_id"]) for data in found if len(data.get("nodes") or ()) < 2)

    def create_link(
        self, project: str, ends: Sequence[Port], labels: Sequence[str], about: str
    ) -> ServerLink:
        """Connect two ports, each with a label on the canvas. The server chooses the link's id."""
        body = {
            "nodes": [
                {
                    "node_id": end.node,
                    "adapter_number": end.adapter,
                    "port_number": end.number,
                    "label": {"text": label},
                }
                for end, label in zip(ends, labels, strict=True)
            ]
        }
        answer = self._call("POST", f"/projects/{project}/links", body, about=about)
        return read_link(answer.json())

    def update_link(self, project: str, link: str, changes: Json, about: str) -> None:
        self._call("PUT", f"/projects/{project}/links/{link}", changes, about=about)

    def reset_link(self, project: str, link: str, about: str) -> None:
        """Take a link's wires out and put them in again. API v3 only."""
        self._call("POST", f"/projects/{project}/links/{link}/reset", about=about)

    def delete_link(self, project: str, link: str, about: str) -> None:
        """Delete a link. None of this id: nothing to do."""
        try:
            self._call("DELETE", f"/projects/{project}/links/{link}", about=about)
        except NotFoundError:
            return

    def start_capture(self, project: str, link: str, file: str, about: str) -> None:
        verb = "start_capture" if self.api == 2 else "capture/start"
        body = {"capture_file_name": file, "data_link_type": "DLT_EN10MB"}
        self._call("POST", f"/projects/{project}/links/{link}/{verb}", body, about=about)

    def stop_capture(self, project: str, link: str, about: str) -> None:
        verb = "stop_capture" if self.api == 2 else "capture/stop"
        self._call("POST", f"/projects/{project}/links/{link}/{verb}", about=about)

    def capture_path(self, project: str, link: str) -> str:
        """Return the path, below the API's address, of the running capture's stream."""
        return f"/projects/{project}/links/{link}/" + (
            "pcap" if self.api == 2 else "capture/stream"
        )

    # ------------------------------------------------------------------ drawings
    def drawings(self, project: str) -> tuple[Drawing, ...]:
        return tuple(read_drawing(data) for data in self._get(f"/projects/{project}/drawings"))

    def create_drawing(self, project: str, drawing: Drawing) -> None:
        """Draw on the canvas. A drawing of the same id that is there stays as it is."""
        body = {"drawing_id": drawing.id, "svg": drawing.svg, "x": drawing.x, "y": drawing.y}
        self._call("POST", f"/projects/{project}/drawings", body | {"z": drawing.z})

    def update_drawing(self, project: str, drawing: Drawing) -> None:
        body = {"svg": drawing.svg, "x": drawing.x, "y": drawing.y, "z": drawing.z}
        self._call("PUT", f"/projects/{project}/drawings/{drawing.id}", body)

    def delete_drawing(self, project: str, drawing: str) -> None:
        try:
            self._call("DELETE", f"/projects/{project}/drawings/{drawing}")
        except NotFoundError:
            return

    # ------------------------------------------------------------------ the call itself
    def _call(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        timeout: float | None = None,
        about: str = "",
    ) -> Any:  # noqa: ANN401 (a requests.Response: gns3fy's connector is untyped)
        url = f"{self.connector.base_url}{path}"
        return self.connector.http_call(method, url, json_data=body, timeout=timeout, about=about)

    def _get(self, path: str, about: str = "") -> Any:  # noqa: ANN401 (JSON)
        try:
            return self._call("GET", path, about=about).json()
        except ValueError as exc:
            raise Gns3Error("the answer is no JSON", call=f"GET {path}", about=about) from exc

    def _file(self, path: str) -> bytes | None:
        try:
            answer = self._call("GET", path)
        except NotFoundError:
            return None
        content: bytes = answer.content
        return content

    def _write(self, path: str, data: bytes, about: str) -> None:
        self.connector.http_call(
            "POST",
            f"{self.connector.base_url}{path}",
            data=data,
            headers={"Content-Type": "application/octet-stream"},
            about=about,
        )


def _address(address: str, netmask: str) -> tuple[str, ...]:
    if not address:
        return ()
    bits = sum(int(part).bit_count() for part in netmask.split(".") if part.isdigit())
    return (f"{address}/{bits or 32}",)
