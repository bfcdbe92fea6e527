"""What ANTA said of the tests, as plain values: nothing past this point knows ANTA's classes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Key = tuple[str, str, str]  # device, test class, digest of the inputs
Output = dict[str, Any] | str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test: ANTA's status and messages, and the commands it rests on."""

    status: str
    messages: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    description: str = ""
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A show command that is asked of many devices, so that their answers can be compared."""

    command: str
    revision: int | None = None
    text: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """What one device answered, and the errors of the questions that it did not."""

    outputs: Mapping[Question, Output] = field(default_factory=dict)
    errors: Mapping[Question, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of ANTA. `unreachable` devices were left out by ANTA before the run.

    `silent` are the tests that look at whatever the device lists, where it listed nothing.
    `twins` are the devices that say in `show version` that they are stand-ins.
    """

    outcomes: Mapping[Key, Outcome]
    unreachable: frozenset[str] = frozenset()
    answers: Mapping[str, Answers] = field(default_factory=dict)
    silent: frozenset[Key] = frozenset()
    twins: frozenset[str] = frozenset()
