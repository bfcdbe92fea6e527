"""Two nodes of an image, started by the recipe as GNS3 would, without a GNS3 server.

Docker makes the containers; this module does what GNS3 does around them: a volume with the seed in
it, NICs that come from outside, the pre-boot hook before the image's first process, a stop that
kills after five seconds. `alpha` has the naming profile `eth`, `beta` has `et`; they are cabled to
each other, and this machine reaches their management ports.
"""

import contextlib
import io
import os
import re
import secrets
import shutil
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from avdlab.backends.base import EapiTarget
from avdlab.backends.eapi import Command, LoginRefusedError, run_commands
from avdlab.backends.gns3 import ceos
from avdlab.backends.gns3.ceos import Device, Naming
from avdlab.backends.gns3.pool import side_by_side
from avdlab.backends.gns3.preflight import import_line
from avdlab.backends.gns3.wires import Nic, Wires, inside, ip
from avdlab.errors import BackendError, CannotRunError, DeviceError, NotReadyError
from avdlab.events import Reporter
from avdlab.net.interfaces import PortMap
from avdlab.overlay import overlay_text
from avdlab.overlay.model import LabUser
from avdlab.overlay.profile import CEOS

T = TypeVar("T")
PORTS = PortMap("Management1", ("Ethernet1", "Ethernet2", "Ethernet49/1"))
HTTPS = 443
STOP_SECONDS = 5  # what GNS3 grants a container (gns3server/compute/docker/docker_vm.py)
PAUSE = 1.0
SETTLE_SECONDS = 90.0  # LLDP sends every 30 s, MLAG waits for its peer
# RFC 2544's block for tests of devices: nobody's network
CONFIG = """\
hostname {name}
!
no spanning-tree vlan-id 4094
!
service routing protocols model multi-agent
!
vlan 4094
   trunk group MLAG
!
vrf instance MGMT
!
interface Port-Channel1
   switchport mode trunk
   switchport trunk group MLAG
!
interface Ethernet1
   mtu 9214
   no switchport
   ip address 198.18.0.{number}/31
!
interface Ethernet2
   channel-group 1 mode active
!
interface Ethernet49/1
   no switchport
   ip address 198.18.0.{beyond}/31
!
interface Management1
   vrf MGMT
   ip address {address}/30
!
interface Vlan4094
   no autostate
   ip address 198.18.2.{first}/30
!
ip routing
!
mlag configuration
   domain-id trial
   local-interface Vlan4094
   peer-address 198.18.2.{second}
   peer-link Port-Channel1
!
end
"""
# GNS3's init.sh waits for the last NIC, runs the hook and becomes the image's first process
INIT = """\
until [ -e /sys/class/net/{last} ]; do sleep 1; done
{hook}
exec "$@"
"""


@dataclass(slots=True)
class Node:
    """A container that is to be a switch."""

    name: str
    number: int
    naming: Naming
    container: str
    user: LabUser
    pid: int = 0
    seconds: float = 0.0  # from start to eAPI

    @property
    def device(self) -> Device:
        return Device(self.name, PORTS, f"00:1c:73:00:0{self.number + 1}:00", f"TRIAL{self.number}")

    @property
    def peer_address(self) -> str:
        """The address of this machine on the cable to its management port."""
        return f"198.18.1.{4 * self.number + 1}"

    @property
    def target(self) -> EapiTarget:
        return EapiTarget(self.name, f"198.18.1.{4 * self.number + 2}", HTTPS, self.user)

    @property
    def config(self) -> str:
        """Its configuration, with what the lab overlay adds to every device's."""
        text = CONFIG.format(
            name=self.name,
            number=self.number,
            beyond=self.number + 2,
            address=self.target.host,
            first=self.number + 1,
            second=2 - self.number,
        )
        return overlay_text({self.name: text}, self.user, CEOS).devices[self.name].config

    def nic(self, adapter: int, *, named: bool = False) -> str:
        """Return a NIC's name as GNS3 gives it, or as the hook leaves it."""
        return ceos.nic(PORTS, adapter, self.naming) if named else f"eth{adapter}"


