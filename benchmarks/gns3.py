"""What a lab on GNS3 costs, on a server of the rig (root, tests/support/gns3/machine up).

    python -m benchmarks.gns3 2.2|3.0 power [ROUNDS]   20 nodes and 40 links: start and stop
    python -m benchmarks.gns3 2.2|3.0 boot [8 16]      from `up` to a green catalog, stand-in nodes

`power`, in one run on one project: gns3fy as its documentation has it, one node after the other;
plain calls side by side, 8 to 20 at once, of which the best counts as what the server can do; and
ours. The nodes ignore SIGTERM, as systemd does, so a stop lasts the five seconds that Docker waits.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from avdlab.topology.model import Link, LinkEnd, Topology
from benchmarks.render.fabric import write_fabric
from tests.backends.gns3.fabrics import device
from tests.gns3.labs import NODE, BusyboxLab
from tests.support.gns3.api import Api
from tests.support.gns3.network import own_network, run
from tests.support.gns3.servers import Gns3Server, containers, gns3_servers, missing

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import gns3fy

    from avdlab.backends.gns3.connector import Connector

NODES = 20
AT_ONCE = (8, 12, 16, 20)
DEAF = "avdlab-node:deaf"
STAND_IN = "avdlab-standin:1"


def main(words: Sequence[str]) -> int:
    """Print the figures, and all of them as JSON at the end."""
    if len(words) < 2 or words[1] not in {"power", "boot"}:
        sys.stderr.write(__doc__ or "")
        return 2
    if reason := missing():
        sys.stderr.write(reason + "\n")
        return 1
    line, what, more = words[0], words[1], [int(word) for word in words[2:]]
    with tempfile.TemporaryDirectory(prefix="avdlab-bench-") as text, own_network():
        folder = Path(text)
        server = Gns3Server(line, folder / "server")
        with gns3_servers([server]):
            if what == "power":
                figures: Any = _power(server, folder / "lab", *more)
            else:
                figures = [_boot(server, folder, count) for count in more or (8, 16)]
        print(json.dumps({"line": line, "version": server.version, what: figures}))
    return 0


# ---------------------------------------------------------------------- start and stop
def ring() -> Topology:
    """Return 20 devices in a ring, each cabled to the next and to the one after: 40 links."""
    names = [f"node{number}" for number in range(1, NODES + 1)]
    ports = ("Ethernet1", "Ethernet2", "Ethernet3", "Ethernet4")
    nodes = {name: device(name, "spine", n, ports) for n, name in enumerate(names, start=10)}
    links = [
        Link.between(
            LinkEnd(name, f"Ethernet{step}"),
            LinkEnd(names[(n + step) % NODES], f"Ethernet{2 + step}"),
        )
        for n, name in enumerate(names)
        for step in (1, 2)
    ]
    return Topology("ring", nodes, tuple(sorted(links)))


def _power(server: Gns3Server, folder: Path, rounds: int = 1) -> dict[str, dict[str, float]]:
    with _deaf_image():
        lab = BusyboxLab(folder, server, {"gns3_image": DEAF, "gns3_spare_ports": 0})
        began = time.monotonic()
        lab.up(ring())
        print(f"made and started, 20 nodes and 40 links: {time.monotonic() - began:.1f} s")
        names = sorted(lab.record.nodes)
        lab.backend().stop(names)
        ways = _ways(lab, names)
        figures: dict[str, dict[str, list[float]]] = {}
        for number in range(rounds):
            for way, (start, stop) in ways.items():
                if way == "gns3fy" and number:
                    continue  # two minutes each time, and no noise in it
                took = figures.setdefault(way, {"start": [], "stop": []})
                took["start"].append(_timed(start))
                assert len(_running(server)) == NODES
                took["stop"].append(_timed(stop))
                assert not _running(server)
                print(f"{way:12} start {took['start'][-1]:6.1f} s   stop {took['stop'][-1]:6.1f} s")
        lab.down()
    found = {
        way: {what: round(statistics.median(each), 2) for what, each in took.items()}
        for way, took in figures.items()
    }
    best = {what: min(found[f"plain, {n}"][what] for n in AT_ONCE) for what in ("start", "stop")}
    for what, seconds in best.items():
        ours, theirs = found["avdlab"][what], found["gns3fy"][what]
        print(f"{what}: {ours / seconds:.2f} x the best, gns3fy takes {theirs / ours:.1f} x ours")
    return found


def _ways(lab: BusyboxLab, names: Sequence[str]) -> dict[str, tuple[Callable[[], None], ...]]:
    server, record = lab.server, lab.record
    api = Api(server)
    ids = [record.nodes[name].id for name in names]

    def plain(verb: str, at_once: int) -> Callable[[], None]:
        def call(node: str) -> None:
            api.call("POST", f"/projects/{record.project}/nodes/{node}/{verb}")

        def all_of_them() -> None:
            with ThreadPoolExecutor(at_once) as pool:
                list(pool.map(call, ids))

        return all_of_them

    def theirs(verb: str) -> Callable[[], None]:
        def one_by_one() -> None:
            connector = Connector(server.url, server.user, server.password)
            project = gns3fy.Project(project_id=record.project, connector=connector)
            project.get()
            for node in project.nodes:
                if node.node_type == "docker":
                    getattr(node, verb)()

        return one_by_one

    ways = {f"plain, {n}": (plain("start", n), plain("stop", n)) for n in AT_ONCE}
    ways["avdlab"] = (lambda: lab.backend().start(names), lambda: lab.backend().stop(names))
    ways["gns3fy"] = (theirs("start"), theirs("stop"))
    return ways


def _timed(action: Callable[[], None]) -> float:
    began = time.monotonic()
    action()
    return time.monotonic() - began


def _running(server: Gns3Server) -> list[str]:
    up = set(run("docker", "ps", "--format", "{{.Names}}").split())
    return [name for name in containers(server) if name in up]


@contextmanager
def _deaf_image() -> Iterator[None]:
    """An image whose first process ignores SIGTERM."""
    script = "#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 3600; done\n"
    with tempfile.TemporaryDirectory() as text:
        init = Path(text) / "init"
        init.write_text(script)
        init.chmod(0o755)
        made = run("docker", "create", NODE).strip()
        run("docker", "cp", str(init), f"{made}:/sbin/init")
        run("docker", "commit", made, DEAF)
        run("docker", "rm", made)
    try:
        yield
    finally:
        run("docker", "rmi", DEAF)


# ---------------------------------------------------------------------- from `up` to green
def _boot(server: Gns3Server, folder: Path, count: int) -> dict[str, object]:
    """Bring a fabric of so many stand-ins up from nothing; return seconds and megabytes."""
    place = folder / f"fabric{count}"
    inventory = write_fabric(place, count, vrfs=1, svis=2)
    environment = os.environ | {
        "HOME": str(folder / "home"),
        "AVDLAB_GNS3_SERVER": server.url,
        "AVDLAB_GNS3_USER": server.user,
        "AVDLAB_GNS3_PASSWORD": server.password,
        "AVDLAB_GNS3_IMAGE": STAND_IN,
        "AVDLAB_GNS3_MEMORY": "80",
    }
    binary = shutil.which("avdlab", path=str(Path(sys.executable).parent)) or "avdlab"

    def avdlab(*words: str) -> str:
        done = subprocess.run(
            (binary, *words),
            cwd=place,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
        return done.stdout

    built = _timed(lambda: avdlab("build", "-i", str(inventory)))
    began = time.monotonic()
    up = json.loads(avdlab("up", "--backend", "gns3", "-i", str(inventory), "-f", "json"))
    green = time.monotonic() - began
    again = _timed(lambda: avdlab("up"))
    sizes = [_megabytes(name) for name in containers(server)]
    plugs = sum(_resident(pid) for pid in _ubridges(server)) / count
    down = _timed(lambda: avdlab("down"))
    figures = {
        "devices": count,
        "render_s": round(built, 1),
        "up_to_green_s": round(green, 1),
        "tests": up["summary"],
        "second_up_s": round(again, 1),
        "down_s": round(down, 1),
        "node_mb": round(statistics.mean(sizes), 1),
        "node_mb_most": round(max(sizes), 1),
        "ubridge_mb": round(plugs, 1),
    }
    print(figures)
    return figures


def _megabytes(container: str) -> float:
    """Return what a container's processes hold, as the kernel's control group counts it."""
    text = run("docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", container)
    number = text.split("/")[0].strip()
    for unit, size in (("GiB", 1024.0), ("MiB", 1.0), ("KiB", 1 / 1024)):
        if number.endswith(unit):
            return float(number.removesuffix(unit)) * size
    return 0.0


def _ubridges(server: Gns3Server) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            inside = (entry / "cwd").readlink().is_relative_to(server.folder)
            if inside and b"ubridge" in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue  # ended meanwhile
    return found


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
