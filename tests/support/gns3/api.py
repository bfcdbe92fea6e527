"""The few API calls that the rig's own tests make, kept apart from avdlab's client on purpose."""

import json
import subprocess
import urllib.error
import urllib.request
import uuid
from typing import Any

from tests.support.gns3.servers import Gns3Server

BUSYBOX = "avdlab-busybox:1"


class Api:
    """Speaks to one server, v2 or v3."""

    def __init__(self, server: Gns3Server) -> None:
        self.server = server
        self._token = ""
        if server.line != "2.2":
            login = {"username": server.user, "password": server.password}
            self._token = self.call("POST", "/access/users/authenticate", login)["access_token"]

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call below /v2 or /v3; bytes go as they are, everything else as JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        request = urllib.request.Request(
            self.server.url + self.server.api + path,
            None if method == "GET" else raw,
            {"Content-Type": "application/json"},
            method=method,
        )
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        elif self.server.line == "2.2":
            request.add_header("Authorization", self.server.basic)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                text = answer.read()
        except urllib.error.HTTPError as exc:
            with exc:
                raise AssertionError(f"{method} {path}: {exc.code} {exc.read()!r}") from None
        try:
            return json.loads(text) if text else None
        except ValueError:
            return text

    def project(self, name: str) -> "Project":
        """Make a project."""
        made = self.call("POST", "/projects", {"name": name, "auto_close": False})
        return Project(self, made["project_id"])


class Project:
    """A project with Docker nodes."""

    def __init__(self, api: Api, project_id: str) -> None:
        self.api, self.id = api, project_id
        self.path = f"/projects/{project_id}"

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call below the project."""
        return self.api.call(method, self.path + path, body)

    def docker(self, name: str, image: str = BUSYBOX, adapters: int = 2, **properties: Any) -> str:
        """Make a Docker node and return its id."""
        node = {
            "name": name, "node_type": "docker", "compute_id": "local", "console_type": "telnet",
            "node_id": str(uuid.uuid5(uuid.UUID(self.id), name)),
            "properties": {"image": image, "adapters": adapters, **properties},
        }  # fmt: skip
        made: str = self.call("POST", "/nodes", node)["node_id"]
        return made

    def cloud(self, name: str, bridge: str, ports: int) -> str:
        """Make a cloud whose ports are plugged into a Linux bridge."""
        mapping = [
            {"name": f"port{n}", "port_number": n, "type": "ethernet", "interface": bridge}
            for n in range(ports)
        ]
        node = {"name": name, "node_type": "cloud", "compute_id": "local",
                "properties": {"ports_mapping": mapping}}  # fmt: skip
        made: str = self.call("POST", "/nodes", node)["node_id"]
        return made

    def link(self, a: tuple[str, int, int], b: tuple[str, int, int]) -> str:
        """Link two (node, adapter, port) ends."""
        ends = [{"node_id": n, "adapter_number": a, "port_number": p} for n, a, p in (a, b)]
        made: str = self.call("POST", "/links", {"nodes": ends})["link_id"]
        return made

    def container(self, node: str) -> str:
        """Return the id of the node's container."""
        found: str = self.call("GET", f"/nodes/{node}")["properties"]["container_id"]
        return found

    def shell(self, node: str, command: str) -> subprocess.CompletedProcess[str]:
        """Run a shell command in the node's container."""
        line = ("docker", "exec", self.container(node), "sh", "-c", command)
        return subprocess.run(line, capture_output=True, text=True, check=False)

    def delete(self) -> None:
        """Stop the nodes side by side, and remove the project."""
        self.call("POST", "/nodes/stop")
        self.call("DELETE", "")