@dataclass(slots=True)
class Trial:
    """The nodes and their cables. `boot`, ask, `restart`, and `end` in any case."""

    image: str
    timeout: float
    reporter: Reporter
    memory_mb: int  # that a node is counted with
    settle: float = SETTLE_SECONDS
    token: str = field(default_factory=lambda: secrets.token_hex(3))
    nodes: tuple[Node, ...] = ()
    _wires: Wires | None = None

    def boot(self) -> None:
        """Make and start the nodes, and wait for their eAPI. Raises BackendError, NotReadyError."""
        user = LabUser("avdlab", secrets.token_urlsafe(12))
        names = (("alpha", Naming.ETH), ("beta", Naming.ET))
        self.nodes = tuple(
            Node(name, number, naming, f"avdlab-trial-{self.token}-{name}", user)
            for number, (name, naming) in enumerate(names)
        )
        for node in self.nodes:
            self._create(node)
        self.start()

    def start(self) -> None:
        """Start the nodes, plug their cables, wait for eAPI."""
        for node in self.nodes:
            _docker("start", node.container)
            node.pid = int(_docker("inspect", "-f", "{{.State.Pid}}", node.container))
            if not node.pid:
                raise BackendError(self.last_words(node))
        self._plug()
        self._wait()

    def stop(self) -> float:
        """Stop the nodes as GNS3 does; return the seconds that it takes."""

        def one(node: Node) -> None:
            _docker("stop", "-t", str(STOP_SECONDS), node.container, timeout=120)

        began = time.monotonic()
        side_by_side(len(self.nodes), one, self.nodes)
        seconds = time.monotonic() - began
        self._unplug()
        return seconds

    def end(self) -> None:
        """Remove everything that was made. Idempotent."""
        self._unplug()
        for node in self.nodes:
            with contextlib.suppress(BackendError):
                _docker("rm", "-f", "-v", node.container)

    def ask(self, node: Node, *commands: Command, output: str = "json") -> list[dict[str, Any]]:
        """Run commands on a node. Raises DeviceError."""
        return run_commands(node.target, ["enable", *commands], output=output, timeout=60)[1:]

    def show(self, node: Node, command: str) -> dict[str, Any]:
        """Return the JSON of one show command."""
        return self.ask(node, command)[0]

    def within(self, node: Node, *words: str) -> str:
        """Run a program in the container. Raises BackendError."""
        return _docker("exec", node.container, *words, timeout=60)

    def memory_of(self, node: Node) -> str:
        """Return what the container takes, in Docker's words."""
        used = _docker("stats", "--no-stream", "--format", "{{.MemUsage}}", node.container)
        return used.partition("/")[0].strip()

    def last_words(self, node: Node) -> str:
        """Say how a container ended, and what it said last."""
        code = _docker("inspect", "-f", "{{.State.ExitCode}}", node.container)
        lines = _docker("logs", "--tail", "5", node.container).split("\n")
        said = " | ".join(line.strip() for line in lines if line.strip())
        return f"the container ended with code {code}" + (f": {said}" if said else "")

    def until(self, look: Callable[[], tuple[bool, T]]) -> tuple[bool, T]:
        """Look again until it is so, or the time for protocols to settle is over."""
        began = time.monotonic()
        while True:
            good, found = look()
            if good or time.monotonic() - began > self.settle:
                return good, found
            time.sleep(PAUSE)

    # ------------------------------------------------------------------ containers
    def _create(self, node: Node) -> None:
        variables = ceos.environment(node.device, node.naming)
        given = [word for key, value in variables.items() for word in ("--env", f"{key}={value}")]
        files = ceos.boot_files(node.device, node.naming) | ceos.seed_files(node.config)
        hook = re.findall(r"^    up (.*)$", files[ceos.HOOK].decode(), re.MULTILINE)
        script = INIT.format(last=node.nic(len(PORTS.ethernet)), hook="\n".join(hook))
        _docker(
            *("create", "--name", node.container, "--label", f"avdlab.trial={os.getpid()}"),
            *("--hostname", node.name, "--privileged", "--network", "none", "-i", "-t"),
            *("--volume", f"/{ceos.FLASH}", *given, "--entrypoint", "/bin/sh", self.image),
            *("-c", script, "sh", *ceos.start_command(node.device, node.naming).split()),
        )
        _docker("cp", "-", f"{node.container}:/", data=_archive(files))

    def _plug(self) -> None:
        """Make the NICs: taps between the nodes, and a cable from here to each management port."""
        alpha, beta = self.nodes
        self._wires = Wires()
        for node in self.nodes:
            here = f"avdt{self.token}{node.number}"
            there = ("peer", "name", node.nic(0), "netns", str(node.pid))
            ip("link", "add", here, "type", "veth", *there)
            inside(node.pid, "link", "set", node.nic(0), "address", node.device.mac)
            inside(node.pid, "link", "set", node.nic(0), "up")
            ip("address", "add", f"{node.peer_address}/30", "dev", here)
            ip("link", "set", here, "up")
        for adapter in range(1, len(PORTS.ethernet) + 1):
            self._wires.lay(_nic(alpha, adapter), _nic(beta, adapter))
        self._wires.carry()

    def _unplug(self) -> None:
        if self._wires is not None:
            self._wires.close()
            self._wires = None
        for node in self.nodes:
            with contextlib.suppress(BackendError):  # it goes with the container's end of it
                ip("link", "delete", f"avdt{self.token}{node.number}")

    def _wait(self) -> None:
        began = time.monotonic()
        waiting = {node.name: node for node in self.nodes}
        reasons: dict[str, str] = {}
        while waiting:
            for node in tuple(waiting.values()):
                try:
                    run_commands(node.target, ["show version"], timeout=5)
                except LoginRefusedError as exc:
                    raise NotReadyError({node.name: exc.message}, time.monotonic() - began) from exc
                except DeviceError as exc:
                    reasons[node.name] = exc.message.removeprefix(f"{node.name}: ")
                    running = _docker("inspect", "-f", "{{.State.Running}}", node.container)
                    if running != "true":
                        raise BackendError(f"{node.name}: {self.last_words(node)}") from None
                    continue
                node.seconds = time.monotonic() - began
                self.reporter.note(f"{node.name} answers after {node.seconds:.0f} s")
                del waiting[node.name]
            if waiting and time.monotonic() - began > self.timeout:
                raise NotReadyError(
                    {name: reasons[name] for name in waiting}, time.monotonic() - began
                )
            if waiting:
                time.sleep(PAUSE)


