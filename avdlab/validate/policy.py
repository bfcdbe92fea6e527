"""Which tests cannot hold in a lab: the entries of `exceptions`, applied to a design."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from avdlab.topology.model import Topology
from avdlab.validate.exceptions import ENTRIES, Entry
from avdlab.validate.intent.model import Intent
from avdlab.validate.subjects import (
    OSPF_NEIGHBOR,
    OUTSIDE_PEER,
    UNTOLD,
    Subjects,
    dark_ports,
    has_ospf_neighbor,
    outside_peers,
    untold,
    wan_subjects,
)

# What an intended configuration has when it has the feature at all.
_FEATURES = {"ntp": re.compile(r"^ntp server ", re.MULTILINE)}


@dataclass(frozen=True, slots=True)
class Policy:
    """The entries in force, and what they ask about the lab and its design."""

    entries: tuple[Entry, ...] = ENTRIES
    services: frozenset[str] = frozenset()  # what the lab offers its devices: ntp
    lacking: frozenset[tuple[str, str]] = frozenset()  # (device, feature) absent by intent
    # what kind of thing -> (device, name) of those that are so by intent
    subjects: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        configs: Mapping[str, str],
        services: Collection[str] = (),
        topology: Topology | None = None,
        intent: Intent | None = None,
    ) -> "Policy":
        """Read from the design which device lacks what: never from what runs on it."""
        lacking = {
            (device, feature)
            for device, text in configs.items()
            for feature, pattern in _FEATURES.items()
            if not pattern.search(text)
        }
        subjects: Subjects = {}
        if topology is not None:
            subjects |= dark_ports(topology)
        if intent is not None:
            lacking |= {
                (d.name, OSPF_NEIGHBOR)
                for d in intent.devices.values()
                if not has_ospf_neighbor(intent, d)
            }
            subjects[OUTSIDE_PEER] = frozenset(outside_peers(intent))
            subjects |= wan_subjects(intent)
            subjects[UNTOLD] = frozenset(untold(intent))
        return cls(
            services=frozenset(services),
            lacking=frozenset(lacking),
            subjects=subjects,
        )

    def explain(
        self, device: str, test: str, status: str, messages: Sequence[str]
    ) -> tuple[Entry, ...]:
        """Return the entries that explain why a test could not hold: none if a line of its
        messages has none."""
        found: dict[str, Entry] = {}
        for line in _lines(messages):
            entry = self._explains(device, test, status, line)
            if entry is None:
                return ()
            found[entry.name] = entry
        return tuple(found.values())

    def _explains(self, device: str, test: str, status: str, line: str) -> Entry | None:
        for entry in self.entries:
            if entry.unless in self.services:
                continue
            if entry.lacking and (device, entry.lacking) not in self.lacking:
                continue
            if not entry.covers(test, status, line):
                continue
            known = self.subjects.get(entry.subject, frozenset())
            if not entry.subject or (device, entry.named(line)) in known:
                return entry
        return None


def _lines(messages: Sequence[str]) -> list[str]:
    return [line for message in messages for line in message.splitlines()]
