"""What a validation costs: ours, batched and plain, against stock ANTA, on one lab in one run.

    python -m benchmarks.validation [RUNS [DEVICES]]

A leaf-spine fabric of 50 devices runs on the twin in a process of its own; 60 tests run on each
device, with 58 commands. The three paths take turns. CPU is that of this process alone (and of the
twin beside it); the statuses of all tests must be the same on every path.
"""

import asyncio
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from anta._runner import AntaRunner
from anta.catalog import AntaCatalog
from anta.device import AsyncEOSDevice
from anta.inventory import AntaInventory

from avdlab.backends.base import EapiTarget, LabSpec
from avdlab.backends.twin.backend import TwinBackend
from avdlab.events import Reporter
from avdlab.overlay.model import LabUser
from avdlab.topology.model import Link, LinkEnd, Node, NodeKind, Topology
from avdlab.validate import Policy, over_eapi, validate
from avdlab.validate.catalog import Source, planned
from avdlab.validate.intent import read_intent
from avdlab.validate.suite import Suite
from benchmarks.l3ls import Plan, cables, texts

USER = LabUser("avdlab", "avdlab")
MANAGEMENT = """
username {user} privilege 15 role network-admin secret 0 {password}
aaa authorization exec default local
interface Management0
   ip address 172.16.{high}.{low}/16
management api http-commands
   no shutdown
"""

# Sixty tests that need no inputs, or the same on every device: module -> tests
TESTS: dict[str, tuple[str, ...]] = {
    "advisories.sa_147": ("SA147",),
    "advisories.sa_152": ("SA152",),
    "advisories.sa_153": ("SA153",),
    "advisories.sa_157": ("SA157",),
    "advisories.sa_161": ("SA161",),
    "advisories.sa_175": ("SA175",),
    "advisories.sa_176": ("SA176",),
    "advisories.sa_177": ("SA177",),
    "advisories.sa_178": ("SA178",),
    "bfd": ("VerifyBFDPeersHealth",),
    "configuration": ("VerifyRunningConfigDiffs", "VerifyZeroTouch"),
    "field_notices": ("VerifyFieldNotice44Resolution", "VerifyFieldNotice72Resolution"),
    "hardware": ("VerifyEnvironmentSystemCooling", "VerifyInventory", "VerifyTemperature"),
    "interfaces": (
        "VerifyIllegalLACP",
        "VerifyInterfaceDiscards",
        "VerifyInterfaceErrDisabled",
        "VerifyInterfaceErrors",
        "VerifyInterfaceUtilization",
        "VerifyInterfacesCounterDetails",
        "VerifyL2MTU",
        "VerifyL3MTU",
        "VerifyPortChannels",
        "VerifySVI",
        "VerifyStormControlDrops",
    ),
    "logging": ("VerifyLoggingAccounting", "VerifyLoggingPersistent", "VerifySyslogLogging"),
    "lanz": ("VerifyLANZ",),
    "mlag": ("VerifyMlagConfigSanity", "VerifyMlagInterfaces", "VerifyMlagStatus"),
    "ptp": ("VerifyPtpLockStatus", "VerifyPtpModeStatus", "VerifyPtpOffset"),
    "routing.generic": ("VerifyRoutingStatus",),
    "routing.ospf": ("VerifyOSPFNeighborState",),
    "security": (
        "VerifyAPIHttpStatus",
        "VerifyHardwareEntropy",
        "VerifySSHStatus",
        "VerifyTelnetStatus",
    ),
    "snmp": ("VerifySnmpErrorCounters", "VerifySnmpPDUCounters", "VerifySnmpStatus"),
    "software": ("VerifyEOSExtensions",),
    "stp": ("VerifySTPBlockedPorts", "VerifySTPCounters"),
    "stun": ("VerifyStunServer",),
    "system": (
        "VerifyAgentLogs",
        "VerifyCoredump",
        "VerifyFileSystemUtilization",
        "VerifyMaintenance",
        "VerifyMemoryUtilization",
        "VerifyNTP",
        "VerifyReloadCause",
    ),
    "vxlan": (
        "VerifyVxlan1Interface",
        "VerifyVxlanConfigSanity",
    ),
}

Statuses = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Cost:
    wall: float
    cpu: float
    server: float
    statuses: Statuses


def main() -> None:
    logging.disable(logging.WARNING)
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    devices = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    number = sum(map(len, TESTS.values()))
    with tempfile.TemporaryDirectory() as made:
        backend, targets = _start(Path(made), devices)
        try:
            print(f"{len(targets)} devices x {number} tests, {runs} runs in turn")
            _compare(runs, targets, _process_of(Path(made)))
        finally:
            backend.destroy()