@contextmanager
def trial(image: str, timeout: float, reporter: Reporter, memory_mb: int) -> Iterator[Trial]:
    """Return a trial of an image that is here. Raises CannotRunError where it cannot be made."""
    missing = [word for word in ("docker", "ip", "nsenter") if shutil.which(word) is None]
    if missing:
        raise CannotRunError(f"not on this machine: {', '.join(missing)}")
    if os.geteuid() != 0:
        raise CannotRunError(
            "cables to containers need root",
            hint=f"Run it as root: sudo avdlab doctor --ceos {image}",
        )
    try:
        _docker("version")
    except BackendError as exc:
        raise CannotRunError(f"Docker does not answer: {exc.message}") from exc
    named = ceos.tagged(image)
    try:
        _docker("image", "inspect", named)
    except BackendError as exc:
        hint = f"Import it: {import_line(named)}"
        raise CannotRunError(f"Docker has no image {named}", hint=hint) from exc
    made = Trial(named, timeout, reporter, memory_mb)
    try:
        yield made
    finally:
        made.end()


def _nic(node: Node, adapter: int) -> Nic:
    mac = node.device.mac
    return Nic(node.pid, node.nic(adapter), f"{mac[:-2]}{adapter:02x}")


def _archive(files: Mapping[str, bytes]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for path, body in files.items():
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(body), 0o644
            archive.addfile(entry, io.BytesIO(body))
    return data.getvalue()


def _docker(*words: str, data: bytes | None = None, timeout: float = 60) -> str:
    """Run docker and return what it prints. Raises BackendError with its words."""
    command: Sequence[str] = ("docker", *words)
    try:
        done = subprocess.run(  # noqa: S603
            command, input=data, capture_output=True, timeout=timeout, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise BackendError(f"docker {words[0]}: {exc}") from exc
    if done.returncode:
        text = done.stderr.decode(errors="replace").strip() or f"code {done.returncode}"
        raise BackendError(f"docker {words[0]}: {text}")
    return done.stdout.decode(errors="replace").strip()
