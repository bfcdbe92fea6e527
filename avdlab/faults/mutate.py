"""The mutation score: which tests notice which fault, measured on a twin beside the lab."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from avdlab.backends.twin.side import SideTwin
from avdlab.errors import AvdlabError
from avdlab.faults.mutation import Mutation, mutations, rewired
from avdlab.topology.model import Topology
from avdlab.validate.access import in_process
from avdlab.validate.catalog import PlannedTest, Source
from avdlab.validate.model import Results, TestResult
from avdlab.validate.policy import Policy
from avdlab.validate.suite import Suite, build_suite
from avdlab.validate.validation import validate

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Fabric:
    """What is mutated: the lab's configurations and cabling, and what its tests are made from."""

    topology: Topology
    configs: Mapping[str, str]
    catalogs: Mapping[str, str]
    structured: Mapping[str, Mapping[str, Any]]
    user: tuple[PlannedTest, ...] = ()
    root: Path | None = None  # where the user's own tests lie


@dataclass(frozen=True, slots=True)
class Notice:
    """A test that turned red."""

    device: str
    test: str
    source: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """A mutation and who noticed it. `stock`: ANTA alone with AVD's catalog alone sees it.

    `problem`: it could not be measured, and why.
    """

    mutation: Mutation
    noticed: tuple[Notice, ...] = ()
    stock: tuple[str, ...] = ()
    problem: str = ""

    def by(self, *sources: Source) -> tuple[str, ...]:
        """Return the tests of these sources that turned red, each once."""
        wanted = {source.value for source in sources}
        return tuple(dict.fromkeys(n.test for n in self.noticed if n.source in wanted))


@dataclass(frozen=True, slots=True)
class Score:
    """The measured mutations, and what is red without any."""

    measured: tuple[Measured, ...]
    clean: tuple[TestResult, ...] = ()
    tests: Mapping[str, int] = field(default_factory=dict)  # source -> number of tests

    @property
    def valid(self) -> tuple[Measured, ...]:
        """The mutations that could be measured."""
        return tuple(item for item in self.measured if not item.problem)

    @property
    def caught(self) -> tuple[Measured, ...]:
        """The mutations that some test noticed."""
        return tuple(item for item in self.valid if item.noticed)


def measure(
    fabric: Fabric,
    chosen: Sequence[Mutation],
    *,
    workers: int = 0,
    progress: Callable[[int, int, str], None] | None = None,
) -> Score:
    """Inject each mutation into a twin of its own, and say which tests turned red.

    Every worker process has its twin; `workers` 0: one per processor.
    """
    processes = min(workers or os.cpu_count() or 1, max(1, len(chosen)))
    bench = Bench(fabric)
    measured: list[Measured] = []
    for item in _measured(bench, fabric, chosen, processes):
        measured.append(item)
        if progress:
            progress(len(measured), len(chosen), item.mutation.name)
    counts: dict[str, int] = {}
    for test in bench.suite.tests:
        counts[test.source.value] = counts.get(test.source.value, 0) + 1
    return Score(tuple(measured), bench.clean.failed, counts)


def _measured(
    bench: "Bench", fabric: Fabric, chosen: Sequence[Mutation], processes: int
) -> Iterator[Measured]:
    if processes == 1:
        yield from map(bench.try_out, chosen)
        return
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_prepare, initargs=(fabric,)
    ) as pool:
        yield from pool.map(_try_out, chosen)


_BENCH: "list[Bench]" = []  # of this worker process


def _prepare(fabric: Fabric) -> None:
    _BENCH[:] = [Bench(fabric)]


def _try_out(mutation: Mutation) -> Measured:
    return _BENCH[0].try_out(mutation)


class Bench:
    """A twin of the fabric, its tests, and what they say when nothing is wrong."""

    def __init__(self, fabric: Fabric) -> None:
        self._fabric = fabric
        self._twin = SideTwin(fabric.topology, fabric.configs)
        self.suite: Suite = build_suite(
            fabric.catalogs,
            fabric.structured,
            fabric.topology,
            user=fabric.user,
            root=fabric.root,
        )
        self._policy = Policy.of(fabric.configs, topology=fabric.topology, intent=self.suite.intent)
        self.clean = self._run()
        self._good = {_key(test) for test in self.clean.tests if test.verdict.good}
        self._stock = {_key(test) for test in self.clean.tests if not _fails_in_anta(test)}

    def mutations(self, *, samples: int, names: Sequence[str] = ()) -> tuple[Mutation, ...]:
        """Return the mutations of this fabric."""
        return mutations(self.suite.intent, self._fabric.configs, samples=samples, names=names)

    def try_out(self, mutation: Mutation) -> Measured:
        """Bring a fault about, run all tests, and undo it."""
        try:
            self._inject(mutation)
            results = self._run()
        except AvdlabError as exc:
            return Measured(mutation, problem=exc.message)
        finally:
            self._heal(mutation)
        return Measured(mutation, tuple(self._noticed(results)), self._in_stock(results))

    def _noticed(self, results: Results) -> Iterator[Notice]:
        for test in results.failed:
            if _key(test) in self._good:
                message = test.messages[0] if test.messages else test.verdict.value
                yield Notice(test.device, test.test, test.source, message)

    def _in_stock(self, results: Results) -> tuple[str, ...]:
        """Return AVD's tests that ANTA itself calls failed: no skip, no device left out."""
        found = (
            test.test
            for test in results.tests
            if test.source == Source.AVD and _fails_in_anta(test) and _key(test) in self._stock
        )
        return tuple(dict.fromkeys(found))

    def _run(self) -> Results:
        access = in_process(
            self._twin.devices, self._twin.asker, self._twin.evidence, self._twin.trace
        )
        return validate(access, self.suite, lab=self._fabric.topology.name, policy=self._policy)

    def _inject(self, mutation: Mutation) -> None:
        for device, text in mutation.configs.items():
            self._twin.boot(device, text)
        if mutation.links is not None:
            self._twin.rewire(rewired(self._fabric.topology, mutation))
        if mutation.cut or mutation.stopped:
            self._twin.set_faults(cut=mutation.cut, stopped=mutation.stopped)
        for device, lines in mutation.typed.items():
            self._twin.type(device, lines)

    def _heal(self, mutation: Mutation) -> None:
        if mutation.cut or mutation.stopped:
            self._twin.set_faults()
        if mutation.links is not None:
            self._twin.rewire(self._fabric.topology)
        for device in {*mutation.configs, *mutation.typed}:
            self._twin.boot(device, self._fabric.configs[device])


def _key(test: TestResult) -> Key:
    return test.device, test.test, test.inputs


def _fails_in_anta(test: TestResult) -> bool:
    return test.anta_status in {"failure", "error"}
