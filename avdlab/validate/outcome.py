"""What ANTA said of the tests, as plain values: nothing past this point knows ANTA's classes."""

from collections.abc import Mapping
from dataclasses import dataclass

Key = tuple[str, str, str]  # device, test class, digest of the inputs


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test: ANTA's status and messages, and the commands it rests on."""

    status: str
    messages: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    description: str = ""
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One run of ANTA. `unreachable` devices were left out by ANTA before the run."""

    outcomes: Mapping[Key, Outcome]
    unreachable: frozenset[str] = frozenset()
