"""Deploying sixteen devices: avdlab, a loop of pyeapi sessions, and eos_config, in one run.

    AVDLAB_ANSIBLE_BIN=.clients/ansible/bin python -m benchmarks.deployment [RUNS]

All bring the same whole configurations onto the same twin, each time with one line that is new on
every device: session, `rollback clean-config`, lines, diff, commit, saved. The ways take turns.
avdlab also commits under a timer, asks eAPI again before it confirms, and keeps what it replaced;
the others change one device after the other, or sixteen at a time, and stop where they fail. CPU is
that of the client and of the processes that it waited for.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.wide import write_inventory

TOP = Path(__file__).resolve().parent.parent
AVDLAB = str(Path(sys.executable).parent / "avdlab")
ANSIBLE = os.environ.get("AVDLAB_ANSIBLE_BIN", "")
PYEAPI = """
import json, sys
from pathlib import Path
import pyeapi

user, password, nodes = json.loads(sys.argv[1])
for device, port in nodes.items():
    node = pyeapi.connect(transport="https", host="127.0.0.1", port=port, username=user,
                          password=password, return_node=True)
    text = Path("edited", f"{device}.cfg").read_text()
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and line != "end" and line[0] != "!"]
    node.configure_session()
    node.config(["rollback clean-config", *lines])
    assert "ntp server" in node.diff(), device
    node.commit()
    node.enable("write memory")
"""
PLAY = [
    {
        "hosts": "all",
        "gather_facts": False,
        "tasks": [
            {
                "arista.eos.eos_config": {
                    "src": "edited/{{ inventory_hostname }}.cfg",
                    "replace": "config",
                    "save_when": "modified",
                }
            }
        ],
    }
]


@dataclass(frozen=True)
class Cost:
    wall: float
    cpu: float


@dataclass(frozen=True)
class Bench:
    """The lab of sixteen devices, and what the ways to deploy to it need."""

    folder: Path
    environment: Mapping[str, str]
    nodes: Mapping[str, int]
    password: str

    def edit(self, number: int) -> None:
        """Write configurations that differ from all before in one line."""
        edited = self.folder / "edited"
        edited.mkdir(exist_ok=True)
        line = f"ntp server 192.0.2.{number}\nhostname "
        for path in (self.folder / ".avdlab" / "bench" / "configs").iterdir():
            text = path.read_text().replace("hostname ", line, 1)
            (edited / path.name).write_text(text)

    def run(self, *words: str, **more: str) -> Cost:
        begin = time.monotonic()
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                words,
                cwd=self.folder,
                env={**self.environment, **more},
                stdout=said,
                stderr=subprocess.STDOUT,
            )
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            wall = time.monotonic() - begin
            if process.returncode:
                said.seek(0)
                raise SystemExit(f"{words[0]}: {said.read().decode()[-2000:]}")
        return Cost(wall, usage.ru_utime + usage.ru_stime)

    def avdlab(self) -> Cost:
        return self.run(AVDLAB, "deploy", "-q", "-n", "bench", "--configs", "edited")

    def pyeapi(self) -> Cost:
        given = json.dumps(("avdlab", self.password, self.nodes))
        return self.run(sys.executable, "-W", "ignore", "-c", PYEAPI, given)

    def eos_config(self) -> Cost:
        words = ("-i", "bench.ini", "--forks", "16", "bench.yml")
        return self.run(f"{ANSIBLE}/ansible-playbook", *words, ANSIBLE_CONFIG="bench.cfg")


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with _lab() as bench:
        ways = {"avdlab deploy": bench.avdlab, "pyeapi, one by one": bench.pyeapi}
        if ANSIBLE:
            ways["arista.eos.eos_config, forks=16"] = bench.eos_config
        else:
            print("AVDLAB_ANSIBLE_BIN is not set: without arista.eos.eos_config")
        costs: dict[str, list[Cost]] = {name: [] for name in ways}
        number = 0
        for _ in range(runs):
            for name, way in ways.items():
                number += 1
                bench.edit(number)
                costs[name].append(way())
        print(f"{len(bench.nodes)} devices, {runs} runs in turn, medians")
        for name, found in costs.items():
            wall = statistics.median(cost.wall for cost in found)
            cpu = statistics.median(cost.cpu for cost in found)
            print(f"{name:32} wall {wall:6.2f} s   client CPU {cpu:6.2f} s")


@contextmanager
def _lab() -> Iterator[Bench]:
    with tempfile.TemporaryDirectory(prefix="avdlab-bench-") as text:
        folder = Path(text)
        write_inventory(folder)
        home = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"), text)
        environment = {key: v for key, v in os.environ.items() if not key.startswith("AVDLAB_")}
        environment |= home | {"PYTHONPATH": str(TOP)}
        bench = Bench(folder, environment, {}, "")
        bench.run(AVDLAB, "build", "-q")
        bench.run(AVDLAB, "up", "-q", "--no-test", "-n", "bench", "--configs", "intended/configs")
        try:
            lab = folder / ".avdlab" / "bench"
            fabric: dict[str, Any] = json.loads((lab / "twin" / "fabric.json").read_text())
            nodes = {name: node["https"] for name, node in sorted(fabric["nodes"].items())}
            password = (lab / "password").read_text().strip()
            _write_play(folder, nodes, password)
            yield Bench(folder, environment, nodes, password)
        finally:
            bench.run(AVDLAB, "down", "-q", "-n", "bench")


def _write_play(folder: Path, nodes: Mapping[str, int], password: str) -> None:
    common = (
        "ansible_host=127.0.0.1 ansible_connection=ansible.netcommon.httpapi ansible_user=avdlab"
        f" ansible_password={password} ansible_network_os=arista.eos.eos ansible_become=true"
        " ansible_become_method=enable ansible_httpapi_use_ssl=true"
        " ansible_httpapi_validate_certs=false"
    )
    rows = [
        f"{name} ansible_port={port} ansible_httpapi_port={port} {common}"
        for name, port in nodes.items()
    ]
    (folder / "bench.ini").write_text("\n".join(["[fabric]", *rows, ""]))
    (folder / "bench.yml").write_text(json.dumps(PLAY))
    (folder / "bench.cfg").write_text("[defaults]\nhost_key_checking = false\n")


if __name__ == "__main__":
    main()
