"""gns3-server as a process of the tests: own home, own port, own log, ended by its pid."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
import uuid
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

LINES = ("2.2", "3.0")
IMAGES = ("avdlab-busybox:1", "avdlab-node:1", "avdlab-node:other", "avdlab-standin:1")
USER, PASSWORD = "admin", "lab-Server-1"
COMPUTE_USER, COMPUTE_PASSWORD = "gns3", "lab-Compute-1"
_WRITES = re.compile(r'"?(POST|PUT|DELETE) (/v[23]/\S*)')
_START_SECONDS = 420.0  # 3.0 makes a database first, which a busy disk delays
# gns3-server looks for bridges in /sys/class/net, and a sysfs shows the network it is mounted in.
_OWN_SYSFS = ("unshare", "--mount", "sh", "-c", 'mount -t sysfs sysfs /sys && exec "$@"', "server")
_STOP_SECONDS = 60.0


def cache() -> Path:
    """Return the folder that `machine up` fills."""
    return Path(os.environ.get("AVDLAB_TEST_CACHE") or Path.home() / ".cache/avdlab-tests")


def missing() -> str:
    """Say why this machine cannot run the suites ("" when it can)."""
    hint = "; run tests/support/gns3/machine up"
    if os.geteuid():
        return "GNS3 suites need root"
    for line in LINES:
        if not (cache() / f"gns3-{line}/bin/gns3server").exists():
            return f"no gns3-server {line} in {cache()}{hint}"
    if shutil.which("docker") is None:
        return f"no docker{hint}"
    if subprocess.run(("docker", "version"), capture_output=True, check=False).returncode:
        return f"dockerd does not answer{hint}"
    for image in IMAGES:
        known = ("docker", "image", "inspect", image)
        if subprocess.run(known, capture_output=True, check=False).returncode:
            return f"no image {image}{hint}"
    return ""


@dataclass(slots=True)
class Gns3Server:
    """A running gns3-server. `line` is 2.2 or 3.0; `version` the release."""

    line: str
    folder: Path
    host: str = "127.0.0.1"
    port: int = 3080
    user: str = USER
    password: str = PASSWORD
    version: str = ""
    udp_ports: tuple[int, int] = (20000, 30000)
    console_ports: tuple[int, int] = (5000, 10000)
    network_of: int = 0  # a process in whose network it runs; 0: in this one
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def api(self) -> str:
        """Return the version's path: v2 or v3."""
        return f"/v{self.line[0]}"

    @property
    def compute(self) -> dict[str, object]:
        """Return what another server is told, in a POST /computes, to use this one."""
        v2 = self.line == "2.2"
        return {
            "compute_id": str(uuid.uuid5(uuid.NAMESPACE_URL, self.url)),  # 3.0 takes no other id
            "name": self.host,
            "protocol": "http",
            "host": self.host,
            "port": self.port,
            "user": self.user if v2 else COMPUTE_USER,
            "password": self.password if v2 else COMPUTE_PASSWORD,
        }

    @property
    def basic(self) -> str:
        """Return the Authorization header that 2.2 asks for."""
        return f"Basic {b64encode(f'{self.user}:{self.password}'.encode()).decode()}"

    @property
    def log(self) -> Path:
        """Return the server's own log; it names every request."""
        return self.folder / "server.log"

    @property
    def projects(self) -> Path:
        """Return the folder in which the server keeps its projects."""
        return self.folder / "projects"

    @property
    def pid(self) -> int:
        """Return the process id; 0 while the server is down."""
        return self._process.pid if self._process is not None else 0

    # ------------------------------------------------------------------ life
    def start(self) -> None:
        """Start the process and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "gns3_server.conf"
        config.write_text(self._config())
        binary = cache() / f"gns3-{self.line}/bin/gns3server"
        environment = os.environ | {"HOME": str(self.folder), "PATH": _path(binary.parent)}
        environment.pop("XDG_CONFIG_HOME", None)
        environment.pop("XDG_DATA_HOME", None)
        enter = (f"--net=/proc/{self.network_of}/ns/net",) if self.network_of else ()
        command = ["nsenter", *enter, *_OWN_SYSFS, str(binary)]
        command += ["--config", str(config), "--log", str(self.log)]
        if self.line != "2.2":
            command.append("--debug")  # 3.0 names the requests in its log only then
        with (self.folder / "server.out").open("ab") as out:
            self._process = subprocess.Popen(  # leads a group of its own, with its ubridges
                command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            assert self._process is not None
            if self._process.poll() is not None:
                break
            try:
                self.version = str(self.get("/version")["version"])
            except OSError:
                time.sleep(0.1)
            else:
                return
        self.kill()
        raise AssertionError(f"gns3-server {self.line} did not start:\n{self._said()}")

    def _said(self) -> str:
        texts = [p.read_text() for p in (self.log, self.folder / "server.out") if p.exists()]
        return "\n".join(text[-2000:] for text in texts)

    def stop(self) -> None:
        """End it as a service manager does: it removes its containers."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """End it as a crash does: its ubridges and containers run on."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def sweep(self) -> list[str]:
        """Remove what a crash or a failed test left: ubridges, containers. Return their names."""
        found = _processes_below(self.folder)
        for pid in found:
            os.kill(pid, signal.SIGKILL)
        left = containers(self)
        if left:
            subprocess.run(("docker", "rm", "-f", *left), capture_output=True, check=True)
        return [*(f"process {pid}" for pid in found), *left]

    # ------------------------------------------------------------------ requests
    def get(self, path: str) -> dict[str, object]:
        """GET below the version's path, authenticated where 2.2 wants it; JSON comes back."""
        request = urllib.request.Request(self.url + self.api + path)
        if self.line == "2.2":
            request.add_header("Authorization", self.basic)
        with urllib.request.urlopen(request, timeout=10) as answer:
            body: dict[str, object] = json.load(answer)
        return body

    def mark(self) -> int:
        """Return the log's length now, for `writes`."""
        self._written()
        return self.log.stat().st_size

    def _written(self) -> None:
        """Wait until every request so far is in the log: 2.2 writes them after its answer."""
        label = f"/version?{uuid.uuid4().hex}"
        self.get(label)
        deadline = time.monotonic() + 10
        while label not in self.log.read_text(errors="replace"):
            assert time.monotonic() < deadline, f"{self.log} does not name its requests"
            time.sleep(0.01)

    def writes(self, since: int = 0) -> list[str]:
        """Return the POSTs, PUTs and DELETEs of clients in the log since a mark.

        What the controller asks of its own compute, and logging in, are left out.
        """
        self._written()
        with self.log.open("rb") as stream:
            stream.seek(since)
            text = stream.read().decode(errors="replace")
        found = [f"{m[1]} {m[2]}" for m in _WRITES.finditer(text)]
        return [w for w in found if "/compute/" not in w and "/access/users/" not in w]

    def _config(self) -> str:
        ubridge = shutil.which("ubridge") or stand_in_ubridge(self.folder)
        paths = "".join(
            f"{kind}_path = {self.folder / kind}\n"
            for kind in ("images", "projects", "appliances", "symbols", "configs", "resources")
        )
        login = f"auth = True\nuser = {self.user}\npassword = {self.password}\n"
        accounts = (
            f"compute_username = {COMPUTE_USER}\ncompute_password = {COMPUTE_PASSWORD}\n"
            f"[Controller]\ndefault_admin_username = {self.user}\n"
            f"default_admin_password = {self.password}\n"
        )
        return (
            f"[Server]\nhost = {self.host}\nport = {self.port}\nreport_errors = False\n"
            f"install_builtin_appliances = False\nubridge_path = {ubridge}\n"
            f"udp_start_port_range = {self.udp_ports[0]}\n"
            f"udp_end_port_range = {self.udp_ports[1]}\n"
            f"console_start_port_range = {self.console_ports[0]}\n"
            f"console_end_port_range = {self.console_ports[1]}\n{paths}"
        ) + (login if self.line == "2.2" else accounts)