def _compare(runs: int, targets: Sequence[EapiTarget], server: int) -> None:
    paths: dict[str, Callable[[Sequence[EapiTarget]], Statuses]] = {
        "stock ANTA": _stock,
        "avdlab, plain": lambda them: _ours(them, batched=False),
        "avdlab, batched": lambda them: _ours(them, batched=True),
    }
    _ours(targets, batched=True)  # imports, and the twin's first answers
    costs: dict[str, list[Cost]] = {name: [] for name in paths}
    for _ in range(runs):
        for name, path in paths.items():
            costs[name].append(_cost(lambda path=path: path(targets), server))
    for name, found in costs.items():
        wall, cpu, twin = (
            statistics.median(getattr(cost, what) for cost in found)
            for what in ("wall", "cpu", "server")
        )
        print(f"{name:16} wall {wall:6.2f} s   client CPU {cpu:6.2f} s   twin CPU {twin:6.2f} s")
    middle = {name: statistics.median(c.cpu for c in found) for name, found in costs.items()}
    ratio = middle["stock ANTA"] / middle["avdlab, batched"]
    print(f"client CPU, stock ANTA over batched: {ratio:.1f}")
    first = costs["stock ANTA"][0].statuses
    same = all(cost.statuses == first for found in costs.values() for cost in found)
    print(f"statuses: {len(first)}, {'the same on every path' if same else 'DIFFERENT'}")
    if not same:
        raise SystemExit(1)


def _cost(path: Callable[[], Statuses], server: int) -> Cost:
    before = time.monotonic(), time.process_time(), _cpu_of(server)
    statuses = path()
    after = time.monotonic(), time.process_time(), _cpu_of(server)
    wall, cpu, twin = (b - a for a, b in zip(before, after, strict=True))
    return Cost(wall, cpu, twin, statuses)


# ---------------------------------------------------------------------------------- paths
def _stock(targets: Sequence[EapiTarget]) -> Statuses:
    """Run ANTA as its documentation does, with nothing of ours."""
    inventory = AntaInventory()
    for target in targets:
        device = AsyncEOSDevice(
            target.host,
            target.user.name,
            target.user.password,
            name=target.device,
            port=target.port,
            proto="https" if target.tls else "http",
            enable=True,
            insecure=True,
        )
        inventory.add_device(device)
    data = {f"anta.tests.{module}": [{t: None} for t in tests] for module, tests in TESTS.items()}
    catalog = AntaCatalog.from_dict(data)
    context = asyncio.run(AntaRunner().run(inventory, catalog))
    return {(result.name, result.test): str(result.result) for result in context.manager.results}


def _ours(targets: Sequence[EapiTarget], *, batched: bool) -> Statuses:
    tests = tuple(
        planned(target.device, f"anta.tests.{module}", test, {}, Source.AVD)
        for target in targets
        for module, names in TESTS.items()
        for test in names
    )
    suite = Suite(tests, read_intent({}, Topology("bench", {}, ())))
    results = validate(over_eapi(targets, batched=batched), suite, lab="bench", policy=Policy(()))
    return {(test.device, test.test): test.anta_status for test in results.tests}


# ---------------------------------------------------------------------------------- the lab
def _start(folder: Path, devices: int) -> tuple[TwinBackend, tuple[EapiTarget, ...]]:
    plan = Plan(spines=4, leaves=devices - 4)
    seeds = {
        name: text
        + MANAGEMENT.format(
            user=USER.name, password=USER.password, high=number // 250, low=number % 250 + 1
        )
        for number, (name, text) in enumerate(texts(plan).items())
    }
    links = tuple(
        sorted(
            Link.between(LinkEnd(c.a.node, c.a.interface), LinkEnd(c.b.node, c.b.interface))
            for c in cables(plan)
        )
    )
    nodes = {
        name: Node(
            name,
            NodeKind.DEVICE,
            management_interface="Management0",
            management_address=f"172.16.{number // 250}.{number % 250 + 1}/16",
            interfaces=tuple(
                end.interface for link in links for end in (link.a, link.b) if end.node == name
            ),
        )
        for number, name in enumerate(seeds)
    }
    backend = TwinBackend(folder, USER)
    spec = LabSpec("bench", folder, Topology("bench", nodes, links), seeds, USER)
    backend.apply(backend.plan(spec), Reporter())
    return backend, tuple(backend.address(name) for name in sorted(seeds))


def _process_of(folder: Path) -> int:
    """Return the process of the twin: its lock says."""
    (lock,) = folder.rglob("process")
    return int(lock.read_text())


def _cpu_of(process: int) -> float:
    """Return the CPU seconds of a process so far (proc(5): fields 14 and 15 of stat)."""
    text = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
