"""What a configuration fault is given and yields."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from avdlab.faults.text import ConfigText
from avdlab.validate.intent.model import Device, Intent


@dataclass(frozen=True, slots=True)
class Target:
    """A device that a fault is looked for on: the design, and the text that it runs."""

    intent: Intent
    device: Device
    text: ConfigText


@dataclass(frozen=True, slots=True)
class Edit:
    """One way to bring a fault about: the whole new text, and in words what differs."""

    what: str
    text: str


Find = Callable[[Target], Iterator[Edit]]


@dataclass(frozen=True, slots=True)
class ConfigFault:
    """A named configuration fault. `row` is its row in the table of fault classes."""

    name: str
    row: int
    title: str
    find: Find


def edit(what: str, text: str | None) -> Iterator[Edit]:
    """Yield an edit, nothing where the text had no line for it."""
    if text is not None:
        yield Edit(what, text)
