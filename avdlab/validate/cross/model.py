"""Comparisons of what several devices answer: what no test of one device can express."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from avdlab.validate.intent import Intent
from avdlab.validate.outcome import Output, Question


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong on a device, in words."""

    device: str
    text: str


@dataclass(frozen=True, slots=True)
class Observed:
    """The design, and what the devices answered. A device that did not answer is not in it."""

    intent: Intent
    outputs: Mapping[str, Mapping[Question, Output]]

    def json(self, question: Question) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield each device that answered, with its answer."""
        for device, answers in sorted(self.outputs.items()):
            found = answers.get(question)
            if isinstance(found, dict):
                yield device, found


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison. `applies` tells from the design on which devices it has something to say."""

    name: str
    description: str
    categories: tuple[str, ...]
    questions: tuple[Question, ...]
    applies: Callable[[Intent, str], bool]
    find: Callable[[Observed], Iterator[Finding]]