@contextmanager
def gns3_servers(servers: Sequence[Gns3Server]) -> Iterator[None]:
    """Run servers; afterwards nothing of theirs is left but their folders."""
    try:
        for server in servers:
            server.start()
        yield
    finally:
        for server in servers:
            server.stop()
            server.sweep()


def containers(server: Gns3Server) -> list[str]:
    """Return the names of the server's containers: their volumes lie in its folder."""
    listed = _docker("ps", "-aq", "--filter", "name=^/?GNS3").split()
    # another run's containers may go between the two commands: what is left is shown all the same
    shown = json.loads(_docker("inspect", *listed)) if listed else []
    return [
        one["Name"].lstrip("/")
        for one in shown
        if any(Path(m.get("Source", "/")).is_relative_to(server.folder) for m in one["Mounts"])
    ]


def _docker(*arguments: str) -> str:
    return subprocess.run(
        ("docker", *arguments), capture_output=True, text=True, check=False
    ).stdout


def _processes_below(folder: Path) -> list[int]:
    """Return the ubridges whose working folder lies in `folder`."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            inside = (entry / "cwd").readlink().is_relative_to(folder)
            name = (entry / "cmdline").read_bytes()
        except OSError:
            continue  # ended meanwhile
        if inside and b"ubridge" in name:
            found.append(int(entry.name))
    return found


def stand_in_ubridge(folder: Path) -> Path:
    """Write the launcher of our ubridge: isolated, without site, for a quick start."""
    python = Path(sys.executable).resolve()
    source = Path(__file__).parent / "ubridge"
    launcher = folder / "ubridge"
    launcher.write_text(
        f"#!{python} -IS\n"
        "import sys\n"
        f"sys.path.insert(0, {str(source)!r})\n"
        "from main import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    launcher.chmod(0o755)
    return launcher


def _path(first: Path) -> str:
    # dockerd and busybox of Debian stand in /usr/sbin and /bin, which not every PATH has
    return ":".join(
        (str(first), os.environ.get("PATH", ""), "/usr/sbin", "/usr/bin", "/sbin", "/bin")
    )
