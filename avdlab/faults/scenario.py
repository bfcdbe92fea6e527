"""Scenario files: faults in steps, what is expected of each, and a budget.

    name: a spine is lost
    budget: 5m
    steps:
      - fault: node spine1 stop
        expect:
          red: [VerifyReachability]
          green: [VerifyEndpointReachability]
          within: 30s
      - heal: node spine1
        expect: {green: all, within: 60s}

A step is one of `fault`, `heal` (a fault, or all), `flap` (a cable), `reload` (a node) and `wait`
(a time); `expect` may stand by itself. Tests are named as `TEST` or `DEVICE/TEST`, with * and ?.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from avdlab.errors import InputError, Problem
from avdlab.faults.model import Fault, Kind
from avdlab.faults.parse import device, parse
from avdlab.settings import seconds
from avdlab.topology.model import Topology
from avdlab.validate.catalog import PlannedTest

Action = Literal["fault", "heal", "flap", "reload", "wait", "expect"]
ALL = "all"
_ACTIONS: tuple[Action, ...] = ("fault", "heal", "flap", "reload", "wait")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExpectPart(_Part):
    red: list[str] = []
    green: list[str] | Literal["all"] = []
    only: list[str] | None = None
    within: str = "0s"


class FlapPart(_Part):
    link: str
    count: int = Field(default=5, ge=1)
    period: str = "2s"


class StepPart(_Part):
    fault: str | None = None
    heal: str | None = None
    flap: FlapPart | None = None
    reload: str | None = None
    wait: str | None = None
    expect: ExpectPart | None = None

    @model_validator(mode="after")
    def _one(self) -> "StepPart":
        done = [action for action in _ACTIONS if getattr(self, action) is not None]
        if len(done) > 1:
            raise ValueError(f"a step does one thing, not {' and '.join(done)}")
        if not done and self.expect is None:
            raise ValueError(f"a step does one of {', '.join(_ACTIONS)}, or expects something")
        return self


class ScenarioPart(_Part):
    name: str = ""
    budget: str = "10m"
    steps: list[StepPart] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Expected:
    """What must hold: of `red` each pattern names a red test, of `green` none; `only` these may be.

    It must hold `within` so many seconds.
    """

    red: tuple[str, ...] = ()
    green: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None
    within: float = 0.0

    def unmet(self, red: Sequence[PlannedTest]) -> list[str]:
        """Say what does not hold, given the red tests."""
        missed = [f"{pattern} is not red" for pattern in self.red if not _any(pattern, red)]
        wrong = [test for test in red if any(matches(p, test) for p in self.green)]
        if self.only is not None:
            wrong += [test for test in red if not any(matches(p, test) for p in self.only)]
        return missed + [f"{test.device}/{test.test} is red" for test in dict.fromkeys(wrong)]

    def refuse_unknown(self, tests: Sequence[PlannedTest]) -> None:
        """Raise InputError where a pattern names none of the lab's tests."""
        patterns = (*self.red, *self.green, *(self.only or ()))
        unknown = [pattern for pattern in patterns if not _any(pattern, tests)]
        if unknown:
            raise InputError(f"no test of this lab is named {', '.join(unknown)}")


@dataclass(frozen=True, slots=True)
class Step:
    """One step, in the words of the file too. `faults`: what it brings about or heals."""

    number: int
    words: str
    action: Action
    faults: tuple[Fault, ...] = ()  # of heal: empty for all
    node: str = ""  # of reload
    pause: float = 0.0  # of wait, and of one flap
    count: int = 0  # of flaps
    expected: Expected | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    budget: float
    steps: tuple[Step, ...]


def read(path: Path, topology: Topology, tests: Sequence[PlannedTest]) -> Scenario:
    """Read a scenario for a lab. Raises InputError with everything that is wrong."""
    try:
        data: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        part = ScenarioPart.model_validate(data)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as exc:
        raise InputError(f"{path} cannot be read: {exc}") from exc
    except ValidationError as exc:
        problems = [
            Problem(f"{'.'.join(map(str, e['loc']))}: {e['msg']}", file=str(path))
            for e in exc.errors()
        ]
        raise InputError(problems, hint="See: avdlab fault run --help") from exc
    steps: list[Step] = []
    problems = []
    for number, entry in enumerate(part.steps, start=1):
        try:
            steps.append(_step(number, entry, topology, tests))
        except InputError as exc:
            problems.append(Problem(f"step {number}: {exc}", file=str(path)))
    budget = seconds(part.budget)
    if problems:
        raise InputError(problems)
    return Scenario(part.name or path.stem, budget, tuple(steps))


def _step(number: int, part: StepPart, topology: Topology, tests: Sequence[PlannedTest]) -> Step:
    expected = _expected(part.expect, tests) if part.expect else None
    if part.fault is not None:
        fault = parse(part.fault.split(), topology)
        return Step(number, f"fault {part.fault}", "fault", (fault,), expected=expected)
    if part.heal is not None:
        faults = () if part.heal == ALL else (_named(part.heal, topology),)
        return Step(number, f"heal {part.heal}", "heal", faults, expected=expected)
    if part.flap is not None:
        fault = parse(["link", part.flap.link, "down"], topology)
        words, period = f"flap {part.flap.link}", seconds(part.flap.period)
        count = part.flap.count
        return Step(number, words, "flap", (fault,), "", period, count, expected)
    if part.reload is not None:
        node = device(part.reload.removeprefix("node "), topology)
        return Step(number, f"reload {node}", "reload", node=node, expected=expected)
    if part.wait is not None:
        pause = seconds(part.wait)
        return Step(number, f"wait {part.wait}", "wait", pause=pause, expected=expected)
    return Step(number, "expect", "expect", expected=expected)


def _named(text: str, topology: Topology) -> Fault:
    """Read the place of a fault that is healed: what it does there need not be said."""
    words = text.split()
    if words and words[0] == Kind.LINK and words[-1] not in {"down", "blackhole"}:
        end = text.removeprefix("link ").partition(" drop ")[0]
        return parse(["link", end, "down"], topology)
    return parse(words, topology)


def _expected(part: ExpectPart, tests: Sequence[PlannedTest]) -> Expected:
    green = ("*",) if part.green == ALL else tuple(part.green)
    only = None if part.only is None else tuple(part.only)
    found = Expected(tuple(part.red), green, only, seconds(part.within))
    found.refuse_unknown(tests)
    return found


def matches(pattern: str, test: PlannedTest) -> bool:
    """Tell whether a pattern names a test: TEST, or DEVICE/TEST."""
    name = f"{test.device}/{test.test}" if "/" in pattern else test.test
    return fnmatchcase(name, pattern)


def _any(pattern: str, tests: Sequence[PlannedTest]) -> bool:
    return any(matches(pattern, test) for test in tests)
